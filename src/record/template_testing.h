/// For tests only: the empty tables of a catalog, made once a process and copied for each test. Making the
/// tables of 400 record types takes a third of a second; copying them a few milliseconds.
#pragma once

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>

#include "base/clock.h"
#include "db/testing.h"
#include "record/store.h"

namespace mineward::record {

/// A SQLite file with the tables of `catalog` and no record. Not from two threads at once.
inline const std::string& template_file(const pack::CatalogPtr& catalog, std::int64_t index_from) {
  static db::TestFolder folder;
  static std::map<std::pair<const pack::Catalog*, std::int64_t>, std::string> made;
  std::string& path = made[{catalog.get(), index_from}];
  if (!path.empty()) return path;
  const std::string file = folder.path() + "/" + std::to_string(made.size()) + ".db";
  const auto files = system_files();
  ManualClock clock{ArrivalTime{0}};
  IdMaker ids(clock, 1);
  auto database = db::open_database("sqlite:" + file, 1);
  if (!database) throw std::runtime_error(database.error().text());
  {
    const auto store =
        open_store(catalog, **database, *files, clock, ids, {folder.path() + "/files", 4096, index_from});
    if (!store) throw std::runtime_error(store.error().text());
  }
  database->reset();  // the last connection takes the log into the file
  return path = file;
}

/// Puts those tables where a test is going to open its database; leaves one that is there alone.
inline void copy_template(const pack::CatalogPtr& catalog, const std::string& to,
                          std::int64_t index_from = 2000) {
  if (!std::filesystem::exists(to)) std::filesystem::copy_file(template_file(catalog, index_from), to);
}

}  // namespace mineward::record
