// `mineward backup` and `mineward restore`.
#include <filesystem>

#include <fmt/format.h>

#include "app/archive.h"
#include "app/command_support.h"
#include "app/control.h"
#include "base/crash_point.h"

namespace mineward::app {
namespace {

/// A folder that goes away again; what a killed backup left under the same name goes first.
class Staging {
 public:
  explicit Staging(std::string path) : path_(std::move(path)) { clear(); }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging() { clear(); }
  const std::string& path() const { return path_; }

 private:
  void clear() const {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string path_;
};

/// Attachments never change once they are there: a hard link is a copy.
Status link_tree(const std::string& from, const std::string& to) {
  std::error_code failed;
  if (!std::filesystem::exists(from, failed)) return {};
  std::filesystem::copy(
      from, to, std::filesystem::copy_options::recursive | std::filesystem::copy_options::create_hard_links,
      failed);
  if (failed) return unavailable("cannot copy " + from + ": " + failed.message());
  return {};
}

/// Records and history: from the node that runs over the folder, or from one opened for it.
Status copy_node(const std::string& data, const std::string& to) {
  const DataFolder folder{data};
  std::error_code failed;
  const std::string absolute = std::filesystem::absolute(to, failed).string();
  if (failed) return unavailable("cannot resolve " + to + ": " + failed.message());
  if (const auto answer = ask_node(folder.control(), "backup " + absolute)) return *answer;
  const auto clock = system_clock();
  const auto node = open_existing_or_report(data, *clock);
  if (!node) return unavailable("the node in " + data + " cannot be opened");
  return node->copy_to(absolute);
}

Status stage(const DataFolder& data, const std::string& to) {
  const auto files = system_files();
  MW_TRY(copy_node(data.root, to));
  MW_TRY(link_tree(data.attachments(), to + "/attachments"));
  if (files->exists(data.config())) {
    MW_ASSIGN(const std::string config, files->read(data.config()));
    MW_TRY(write_atomically(*files, to + "/config.yaml", config));
  }
  if (files->exists(data.protected_key())) {
    MW_ASSIGN(const std::string key, files->read(data.protected_key()));
    MW_TRY(write_atomically(*files, DataFolder{to}.protected_key(), key));
  }
  return {};
}

}  // namespace

int backup(const BackupOptions& options) {
  const auto files = system_files();
  const DataFolder data{options.data};
  if (files->exists(options.file))
    return fail(conflict(options.file + " exists; give another name"), kWrongUse);
  const auto config = read_config_or_report(data, {});
  if (!config) return kFaults;
  if (!config->database.empty()) {
    return fail(unavailable(
        "the records of this node are in PostgreSQL: back them up with pg_dump, and the data folder "
        "with the node stopped"));
  }
  if (!files->exists(data.records())) return fail(not_found("found no node in " + options.data));
  const Staging staging(options.file + ".staging");
  if (const Status staged = stage(data, staging.path()); !staged) return fail(staged.error());
  crash_point(CrashPoint::backup_staged);
  const auto clock = system_clock();
  const Status written =
      write_archive(*files, staging.path(), options.file,
                    {{"node", config->node_name}, {"made_at", format_rfc3339(clock->now())}});
  if (!written) return fail(written.error());
  const auto info = files->stat(options.file);
  std::cout << options.file << "\n";
  std::cerr << fmt::format("backed up {} into {} ({} bytes)\n", options.data, options.file,
                           info ? info->size : 0);
  return kDone;
}

int restore(const BackupOptions& options) {
  const auto files = system_files();
  if (const Status done = read_archive(*files, options.file, options.data); !done) return fail(done.error());
  std::cerr << "restored " << options.file << " into " << options.data
            << "; prove it with `mineward verify --data " << options.data << "`\n";
  return kDone;
}

}  // namespace mineward::app
