/// report/: periodic forms, drawn from records.
///
/// Is for: what a figure of a form counts, drafting, correcting with a reason, filing, returning, accepting,
/// freezing, adding up filings, and printing them. Never: changes a business record, keeps a figure before
/// it is filed (a draft is counted anew each time), alters a filed figure when records change, shows a unit
/// outside the scope, knows a form by name. Start reading at: indicator.h (one figure), then form.h (the
/// life of a filing), then sheet.h (how it is printed).
#pragma once

#include "report/form.h"
#include "report/sheet.h"
