/// The built web interface, held in memory, so that serving it never touches the disk.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "api/held_document.h"
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
    Entry(std::string content, std::string media_type, int level, bool named_by_content)
        : document(std::move(content), std::move(media_type), level), hashed_name(named_by_content) {}
    HeldDocument document;
    bool hashed_name;  ///< "assets/index-4f3a2b1c.js": never changes
  };
  std::map<std::string, Entry, std::less<>> by_path_;
};

std::string_view media_type_of(std::string_view file_name);

}  // namespace mineward::api
