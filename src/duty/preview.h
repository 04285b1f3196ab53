/// Inside duty/: what a pack setting would change, before anybody puts it in force.
#pragma once

#include "duty/engine.h"

namespace mineward::duty {

Result<Preview> preview_setting(db::Connection&, const Engine&, const Setting&, Date until);

}  // namespace mineward::duty
