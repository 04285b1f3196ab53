/// Messages for browsers, as docs/api.md has them.
#pragma once

#include "watch/mine_view.h"
#include "watch/watch.h"

namespace mineward::watch {

/// Newest sample of each point of the upload; empty when it has none.
std::string values_message(const MineView&, const feed::AcceptedUpload&);
std::string people_message(const MineView&, int people);
std::string upload_message(const MineView&, const feed::AcceptedUpload&, const feed::Receipt&);

}  // namespace mineward::watch
