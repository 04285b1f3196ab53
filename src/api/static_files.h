/// The built web interface, held in memory, so that serving it never touches the disk.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "api/http.h"
#include "base/files.h"

namespace mineward::api {

class StaticFiles {
 public:
  /// Reads every file of `folder` (none if it is empty); symbolic links and dot files are left out. At most
  /// 128 MiB.
  static Result<StaticFiles> load(Files& files, const std::string& folder);

  /// The file at a path, or index.html for a path of the client-side router (no dot in its last segment).
  /// 304 when the client has it. 404 otherwise.
  Response serve(const Request& request) const;
  bool empty() const { return by_path_.empty(); }

 private:
  struct Entry {
    std::string media_type, etag;
    std::shared_ptr<const std::string> content, packed;  ///< packed: gzip, null when it would not be smaller
    bool hashed_name = false;                            ///< "assets/index-4f3a2b1c.js": never changes
  };
  std::map<std::string, Entry, std::less<>> by_path_;
};

std::string_view media_type_of(std::string_view file_name);

}  // namespace mineward::api
