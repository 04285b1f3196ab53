/// Inside record/: stored files: what they are, who may read them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "record/change_log.h"
#include "record/model.h"

namespace mineward::record {

/// Media type found in the content; the error says why the file is refused. `name` only decides between text
/// and CSV.
Result<std::string> sniff_media_type(std::string_view name, std::string_view bytes);
/// "image", "pdf", "office" or "text".
std::string file_kind(std::string_view media_type);
/// Without folders and control characters, at most 120 characters, with an extension that fits the content.
std::string clean_file_name(std::string_view name, std::string_view media_type);

/// nullopt when there is no such file for this actor: not stored by him, in no record that he can read.
Result<std::optional<StoredFile>> readable_file(db::Connection&, const Context&, const Actor&,
                                                std::string_view sha256);
/// Notes that a record holds its files; never taken back, since old versions of a record stay readable.
Status note_files(db::Connection&, const TypeModel&, const Record&);

/// What the bytes are, once they stand in the folder of attachments, durable. No row speaks of them yet.
Result<StoredFile> put_file(const Context&, std::string_view name, std::string_view bytes);
/// The row and the log line of a file that stands in the folder.
Status record_file(db::Connection&, LogWriter&, const Actor&, const StoredFile&, ArrivalTime now);
Result<StoredFile> store_file(db::Database&, const Context&, const Actor&, std::string_view name,
                              std::string_view bytes);
Result<std::pair<StoredFile, std::string>> read_file(db::Database&, const Context&, const Actor&,
                                                     std::string_view sha256);

}  // namespace mineward::record
