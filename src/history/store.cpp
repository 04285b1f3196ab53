#include "history/store.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/crash_point.h"
#include "base/log.h"
#include "base/metrics.h"

namespace mineward::history {
namespace {

/// Open heads whose first row is older than this are sealed though not full, so that the journal can be cut.
/// At one sample in 30 s a head is full after 4 h; slower points give smaller blocks, which are joined with
/// the next one of their day.
constexpr std::int64_t kHeadAgeMs = 6 * 3'600'000;
/// The same when the journal is longer than this. Reading this much at start takes about 3 s.
constexpr std::uint64_t kJournalBytes = 48 << 20;
/// Encoded blocks waiting in memory; reached only if maintain() is not called.
constexpr std::uint64_t kPendingBytes = 32 << 20;
/// 10000-01-01 UTC. Files are named by year, month and day.
constexpr std::int64_t kEndOfTimeMs = 253'402'300'800'000;
constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

}  // namespace

Store::Store(Files& files, Options options)
    : files_(files), options_(std::move(options)), heads_(options_.block_samples) {}

Result<std::unique_ptr<History>> Store::open(Files& files, Options options) {
  if (options.block_samples < 2 || options.block_samples > kMaxBlockSamples) {
    return bad_input(
        fmt::format("block_samples is {}, expected 2 to {}", options.block_samples, kMaxBlockSamples));
  }
  std::unique_ptr<Store> store(new Store(files, std::move(options)));
  MW_TRY(store->load());
  return std::unique_ptr<History>(std::move(store));
}

Result<std::unique_ptr<History>> open_history(Files& files, Options options) {
  return Store::open(files, std::move(options));
}

Status Store::load() {
  const std::string& folder = options_.folder;
  MW_TRY(files_.make_folders(folder));
  MW_ASSIGN(lock_, files_.lock(folder + "/lock"));
  MW_ASSIGN(index_, IndexFile::open(folder + "/index.sqlite"));
  MW_ASSIGN(blocks_, BlockFiles::open(files_, folder + "/blocks", options_.block_samples));
  MW_ASSIGN(statistics_, Statistics::open(files_, folder + "/statistics"));
  queries_ = std::make_unique<Queries>(heads_, *blocks_, *statistics_);
  MW_TRY(files_.sync_folder(folder));

  MW_TRY(index_->load([&](PointName name, const PointState& state) {
    heads_.restore(name.key, state);
    names_.restore(std::move(name), true);
  }));
  MW_ASSIGN(indexed_released_seq_, index_->released_seq());
  released_seq_ = indexed_released_seq_;
  const JournalReader reader{[&](std::vector<PointName> names) {
                               for (PointName& name : names) names_.restore(std::move(name), false);
                               return Status{};
                             },
                             [&](const Batch& batch) {
                               for (const Row& row : batch.rows) {
                                 if (!names_.knows(row.point))
                                   return Status(corrupt(fmt::format(
                                       "batch {} has point {}, which has no name", batch.seq, row.point)));
                               }
                               heads_.apply(batch.seq, batch.rows, true);
                               applied(batch);
                               return Status{};
                             }};
  Journal::Hooks hooks{[this] { return names_.not_in_journal(); },
                       [this](std::span<const PointName> names) { names_.in_journal(names); },
                       [this](const Batch& batch) {
                         heads_.apply(batch.seq, batch.rows);
                         applied(batch);
                       }};
  MW_ASSIGN(journal_, Journal::open(files_, folder + "/journal", reader, std::move(hooks),
                                    options_.journal_segment_bytes));
  return {};
}

Result<PointKey> Store::point(std::string_view mine, std::string_view code) {
  if (mine.empty() || code.empty()) return bad_input("a point needs a mine code and a point code");
  MW_TRY(healthy());
  const PointKey key = names_.make(mine, code);
  if (key == 0) {
    return Error{
        Errc::too_large,
        fmt::format("mine {} point {} is one point too many: a store holds {}", mine, code, kMaxPointKey),
        {}};
  }
  return key;
}

std::optional<PointKey> Store::find_point(std::string_view mine, std::string_view code) const {
  return names_.find(mine, code);
}

Status Store::check(const Batch& batch) const {
  PointKey highest = 1;
  for (std::size_t i = 0; i < batch.rows.size(); ++i) {
    const Row& row = batch.rows[i];
    highest = std::max(highest, row.point);
    const bool finite = !row.sample.value || std::isfinite(*row.sample.value);
    if (finite && row.point != 0 && row.sample.at.utc_ms >= 0 && row.sample.at.utc_ms < kEndOfTimeMs)
      continue;
    return bad_input(fmt::format("row {}: point {}, time {} ms, value {}: expected a known point, a time of "
                                 "the years 1970 to 9999 and a finite value",
                                 i, row.point, row.sample.at.utc_ms, row.sample.value.value_or(0)),
                     batch.file_name);
  }
  if (!batch.rows.empty() && !names_.knows(highest)) {
    return bad_input(fmt::format("point {} was not given by point()", highest), batch.file_name);
  }
  return {};
}

Result<std::uint64_t> Store::append(Batch& batch) {
  MW_TRY(check(batch));
  MW_TRY(relieve());
  MW_TRY(journal_->append(batch));
  static Counter& batches = counter("history_batches_total", "Batches stored");
  static Counter& rows = counter("history_rows_total", "Rows stored, repeated ones included");
  batches.add();
  rows.add(batch.rows.size());
  return batch.seq;
}

// What follows from a durable batch besides its samples. Called in order of seq.
void Store::applied(const Batch& batch) {
  if (batch.file_name.empty()) return;
  const std::lock_guard lock(recent_mutex_);
  recent_[{batch.mine, batch.file_name}] = {{batch.mine, batch.file_name, batch.sha256, batch.arrived.utc_ms},
                                            batch.seq};
}

// Memory is bounded: above the limit one appender writes blocks while others go on; above twice the limit all
// wait for it.
Status Store::relieve() {
  const auto fill = [&](std::uint64_t times) {
    return heads_.open_samples() > options_.head_samples_limit * times ||
           heads_.pending_bytes() > kPendingBytes * times;
  };
  if (!fill(1)) return {};
  std::unique_lock lock(writer_mutex_, std::defer_lock);
  if (fill(2)) {
    lock.lock();
    if (!fill(1)) return {};
  } else if (!lock.try_lock()) {
    return {};
  }
  const std::uint64_t until = heads_.open_samples() > options_.head_samples_limit ? heads_.half_seq() : 0;
  if (Status s = write_out(until); !s && fill(2))
    return std::move(s).error().in("memory is full and blocks cannot be written");
  return {};
}

std::optional<std::string> Store::accepted_hash(std::string_view mine, std::string_view file_name) const {
  {
    const std::shared_lock lock(recent_mutex_);
    const auto it = recent_.find(std::pair(std::string(mine), std::string(file_name)));
    if (it != recent_.end()) return it->second.key.sha256;
  }
  return index_->hash_of(mine, file_name);
}

Status Store::replay(std::uint64_t after, const std::function<Status(const Batch&)>& each) {
  return journal_->read_after(std::max(after, released_seq_.load()), each);
}

Status Store::release(std::uint64_t seq) {
  if (seq > last_seq())
    return bad_input(fmt::format("release of batch {}, but the last one is {}", seq, last_seq()));
  std::uint64_t now = released_seq_.load();
  while (now < seq && !released_seq_.compare_exchange_weak(now, seq)) {
  }
  return {};
}

Result<std::vector<Sample>> Store::range(PointKey point, EventTime from, EventTime to, std::size_t limit) {
  return queries_->range(point, from, to, limit);
}
Result<std::vector<Bucket>> Store::buckets(PointKey point, EventTime from, EventTime to, Millis width) {
  return queries_->buckets(point, from, to, width);
}
Result<std::vector<Gap>> Store::gaps(PointKey point, EventTime from, EventTime to, Millis longer_than) {
  return queries_->gaps(point, from, to, longer_than);
}

Status Store::write_out(std::uint64_t seal_until_seq) {
  MW_TRY(healthy());
  const std::uint64_t seq = journal_->last_seq();  // first: what is applied by now is in the snapshots below
  const std::vector<PointName> names = names_.not_in_index();
  std::vector<FileKey> keys;
  {
    const std::shared_lock lock(recent_mutex_);
    for (const auto& [name, file] : recent_) keys.push_back(file.key);
  }
  const std::vector<PointWrite> writes = heads_.collect(seal_until_seq);
  const std::uint64_t released = released_seq_;
  const bool same = writes.empty() && names.empty() && keys.empty() && released == indexed_released_seq_;
  if (!writes.empty()) crash_point(CrashPoint::history_before_blocks);
  Status result = same ? Status{} : blocks_->write(writes);
  if (result && !writes.empty()) crash_point(CrashPoint::history_blocks_not_indexed);
  if (result && !same) result = index_->store({names, keys, writes, released});
  if (!result) {
    if (is_storage_failure(result.error())) journal_->stop(result.error());
    counter("history_block_write_errors_total", "Writes of blocks or of the index that failed").add();
    return result;
  }
  if (!writes.empty()) crash_point(CrashPoint::history_indexed_not_noted);
  heads_.written(writes);
  names_.in_index(names);
  {
    const std::lock_guard lock(recent_mutex_);
    std::erase_if(recent_, [&](const auto& entry) { return entry.second.seq <= seq; });
  }
  indexed_seq_ = seq;
  indexed_released_seq_ = released;
  return {};
}

Status Store::cut_journal() {
  return journal_->drop_until(std::min({released_seq_.load(), heads_.written_until(), indexed_seq_}));
}

// Rows of batches up to this seq have waited long enough for their heads to fill.
Result<std::uint64_t> Store::old_seq(EventTime now) {
  const auto is_old = [&](const Journal::Segment& s) { return s.last_arrival_ms + kHeadAgeMs <= now.utc_ms; };
  auto segments = journal_->segments();
  if (is_old(segments.back()) && segments.back().last_seq >= segments.back().first_seq) {
    MW_TRY(journal_->rotate());
    segments = journal_->segments();
  }
  std::uint64_t newer_bytes = 0;
  for (auto it = segments.rbegin(); it != segments.rend(); ++it) {
    if (it != segments.rbegin() && (is_old(*it) || newer_bytes > kJournalBytes)) return it->last_seq;
    newer_bytes += it->bytes;
  }
  return 0;
}

Status Store::maintain(EventTime now) {
  const std::lock_guard lock(writer_mutex_);
  MW_ASSIGN(const std::uint64_t old, old_seq(now));
  MW_TRY(write_out(old));
  MW_TRY(drop_old(now));
  return cut_journal();
}

Status Store::flush() {
  const std::lock_guard lock(writer_mutex_);
  MW_TRY(write_out(kAll));
  MW_TRY(journal_->rotate());
  return cut_journal();
}

Status Store::drop_old(EventTime now) {
  const std::int64_t keep_from = day_of(now.utc_ms - options_.raw_retention.count());
  bool dropped = false;
  for (const std::int64_t day : blocks_->days()) {
    if (day >= keep_from) break;
    if (Status kept = keep_statistics(day); !kept) {
      if (kept.error().code != Errc::corrupt) return kept;
      MW_TRY(blocks_->set_aside(day));
    } else {
      crash_point(CrashPoint::history_statistics_not_dropped);
      MW_TRY(blocks_->drop(day));
    }
    crash_point(CrashPoint::history_day_dropped);
    dropped = true;
  }
  if (!dropped) return {};
  log_info("history_retention", {{"raw_from", day_name(keep_from)}});
  MW_TRY(index_->drop_files_before(keep_from * kDayMs));
  return statistics_->drop_before(day_of(now.utc_ms - options_.statistics_retention.count()));
}

// Damaged blocks are left out and logged: their day is past retention anyway.
Status Store::keep_statistics(std::int64_t day) {
  std::vector<Statistics::PointDay> out;
  std::vector<Sample> samples;
  PointKey point = 0;  // whose samples these are
  const auto finish = [&] {
    if (!samples.empty()) out.push_back({point, slots_of(day, samples)});
    samples.clear();
  };
  const auto add = [&](const BlockHead& head, std::string_view bytes) -> Status {
    if (head.point != point) finish();
    point = head.point;
    auto decoded = decode_block(bytes, samples);
    return decoded ? Status{} : Status(std::move(decoded).error());
  };
  const auto damaged = [](const Error& error) {
    log_error("history_block_damaged", {{"why", error.text()}});
    return Status{};
  };
  MW_TRY(blocks_->read_all(day, add, damaged));
  finish();
  return statistics_->store(day, out);
}

Status Store::verify() {
  std::vector<Sample> samples;
  const auto check = [&](const BlockHead& head, std::string_view bytes) -> Status {
    samples.clear();
    auto decoded = decode_block(bytes, samples);
    return decoded ? Status{} : Status(std::move(decoded).error().in(names_.text_of(head.point)));
  };
  for (const std::int64_t day : blocks_->days()) {
    MW_TRY(blocks_->read_all(day, check, [](Error error) { return Status(std::move(error)); }));
  }
  MW_TRY(statistics_->verify());
  return journal_->verify();
}

Status Store::backup_to(const std::string& folder) {
  const std::lock_guard lock(writer_mutex_);  // nothing leaves the journal meanwhile; appends go on
  MW_TRY(files_.make_folders(folder));
  MW_ASSIGN(const auto there, files_.list(folder));
  if (!there.empty()) return conflict("backup folder is not empty: " + folder);
  MW_TRY(index_->copy_to(files_, folder + "/index.sqlite"));
  crash_point(CrashPoint::backup_index_copied);
  MW_TRY(blocks_->copy_to(folder + "/blocks"));
  MW_TRY(statistics_->copy_to(folder + "/statistics"));
  crash_point(CrashPoint::backup_blocks_copied);
  MW_TRY(journal_->copy_to(folder + "/journal"));
  return files_.sync_folder(folder);
}

History::Size Store::size() const {
  Size out;
  out.samples = blocks_->samples() + heads_.samples();
  for (const char* part : {"", "/blocks", "/journal", "/statistics"}) {
    const auto entries = files_.list(options_.folder + part);
    if (!entries) continue;
    for (const FileStat& file : *entries) out.bytes += file.is_folder ? 0 : file.size;
  }
  return out;
}

}  // namespace mineward::history
