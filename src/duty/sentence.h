/// A rule read aloud, in both languages, made of the labels of the packs: what a lawyer checks against the
/// document.
#pragma once

#include <string>

#include "duty/calendar.h"
#include "duty/judge.h"

namespace mineward::duty {

/// "每个煤矿（…），每月，应有不少于 1
/// 条自查（层级=矿（月度），状态=已审核），按检查时间计入；期末到期；由县监管。"
pack::Label sentence_of(const pack::Catalog&, const pack::DutyRule&);
/// What a cell of a form counts, in the same manner.
pack::Label sentence_of(const pack::Catalog&, const pack::Indicator&);
/// What people read for a state and a level: "逾期完成", "县"; none is empty.
pack::Label words_of(State);
pack::Label words_of(Level);
/// "2026年10月", "第47周（11月16日起）", "11月3日 第2班".
pack::Label period_words(const pack::DutyRule&, const Span&);

}  // namespace mineward::duty
