/// A write that is sent twice is made once. A client that may lose an answer (a phone underground) gives each
/// write a key of its own, the header Idempotency-Key; what a key has done is kept beside the records, in the
/// transaction that did it. See docs/api.md, "Sent twice".
#pragma once

#include <functional>

#include "api/application.h"
#include "record/store.h"

namespace mineward::api {

using WriteWork = std::function<record::Outcome<record::Record>(record::Writer&)>;

/// Does `work` in one transaction and answers with `status` and the record, or with the refusal.
/// With a key that has done its work before, `work` is not called: the answer is the record as it is now and
/// carries `Idempotency-Replayed: true`. A refused write keeps nothing, so its key may be used again. A key
/// used for another request (method, target or body differ), or that is no key (8 to 80 of A-Z a-z 0-9 _ -),
/// is 400 at the field Idempotency-Key. Keys of different accounts do not meet.
Response write_once(Context& context, const Call& call, int status, const WriteWork& work);

/// Makes the table `write_key` if it is missing and forgets keys older than 180 days (ours: longer than any
/// device stays away). When the server starts.
Status prepare_write_keys(db::Database& database, ArrivalTime now);

}  // namespace mineward::api
