#include "base/crash_point.h"

#include <signal.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/text.h"

namespace mineward {
namespace {

using enum CrashPoint;

#define MW_NAMED(point) point, #point
constexpr CrashPointName kNames[] = {
    {MW_NAMED(journal_before_write), "a group of batches is encoded, nothing of it is written"},
    {MW_NAMED(journal_written_not_synced), "the group is written, not synced, not acknowledged"},
    {MW_NAMED(journal_synced_not_applied), "the group is on disk, memory and senders do not know"},
    {MW_NAMED(journal_segment_started), "a new segment has its head, nothing was written into it"},
    {MW_NAMED(journal_segment_removed), "one segment that is not needed any more is gone, the next is not"},
    {MW_NAMED(history_before_blocks), "heads are sealed in memory, no block is written"},
    {MW_NAMED(history_blocks_not_indexed), "blocks are on disk, the index does not say so"},
    {MW_NAMED(history_indexed_not_noted), "blocks and index are on disk, memory does not know"},
    {MW_NAMED(history_statistics_not_dropped),
     "a day past retention is in the statistics and still in blocks"},
    {MW_NAMED(history_day_dropped), "the blocks of a day are gone, its file names are still in the index"},
    {MW_NAMED(record_before_commit), "a transaction of records is complete, not committed"},
    {MW_NAMED(record_committed_not_answered), "it is committed, nobody was told"},
    {MW_NAMED(attachment_stored_not_recorded), "the bytes of an attachment are on disk, its row is not"},
    {MW_NAMED(attachment_recorded_not_answered), "bytes and row are on disk, nobody was told"},
    {MW_NAMED(watch_before_save_commit), "the rule state is in the transaction, not committed"},
    {MW_NAMED(watch_saved_not_noted), "the rule state is on disk, memory does not know"},
    {MW_NAMED(intake_journalled_not_applied), "an upload is in the journal, its transaction has not begun"},
    {MW_NAMED(intake_applied_not_answered), "its transaction is committed, the sender was not told"},
    {MW_NAMED(intake_released), "the journal was told what it may forget"},
    {MW_NAMED(drop_taken_not_moved), "a dropped file is accepted, it still lies in incoming/"},
    {MW_NAMED(drop_moved_not_synced), "a dropped file is moved, the folder is not synced"},
    {MW_NAMED(file_written_beside), "a file is written under its temporary name, not renamed"},
    {MW_NAMED(file_renamed_not_synced), "a file has its name, the folder is not synced"},
    {MW_NAMED(backup_records_copied), "the node has copied the records, nothing of the history"},
    {MW_NAMED(backup_index_copied), "the node has copied the index of the history"},
    {MW_NAMED(backup_blocks_copied), "the node has copied blocks and statistics, not the journal"},
    {MW_NAMED(backup_history_copied), "the node has copied everything, the command does not know"},
    {MW_NAMED(backup_staged), "everything is copied beside the archive, the archive is not begun"},
    {MW_NAMED(backup_archive_written), "the archive is whole under its temporary name"},
    {MW_NAMED(backup_archive_renamed), "the archive has its name, the copies are not removed"},
    {MW_NAMED(restore_unpacked), "a backup is unpacked and checked beside the data folder"},
    {MW_NAMED(restore_renamed), "the data folder has its name, the folder above is not synced"},
};
#undef MW_NAMED

std::atomic<int> passes_left{0};

}  // namespace

namespace crash_point_detail {

std::atomic<CrashPoint> armed{CrashPoint::none};

void pass(CrashPoint point) {
  if (passes_left.fetch_sub(1) != 1) return;
  for (const CrashPointName& known : kNames) {
    if (known.point != point) continue;
    const std::string line = fmt::format("crash point {}: killed\n", known.name);
    if (::write(STDERR_FILENO, line.data(), line.size()) < 0) break;  // the exit code tells as well
  }
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();  // until the signal has done its work
}

}  // namespace crash_point_detail

std::span<const CrashPointName> crash_points() { return kNames; }

Status arm_crash_point(std::string_view text) {
  if (text.empty()) return {};
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  std::int64_t hit = 1;
  if (colon != std::string_view::npos) {
    const auto number = parse_integer(text.substr(colon + 1));
    if (!number || *number < 1 || *number > 1'000'000)
      return bad_input(fmt::format("found \"{}\", expected a number of 1 or more behind the name", text));
    hit = *number;
  }
  for (const CrashPointName& known : kNames) {
    if (known.name != name) continue;
    passes_left = static_cast<int>(hit);
    crash_point_detail::armed = known.point;
    return {};
  }
  return bad_input(fmt::format("there is no crash point \"{}\"; `mineward crash-points` lists them", name));
}

}  // namespace mineward
