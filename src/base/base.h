/// base/: what every other folder stands on: errors, time, ids, text, JSON, files, digests, logging, metrics.
///
/// Is for: small value types and the three seams to the outside world (Files, Clock, Random).
/// Never: knows a mine, a record, a table or a clause; depends on another folder of src/.
/// Start reading at: result.h, then time.h and files.h.
#pragma once
