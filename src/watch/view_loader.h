/// Builds a MineView from the registers.
#pragma once

#include "db/db.h"
#include "watch/mine_view.h"

namespace mineward::watch {

/// Reads through the given connection, so that it also sees what the caller's transaction has written.
/// Only points that have a key in the history are in the view: a point without one has never had a sample.
Result<std::shared_ptr<const MineView>> load_view(db::Connection&, const pack::Catalog&,
                                                  const history::History&, RecordId mine);

}  // namespace mineward::watch
