#include "paper/bundle.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <locale.h>

#include <map>
#include <memory>

namespace mineward::paper {
namespace {

using ArchiveWriter = std::unique_ptr<::archive, decltype(&archive_write_free)>;
using ZipEntry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

/// libarchive reads names in the locale of the thread; the server runs in "C".
class Utf8Names {
 public:
  Utf8Names()
      : own_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)), before_(own_ ? uselocale(own_) : nullptr) {}
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;
  ~Utf8Names() {
    if (!own_) return;
    uselocale(before_);
    freelocale(own_);
  }

 private:
  locale_t own_, before_;
};

std::string file_name(std::string name) {
  for (char& c : name) {
    const bool bad = static_cast<unsigned char>(c) < 0x20 ||
                     std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos;
    if (bad) c = ' ';
  }
  return name;
}

la_ssize_t append_to_zip(::archive*, void* out, const void* bytes, std::size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

Error zip_error(::archive* a) {
  const char* why = archive_error_string(a);
  return unavailable(why ? why : "the papers cannot be put into one file");
}

Status add_to_zip(::archive* a, const std::string& name, const std::string& bytes) {
  const ZipEntry entry(archive_entry_new(), archive_entry_free);
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  if (archive_write_header(a, entry.get()) != ARCHIVE_OK) return zip_error(a);
  if (archive_write_data(a, bytes.data(), bytes.size()) != static_cast<la_ssize_t>(bytes.size()))
    return zip_error(a);
  return {};
}

}  // namespace

Result<std::string> zip_of(std::vector<Bundled> files) {
  const Utf8Names names;
  std::string out;
  const ArchiveWriter a(archive_write_new(), archive_write_free);
  archive_write_set_format_zip(a.get());
  archive_write_zip_set_compression_store(a.get());  // a PDF is packed already
  archive_write_set_bytes_in_last_block(a.get(), 1);
  if (archive_write_open(a.get(), &out, nullptr, append_to_zip, nullptr) != ARCHIVE_OK)
    return zip_error(a.get());
  std::map<std::string, int> times;
  for (auto& file : files) {
    std::string name = file_name(std::move(file.name));
    if (const int before = times[name]++; before > 0) name += fmt::format(" ({})", before + 1);
    MW_TRY(add_to_zip(a.get(), name + ".pdf", file.bytes));
  }
  if (archive_write_close(a.get()) != ARCHIVE_OK) return zip_error(a.get());
  return out;
}

}  // namespace mineward::paper
