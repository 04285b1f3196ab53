/// Ids that rise above everything that is stored, also when the clock was set back before a restart.
#pragma once

#include <mutex>

#include "base/ids.h"
#include "db/db.h"
#include "record/model.h"

namespace mineward::record {

/// IdMaker never goes back while it lives; after a restart it only has the clock. This keeps it above the
/// newest id of the database. Any thread.
class RisingIds {
 public:
  explicit RisingIds(IdMaker& maker) : maker_(maker) {}
  RecordId next();
  /// From now on every id is larger than `newest`.
  void start_after(RecordId newest);

 private:
  IdMaker& maker_;
  std::mutex last_mutex_;  // guards last_
  std::int64_t last_ = 0;
};

/// The largest id of any record; 0 = there is none.
Result<RecordId> newest_record_id(db::Connection& connection, const Model& model);

}  // namespace mineward::record
