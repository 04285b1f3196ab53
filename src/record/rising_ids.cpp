#include "record/rising_ids.h"

#include <fmt/format.h>

#include <algorithm>

namespace mineward::record {

namespace {

/// Layout of an id, base/ids.h: milliseconds, then 10 bit of node number, then 12 bit of sequence.
constexpr int kBelowMillis = 22;
constexpr std::int64_t kNodeBits = std::int64_t{1023} << 12;

}  // namespace

RecordId RisingIds::next() {
  std::int64_t id = maker_.next().value;
  const std::lock_guard lock(last_mutex_);
  // The clock is behind what is stored: borrow the next millisecond until it has caught up.
  if (id <= last_) id = ((last_ >> kBelowMillis) + 1) << kBelowMillis | (id & kNodeBits);
  last_ = id;
  return {id};
}

void RisingIds::start_after(RecordId newest) {
  const std::lock_guard lock(last_mutex_);
  last_ = std::max(last_, newest.value);
}

Result<RecordId> newest_record_id(db::Connection& connection, const Model& model) {
  RecordId newest;
  for (const auto& [name, type] : model.types()) {
    MW_ASSIGN(const db::Rows rows, connection.query(fmt::format("SELECT MAX(id) FROM {}", type.table)));
    if (!rows.empty()) newest.value = std::max(newest.value, rows.integer(0, 0));  // NULL counts as 0
  }
  return newest;
}

}  // namespace mineward::record
