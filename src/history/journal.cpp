#include "history/journal.h"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>
#include <zstd.h>

#include "base/crash_point.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/metrics.h"
#include "history/bytes.h"

namespace mineward::history {
namespace {

constexpr std::string_view kSegmentHead("MWJRNL\x01\n", 8);
constexpr std::string_view kSegmentName("MWJRNL", 6);
constexpr std::string_view kMarker("MWe\x01", 4);
constexpr std::string_view kJournalSuffix = ".journal";
constexpr std::size_t kEntryHead = 12;  // marker, length, crc
constexpr std::size_t kEntryMin = 10;   // version, kind, seq
constexpr std::uint8_t kJournalVersion = 1;
constexpr std::uint8_t kBatch = 1;
constexpr std::uint8_t kNames = 2;
constexpr std::uint8_t kZstd = 0x80;
constexpr std::size_t kPackFrom = 512;                       // smaller bodies are not worth the call
constexpr std::uint64_t kMaxPlain = std::uint64_t{1} << 30;  // a body that claims more is damaged
constexpr std::size_t kGroupBytes = 4 << 20;                 // one group writes about this much at most

struct Entry {
  std::uint8_t version = 0, kind = 0;
  std::string_view body;  // as stored
  std::uint64_t seq = 0;
  std::size_t size = 0;  // with head
};

// The entry at the start of `bytes`, if it is whole.
std::optional<Entry> whole_entry(std::string_view bytes) {
  if (bytes.size() < kEntryHead + kEntryMin || !bytes.starts_with(kMarker)) return std::nullopt;
  ByteReader in(bytes);
  in.take(kMarker.size());
  const auto length = in.fixed<std::uint32_t>();
  const auto crc = in.fixed<std::uint32_t>();
  if (length < kEntryMin || length > in.left()) return std::nullopt;
  const std::string_view content = in.take(length);
  if (crc32c(content, crc32c(bytes.substr(kMarker.size(), 4))) != crc) return std::nullopt;
  ByteReader seq(content.substr(content.size() - 8));
  return Entry{static_cast<std::uint8_t>(content[0]), static_cast<std::uint8_t>(content[1]),
               content.substr(2, content.size() - kEntryMin), seq.fixed<std::uint64_t>(),
               kEntryHead + length};
}

bool any_whole_entry(std::string_view bytes) {
  for (std::size_t at = bytes.find(kMarker); at != std::string_view::npos; at = bytes.find(kMarker, at + 1)) {
    if (whole_entry(bytes.substr(at))) return true;
  }
  return false;
}

Result<std::string> unpack(std::string_view stored) {
  ByteReader in(stored);
  const std::uint64_t plain = in.varint();
  if (in.bad() || plain > kMaxPlain) return corrupt("packed entry has no plain size");
  const std::string_view frame = in.take(in.left());
  // No memory for a claim that the frame cannot keep: a block of 4 bytes or more gives 128 KiB at most.
  if (ZSTD_getFrameContentSize(frame.data(), frame.size()) != plain ||
      plain > (frame.size() / 4 + 1) * (std::uint64_t{128} << 10)) {
    return corrupt("packed entry has a wrong plain size");
  }
  std::string out(static_cast<std::size_t>(plain), '\0');
  const std::size_t got = ZSTD_decompress(out.data(), out.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) || got != plain) return corrupt("packed entry cannot be unpacked");
  return out;
}

// Appends the body, compressed if that pays; tells the kind bit.
std::uint8_t put_packed(std::string& out, std::string_view body) {
  if (body.size() > kPackFrom) {
    thread_local const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                                    &ZSTD_freeCCtx);
    const std::size_t start = out.size();
    put_varint(out, body.size());
    const std::size_t head = out.size();
    out.resize(head + ZSTD_compressBound(body.size()));
    const std::size_t got =
        ZSTD_compressCCtx(context.get(), out.data() + head, out.size() - head, body.data(), body.size(), 1);
    if (!ZSTD_isError(got) && head + got - start < body.size() - body.size() / 8) {
      out.resize(head + got);
      return kZstd;
    }
    out.resize(start);
  }
  out += body;
  return 0;
}

// The entry without seq and with crc still open; gives the crc so far.
std::uint32_t put_open_entry(std::string& out, std::uint8_t kind, std::string_view body) {
  const std::size_t start = out.size();
  out += kMarker;
  put_fixed(out, std::uint32_t{0});
  put_fixed(out, std::uint32_t{0});
  out += static_cast<char>(kJournalVersion);
  out += static_cast<char>(kind);
  const std::uint8_t packed = put_packed(out, body);
  out[start + kEntryHead + 1] = static_cast<char>(kind | packed);
  const auto length = static_cast<std::uint32_t>(out.size() - start - kEntryHead + 8);
  std::memcpy(out.data() + start + 4, &length, 4);
  const std::string_view whole(out);
  return crc32c(whole.substr(start + kEntryHead), crc32c(whole.substr(start + 4, 4)));
}

void put_closed_entry(std::string& out, std::string_view open_entry, std::uint32_t crc, std::uint64_t seq) {
  const std::size_t start = out.size();
  out += open_entry;
  put_fixed(out, seq);
  crc = crc32c(std::string_view(out).substr(out.size() - 8), crc);
  std::memcpy(out.data() + start + 8, &crc, 4);
}

std::string place(const std::string& path, std::uint64_t offset) {
  return fmt::format("offset {} < {}", offset, path);
}

Result<std::string> plain_body(const Entry& entry) {
  if ((entry.kind & kZstd) != 0) return unpack(entry.body);
  return std::string(entry.body);
}

// Walks the entries of one segment. Stops at the first that is not whole; `good` is how far it came.
Status walk(std::string_view bytes, const std::string& path, std::uint64_t& good,
            const std::function<Status(const Entry&)>& each) {
  good = 0;
  if (bytes.size() < kSegmentHead.size()) return {};
  if (bytes.substr(0, 6) != kSegmentName)
    return corrupt("no journal segment: it does not begin with MWJRNL", path);
  if (bytes.substr(0, 8) != kSegmentHead) {
    return corrupt(
        fmt::format("journal segment version {}, this program knows 1", static_cast<int>(bytes[6])), path);
  }
  good = kSegmentHead.size();
  while (const auto entry = whole_entry(bytes.substr(static_cast<std::size_t>(good)))) {
    const std::uint8_t kind = entry->kind & 0x7f;
    if (entry->version != kJournalVersion || (kind != kBatch && kind != kNames)) {
      return corrupt(
          fmt::format("journal entry version {} kind {}, this program knows version 1 kinds 1 and 2",
                      entry->version, kind),
          place(path, good));
    }
    if (Status s = each(*entry); !s) return std::move(s).error().in(place(path, good));
    good += entry->size;
  }
  return {};
}

std::uint64_t first_seq_of(const FileStat& file) { return std::strtoull(file.name.c_str(), nullptr, 10); }

Error damaged(const std::string& path, std::uint64_t offset) {
  return corrupt("journal entry is damaged (wrong length or sum) and it is not a torn tail; nothing was cut",
                 place(path, offset));
}

}  // namespace

Journal::Journal(Files& files, std::string folder, Hooks hooks, std::uint64_t segment_bytes)
    : files_(files), folder_(std::move(folder)), hooks_(std::move(hooks)), segment_bytes_(segment_bytes) {}

Result<std::unique_ptr<Journal>> Journal::open(Files& files, std::string folder, const JournalReader& reader,
                                               Hooks hooks, std::uint64_t segment_bytes) {
  std::unique_ptr<Journal> journal(new Journal(files, std::move(folder), std::move(hooks), segment_bytes));
  MW_TRY(files.make_folders(journal->folder_));
  MW_TRY(journal->read_all(reader));
  return journal;
}

Status Journal::read_all(const JournalReader& reader) {
  MW_ASSIGN(const auto entries, files_.list(folder_));
  std::vector<FileStat> empty;  // the active segment, or what a failed start of a segment left
  std::vector<FileStat> full;
  for (const FileStat& file : entries) {
    if (file.name.ends_with(kJournalSuffix)) (file.size > kSegmentHead.size() ? full : empty).push_back(file);
  }
  bool torn = false;
  for (const FileStat& file : full) {
    MW_ASSIGN(torn, read_full_segment(file, &file == &full.back(), reader));
  }
  if (full.empty() && !empty.empty()) written_seq_ = first_seq_of(empty.back()) - 1;
  applied_seq_ = written_seq_;
  bool wanted = full.empty();  // an empty segment, to go on with
  for (const FileStat& file : empty) {
    MW_TRY(check_empty(file));
    if (!torn && first_seq_of(file) == written_seq_ + 1) {
      wanted = true;
    } else {
      MW_TRY(files_.remove(folder_ + "/" + file.name));
    }
  }
  return wanted ? start_segment(written_seq_ + 1) : reopen_last(segments_.back().bytes);
}

// A file without entries may hold anything when its first write was torn; but what a newer program made is
// left alone.
Status Journal::check_empty(const FileStat& file) const {
  const std::string path = folder_ + "/" + file.name;
  MW_ASSIGN(const std::string bytes, files_.read(path));
  std::uint64_t good = 0;
  if (!bytes.starts_with(kSegmentName)) return {};
  return walk(bytes, path, good, [](const Entry&) { return Status{}; });
}

// Tells whether a torn tail is to be cut.
Result<bool> Journal::read_full_segment(const FileStat& file, bool last, const JournalReader& reader) {
  const std::string path = folder_ + "/" + file.name;
  const std::uint64_t first = first_seq_of(file);
  if (!segments_.empty() && first != written_seq_ + 1) {
    return corrupt(fmt::format("journal segment begins with batch {}, expected {}: one is missing", first,
                               written_seq_ + 1),
                   path);
  }
  segments_.push_back({path, first, first - 1, 0, 0});
  written_seq_ = first - 1;
  Segment& segment = segments_.back();
  MW_ASSIGN(const std::string bytes, files_.read(path));
  MW_TRY(walk(bytes, path, segment.bytes, [&](const Entry& entry) -> Status {
    MW_ASSIGN(const std::string body, plain_body(entry));
    if ((entry.kind & 0x7f) == kNames) {
      MW_ASSIGN(auto names, get_names(body));
      return reader.names(std::move(names));
    }
    if (entry.seq != written_seq_ + 1) {
      return corrupt(fmt::format("journal batch has number {}, expected {}", entry.seq, written_seq_ + 1));
    }
    MW_ASSIGN(Batch batch, get_batch(body));
    batch.seq = segment.last_seq = written_seq_ = entry.seq;
    segment.last_arrival_ms = std::max(segment.last_arrival_ms, batch.arrived.utc_ms);
    return reader.batch(std::move(batch));
  }));
  if (segment.bytes == bytes.size()) return false;
  if (!last || any_whole_entry(std::string_view(bytes).substr(static_cast<std::size_t>(segment.bytes)))) {
    return damaged(path, segment.bytes);
  }
  log_warning("journal_tail_cut", {{"file", path},
                                   {"offset", std::to_string(segment.bytes)},
                                   {"bytes", std::to_string(bytes.size() - segment.bytes)}});
  counter("history_journal_tail_cut_bytes_total", "Bytes of torn journal tails cut at start")
      .add(bytes.size() - segment.bytes);
  return true;
}

// Writes what was read of the last segment anew, so that nothing is built on bytes the disk may not have.
Status Journal::reopen_last(std::uint64_t good_bytes) {
  const Segment& segment = segments_.back();
  MW_ASSIGN(const std::string good, files_.read_at(segment.path, 0, static_cast<std::size_t>(good_bytes)));
  const Status rewritten = write_atomically(files_, segment.path, good);
  if (!rewritten && !is_disk_full(rewritten.error())) return rewritten;
  MW_ASSIGN(active_, files_.open_append(segment.path));
  if (active_->size() == good_bytes) return {};
  MW_TRY(active_->truncate(good_bytes));
  return active_->sync();
}

// On an error the old segment stays the active one; an empty file that is left is removed by the next start.
Status Journal::start_segment(std::uint64_t first_seq) {
  const std::string path = fmt::format("{}/{:020}{}", folder_, first_seq, kJournalSuffix);
  MW_ASSIGN(auto file, files_.create(path));
  MW_TRY(file->append(kSegmentHead));
  MW_TRY(file->sync());
  MW_TRY(files_.sync_folder(folder_));
  crash_point(CrashPoint::journal_segment_started);
  active_ = std::move(file);
  const std::lock_guard lock(segments_mutex_);
  segments_.push_back({path, first_seq, first_seq - 1, kSegmentHead.size(), 0});
  return {};
}

Status Journal::append(Batch& batch) {
  thread_local std::string body;
  body.clear();
  put_batch(body, batch);
  if (body.size() > kMaxPlain) return Error{Errc::too_large, "batch is larger than 1 GiB", batch.file_name};
  thread_local Waiting me;
  me.batch = &batch;
  me.entry.clear();
  me.crc = put_open_entry(me.entry, kBatch, body);
  me.result = {};
  me.done = false;

  std::unique_lock lock(queue_mutex_);
  if (!health_) return health_;
  queue_.push_back(&me);
  while (!me.done) {
    if (!leading_ && !queue_.empty()) {
      lead(lock);
    } else {
      me.changed.wait(lock);
    }
  }
  return std::move(me.result);
}

// Called and left with the lock held. Takes waiting batches, writes and syncs them without the lock, applies
// them.
void Journal::lead(std::unique_lock<std::mutex>& queue_lock) {
  leading_ = true;
  Group group;
  for (std::size_t bytes = 0; !queue_.empty() && bytes < kGroupBytes; queue_.pop_front()) {
    group.push_back(queue_.front());
    bytes += queue_.front()->entry.size();
  }
  Status result = health_;
  queue_lock.unlock();
  if (result) {
    const auto names = hooks_.pending_names();
    result = write_group(group, names);
    if (result) crash_point(CrashPoint::journal_synced_not_applied);
    if (result && !names.empty()) hooks_.names_stored(names);
  }
  queue_lock.lock();
  leading_ = false;
  if (result) synced_.push_back(group);
  call_next();  // who leads while this one applies
  queue_lock.unlock();
  if (result) {
    apply_synced();
  } else {
    finish(group, result);
  }
  queue_lock.lock();
}

void Journal::apply_synced() {
  const std::lock_guard apply_lock(apply_mutex_);
  for (;;) {
    Group group;
    {
      const std::lock_guard lock(queue_mutex_);
      if (synced_.empty()) return;
      group = std::move(synced_.front());
      synced_.pop_front();
    }
    for (const Waiting* waiting : group) hooks_.apply(*waiting->batch);
    const std::uint64_t last = group.back()->batch->seq;
    {
      const std::lock_guard lock(segments_mutex_);
      applied_seq_ = last;
    }
    finish(group, {});
  }
}

void Journal::finish(const Group& group, const Status& result) {
  const std::lock_guard lock(queue_mutex_);
  for (Waiting* waiting : group) {
    waiting->result = result;
    waiting->done = true;
    waiting->changed.notify_one();
  }
}

/// The caller holds queue_mutex_ and leads no more.
void Journal::call_next() {
  if (!queue_.empty()) queue_.front()->changed.notify_one();
  queue_changed_.notify_all();
}

Status Journal::write_group(const Group& group, std::span<const PointName> names) {
  buffer_.clear();
  if (!names.empty()) {
    std::string body;
    put_names(body, names);
    std::string entry;
    const std::uint32_t crc = put_open_entry(entry, kNames, body);
    put_closed_entry(buffer_, entry, crc, written_seq_);
  }
  std::uint64_t seq = written_seq_;
  std::int64_t arrival = 0;
  for (const Waiting* waiting : group) {
    put_closed_entry(buffer_, waiting->entry, waiting->crc, ++seq);
    arrival = std::max(arrival, waiting->batch->arrived.utc_ms);
  }
  if (segments().back().bytes > segment_bytes_) {
    if (Status s = start_segment(written_seq_ + 1); !s) {
      if (!is_disk_full(s.error())) stop(s.error());
      return s;
    }
  }
  MW_TRY(write_bytes(buffer_));
  written_seq_ = seq;
  for (std::size_t i = 0; i < group.size(); ++i) group[i]->batch->seq = seq + 1 + i - group.size();
  const std::lock_guard lock(segments_mutex_);
  Segment& segment = segments_.back();
  segment.bytes += buffer_.size();
  segment.last_seq = seq;
  segment.last_arrival_ms = std::max(segment.last_arrival_ms, arrival);
  return {};
}

Status Journal::write_bytes(std::string_view bytes) {
  const std::uint64_t good = segments().back().bytes;
  crash_point(CrashPoint::journal_before_write);
  if (Status written = active_->append(bytes); !written) {
    const Status cut = active_->truncate(good);
    counter("history_journal_write_errors_total", "Journal writes that failed").add();
    if (!cut) {
      stop(cut.error());
    } else if (!is_disk_full(written.error())) {
      stop(written.error());
    }
    return written;
  }
  crash_point(CrashPoint::journal_written_not_synced);
  if (Status synced = active_->sync(); !synced) {
    stop(synced.error());
    return synced;
  }
  return {};
}

std::uint64_t Journal::last_seq() const {
  const std::lock_guard lock(segments_mutex_);
  return applied_seq_;
}

std::vector<Journal::Segment> Journal::segments() const {
  const std::lock_guard lock(segments_mutex_);
  return segments_;
}

Status Journal::read_segment(const Segment& segment, std::uint64_t after,
                             const std::function<Status(const Batch&)>& each) {
  MW_ASSIGN(const std::string bytes,
            files_.read_at(segment.path, 0, static_cast<std::size_t>(segment.bytes)));
  std::uint64_t good = 0;
  MW_TRY(walk(bytes, segment.path, good, [&](const Entry& entry) -> Status {
    if ((entry.kind & 0x7f) != kBatch || entry.seq <= after) return {};
    MW_ASSIGN(const std::string body, plain_body(entry));
    MW_ASSIGN(Batch batch, get_batch(body));
    batch.seq = entry.seq;
    return each(batch);
  }));
  if (good != segment.bytes) return damaged(segment.path, good);
  return {};
}

Status Journal::read_after(std::uint64_t after, const std::function<Status(const Batch&)>& each) {
  std::vector<Segment> todo;
  std::uint64_t until = 0;
  {
    const std::lock_guard lock(segments_mutex_);
    todo = segments_;
    until = applied_seq_;
    ++readers_;
  }
  Status result;
  for (const Segment& segment : todo) {
    if (segment.last_seq <= after || segment.first_seq > until) continue;
    result = read_segment(segment, after,
                          [&](const Batch& batch) { return batch.seq <= until ? each(batch) : Status{}; });
    if (!result) break;
  }
  const std::lock_guard lock(segments_mutex_);
  --readers_;
  return result;
}

Status Journal::drop_until(std::uint64_t seq) {
  MW_TRY(sync_removals());
  std::vector<Segment> gone;
  {
    const std::lock_guard lock(segments_mutex_);
    if (readers_ > 0) return {};
    const auto end = std::find_if(segments_.begin(), segments_.end() - 1,
                                  [&](const Segment& segment) { return segment.last_seq > seq; });
    gone.assign(segments_.begin(), end);
    segments_.erase(segments_.begin(), end);
  }
  Status result;
  auto left = gone.begin();
  while (left != gone.end()) {  // one by one, so that what a crash leaves has no hole
    result = files_.remove(left->path);
    if (!result) break;
    ++left;
    removal_unsynced_ = true;
    crash_point(CrashPoint::journal_segment_removed);
    result = sync_removals();
    if (!result) break;
  }
  // What is still there stays known: if later ones went before it, the next start would find a hole.
  const std::lock_guard lock(segments_mutex_);
  segments_.insert(segments_.begin(), left, gone.end());
  return result;
}

Status Journal::sync_removals() {
  if (!removal_unsynced_) return {};
  MW_TRY(files_.sync_folder(folder_));
  removal_unsynced_ = false;
  return {};
}

Status Journal::rotate() {
  std::unique_lock lock(queue_mutex_);
  queue_changed_.wait(lock, [&] { return !leading_; });
  if (!health_) return health_;
  const Segment last = segments().back();
  if (last.last_seq < last.first_seq) return {};
  leading_ = true;
  lock.unlock();
  Status result = start_segment(written_seq_ + 1);
  if (!result && !is_disk_full(result.error())) stop(result.error());
  lock.lock();
  leading_ = false;
  call_next();
  return result;
}

Status Journal::copy_to(const std::string& folder) {
  MW_TRY(files_.make_folders(folder));
  {
    const std::lock_guard lock(segments_mutex_);
    ++readers_;
  }
  Status result;
  for (const Segment& segment : segments()) {
    auto bytes = files_.read_at(segment.path, 0, static_cast<std::size_t>(segment.bytes));
    const std::string name = segment.path.substr(folder_.size());
    result = bytes ? write_atomically(files_, folder + name, *bytes) : Status(std::move(bytes).error());
    if (!result) break;
  }
  const std::lock_guard lock(segments_mutex_);
  --readers_;
  return result;
}

Status Journal::verify() {
  return read_after(0, [](const Batch&) { return Status{}; });
}

Status Journal::healthy() const {
  const std::lock_guard lock(queue_mutex_);
  return health_;
}

void Journal::stop(const Error& why) {
  const std::lock_guard lock(queue_mutex_);
  if (!health_) return;
  log_error("history_stopped", {{"why", why.text()}});
  health_ =
      unavailable("the sample store takes no writes until restarted, because a write failed: " + why.text());
}

}  // namespace mineward::history
