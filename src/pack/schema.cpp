#include "pack/schema.h"

namespace mineward::pack {
namespace {

// clang-format off
// The tables below keep one key a line.
const Shape kLabel{"label", "What people read. Both languages are needed.",
  {{"zh", Kind::text, true, "Chinese", "隐患"}, {"en", Kind::text, true, "English", "Hazard"}}};

const Shape kSource{"source", "Why the row says what it says.",
  {{"clause", Kind::text, false, "clause id or article; empty = our own design", "GZ2020-5.1.4-02"},
   {"text", Kind::text, false, "citation or remark", "煤矿安全规程 art.498"},
   {"confidence", Kind::one_of, false,
    "C = the source was read; C-field = seen in a running mine; C-test = seen in test code; G = general knowledge, the "
    "text was not read; U = uncertain; D = our own design",
    "C", nullptr, {"C", "C-field", "C-test", "G", "U", "D"}}}};

const Shape kPack{"pack", "Names the pack. Exactly one file of a pack folder, pack.yaml, holds it.",
  {{"name", Kind::name, true, "equals the folder's name", "national"},
   {"version", Kind::text, true, "grows with every change; free form", "1.0.0"},
   {"label", Kind::object, true, "what people read", "{zh: 国家包, en: National}", &kLabel},
   {"level", Kind::one_of, true, "who speaks; a lower level may tighten and add, never loosen or remove", "national",
    nullptr, {"core", "national", "province", "city", "county"}},
   {"jurisdiction", Kind::text, false,
    "region code (GB/T 2260, six digits) where the pack is in force; empty for core and national", "520523"},
   {"requires", Kind::names, false, "packs that this one stands on", "[core, national]"},
   {"switchable", Kind::flag, false,
    "true: the security administrator may switch it on, off or replace it for a region and a time; such a pack holds clauses, duties and forms only",
    "true"}}};

const Shape kAccess{"access", "Who may read, create and update, besides workflow steps. Scope is checked on top.",
  {{"read", Kind::texts, true, "roles; \"*\" = every signed-in account", "[\"*\"]"},
   {"create", Kind::texts, true, "roles; empty = only the program", "[safety_officer]"},
   {"update", Kind::texts, true, "roles; empty = only the program and workflow steps", "[safety_officer]"}}};

const Shape kField{"field", "One column of a record type.",
  {{"name", Kind::name, true, "unique in the record type; not id, version, state, owner, created_at, created_by, updated_at, updated_by",
    "deadline"},
   {"type", Kind::one_of, true, "what it holds", "date", nullptr,
    {"text", "long_text", "integer", "decimal", "money", "boolean", "date", "instant", "choice", "choices", "reference",
     "attachments"}},
   {"label", Kind::object, true, "what people read", "{zh: 整改期限, en: Deadline}", &kLabel},
   {"required", Kind::flag, false, "must be set when the record is made", "true"},
   {"system", Kind::flag, false, "set by the program or by a step only", "true"},
   {"secret", Kind::flag, false, "never leaves the store (password hash)", "true"},
   {"personal", Kind::flag, false, "personal data: never logged, masked for foreign roles", "true"},
   {"searchable", Kind::flag, false, "its words enter the full-text index; text and long_text only", "true"},
   {"unit", Kind::text, false, "unit of a number", "万t/a"},
   {"scale", Kind::integer, false, "digits shown after the point, 0 to 9; default 2", "1"},
   {"min", Kind::number, false, "smallest value, for integer, decimal, money (fen)", "0"},
   {"max", Kind::number, false, "largest value", "24"},
   {"max_length", Kind::integer, false, "characters, for text (default 200) and long_text (default 20000)", "300"},
   {"pattern", Kind::text, false, "ECMAScript regular expression for the whole text", "\"[0-9]{6}\""},
   {"dictionary", Kind::name, false, "for choice and choices", "discipline"},
   {"target", Kind::name, false, "for reference: the record type", "organisation"},
   {"default", Kind::text, false, "value of a new record; also now, today, me, my_organisation", "now"},
   {"file_kinds", Kind::many_of, false, "for attachments; none = all", "[image]", nullptr, {"image", "pdf", "office", "text"}},
   {"format", Kind::one_of, false,
    "for text: checked beyond a pattern. credit_code = GB 32100; id_number = GB 11643; phone; division = GB/T 2260", "credit_code", nullptr,
    {"credit_code", "id_number", "phone", "division"}},
   {"first_of", Kind::one_of, false, "for date: it names a period by its first day, so that each has one name", "month", nullptr,
    {"month", "quarter", "half_year", "year"}},
   {"protect", Kind::one_of, false,
    "for text: stored encrypted. masked = shown in part to who has none of the roles in reveal; sealed = nobody sees it until two people "
    "open it with a reason",
    "masked", nullptr, {"masked", "sealed"}},
   {"reveal", Kind::names, false, "for masked: roles that see it in clear", "[safety_officer]"},
   {"source", Kind::object, false, "why the field is there", "{clause: GZ2020-5.1.4-02}", &kSource},
   {"help", Kind::object, false, "one sentence under the field", "{zh: ..., en: ...}", &kLabel}}};

const Shape kRaise{"raise", "What may be made of a record with one press. A link both ways is kept.",
  {{"name", Kind::name, true, "unique in the record type", "hazard"},
   {"record", Kind::name, true, "record type that is made", "hazard"},
   {"label", Kind::object, true, "what people read on the button", "{zh: 转为隐患, en: Raise a hazard}", &kLabel},
   {"sets", Kind::text_map, false, "field of the new record: field of this one, or \"=literal\"", "{mine: mine, origin: \"=inspection\"}"},
   {"roles", Kind::names, false, "any of them may; default: who may create the other record", "[county_officer]"},
   {"in", Kind::names, false, "states in which it may be done; default: any", "[confirmed]"},
   {"each", Kind::name, false, "reference field of the new record: one may be made for every record that it can name, within the scope", "mine"},
   {"each_when", Kind::conditions, false, "with each: only for those like this", "{status: not closed}"}}};

const Shape kEffect{"effect", "What a step writes into another record. Both are written, or neither.",
  {{"of", Kind::name, true, "reference field of this record, which names the other one", "mine"},
   {"sets", Kind::text_map, true, "field there: field of this one, \"=literal\", \"=today\", \"=now\", \"=me\", or unset", "{status: \"=closed\"}"},
   {"when", Kind::conditions, false, "only if this record is like this", "{scope: mine}"}}};

const Shape kClosing{"closing", "When a record is closed for good: nothing new may name it.",
  {{"when", Kind::conditions, true, "what it is like then", "{status: closed}"},
   {"label", Kind::object, true, "what people read at the field", "{zh: 矿山已关闭, en: The mine is closed}", &kLabel},
   {"except", Kind::texts, false, "systems whose records may name it all the same", "[ACC, CLO]"}}};

const Shape kCheck{"check", "What must hold whenever a record is stored. What does not is told at the field.",
  {{"rule", Kind::one_of, true,
    "order = the dates in fields do not fall; one_of = at least one of fields is set (with when, of one field: it is needed then); sum_within = the sum of fields is at most field; single = at "
    "most one record like when for each value of per; not_past = field is not before the day of entry; not_future = none of fields lies after "
    "the entry; within = field lies between two outputs of a table; needs = a record of another type is there that matches this one; same = those of paths that are set lead to the same value",
    "order", nullptr, {"order", "one_of", "sum_within", "single", "not_past", "not_future", "within", "needs", "same"}},
   {"fields", Kind::names, false, "for order, one_of, sum_within, not_future", "[found_on, deadline]"},
   {"field", Kind::name, false, "for sum_within, not_past, within; for needs: where it is told", "amount"},
   {"per", Kind::names, false, "for single", "[mine]"},
   {"paths", Kind::texts, false, "for same: id, a field, or a way over references to one; told at the field that the last begins with", "[mine, person.mine]"},
   {"when", Kind::conditions, false, "only records like this", "{state: in_force}"},
   {"table", Kind::name, false, "for within: a decision table", "fine_band"},
   {"on", Kind::name, false, "for within: date or time of the fact, by whose texts it is judged", "act_on"},
   {"from", Kind::text_map, false, "for within: input of the table: field", "{article: article}"},
   {"least", Kind::name, false, "for within: output with the least amount", "least"},
   {"most", Kind::name, false, "for within: output with the greatest amount", "most"},
   {"where_there_is_a_row", Kind::flag, false, "for within: true = a case without a row passes; default: it is refused", "true"},
   {"record", Kind::name, false, "for needs: the other record type", "certificate"},
   {"match", Kind::text_map, false, "for needs: field there: field here; id on either side", "{person: person}"},
   {"alike", Kind::conditions, false, "for needs: what the other one must be like", "{state: in_force}"},
   {"until", Kind::name, false, "for needs: date there that must not be over; unset = it does not end", "valid_to"},
   {"label", Kind::object, true, "what people read when it does not hold", "{zh: 期限早于发现日期, en: Deadline before the finding}", &kLabel}}};

const Shape kCompute{"compute", "A field that is worked out whenever a record is stored.",
  {{"rule", Kind::one_of, true,
    "decide = outputs of a decision table; product, sum = of numbers or of the numbers of codes; difference = first minus second, of dates in "
    "days; quotient = first divided by second, times `times`; date_after = a date so long after another; total = of a number over the records of "
    "another type that match, or how many they are",
    "decide", nullptr, {"decide", "product", "sum", "difference", "quotient", "date_after", "total"}},
   {"table", Kind::name, false, "for decide, date_after: a decision table", "accident_grade"},
   {"on", Kind::name, false, "date or time of the fact, by whose texts it is judged", "occurred_at"},
   {"from", Kind::text_map, false, "input of the table: field", "{deaths: deaths}"},
   {"gives", Kind::name_or_map, false, "for decide: output of the table: field; for date_after: the output that holds months", "{grade: grade}"},
   {"row", Kind::name, false, "for decide: text field that keeps which row decided", "grade_row"},
   {"provisional", Kind::name, false, "for decide: boolean field that says that the answer is a lower bound", "grade_provisional"},
   {"of", Kind::name_or_names, false, "what it is worked out of; for product and sum also over references: mine.capacity",
    "[likelihood, exposure, consequence]"},
   {"column", Kind::name, false, "for product, sum: column of a dictionary that holds the number of a code", "value"},
   {"into", Kind::name, false, "field that takes the result (all but decide)", "score"},
   {"record", Kind::name, false, "for total: the type whose records are summed", "credit_record"},
   {"match", Kind::text_map, false, "for total: field there: field here; id on either side", "{account: id}"},
   {"when", Kind::conditions, false, "for total: which of them count", "{state: confirmed}"},
   {"add", Kind::name, false, "for total: number there; default: they are counted", "points"},
   {"at", Kind::name, false, "for total: date or time there that puts it into the time of this one", "spent_on"},
   {"since", Kind::name, false, "for total: date or time here; only what lies at it or after it; unset = all", "opened_on"},
   {"until", Kind::name, false, "for total: date or time here; only what lies before it, or on that day; unset = all", "closed_on"},
   {"times", Kind::number, false, "for sum, quotient, total: 100 makes percent, 0.0001 makes 万", "100"},
   {"plus_days", Kind::integer, false, "for date_after", "30"},
   {"minus_days", Kind::integer, false, "for date_after", "60"},
   {"plus_months", Kind::integer, false, "for date_after", "36"}}};

const Shape kNumbering{"numbering",
  "A number that is given once, without gaps, in the transaction of what it is given for.",
  {{"step", Kind::name, false, "of a record: the step that gives it", "issue"},
   {"field", Kind::name, false, "of a record: the text that takes it", "document_number"},
   {"form", Kind::text, true, "as printed; {yyyy}, {MM}, {dd}, {seq}, {seq:DIGITS} and places filled from the record",
    "\"{place_short}（{office_short}）煤安{kind.short}〔{yyyy}〕{seq}号\""},
   {"per", Kind::texts, false, "a series of its own for each value of these, besides what the form prints", "[authority]"},
   {"sequence", Kind::name, false, "of a record: whole number that takes the sequence", "sequence"},
   {"year", Kind::name, false, "of a record: whole number that takes the year", "year"}}};

const Shape kRecord{"record", "A record type. It becomes a table, a form, a list and an interface.",
  {{"name", Kind::name, true, "table name, unique", "hazard"},
   {"label", Kind::object, true, "what people read", "{zh: 隐患, en: Hazard}", &kLabel},
   {"system", Kind::text, true, "one of the 40 systems, three capital letters", "HAZ"},
   {"owner", Kind::text, true,
    "field that says whose record it is (reference to organisation or to a type with an owner); self for organisation; none for "
    "data that everybody may see",
    "organisation"},
   {"belongs_to", Kind::name, false,
    "reference to a record whose owner this one has while it is set, so that its people see it; owner then only says who acts", "mine"},
   {"workflow", Kind::name, false, "workflow that moves it; none = no states", "hazard"},
   {"title", Kind::name, true, "field shown where the record is named", "title"},
   {"list", Kind::names, true, "columns of the list page: fields, state, id, created_at, updated_at", "[number, title, state]"},
   {"unique", Kind::name_lists, false, "sets of fields that must be unique together", "[[mine, code]]"},
   {"indexes", Kind::name_lists, false, "sets of fields that lists filter by", "[[mine, found_at]]"},
   {"number", Kind::text, false, "form of the automatic number; {yyyy}, {MM}, {dd}, {seq:DIGITS}", "\"YH-{yyyy}{MM}-{seq:5}\""},
   {"numbers", Kind::objects, false, "numbers that steps give", "[{step: issue, ...}]", &kNumbering},
   {"raises", Kind::objects, false, "what may be made of it", "[{name: hazard, record: hazard, ...}]", &kRaise},
   {"checks", Kind::objects, false, "what must hold", "[{rule: order, ...}]", &kCheck},
   {"computes", Kind::objects, false, "what is worked out, in this order", "[{rule: decide, ...}]", &kCompute},
   {"closed", Kind::object, false, "when nothing new may name it", "{when: {status: closed}, ...}", &kClosing},
   {"withdrawal", Kind::one_of, false,
    "none = it cannot be withdrawn. Default: as its workflow or its field withdrawn, removed or disabled says; a type without either gets one "
    "(see Withdrawal)",
    "none", nullptr, {"none"}},
   {"access", Kind::object, true, "who may read, create, update", "{read: [\"*\"], create: [], update: []}", &kAccess},
   {"fields", Kind::objects, true, "its columns", "[...]", &kField}}};

const Shape kState{"state", "A state of a workflow.",
  {{"name", Kind::name, true, "unique in the workflow", "found"},
   {"label", Kind::object, true, "what people read", "{zh: 待核查, en: Found}", &kLabel},
   {"initial", Kind::flag, false, "new records begin here; exactly one", "true"},
   {"final", Kind::flag, false, "the matter is settled", "true"}}};

const Shape kSignature{"signature", "One stage of a step that several people make together. Nobody signs twice for one step.",
  {{"name", Kind::name, true, "unique in the step", "legal"},
   {"label", Kind::object, true, "what people read", "{zh: 法制审核, en: Legal review}", &kLabel},
   {"roles", Kind::names, true, "any of them may sign", "[legal_reviewer]"},
   {"count", Kind::integer, false, "so many different people; default 1", "2"}}};

const Shape kClock{"clock", "A time limit that runs for one record from an event of its own. The day of the event is not counted.",
  {{"name", Kind::name, true, "unique in the workflow", "decide"},
   {"label", Kind::object, true, "what people read", "{zh: 办案期限, en: Time to decide}", &kLabel},
   {"starts", Kind::name, true, "date or time from which it runs; unset = not yet", "filed_at"},
   {"limit", Kind::time_limit, true, "how long", "\"7 working days\""},
   {"before", Kind::flag, false, "true: counts back from starts, for what must be done so long before a day", "true"},
   {"ends", Kind::name, false, "date or time; set = done then", "decided_at"},
   {"ends_in", Kind::names, false, "states in which it is over without a judgement", "[withdrawn]"},
   {"pauses_in", Kind::names, false, "states in which it stands still", "[hearing]"},
   {"extended_by", Kind::name, false, "whole number field: so many more units", "extra_days"},
   {"last_day_moves", Kind::flag, false, "true: a last day off moves to the next working day; for days, months, years", "true"},
   {"reminder", Kind::flag, false, "true: nobody owes it; past its day it is over, never late", "true"},
   {"owed_by", Kind::names, false, "roles that are reminded at half, at four fifths and when it is due", "[enforcement_officer]"},
   {"when", Kind::conditions, false, "only records like this", "{kind: unit}"},
   {"source", Kind::object, false, "why", "{text: 行政处罚法 60, confidence: C}", &kSource}}};

const Shape kTransition{"step", "A step of a workflow. All its conditions are checked in the transaction that makes it.",
  {{"name", Kind::name, true, "unique in the workflow", "accept"},
   {"label", Kind::object, true, "what people read on the button", "{zh: 验收销号, en: Accept and close}", &kLabel},
   {"from", Kind::names, true, "states in which it can be taken", "[accepting]"},
   {"to", Kind::name, true, "state after it", "closed"},
   {"roles", Kind::names, false, "any of them may", "[reviewer]"},
   {"program", Kind::flag, false, "true instead of roles: only the program takes it", "true"},
   {"required", Kind::names, false, "fields that must be set, before or with the step", "[effect]"},
   {"editable", Kind::names, false, "fields that may be given with the step; required ones are included", "[effect]"},
   {"evidence", Kind::names, false, "attachment fields that must hold a file", "[photos_after]"},
   {"distinct_from", Kind::names, false, "fields holding an account: the actor must be none of them", "[rectified_by]"},
   {"sets", Kind::text_map, false, "fields set by the step: me, now, today, my_organisation, unset or a literal", "{closed_by: me}"},
   {"changes", Kind::objects, false, "what is written into other records when it is made", "[{of: mine, sets: {status: \"=closed\"}}]", &kEffect},
   {"reason_required", Kind::flag, false, "the request must carry a reason", "true"},
   {"danger", Kind::one_of, false, "confirm = the screen asks twice", "confirm", nullptr, {"confirm"}},
   {"when", Kind::conditions, false, "what the record must be like once the step's values are in it", "{verdict: [allowed]}"},
   {"when_label", Kind::object, false, "what people read when it is not", "{zh: 三项倒查未完成, en: The trace-backs are not done}", &kLabel},
   {"sign_off", Kind::objects, false, "the step is made by these signatures in turn; the last one makes it", "[{name: legal, ...}]", &kSignature},
   {"return_to", Kind::name, false, "with sign_off: state to which a signer may send it back, with a reason", "drafting"},
   {"return_sets", Kind::text_map, false, "with return_to: fields set when it is sent back; words as in sets", "{accepted_on: unset}"},
   {"hands_over", Kind::flag, false, "true: may give the record to a body outside the scope of who takes it", "true"},
   {"by_subject", Kind::flag, false, "true: of a record with belongs_to, open to those to whom it belongs, though another body acts", "true"},
   {"source", Kind::object, false, "why the step is so", "{clause: SX2014-3.3-04}", &kSource}}};

const Shape kWorkflow{"workflow", "How a record may move, who may move it, what it needs to move.",
  {{"name", Kind::name, true, "unique", "hazard"},
   {"label", Kind::object, true, "what people read", "{zh: 隐患治理, en: Hazard rectification}", &kLabel},
   {"states", Kind::objects, true, "its states", "[...]", &kState},
   {"transitions", Kind::objects, true, "its steps", "[...]", &kTransition},
   {"clocks", Kind::objects, false, "time limits that run for each of its records", "[{name: decide, ...}]", &kClock},
   {"source", Kind::object, false, "where the flow comes from", "{clause: SX2014-3.3-04}", &kSource}}};

const Shape kEntry{"entry", "One code of a dictionary.",
  {{"code", Kind::id, true, "stored value, unique in the dictionary; keep it for ever", "T0"},
   {"label", Kind::object, true, "what people read", "{zh: 回风隅角, en: Return corner}", &kLabel},
   {"extra", Kind::text_map, false, "further columns, each named in the dictionary's columns", "{unit: \"%CH4\"}"},
   {"source", Kind::object, false, "where the code comes from", "{text: ..., confidence: C}", &kSource}}};

const Shape kDictionary{"dictionary", "Codes to choose from. The dictionary role is made of the roles and cannot be declared.",
  {{"name", Kind::name, true, "unique", "location_role"},
   {"label", Kind::object, true, "what people read", "{zh: 位置角色, en: Location role}", &kLabel},
   {"columns", Kind::names, false, "names that extra of an entry may use", "[gas, unit]"},
   {"extend", Kind::flag, false, "true: adds entries to the dictionary of the same name of a required pack", "true"},
   {"entries", Kind::objects, true, "its codes, in the order shown", "[...]", &kEntry}}};

const Shape kRole{"role", "What an account may do. Whose records it sees follows from its organisation.",
  {{"name", Kind::name, true, "unique", "dispatcher"},
   {"label", Kind::object, true, "what people read", "{zh: 调度员, en: Dispatcher}", &kLabel},
   {"level", Kind::one_of, true, "where such people work", "mine", nullptr, {"mine", "county", "city", "province", "any"}},
   {"administers", Kind::one_of, false, "marks the three administrators, who never meet in one account", "system", nullptr,
    {"system", "security", "audit"}},
   {"withdraws", Kind::flag, false, "true: a superior, who may withdraw what people of his scope entered by mistake", "true"}}};

const Shape kLimit{"limit", "One row of the table of limits. A lower pack repeats the id to tighten it.",
  {{"id", Kind::id, true, "stable; the same id in a lower pack tightens this row", "CH4-T0"},
   {"gas", Kind::id, true, "what is measured", "CH4"},
   {"role", Kind::id, false, "standard location role that selects the row (dictionary location_role)", "T0"},
   {"where", Kind::object, true, "the place in words", "{zh: 回风隅角, en: return corner}", &kLabel},
   {"keywords", Kind::texts, false, "words of an installation place that select the row; a+b = both; a leading ~ names a working area, which gives way to a spot "
    "in it; no role and no words = any place",
    "[上隅角, 掘进+回风, \"~工作面\"]"},
   {"alarm", Kind::bound, false, "when it is over", "\">=1.0\""},
   {"alarm_words", Kind::text, false, "instead of alarm, when the source gives no single number", "0 (stop)"},
   {"cut", Kind::bound, false, "when power is cut", "\">=1.5\""},
   {"cut_words", Kind::text, false, "instead of cut", "0 (stop)"},
   {"restore", Kind::bound, false, "when power may return", "\"<1.0\""},
   {"restore_words", Kind::text, false, "instead of restore", "0.25-6"},
   {"unit", Kind::text, true, "unit of the numbers", "\"%CH4\""},
   {"floor", Kind::flag, false, "national minimum: a mine's own setting may be tighter, never looser", "true"},
   {"mine_kind", Kind::name, false, "only mines of this kind (dictionary mine_kind)", "coal"},
   {"source", Kind::object, true, "citation; confidence is needed too", "{clause: 煤矿安全规程 art.498, text: ..., confidence: C}", &kSource},
   {"valid_from", Kind::date, true, "first day on which we judge by the row", "2011-01-01"},
   {"valid_to", Kind::date, false, "last day", "2016-09-30"},
   {"jurisdiction", Kind::text, false, "region code inside the pack's own; default: the pack's", "520523"}}};

const Shape kExample{"example", "What the rows must answer. Run by `mineward pack test`.",
  {{"name", Kind::text, true, "what it shows", "equal to the limit is over"},
   {"given", Kind::text_map, true,
    "the case. For limits: gas, role, place, mine_kind, jurisdiction, on (a date), value. For alarm rules: see the rule's detector",
    "{gas: CH4, role: T0, value: \"1.0\"}"},
   {"expect", Kind::text, true, "the answer. For limits: \"ROW normal\", \"ROW alarm\", \"ROW alarm cut\", \"ROW empty\" (no value) or \"no row\"",
    "\"CH4-T0 alarm\""}}};

const Shape kGradeStep{"grade step", "Grade from a peak on.",
  {{"at", Kind::number, true, "reached when the peak is this or more", "2.0"},
   {"grade", Kind::one_of, true, "the grade from there", "orange", nullptr, {"blue", "yellow", "orange", "red"}}}};

const Shape kAlarmRule{"alarm rule", "When the watch raises an alarm. A lower pack repeats the id to tighten it.",
  {{"id", Kind::id, true, "unique; the same id in a lower pack tightens this rule", "G-1"},
   {"label", Kind::object, true, "what people read", "{zh: 超限报警, en: Over limit}", &kLabel},
   {"detector", Kind::name, true, "detector class that runs it", "over_limit"},
   {"enabled", Kind::flag, false, "default true", "true"},
   {"params", Kind::params, false, "its numbers, durations, texts and lists; which ones is up to the detector", "{hold: \"20 s\"}"},
   {"tighter", Kind::way_map, false, "which way of a parameter is tighter; a lower pack may change only these", "{hold: smaller}"},
   {"grade", Kind::one_of, true, "grade when raised", "yellow", nullptr, {"blue", "yellow", "orange", "red"}},
   {"grade_by_peak", Kind::objects, false, "grade by peak, rising", "[{at: 2.0, grade: orange}]", &kGradeStep},
   {"reraise_after", Kind::duration, false, "over again this long after clearing is a new event; default 10 min", "\"10 min\""},
   {"mine_kinds", Kind::names, false, "only these kinds of mine; none = all", "[coal]"},
   {"suppress_if", Kind::many_of, false, "what keeps it quiet", "[calibration]", nullptr,
    {"calibration", "late", "blasting_plan", "planned_work", "stopped"}},
   {"advice", Kind::object, false, "what to do, shown with the alarm", "{zh: ..., en: ...}", &kLabel},
   {"source", Kind::object, true, "why; confidence is needed too", "{clause: ..., confidence: D}", &kSource},
   {"valid_from", Kind::date, false, "first day; default: always", "2026-01-01"},
   {"valid_to", Kind::date, false, "last day", "2026-12-31"},
   {"jurisdiction", Kind::text, false, "region code inside the pack's own; default: the pack's", "520523"},
   {"examples", Kind::objects, false, "cases with their answers", "[...]", &kExample}}};

const Shape kEscalation{"escalation step", "When an alarm that nobody acknowledged climbs. All steps that fit apply; packs only add.",
  {{"grade", Kind::one_of, false, "only alarms of this grade; none = any", "red", nullptr, {"blue", "yellow", "orange", "red"}},
   {"rule", Kind::id, false, "only alarms of this rule; none = any", "G-1"},
   {"to_level", Kind::one_of, true, "who is told", "city", nullptr, {"mine", "county", "city", "province"}},
   {"after", Kind::duration, true, "since it was raised", "\"10 min\""},
   {"source", Kind::object, true, "why; confidence is needed too", "{text: ..., confidence: D}", &kSource}}};

const Shape kFileLayout{"file layout", "One file type of an upload dialect.",
  {{"type", Kind::id, true, "as in the file's name", "CDSS"},
   {"label", Kind::object, true, "what people read", "{zh: 实时数据, en: Real-time values}", &kLabel},
   {"system", Kind::name, true, "upload system", "aqjk"},
   {"reader", Kind::one_of, true, "what a record becomes", "sample", nullptr,
    {"sample", "definition", "statistic", "abnormal", "station_definition", "station_state", "switch_change", "person", "area",
     "reader_definition", "reader_state", "position"}},
   {"headers", Kind::columns, true, "accepted headers, told apart by their number of fields", "[[\"mine_code:code!\", \"mine_name:text\", \"time:time!\"]]"},
   {"records", Kind::columns, true, "accepted records, told apart by their number of fields; the first is the standard one", "[[\"point:code!\", \"value:number\"]]"},
   {"empty_body_ok", Kind::flag, false, "a file without records is legal", "true"},
   {"period", Kind::duration, false, "expected upload rhythm; none = on change", "\"60 s\""},
   {"source", Kind::object, false, "where the layout comes from", "{text: HV2, confidence: C}", &kSource}}};

const Shape kColumn{"column", "One column of a header or record. Short form: \"name:kind\", or \"name:kind!\" when it must be filled.",
  {{"name", Kind::name, true, "our name for it; the name of the record's field where there is one", "value"},
   {"kind", Kind::one_of, true,
    "text = kept, trimmed; code = letters and digits; number, integer = sentinels become null; time = Beijing time; state = bit mask or eight "
    "binary digits; flag = 0/1, 是/否; track = station&time, ...; limit = number with the dialect's limit_sentinels",
    "number", nullptr, {"text", "code", "number", "integer", "time", "state", "flag", "track", "limit"}},
   {"required", Kind::flag, false, "empty is an error", "true"}}};

const Shape kDialect{"dialect", "How one family of upload files is written.",
  {{"id", Kind::id, true, "unique", "A"},
   {"label", Kind::object, true, "what people read", "{zh: 煤矿感知数据, en: Coal}", &kLabel},
   {"field_separator", Kind::text, true, "between fields", "\";\""},
   {"record_end", Kind::text, true, "after a record", "\"~\""},
   {"file_end", Kind::text, true, "after the last record", "\"||\""},
   {"number_sentinels", Kind::texts, false, "texts that mean: no number", "[\"-9999\"]"},
   {"limit_sentinels", Kind::texts, false, "texts that mean in columns of kind limit: no limit configured", "[\"-0.01\"]"},
   {"time_sentinels", Kind::texts, false, "texts that mean: no time", "[X]"},
   {"max_bad_share", Kind::number, false, "above this share of bad records the file is refused; 0 to 1, default 0.2", "0.2"},
   {"future_tolerance", Kind::duration, false, "how far a header time may lie ahead of ours; default 5 min", "\"5 min\""},
   {"files", Kind::objects, true, "its file types", "[...]", &kFileLayout}}};

const Shape kDocument{"document", "One of the papers whose provisions are clauses.",
  {{"id", Kind::id, true, "prefix of its clause ids", "YC2024"},
   {"title", Kind::object, true, "its title", "{zh: ..., en: ...}", &kLabel},
   {"issuer", Kind::text, false, "who issued it, as printed", "阳城县人民政府办公室"},
   {"jurisdiction", Kind::text, false, "region code inside the pack's own; default: the pack's", "140522"},
   {"valid_from", Kind::date, true, "first day on which it binds", "2024-07-08"},
   {"valid_to", Kind::date, false, "last day", "2024-10-15"},
   {"source", Kind::object, true, "where the text was taken from", "{text: seed 001, confidence: C}", &kSource}}};

const Shape kClause{"clause", "One provision of one document.",
  {{"id", Kind::id, true, "document, place, number; unique", "YC2024-3.2.3-02"},
   {"document", Kind::id, true, "its document", "YC2024"},
   {"article", Kind::text, true, "where it stands in the document", "三（二）3"},
   {"text", Kind::object, true, "what it says, in short", "{zh: ..., en: ...}", &kLabel},
   {"original", Kind::text, false, "the words of the document, where a rule was built on them", "..."},
   {"kind", Kind::id, true, "code of dictionary clause_kind", "obligation-periodic"},
   {"binds", Kind::texts, true, "who must act, as in the document", "[矿长]"},
   {"quantities", Kind::texts, false, "numbers, periods and deadlines as in the text", "[\">=10 times per month\"]"},
   {"checkable", Kind::one_of, true, "auto = from records; evidence = a person uploads proof; judgment = people evaluate", "auto", nullptr,
    {"auto", "evidence", "judgment"}},
   {"system", Kind::id, true, "code of dictionary system", "HAZ"},
   {"also", Kind::texts, false, "further systems that it touches", "[RPT]"},
   {"families", Kind::texts, false, "codes of dictionary clause_family", "[hazard-self-check-tiers]"}}};

const Shape kClimb{"climb", "One step up when a duty is late or missed. Steps rise in level and time.",
  {{"to", Kind::one_of, true, "who is told", "county", nullptr, {"mine", "county", "city", "province"}},
   {"after", Kind::duration, true, "since it was due", "\"1 d\""},
   {"source", Kind::object, false, "why; default: the clause of the duty", "{clause: ..., confidence: D}", &kSource}}};

const Shape kClaims{"claims", "Records in which people say that they did it; a claim that no counted record confirms is shown and does not count.",
  {{"record", Kind::name, true, "record type", "leader_visit"},
   {"of", Kind::name, true, "its field that leads to who owes the duty", "person"},
   {"at", Kind::name, true, "its time", "entered_at"},
   {"within", Kind::duration, true, "a counted record so near in time confirms it", "\"30 min\""}}};

const Shape kDuty{"duty", "One obligation, period after period. A lower pack repeats the id to tighten it.",
  {{"id", Kind::id, true, "unique; the same id in a lower pack tightens this duty", "self-check-mine"},
   {"label", Kind::object, true, "what people read", "{zh: 矿级月度排查, en: Monthly check by the mine}", &kLabel},
   {"clause", Kind::id, true, "the clause that demands it", "YC2024-3.2.3-02"},
   {"family", Kind::id, false, "code of dictionary clause_family: duties of one family on one subject are compared, the stricter wins",
    "hazard-self-check-tiers"},
   {"owed_by", Kind::name, true, "record type of those who owe it", "mine"},
   {"owed_when", Kind::conditions, false, "which of them", "{status: [producing, building]}"},
   {"overseen_by", Kind::one_of, true, "level that oversees it", "county", nullptr, {"mine", "county", "city", "province"}},
   {"done_by", Kind::names, true, "roles that can do it", "[safety_officer]"},
   {"every", Kind::period, true, "its period", "month"},
   {"shifts", Kind::texts, false, "for every: shift; when a shift begins, rising", "[\"00:00\", \"08:00\", \"16:00\"]"},
   {"counts", Kind::name, true, "record type that shows that it was done, or that a limit was broken", "self_check"},
   {"of", Kind::name, true, "its field that leads to who owes the duty; id = the record itself", "mine"},
   {"when", Kind::conditions, false, "which of these records count", "{tier: mine, state: confirmed}"},
   {"at", Kind::name, true, "its date or time that puts it into a period", "checked_at"},
   {"done", Kind::name, false, "its time from which it counts as done; default created_at, the time of entry", "confirmed_at"},
   {"at_least", Kind::integer, false, "so many in a period, or more", "10"},
   {"at_most", Kind::integer, false, "with longer_than: so many in a period, or fewer", "0"},
   {"longer_than", Kind::duration, false, "only records that last longer than this count", "\"10 h\""},
   {"from", Kind::name, false, "with longer_than: the time it begins", "entered_at"},
   {"to", Kind::name, false, "with longer_than: the time it ends; unset = it still lasts", "left_at"},
   {"due", Kind::due, true, "when it is due", "at the end"},
   {"late_for", Kind::duration, false, "so long after that it can still be done late, then it is missed; needed with at_least", "\"7 d\""},
   {"climbs", Kind::objects, false, "who is told when it is late", "[{to: county, after: \"1 d\"}]", &kClimb},
   {"claims", Kind::object, false, "records that claim it", "{record: leader_visit, of: person, at: entered_at, within: \"30 min\"}", &kClaims},
   {"source", Kind::object, true, "why; confidence is needed too", "{text: ..., confidence: C}", &kSource},
   {"valid_from", Kind::date, true, "first day", "2024-07-08"},
   {"valid_to", Kind::date, false, "last day", "2024-10-15"},
   {"jurisdiction", Kind::text, false, "region code inside the pack's own; default: the pack's", "140522"},
   {"examples", Kind::objects, true, "cases with their answers, at, below and above the number", "[...]", &kExample}}};

const Shape kCalendar{"calendar", "Days off and days worked of one year, where they differ from the weekday. A year without a row is unknown.",
  {{"year", Kind::integer, true, "the year", "2026"},
   {"off", Kind::dates, true, "days off that would be worked, or that the notice names", "[2026-01-01]"},
   {"worked", Kind::dates, true, "days of a weekend that are worked", "[2026-01-04]"},
   {"source", Kind::object, true, "the notice", "{text: 国办发明电〔2025〕7号, confidence: C}", &kSource}}};

const Shape kIndicator{"indicator", "What a cell of a form counts or adds up.",
  {{"counts", Kind::name, true, "record type", "hazard"},
   {"when", Kind::conditions, false, "which of them", "{level: ordinary}"},
   {"at", Kind::name, true, "date or time that puts a record into a period", "found_at"},
   {"unit", Kind::name, false, "reference to the organisation that it is counted for; default: whose record it is", "authority"},
   {"adds", Kind::name, false, "field to add up; default: count the records", "amount"},
   {"stock", Kind::flag, false, "true: what is there at the end of the period", "true"}}};

const Shape kFormColumn{"form column", "One column of a form: an indicator, or a share of two other columns.",
  {{"number", Kind::integer, true, "as printed", "7"},
   {"group", Kind::text, true, "heading above, as printed", "排查整治情况"},
   {"name", Kind::object, true, "heading; zh as printed", "{zh: 一般隐患, en: Ordinary hazards}", &kLabel},
   {"sub", Kind::object, false, "second heading", "{zh: 排查, en: found}", &kLabel},
   {"unit", Kind::text, true, "as printed", "项"},
   {"indicator", Kind::object, false, "what it counts", "{counts: hazard, ...}", &kIndicator},
   {"share_of", Kind::integer, false, "instead: 100 times this column ...", "8"},
   {"share_in", Kind::integer, false, "... divided by this one; blank when that is 0", "7"},
   {"decimals", Kind::integer, false, "digits after the point; default 0", "1"},
   {"divide_by", Kind::number, false, "what is added up is divided by this; default 1", "1000000"},
   {"source", Kind::object, false, "why", "{clause: GZ2020-A2-C07}", &kSource}}};

const Shape kFormRow{"form row", "One row of a form.",
  {{"name", Kind::name, true, "its name", "cumulative"},
   {"label", Kind::object, true, "as printed", "{zh: 累计, en: Cumulative}", &kLabel},
   {"since", Kind::date, false, "added up from this day on", "2020-07-01"},
   {"since_year", Kind::flag, false, "true: added up from 1 January on", "true"}}};

const Shape kForm{"form", "A monthly form of a filing unit.",
  {{"name", Kind::name, true, "unique", "annex2"},
   {"label", Kind::object, true, "what people read", "{zh: 附件2, en: Annex 2}", &kLabel},
   {"title", Kind::text, true, "as printed; {yyyy} and {M} are filled in", "\"{yyyy}年{M}月…统计表\""},
   {"clause", Kind::id, true, "the clause that demands it", "GZ2020-A2-01"},
   {"filed_by", Kind::names, true, "levels of the regulators that file it", "[county, city]"},
   {"duty", Kind::id, false, "the duty that says when it is due", "file-annex2"},
   {"columns", Kind::objects, true, "its columns, in order", "[...]", &kFormColumn},
   {"rows", Kind::objects, true, "its rows, in order", "[...]", &kFormRow},
   {"narrative", Kind::object, true, "heading of the box for words", "{zh: 典型案例（简要描述）, en: Typical cases}", &kLabel},
   {"footer", Kind::objects, true, "labels under the table", "[{zh: 填报人员, en: Compiler}]", &kLabel},
   {"note", Kind::text, false, "under the table, as printed", "注：…"},
   {"source", Kind::object, true, "why; confidence is needed too", "{text: ..., confidence: C}", &kSource}}};

const Shape kTableInput{"table input", "What a decision table asks of a case.",
  {{"name", Kind::name, true, "unique in the table", "deaths"},
   {"kind", Kind::one_of, true, "number or code", "number", nullptr, {"number", "code"}},
   {"dictionary", Kind::name, false, "for code: what it is a code of; codes of rows and examples are checked then", "mine_kind"},
   {"unit", Kind::text, false, "unit of a number", "元"}}};

const Shape kTableOutput{"table output", "What a decision table answers.",
  {{"name", Kind::name, true, "unique in the table", "grade"},
   {"kind", Kind::one_of, true, "number, code or text", "code", nullptr, {"number", "code", "text"}},
   {"dictionary", Kind::name, false, "for code: what it is a code of", "accident_grade"},
   {"unit", Kind::text, false, "unit of a number", "元/t"}}};

const Shape kTableRow{"table row", "One answer of a decision table, and when it is given.",
  {{"id", Kind::id, true, "unique in the table; kept in what was judged by it", "ACC-D-30"},
   {"when", Kind::conditions, true,
    "input: bound (\">=3\") or list of bounds for a number, code or list of codes for a code; an input left out fits anything",
    "{deaths: \">=30\"}"},
   {"gives", Kind::text_map, true, "output: value", "{grade: extra_major}"},
   {"source", Kind::object, true, "citation; confidence is needed too", "{text: 国务院令493号 第三条, confidence: C}", &kSource},
   {"valid_from", Kind::date, true, "first day of facts that are judged by it", "2007-06-01"},
   {"valid_to", Kind::date, false, "last day", "2024-04-30"},
   {"jurisdiction", Kind::text, false, "region code inside the pack's own; default: the pack's", "520000"}}};

const Shape kTable{"table", "A decision table: what the texts in force say about a case. A fact is judged by the rows of its own day.",
  {{"name", Kind::name, true, "unique", "accident_grade"},
   {"label", Kind::object, true, "what people read", "{zh: 事故等级, en: Accident grade}", &kLabel},
   {"extend", Kind::flag, false, "true adds rows and examples to the table of that name in a pack above; inputs, outputs, pick, order, unknown as there", "true"},
   {"inputs", Kind::objects, true, "what it asks", "[{name: deaths, kind: number}]", &kTableInput},
   {"outputs", Kind::objects, true, "what it answers", "[{name: grade, kind: code}]", &kTableOutput},
   {"pick", Kind::one_of, true, "of the rows that fit the first, or the worst by the first output", "worst", nullptr, {"first", "worst"}},
   {"order", Kind::texts, false, "for worst: values of the first output, mildest first; none = numbers, smallest first", "[ordinary, larger]"},
   {"unknown", Kind::one_of, false,
    "an input that is not known: rows that ask for it do not fit. lower_bound = the answer is provisional then; default none", "lower_bound",
    nullptr, {"none", "lower_bound"}},
   {"rows", Kind::objects, true, "its rows", "[...]", &kTableRow},
   {"examples", Kind::objects, true,
    "cases with their answers, at and beside every edge; given: inputs, on (a date), region; expect: the outputs, then provisional, then the row's id; or none",
    "[...]", &kExample}}};

const Shape kPaperColumn{"paper column", "One column of a table of a paper.",
  {{"head", Kind::text, true, "heading, as printed", "存在问题"},
   {"width", Kind::number, false, "share of the width; default 1", "3"},
   {"text", Kind::text, true, "what stands in a row, filled from the row's record; {@row} = its number", "\"{problem}\""},
   {"align", Kind::one_of, false, "default left", "center", nullptr, {"left", "center", "right"}}}};

const Shape kPaperTable{"paper table", "Rows from records that refer to the record of the paper.",
  {{"of", Kind::name, true, "record type of the rows", "inspection_finding"},
   {"by", Kind::name, true, "its reference", "inspection"},
   {"at", Kind::name, false, "reference of the paper's record that it must equal; default: the paper's record itself", "inspection"},
   {"when", Kind::conditions, false, "which rows", "{state: not withdrawn}"},
   {"sort", Kind::name, false, "field; default: as entered", "found_at"},
   {"columns", Kind::objects, true, "its columns", "[{head: 序号, text: \"{@row}\"}]", &kPaperColumn},
   {"empty", Kind::text, false, "words when there is no row; default 无", "未发现问题"}}};

const Shape kPaperBlock{"paper block", "One part of the body. Exactly one of the keys down to page.",
  {{"paragraph", Kind::text, false, "words, first line indented", "\"经查，你单位{facts}\""},
   {"line", Kind::text, false, "words without indent", "\"{addressee}：\""},
   {"center", Kind::text, false, "words in the middle", "（副本）"},
   {"heading", Kind::text, false, "a bold line", "一、违法事实"},
   {"large", Kind::text, false, "a large line in the middle", "\"{person}\""},
   {"note", Kind::text, false, "small words", "本文书一式两份。"},
   {"grid", Kind::text_lists, false, "a frame: rows of label, value, label, value ...", "[[单位, \"{organisation}\"]]"},
   {"table", Kind::object, false, "rows from records", "{of: inspection_finding, ...}", &kPaperTable},
   {"signatures", Kind::texts, false, "lines for signatures", "[\"执法人员（签名）：{first_officer:12}\"]"},
   {"seal", Kind::text, false, "the office whose seal stands here", "\"{authority}\""},
   {"page", Kind::flag, false, "true: a new page", "true"},
   {"date", Kind::text, false, "with seal: the date below it", "\"{issued_on;date}\""},
   {"when", Kind::conditions, false, "only for records like this", "{served_on: set}"}}};

const Shape kPaper{"paper", "What a record looks like on paper: an official document, a certificate, a notice, a card, a ledger.",
  {{"name", Kind::name, true, "unique", "penalty_decision_unit"},
   {"label", Kind::object, true, "what people read", "{zh: 行政处罚决定书, en: Decision}", &kLabel},
   {"record", Kind::name, true, "record type", "official_document"},
   {"when", Kind::conditions, false, "which records", "{kind: decision_unit}"},
   {"style", Kind::one_of, false,
    "red_head = red name of the office; plain = title in the middle (default); form = for frames; certificate = a framed sheet; "
    "ledger = the list of the record type, across",
    "red_head", nullptr, {"red_head", "plain", "form", "certificate", "ledger"}},
   {"landscape", Kind::flag, false, "true: across", "true"},
   {"head", Kind::text, false, "name of the office above", "\"{authority}\""},
   {"office", Kind::text, false, "who issues it; default: the head", "\"{authority}\""},
   {"title", Kind::text, true, "title", "行政处罚决定书"},
   {"subtitle", Kind::text, false, "below the title", "（单位）"},
   {"number", Kind::text, false, "number as the record has it", "\"{document_number}\""},
   {"numbering", Kind::object, false, "instead: a number that the paper gets when it is issued", "{form: \"{yyyy}-{seq:4}\"}", &kNumbering},
   {"body", Kind::objects, false, "its parts, in order; needed but for ledgers", "[...]", &kPaperBlock},
   {"columns", Kind::objects, false, "of a ledger", "[...]", &kPaperColumn},
   {"copies", Kind::text, false, "at the foot: who keeps a copy", "本文书一式两份，一份交被检查单位，一份存档。"},
   {"step", Kind::name, false, "step of the record that issues it", "issue"},
   {"in", Kind::names, false, "states in which it may be issued without a step; default: any", "[issued, served]"},
   {"void_in", Kind::names, false,
    "states of the record in which what was issued is void: the page of the code says so; its withdrawal ends it always", "[void]"},
   {"roles", Kind::names, false, "who may issue it; default: who may take the step", "[department_head]"},
   {"keep_in", Kind::name, false, "attachments field that keeps what was issued", "rendered"},
   {"source", Kind::object, false, "where its wording comes from", "{text: ..., confidence: G}", &kSource}}};

const Shape kFile{"pack file", "Any *.yaml or *.yml below a pack folder. Every key may stand in several files.",
  {{"pack", Kind::object, false, "names the pack; only in pack.yaml", "{name: national, ...}", &kPack},
   {"records", Kind::objects, false, "record types", "[...]", &kRecord},
   {"workflows", Kind::objects, false, "workflows", "[...]", &kWorkflow},
   {"dictionaries", Kind::objects, false, "dictionaries", "[...]", &kDictionary},
   {"roles", Kind::objects, false, "roles", "[...]", &kRole},
   {"limits", Kind::objects, false, "limits", "[...]", &kLimit},
   {"limit_examples", Kind::objects, false, "what the limits must answer", "[...]", &kExample},
   {"alarm_rules", Kind::objects, false, "alarm rules", "[...]", &kAlarmRule},
   {"escalation", Kind::objects, false, "escalation of unanswered alarms", "[...]", &kEscalation},
   {"dialects", Kind::objects, false, "upload dialects", "[...]", &kDialect},
   {"documents", Kind::objects, false, "documents of regulation", "[...]", &kDocument},
   {"clauses", Kind::objects, false, "their provisions", "[...]", &kClause},
   {"duties", Kind::objects, false, "duties", "[...]", &kDuty},
   {"calendar", Kind::objects, false, "days off and days worked", "[...]", &kCalendar},
   {"forms", Kind::objects, false, "forms", "[...]", &kForm},
   {"tables", Kind::objects, false, "decision tables", "[...]", &kTable},
   {"papers", Kind::objects, false, "papers", "[...]", &kPaper}}};

// clang-format on
const Shape* const kAll[] = {
    &kFile,     &kPack,       &kLabel,      &kSource,      &kRecord,   &kField,      &kAccess,
    &kWorkflow, &kState,      &kTransition, &kDictionary,  &kEntry,    &kRole,       &kLimit,
    &kExample,  &kAlarmRule,  &kGradeStep,  &kEscalation,  &kDialect,  &kFileLayout, &kColumn,
    &kDocument, &kClause,     &kDuty,       &kClimb,       &kClaims,   &kCalendar,   &kForm,
    &kFormRow,  &kFormColumn, &kIndicator,  &kRaise,       &kCheck,    &kCompute,    &kSignature,
    &kClock,    &kTable,      &kTableInput, &kTableOutput, &kTableRow, &kEffect,     &kClosing,
    &kPaper,    &kPaperBlock, &kPaperTable, &kPaperColumn, &kNumbering};

}  // namespace

const Key* Shape::key(std::string_view name) const {
  for (const auto& k : keys) {
    if (k.name == name) return &k;
  }
  return nullptr;
}

const Shape& file_shape() { return kFile; }
const Shape& column_shape() { return kColumn; }
std::span<const Shape* const> all_shapes() { return kAll; }

}  // namespace mineward::pack
