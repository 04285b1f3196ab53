/// exam/: examinations: a paper for each candidate, taken against our clock, marked at once.
///
/// Is for: drawing questions from the bank, answers that are kept as they are given, time, marking, resits,
/// codes for people without an account, statistics by question. Never: tells a right answer before the
/// examination is closed, believes a clock but ours, changes a paper because the bank changed, knows a pass
/// mark or a time (they come with the record, from the table exam_rule). Start reading at: draw.h and mark.h
/// (rules, no database), then exams.h (what happens to a paper).
#pragma once

#include "exam/exams.h"
