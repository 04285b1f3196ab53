/// Named places at which a test may kill the process, to see what a restart makes of what was left behind.
///
/// Unarmed, which is always so outside of tests, a place costs one relaxed load. Armed by arm_crash_point(),
/// the process sends itself SIGKILL there: nothing is flushed, no destructor runs, as when the machine's
/// owner pulls the program down. `mineward crash-points` lists the names; tests/long/crash_points goes
/// through all of them.
#pragma once

#include <atomic>
#include <span>
#include <string_view>

#include "base/result.h"

namespace mineward {

/// In the order in which an upload, a record, a backup passes them. Names and places: crash_point.cpp.
enum class CrashPoint : int {
  none,
  journal_before_write,
  journal_written_not_synced,
  journal_synced_not_applied,
  journal_segment_started,
  journal_segment_removed,
  history_before_blocks,
  history_blocks_not_indexed,
  history_indexed_not_noted,
  history_statistics_not_dropped,
  history_day_dropped,
  record_before_commit,
  record_committed_not_answered,
  attachment_stored_not_recorded,
  attachment_recorded_not_answered,
  watch_before_save_commit,
  watch_saved_not_noted,
  intake_journalled_not_applied,
  intake_applied_not_answered,
  intake_released,
  drop_taken_not_moved,
  drop_moved_not_synced,
  file_written_beside,
  file_renamed_not_synced,
  backup_records_copied,
  backup_index_copied,
  backup_blocks_copied,
  backup_history_copied,
  backup_staged,
  backup_archive_written,
  backup_archive_renamed,
  restore_unpacked,
  restore_renamed,
};

struct CrashPointName {
  CrashPoint point = CrashPoint::none;
  std::string_view name;
  std::string_view where;  ///< what has and what has not happened there
};
/// All but `none`.
std::span<const CrashPointName> crash_points();

/// Arms one place: "name" or "name:3", the third time it is passed. Empty text arms nothing.
Status arm_crash_point(std::string_view text);

namespace crash_point_detail {
extern std::atomic<CrashPoint> armed;
void pass(CrashPoint point);
}  // namespace crash_point_detail

/// Marks a place. Any thread.
inline void crash_point(CrashPoint point) {
  if (crash_point_detail::armed.load(std::memory_order_relaxed) == point) [[unlikely]]
    crash_point_detail::pass(point);
}

}  // namespace mineward
