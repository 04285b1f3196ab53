#include "ledger/package.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "ledger/trouble.h"

namespace mineward::ledger {
namespace {

struct CloseArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};
using Archive = std::unique_ptr<archive, CloseArchive>;

/// Signature of a compound file: Excel 97-2003, or a workbook behind a password.
constexpr std::string_view kCompoundFile = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

Error damaged() {
  return trouble("文件已损坏或不完整，无法解压", "the file is damaged or cut off: it cannot be unpacked");
}

Error no_package(std::string_view bytes) {
  if (bytes.empty()) return trouble("文件是空的，应为 XLSX", "the file is empty, expected an XLSX");
  if (bytes.starts_with(kCompoundFile)) {
    return trouble(
        "这是 Excel 97-2003 的 XLS 或带密码的工作簿，应为不带密码的 XLSX：请另存为“Excel 工作簿 (*.xlsx)”",
        "found an XLS of Excel 97-2003 or a workbook with a password, expected an XLSX without one: "
        "save it as \"Excel workbook (*.xlsx)\"");
  }
  if (!bytes.starts_with("PK")) {
    const bool text = is_utf8(bytes.substr(0, bytes.size() < 64 ? bytes.size() : 48));
    return trouble(
        fmt::format("这是{}，应为 XLSX 工作簿", text ? "文本文件" : "其他类型的文件"),
        fmt::format("found {}, expected an XLSX workbook", text ? "a text file" : "another kind of file"));
  }
  return damaged();
}

/// Only the archive's own directory is believed, not headers hidden between its parts.
Archive opened(const std::string& bytes) {
  Archive a(archive_read_new());
  if (!a) return nullptr;
  archive_read_support_format_zip_seekable(a.get());
  if (archive_read_open_memory(a.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) return nullptr;
  return a;
}

std::string name_of(archive_entry* entry) {
  const char* name = archive_entry_pathname(entry);
  return name ? name : "";
}

}  // namespace

Result<Package> Package::open(std::string bytes, PackageLimits limits) {
  if (!bytes.starts_with("PK")) return no_package(bytes);
  Package out(std::move(bytes), limits);
  const Archive a = opened(out.bytes_);
  if (!a) return no_package(out.bytes_);
  archive_entry* entry = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(a.get(), &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN) {
    if (archive_entry_is_encrypted(entry))
      return trouble("文件已加密，应为不加密的 XLSX", "the file is encrypted, expected an XLSX without");
    std::string name = name_of(entry);
    if (out.has(name))
      return trouble(fmt::format("文件内有两个同名部分 {}", clipped(name)),
                     fmt::format("the file holds the part {} twice", clipped(name)));
    out.names_.push_back(std::move(name));
    if (out.names_.size() > limits.parts)
      return trouble(fmt::format("文件内的部分超过 {} 个", limits.parts),
                     fmt::format("the file holds more than {} parts", limits.parts), Errc::too_large);
  }
  if (status != ARCHIVE_EOF || out.names_.empty()) return no_package(out.bytes_);
  return out;
}

bool Package::has(std::string_view name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

Status Package::read(std::string_view name, const std::function<Status(std::string_view)>& take) const {
  const Archive a = opened(bytes_);
  if (!a) return no_package(bytes_);
  archive_entry* entry = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(a.get(), &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN) {
    if (name_of(entry) != name) continue;
    std::string buffer(256u << 10, '\0');
    const std::uint64_t most =
        std::min(limits_.part_bytes, std::max(limits_.free_bytes, limits_.ratio * bytes_.size()));
    std::uint64_t read = 0;
    while (true) {
      const la_ssize_t n = archive_read_data(a.get(), buffer.data(), buffer.size());
      if (n == 0) return {};
      if (n < 0) return damaged();
      read += static_cast<std::uint64_t>(n);
      if (read > most) {
        return trouble(fmt::format("{} kB 的文件解压后超过 {} MB，不予读取", bytes_.size() >> 10, most >> 20),
                       fmt::format("the file of {} kB unpacks to more than {} MB, which is not taken",
                                   bytes_.size() >> 10, most >> 20),
                       Errc::too_large);
      }
      MW_TRY(take(std::string_view(buffer.data(), static_cast<std::size_t>(n))));
    }
  }
  if (status != ARCHIVE_EOF) return damaged();
  return not_found(fmt::format("the workbook has no part {}", name));
}

}  // namespace mineward::ledger
