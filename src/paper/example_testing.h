/// For tests and tools/show_papers only: the records of examples/papers.yaml in a store.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "db/db.h"
#include "record/store.h"

namespace mineward::paper {

struct ExampleRecord {
  std::string as, type;
  record::RecordId id;
  std::map<std::string, std::vector<std::string>> shows;  ///< paper -> words that it must hold
};

struct ExampleRecords {
  std::vector<ExampleRecord> records;           ///< in their order
  std::map<std::string, record::RecordId> ids;  ///< by `as`
};

/// Makes the records of a file like examples/papers.yaml in a store, at the time that the file names. Those
/// in `known` are there already.
Result<ExampleRecords> make_examples(record::Store&, ManualClock&, const std::string& file,
                                     std::map<std::string, record::RecordId> known = {});

/// Opened in `folder`, which must exist and stay; on `url`, or on SQLite in the folder.
class Examples {
 public:
  /// `root`: folder of the sources, with packs/ and examples/.
  static Result<std::unique_ptr<Examples>> open(const std::string& root, const std::string& folder,
                                                std::string url = {});
  /// The same on a copy of what this one stores, which must be a SQLite file that nobody has written since.
  Result<std::unique_ptr<Examples>> copy(const std::string& folder) const;

  record::Store& store() { return *store_; }
  ManualClock& clock() { return clock_; }
  const pack::Catalog& catalog() const { return *catalog_; }
  const std::vector<ExampleRecord>& records() const { return made_.records; }
  record::RecordId id(const std::string& as) const { return made_.ids.at(as); }
  /// A signed-in person with the roles; sees everything below the organisation.
  record::Actor person(const std::string& account, std::set<std::string> roles,
                       const std::string& organisation) const;
  record::Actor all() const { return record::Actor::system("system:examples"); }

 private:
  Examples() = default;
  Status open_store(const std::string& folder, const std::string& url);

  std::string folder_;
  pack::CatalogPtr catalog_;
  ManualClock clock_{ArrivalTime{0}};
  IdMaker maker_{clock_, 1};
  std::unique_ptr<Files> files_ = system_files();
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<record::Store> store_;
  ExampleRecords made_;
};

}  // namespace mineward::paper
