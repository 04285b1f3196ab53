/// Whether a database still takes writes.
#pragma once

#include "db/db.h"

namespace mineward::db {

/// After a write or a sync that failed below SQLite nobody knows what is on disk: the kernel may have dropped
/// the pages, and a later sync would succeed without them. From then on write() of that Database refuses
/// (`unavailable`) until it is opened again, and this says why. A full disk is no such failure: with room
/// again writes go on. PostgreSQL stops itself (it ends with a panic when it cannot sync); here that is a
/// broken connection. A stand-in of Database is always healthy.
Status healthy(const Database& database);

}  // namespace mineward::db
