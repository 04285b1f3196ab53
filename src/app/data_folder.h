/// The data folder of a node: where things lie, and the lock that keeps a second program out.
#pragma once

#include <memory>
#include <string>

#include "base/files.h"

namespace mineward::app {

struct DataFolder {
  std::string root;
  std::string records() const { return root + "/records.db"; }
  std::string history() const { return root + "/history"; }
  std::string attachments() const { return root + "/attachments"; }
  /// Key of the fields that are stored encrypted; without it (it is in every backup) they cannot be read.
  std::string protected_key() const { return root + "/protected.key"; }
  std::string drop() const { return root + "/drop"; }
  std::string config() const { return root + "/config.yaml"; }
  std::string lock() const { return root + "/lock"; }
  std::string control() const { return root + "/control.sock"; }
  std::string demo_mark() const { return root + "/demo"; }
};

/// Held while a program uses the folder; let go by the destructor or the end of the process, even a killed
/// one.
class DataLock {
 public:
  virtual ~DataLock() = default;
};
/// `unavailable` names the process that holds it.
Result<std::unique_ptr<DataLock>> lock_data_folder(const DataFolder&);

/// The folder of the running program.
std::string program_folder();
/// The packs, interface and examples that belong to the program: beside it in a build tree or an install.
/// Empty if there is none.
std::string default_packs();
std::string default_web();
std::string default_examples();

}  // namespace mineward::app
