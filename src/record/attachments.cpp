#include "record/attachments.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/crash_point.h"
#include "base/digest.h"
#include "base/text.h"
#include "record/change_log.h"
#include "record/read.h"
#include "record/scope.h"

namespace mineward::record {
namespace {

constexpr std::string_view kDocx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
constexpr std::string_view kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

struct Kind {
  std::string_view media_type, kind;
  std::vector<std::string_view> extensions;  ///< the first is given to names that have none of them
};
const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"image/jpeg", "image", {".jpg", ".jpeg"}},
      {"image/png", "image", {".png"}},
      {"image/webp", "image", {".webp"}},
      {"image/gif", "image", {".gif"}},
      {"application/pdf", "pdf", {".pdf"}},
      {kDocx, "office", {".docx"}},
      {kXlsx, "office", {".xlsx"}},
      {"text/csv", "text", {".csv"}},
      {"text/plain", "text", {".txt", ".log", ".md"}},
  };
  return all;
}

const Kind* kind_of(std::string_view media_type) {
  for (const auto& kind : kinds()) {
    if (kind.media_type == media_type) return &kind;
  }
  return nullptr;
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Word and Excel files are ZIP archives whose part names tell them apart.
Result<std::string> sniff_zip(std::string_view bytes) {
  if (bytes.find("vbaProject.bin") != std::string_view::npos)
    return bad_input("an office file with macros is refused");
  const bool is_office = bytes.find("[Content_Types].xml") != std::string_view::npos;
  if (is_office && bytes.find("word/document.xml") != std::string_view::npos) return std::string(kDocx);
  if (is_office && bytes.find("xl/workbook.xml") != std::string_view::npos) return std::string(kXlsx);
  return bad_input("found a ZIP archive, expected a .docx or .xlsx file");
}

/// Plain text that no browser would take for a page or a script and no shell for a program.
Result<std::string> sniff_text(std::string_view name, std::string_view bytes) {
  if (const auto at = first_invalid_utf8(bytes)) {
    return bad_input(
        fmt::format("content is no known image, PDF or office file, and no UTF-8 text (byte {})", *at));
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    if (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') {
      return bad_input(fmt::format(
          "content is no known image, PDF or office file, and no text (control character at byte {})", i));
    }
  }
  std::string_view body = bytes;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  const std::string head = lower_ascii(trim(body).substr(0, 4096));
  if (head.starts_with('<') || head.starts_with("#!"))
    return bad_input("found markup or a script, expected plain text");
  for (const std::string_view word : {"<script", "<html", "<svg", "<!doctype", "<iframe", "javascript:"}) {
    if (head.find(word) != std::string::npos)
      return bad_input(fmt::format("found \"{}\" in the content, expected plain text", word));
  }
  return std::string(lower_ascii(name).ends_with(".csv") ? "text/csv" : "text/plain");
}

std::string path_of(const Context& context, std::string_view sha256) {
  return fmt::format("{}/{}/{}", context.options.attachment_folder, sha256.substr(0, 2), sha256.substr(2));
}

StoredFile file_from_row(std::string_view sha256, const db::Rows& rows) {
  return {std::string(sha256), rows.integer(0, 1), rows.text(0, 2), rows.text(0, 0)};
}

/// Whether a record that holds the file, or once held it, is readable.
Result<bool> held_by_readable(db::Connection& c, const Context& context, const Actor& actor,
                              const std::string& sha256) {
  MW_ASSIGN(const db::Rows types,
            c.query("SELECT DISTINCT type FROM attachment_use WHERE sha256 = $1", {sha256}));
  for (std::size_t i = 0; i < types.size(); ++i) {
    const TypeModel* type = context.model.find(types.text(i, 0));
    if (!type || !may_read(actor, *type)) continue;
    std::string sql = fmt::format(
        "SELECT 1 FROM attachment_use u JOIN {} t ON t.id = u.id WHERE u.sha256 = $1 AND u.type = $2",
        type->table);
    std::vector<db::Value> params = {sha256, type->name()};
    if (type->owner_kind != OwnerKind::none && !actor.scope.everything) {
      params.emplace_back(actor.scope.root.value);
      sql += " AND " + scope_condition("t.owner", "$3");
    }
    MW_ASSIGN(const db::Rows hit, c.query(sql + " LIMIT 1", params));
    if (!hit.empty()) return true;
  }
  return false;
}

}  // namespace

Result<std::string> sniff_media_type(std::string_view name, std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.empty()) return bad_input("the file is empty");
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return std::string("image/jpeg");
  if (bytes.size() >= 16 && bytes.starts_with("\x89PNG\r\n\x1A\n"sv) && bytes.substr(12, 4) == "IHDR")
    return std::string("image/png");
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) return std::string("image/gif");
  if (bytes.size() > 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP")
    return std::string("image/webp");
  if (bytes.starts_with("%PDF-")) return std::string("application/pdf");
  if (bytes.starts_with("PK\x03\x04"sv)) return sniff_zip(bytes);
  return sniff_text(name, bytes);
}

std::string file_kind(std::string_view media_type) {
  const Kind* kind = kind_of(media_type);
  return kind ? std::string(kind->kind) : std::string();
}

std::string clean_file_name(std::string_view name, std::string_view media_type) {
  if (const auto slash = name.find_last_of("/\\"); slash != std::string_view::npos)
    name.remove_prefix(slash + 1);
  std::u32string points;
  for (const char32_t c : to_code_points(name)) {
    const bool invisible = c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
                           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
    if (!invisible)
      points += std::u32string_view(U"\"<>|:*?").find(c) == std::u32string_view::npos ? c : U'_';
  }
  constexpr std::size_t kLongest = 120;
  if (points.size() > kLongest) points.erase(0, points.size() - kLongest);  // the end carries the extension
  std::string clean(trim(to_utf8(points)));
  while (clean.starts_with('.')) clean.erase(0, 1);
  if (clean.empty()) clean = "file";
  const Kind* kind = kind_of(media_type);
  const std::string lower = lower_ascii(clean);
  const bool fits = !kind || std::any_of(kind->extensions.begin(), kind->extensions.end(),
                                         [&](auto e) { return lower.ends_with(e); });
  return fits ? clean : clean + std::string(kind->extensions[0]);
}

Result<std::optional<StoredFile>> readable_file(db::Connection& c, const Context& context, const Actor& actor,
                                                std::string_view sha256_text) {
  const std::string sha256(sha256_text);
  if (!is_sha256(sha256)) return std::optional<StoredFile>();
  MW_ASSIGN(const db::Rows own, c.query("SELECT name, size, media_type FROM attachment_file WHERE sha256 = "
                                        "$1 AND account = $2 AND stored_by = $3",
                                        {sha256, actor.account.value, actor.name}));
  if (!own.empty()) return std::optional(file_from_row(sha256, own));
  MW_ASSIGN(const db::Rows any, c.query("SELECT name, size, media_type FROM attachment_file WHERE sha256 = "
                                        "$1 ORDER BY stored_at, account LIMIT 1",
                                        {sha256}));
  if (any.empty()) return std::optional<StoredFile>();
  if (!actor.is_system) {
    MW_ASSIGN(const bool readable, held_by_readable(c, context, actor, sha256));
    if (!readable) return std::optional<StoredFile>();
  }
  return std::optional(file_from_row(sha256, any));
}

Status note_files(db::Connection& c, const TypeModel& type, const Record& record) {
  for (const auto& field : type.type->fields) {
    if (field.type != pack::FieldType::attachments) continue;
    const auto found = record.fields.find(field.name);
    if (found == record.fields.end()) continue;
    for (const auto& sha256 : std::get<std::vector<std::string>>(found->second)) {
      MW_TRY(
          c.execute("INSERT INTO attachment_use (sha256, type, id) VALUES ($1, $2, $3) ON CONFLICT (sha256, "
                    "type, id) DO NOTHING",
                    {sha256, type.name(), record.id.value}));
    }
  }
  return {};
}

Result<StoredFile> put_file(const Context& context, std::string_view name, std::string_view bytes) {
  if (bytes.size() > context.options.max_attachment_bytes) {
    return Error{Errc::too_large,
                 fmt::format("file of {} bytes, at most {} expected", bytes.size(),
                             context.options.max_attachment_bytes),
                 {}};
  }
  MW_ASSIGN(const std::string media_type, sniff_media_type(name, bytes));
  const StoredFile file{sha256_hex(bytes), static_cast<std::int64_t>(bytes.size()), media_type,
                        clean_file_name(name, media_type)};
  const std::string path = path_of(context, file.sha256);
  const std::string folder = path.substr(0, path.rfind('/'));
  MW_TRY(context.files.make_folders(folder));
  MW_TRY(context.files.sync_folder(context.options.attachment_folder));  // the folder may be new
  if (context.files.exists(path)) {
    MW_TRY(context.files.sync_folder(folder));  // it may be there since a try whose last step failed
  } else {
    MW_TRY(write_atomically(context.files, path, bytes));
  }
  return file;
}

Status record_file(db::Connection& c, LogWriter& log, const Actor& actor, const StoredFile& file,
                   ArrivalTime now) {
  MW_TRY(c.execute(
      "INSERT INTO attachment_file (sha256, account, stored_by, name, size, media_type, stored_at) VALUES "
      "($1,$2,$3,$4,$5,$6,$7) "
      "ON CONFLICT (sha256, account, stored_by) DO UPDATE SET name = excluded.name",
      {file.sha256, actor.account.value, actor.name, file.name, file.size, file.media_type, now.utc_ms}));
  const Json detail =
      Json::Object{{"sha256", file.sha256}, {"size", file.size}, {"media_type", file.media_type}};
  return log.append(actor,
                    {"attachment", RecordId{}, 0, actor.organisation, "attach", now, "", detail.dump()});
}

Result<StoredFile> store_file(db::Database& database, const Context& context, const Actor& actor,
                              std::string_view name, std::string_view bytes) {
  MW_ASSIGN(const StoredFile file, put_file(context, name, bytes));
  crash_point(CrashPoint::attachment_stored_not_recorded);
  MW_TRY(database.write([&](db::Connection& c) -> Status {
    MW_ASSIGN(db::Transaction transaction, db::Transaction::begin(c));
    MW_TRY(lock_log(c));
    LogWriter log(c);
    MW_TRY(record_file(c, log, actor, file, context.clock.now()));
    MW_TRY(log.finish());
    return transaction.commit();
  }));
  crash_point(CrashPoint::attachment_recorded_not_answered);
  return file;
}

Result<std::pair<StoredFile, std::string>> read_file(db::Database& database, const Context& context,
                                                     const Actor& actor, std::string_view sha256) {
  std::optional<StoredFile> file;
  MW_TRY(database.read([&](db::Connection& c) -> Status {
    MW_ASSIGN(file, readable_file(c, context, actor, sha256));
    return {};
  }));
  if (!file) return not_found(fmt::format("no stored file {}", sha256.substr(0, 80)));
  MW_ASSIGN(std::string bytes, context.files.read(path_of(context, file->sha256)));
  if (sha256_hex(bytes) != file->sha256)
    return corrupt("the stored bytes no longer give the digest they are filed under",
                   path_of(context, file->sha256));
  return std::pair(*std::move(file), std::move(bytes));
}

}  // namespace mineward::record
