#include "history/block_files.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"

namespace mineward::history {
namespace {

constexpr const char* kBlockSchema =
    "CREATE TABLE IF NOT EXISTS block(point INTEGER NOT NULL, first INTEGER NOT NULL, body BLOB NOT NULL);"
    "CREATE UNIQUE INDEX IF NOT EXISTS block_place ON block(point, first);"
    "CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    "INSERT OR IGNORE INTO meta VALUES ('format', 1), ('samples', 0);";
constexpr std::string_view kSelectRange =
    "SELECT point, first, body FROM block WHERE point = ?1 AND first < ?3 AND first >= "
    "coalesce((SELECT max(first) FROM block WHERE point = ?1 AND first <= ?2), ?2) ORDER BY first";
constexpr std::string_view kSelectBefore =
    "SELECT rowid, body FROM block WHERE point = ?1 AND first <= ?2 ORDER BY first DESC";
constexpr std::string_view kInsert = "INSERT INTO block(point, first, body) VALUES (?1, ?2, ?3)";
constexpr std::string_view kDelete = "DELETE FROM block WHERE rowid = ?1";
constexpr std::string_view kAddSamples = "UPDATE meta SET value = value + ?1 WHERE name = 'samples'";
constexpr std::string_view kSelectMeta = "SELECT name, value FROM meta";
constexpr std::string_view kSelectAll = "SELECT point, first, body FROM block ORDER BY point, first";

constexpr std::string_view kBlockSuffix = ".sqlite";
constexpr std::size_t kOpenReaders = 24;  // one handle takes about 100 kB
constexpr std::size_t kOpenWriters = 3;

std::optional<std::int64_t> day_of_name(std::string_view name) {
  if (!name.ends_with(kBlockSuffix)) return std::nullopt;
  const auto date = parse_date(name.substr(0, name.size() - kBlockSuffix.size()));
  if (!date) return std::nullopt;
  return date->days;
}

}  // namespace

std::string day_name(std::int64_t day) { return format_date(Date{static_cast<std::int32_t>(day)}); }

/// One day's file, open for writing.
class BlockFiles::Writer {
 public:
  static Result<std::unique_ptr<Writer>> open(const std::string& path, std::size_t block_samples) {
    auto out = std::make_unique<Writer>();
    out->block_samples_ = block_samples;
    MW_ASSIGN(out->db_, Database::open(path, kBlockSchema));
    MW_ASSIGN(out->before_, out->db_.prepare(kSelectBefore));
    MW_ASSIGN(out->insert_, out->db_.prepare(kInsert));
    MW_ASSIGN(out->delete_, out->db_.prepare(kDelete));
    MW_ASSIGN(out->add_samples_, out->db_.prepare(kAddSamples));
    return out;
  }

  /// Gives by how many samples the file grew.
  Result<std::int64_t> write(std::int64_t day, std::span<const PointWrite> writes) {
    grown_ = 0;
    MW_TRY(db_.transaction([&]() -> Status {
      for (const PointWrite& w : writes) {
        for (const auto& block : w.blocks) {
          if (day_of(block->head.first.utc_ms) == day) MW_TRY(add(*block));
        }
      }
      return add_samples_.bind(1, grown_).run();
    }));
    return grown_;
  }

 private:
  struct Neighbour {
    std::int64_t rowid = 0;
    BlockHead head;
    std::string body;
  };

  // Blocks that overlap with `block`, or a short one just before it that it can be joined with; oldest last.
  Result<std::vector<Neighbour>> neighbours(const PendingBlock& block) {
    std::vector<Neighbour> out;
    before_.bind(1, block.head.point).bind(2, block.head.last.utc_ms);
    for (;;) {
      MW_ASSIGN(const bool row, before_.step());
      if (!row) return out;
      auto head = read_block_head(before_.blob(1));
      if (!head) {  // stays for verify() and for queries, which refuse it; new samples must not wait for it
        log_error("history_block_damaged", {{"file", db_.path()},
                                            {"point", std::to_string(block.head.point)},
                                            {"why", head.error().text()}});
        break;
      }
      const bool overlaps = head->last >= block.head.first;
      const bool joins = out.empty() && head->count + block.head.count <= block_samples_;
      if (overlaps || joins) out.push_back({before_.integer(0), *head, std::string(before_.blob(1))});
      if (!overlaps) break;
    }
    before_.reset();
    return out;
  }

  Status add(const PendingBlock& block) {
    MW_ASSIGN(const auto old, neighbours(block));
    if (old.empty()) {
      grown_ += block.head.count;
      return insert(block.head.point, block.head.first.utc_ms, block.bytes);
    }
    std::vector<std::vector<Sample>> parts;
    std::vector<Sample> before;
    for (auto it = old.rbegin(); it != old.rend(); ++it) {
      if (auto head = decode_block(it->body, before); !head) return std::move(head).error().in(db_.path());
    }
    parts.push_back(before);
    if (auto head = decode_block(block.bytes, parts.emplace_back()); !head)
      return std::move(head).error().in("memory");
    const std::vector<Sample> merged = overlay(std::move(parts));
    if (merged == before) return {};  // nothing new, as after a replay
    for (const Neighbour& n : old) MW_TRY(delete_.bind(1, n.rowid).run());
    grown_ += static_cast<std::int64_t>(merged.size()) - static_cast<std::int64_t>(before.size());
    const std::size_t pieces = (merged.size() + block_samples_ - 1) / block_samples_;
    for (std::size_t i = 0; i < pieces; ++i) {
      const std::size_t from = merged.size() * i / pieces;
      const std::size_t to = merged.size() * (i + 1) / pieces;
      MW_TRY(insert(block.head.point, merged[from].at.utc_ms,
                    encode_block(block.head.point, std::span(merged).subspan(from, to - from))));
    }
    return {};
  }

  Status insert(PointKey point, std::int64_t first, const std::string& body) {
    return insert_.bind(1, point).bind(2, first).bind_blob(3, body).run();
  }

  std::size_t block_samples_ = 0;
  std::int64_t grown_ = 0;
  Database db_;
  Statement before_, insert_, delete_, add_samples_;
};

BlockFiles::BlockFiles(Files& files, std::string folder, std::size_t block_samples)
    : files_(files), folder_(std::move(folder)), block_samples_(block_samples) {}
BlockFiles::~BlockFiles() = default;

Result<std::unique_ptr<BlockFiles>> BlockFiles::open(Files& files, std::string folder,
                                                     std::size_t block_samples) {
  std::unique_ptr<BlockFiles> out(new BlockFiles(files, std::move(folder), block_samples));
  MW_TRY(files.make_folders(out->folder_));
  MW_ASSIGN(const auto entries, files.list(out->folder_));
  for (const FileStat& file : entries) {
    const auto day = day_of_name(file.name);
    if (!day) continue;
    const std::string path = out->folder_ + "/" + file.name;
    MW_ASSIGN(Database db, Database::open(path, kBlockSchema));
    MW_ASSIGN(Statement meta, db.prepare(kSelectMeta));
    for (;;) {
      MW_ASSIGN(const bool row, meta.step());
      if (!row) break;
      if (meta.text(0) == "samples") out->days_[*day] = static_cast<std::uint64_t>(meta.integer(1));
      if (meta.text(0) == "format" && meta.integer(1) != 1) {
        return corrupt(fmt::format("block file format {}, this program knows 1", meta.integer(1)), path);
      }
    }
  }
  return out;
}

Status BlockFiles::write(std::span<const PointWrite> writes) {
  std::vector<std::int64_t> days;
  for (const PointWrite& w : writes) {
    for (const auto& block : w.blocks) days.push_back(day_of(block->head.first.utc_ms));
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  for (const std::int64_t day : days) MW_TRY(write_day(day, writes));
  return {};
}

Status BlockFiles::write_day(std::int64_t day, std::span<const PointWrite> writes) {
  auto found = writers_.find(day);
  const bool fresh = !files_.exists(path_of(day));
  if (found == writers_.end()) {
    if (writers_.size() >= kOpenWriters) writers_.erase(writers_.begin());
    MW_ASSIGN(auto writer, Writer::open(path_of(day), block_samples_));
    found = writers_.emplace(day, std::move(writer)).first;
  }
  MW_ASSIGN(const std::int64_t grown, found->second->write(day, writes));
  if (fresh) MW_TRY(files_.sync_folder(folder_));
  const std::lock_guard lock(cache_mutex_);
  days_[day] += static_cast<std::uint64_t>(grown);
  return {};
}

std::vector<std::int64_t> BlockFiles::days() const {
  const std::lock_guard lock(cache_mutex_);
  std::vector<std::int64_t> out;
  for (const auto& [day, samples] : days_) out.push_back(day);
  return out;
}

std::uint64_t BlockFiles::samples() const {
  const std::lock_guard lock(cache_mutex_);
  std::uint64_t total = 0;
  for (const auto& [day, samples] : days_) total += samples;
  return total;
}

Result<std::shared_ptr<BlockFiles::DayFile>> BlockFiles::reader(std::int64_t day) const {
  {
    const std::lock_guard lock(cache_mutex_);
    if (!days_.contains(day)) return not_found("no block file of day " + day_name(day));
    if (const auto it = cache_.find(day); it != cache_.end()) {
      recent_.remove(day);
      recent_.push_front(day);
      return it->second;
    }
  }
  auto file = std::make_shared<DayFile>();
  MW_ASSIGN(file->db, Database::open(path_of(day), ""));
  MW_ASSIGN(file->read, file->db.prepare(kSelectRange));
  const std::lock_guard lock(cache_mutex_);
  if (!days_.contains(day)) return not_found("block file was dropped: day " + day_name(day));
  const auto [it, added] = cache_.emplace(day, file);
  if (!added) return it->second;
  recent_.push_front(day);
  if (recent_.size() > kOpenReaders) {
    cache_.erase(recent_.back());
    recent_.pop_back();
  }
  return file;
}

Result<BlockHead> BlockFiles::checked_head(std::int64_t day, PointKey point, std::int64_t first,
                                           std::string_view body) const {
  auto head = read_block_head(body);
  if (head && (head->point != point || head->first.utc_ms != first)) {
    head = corrupt(fmt::format("block head says point {} from {}", head->point, format_rfc3339(head->first)));
  }
  if (head) return head;
  return std::move(head).error().in(
      fmt::format("point {}, block from {} < {}", point, format_rfc3339(EventTime{first}), path_of(day)));
}

Status BlockFiles::read(std::int64_t day, PointKey point, std::int64_t from_ms, std::int64_t to_ms,
                        const Each& each) const {
  auto opened = reader(day);
  if (!opened) return opened.error().code == Errc::not_found ? Status{} : Status(opened.error());
  const std::shared_ptr<DayFile> file = *opened;
  std::vector<std::pair<BlockHead, std::string>> blocks;  // so that no lock is held while `each` runs
  {
    const std::lock_guard lock(file->handle_mutex);
    file->read.bind(1, point).bind(2, from_ms).bind(3, to_ms);
    for (;;) {
      MW_ASSIGN(const bool row, file->read.step());
      if (!row) break;
      auto head = checked_head(day, point, file->read.integer(1), file->read.blob(2));
      if (!head) {
        file->read.reset();
        return std::move(head).error();
      }
      if (head->last.utc_ms >= from_ms) blocks.emplace_back(*head, file->read.blob(2));
    }
  }
  for (const auto& [head, bytes] : blocks) MW_TRY(each(head, bytes));
  return {};
}

Status BlockFiles::read_all(std::int64_t day, const Each& each, const Damaged& damaged) const {
  MW_ASSIGN(Database db, Database::open(path_of(day), ""));
  MW_ASSIGN(Statement all, db.prepare(kSelectAll));
  BlockHead before;
  for (;;) {
    MW_ASSIGN(const bool row, all.step());
    if (!row) return {};
    const auto head = checked_head(day, static_cast<PointKey>(all.integer(0)), all.integer(1), all.blob(2));
    if (!head) {
      MW_TRY(damaged(head.error()));
      continue;
    }
    const std::string place =
        fmt::format("point {}, block from {} < {}", head->point, format_rfc3339(head->first), path_of(day));
    if (before.count > 0 && before.point == head->point && head->first <= before.last) {
      MW_TRY(damaged(
          corrupt("overlaps with the block before, which ends at " + format_rfc3339(before.last), place)));
    }
    if (Status s = each(*head, all.blob(2)); !s) MW_TRY(damaged(std::move(s).error().in(place)));
    before = *head;
  }
}

void BlockFiles::forget(std::int64_t day) {
  writers_.erase(day);
  const std::lock_guard lock(cache_mutex_);
  days_.erase(day);
  cache_.erase(day);
  recent_.remove(day);
}

Status BlockFiles::drop(std::int64_t day) {
  forget(day);
  const std::string path = path_of(day);
  for (const char* extra : {"-wal", "-shm", ""}) {  // the log first: it must not outlive its file
    if (files_.exists(path + extra)) MW_TRY(files_.remove(path + extra));
  }
  return files_.sync_folder(folder_);
}

Status BlockFiles::set_aside(std::int64_t day) {
  forget(day);
  log_error("history_block_file_set_aside", {{"file", path_of(day)}});
  for (const char* extra : {"-wal", "-shm", ""}) {
    const std::string path = path_of(day) + extra;
    if (files_.exists(path)) MW_TRY(files_.rename(path, path + ".damaged"));
  }
  return files_.sync_folder(folder_);
}

Status BlockFiles::copy_to(const std::string& folder) const {
  MW_TRY(files_.make_folders(folder));
  for (const std::int64_t day : days()) {
    MW_ASSIGN(Database db, Database::open(path_of(day), ""));
    MW_TRY(db.copy_to(files_, folder + "/" + day_name(day) + std::string(kBlockSuffix)));
  }
  return {};
}

}  // namespace mineward::history
