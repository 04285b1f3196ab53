/// The immutable Catalog: everything that the packs in force say, checked and resolved. Plain data with
/// look-ups. Made by load_catalog() (pack/load.h); shared by all threads as `std::shared_ptr<const Catalog>`.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "pack/basics.h"
#include "pack/decision.h"
#include "pack/paper.h"
#include "pack/record_rules.h"

namespace mineward::pack {

// ---- records
// ---------------------------------------------------------------------------------------------------

enum class FieldType {
  text,       ///< one line; max_length in code points
  long_text,  ///< several lines
  integer,    ///< 64 bit
  decimal,    ///< IEEE double with `unit` and `scale` (digits shown)
  money,      ///< integer fen; shown in yuan
  boolean,
  date,         ///< days since 1970-01-01
  instant,      ///< UTC ms
  choice,       ///< one code of `dictionary`
  choices,      ///< several codes of `dictionary`
  reference,    ///< id of one record of type `target`
  attachments,  ///< any number of stored files (sha-256 ids)
};

struct Field {
  std::string name;  ///< column name: [a-z][a-z0-9_]*, unique in the type
  Label label;
  FieldType type = FieldType::text;
  bool required = false;  ///< must be set when the record is made
  bool system =
      false;  ///< set by the program or by a transition only; refused in create and update by people
  bool secret =
      false;  ///< never leaves the store through lists, API, exports, history or search (password hash)
  bool personal = false;    ///< personal data: never logged, masked in exports for foreign roles
  bool searchable = false;  ///< its words enter the full-text index
  std::string unit;
  int scale = 2;
  std::optional<double> min, max;  ///< for integer, decimal, money
  std::optional<int> max_length;   ///< for text; default 200, long_text 20000
  std::string pattern;     ///< ECMAScript regular expression that the whole text must match; empty = any
  std::string dictionary;  ///< for choice, choices
  std::string target;      ///< for reference: record type name
  std::string
      default_value;  ///< as text; "now", "today", "me", "my_organisation" are understood; empty = none
  std::vector<std::string>
      file_kinds;  ///< for attachments: "image", "pdf", "office", "text"; empty = all of them
  /// Checked beyond a pattern: "credit_code" (GB 32100), "id_number" (GB 11643), "phone", "division" (GB/T
  /// 2260).
  std::string format;
  /// For date: it names a period by its first day: "month", "quarter", "half_year", "year"; empty = any day.
  std::string first_of;
  /// Stored encrypted. "masked": shown in part to who has none of the roles in `reveal`; "sealed": nobody
  /// sees it until two people open it with a reason.
  std::string protect;
  std::vector<std::string> reveal;
  Source source;
  Label help;
  Place place;
};

struct State {
  std::string name;
  Label label;
  bool initial = false;
  bool final = false;
};

/// A step of a workflow. All of its conditions are checked in the transaction that makes it.
struct Transition {
  std::string name;
  Label label;
  std::vector<std::string> from;  ///< states
  std::string to;
  std::vector<std::string> roles;           ///< any of them may; empty = only the program itself
  std::vector<std::string> required;        ///< fields that must be set, before or with the step
  std::vector<std::string> editable;        ///< fields that may be given with the step (includes `required`)
  std::vector<std::string> evidence;        ///< attachment fields that must hold at least one file
  std::vector<std::string> distinct_from;   ///< fields holding an account: the actor must be none of them
  std::map<std::string, std::string> sets;  ///< field -> "me", "now", "today", "my_organisation" or a literal
  std::vector<Effect> changes;              ///< what is written into other records when the step is made
  bool reason_required = false;             ///< the request must carry a reason, kept in the change log
  std::string danger;                       ///< "confirm" when the screen should ask twice; empty = no
  std::vector<Signature>
      sign_off;           ///< made by these signatures in turn; the last one makes it. Empty: by one person
  std::string return_to;  ///< with sign_off: where a signer may send it back to; empty = nowhere
  std::map<std::string, std::string> return_sets;  ///< what sending it back sets; words as in `sets`
  Conditions when;          ///< the record must be like this once the step's values are in it
  Label when_label;         ///< what people read when it is not
  bool hands_over = false;  ///< may give the record to a body outside the actor's scope
  /// In a record with `belongs_to`: open to those to whom it belongs, though another body acts.
  bool by_subject = false;
  Source source;
  Place place;
};

struct Workflow {
  std::string name;
  Label label;
  std::vector<State> states;
  std::vector<Transition> transitions;
  std::vector<ClockRule> clocks;
  Source source;

  const State* state(std::string_view name) const;
  const State& initial() const;
  const Transition* transition(std::string_view name) const;
};

/// Who may do what with records of a type, besides workflow steps. Scope is checked on top.
struct Access {
  std::vector<std::string> read;  ///< roles; "*" = every signed-in account
  std::vector<std::string> create;
  std::vector<std::string> update;
};

struct RecordType {
  std::string name;  ///< table name: [a-z][a-z0-9_]*
  Label label;
  std::string system;  ///< one of the 40 systems ("HAZ")
  std::vector<Field> fields;
  /// Which field says whose record this is, for scope: a reference to organisation (or to a type that itself
  /// has an owner). "self" for organisation; "none" for data that everybody may see (region, dictionaries).
  std::string owner_field;
  /// A reference whose record's owner this one has while it is set; the owner field then only says who acts.
  std::string belongs_to;
  std::string workflow;                          ///< name, or empty: no states
  std::string title_field;                       ///< shown where the record is named
  std::vector<std::string> list_fields;          ///< columns of the list page
  std::vector<std::vector<std::string>> unique;  ///< field sets that must be unique among living records
  std::vector<std::vector<std::string>> indexes;
  Access access;
  std::vector<Raise> raises;
  std::vector<RecordRule> checks;
  std::vector<Compute> computes;
  Closing closed;
  std::string number_format;       ///< for the automatic `number`: "HZ-{yyyy}{MM}-{seq:5}"; empty = none
  std::vector<Numbering> numbers;  ///< given by steps
  Withdrawal withdrawal = Withdrawal::declared;
  std::vector<std::string> withdrawn_by;  ///< for Withdrawal::flag and step: roles that may
  Place place;
  std::string pack;  ///< name of the pack that declares it

  const Field* field(std::string_view name) const;
};

struct DictionaryEntry {
  std::string code;
  Label label;
  std::map<std::string, std::string> extra;  ///< further columns of the row, such as "unit" or "gas"
  Source source;
};
struct Dictionary {
  std::string name;
  Label label;
  std::vector<DictionaryEntry> entries;
  const DictionaryEntry* entry(std::string_view code) const;
};

struct Role {
  std::string name;
  Label label;
  std::string level;  ///< "mine", "county", "city", "province", "any"
  bool administers_system = false, administers_security = false, audits = false;  ///< three that never meet
  bool withdraws = false;  ///< a superior: may withdraw what people of his scope entered by mistake
};

// ---- monitoring
// ------------------------------------------------------------------------------------------------

enum class Grade { none = 0, blue = 1, yellow = 2, orange = 3, red = 4 };
std::string_view name_of(Grade grade);
std::optional<Grade> parse_grade(std::string_view text);

/// One row of the national table (or of a lower pack that tightens it).
struct LimitRow {
  std::string id;    ///< stable, e.g. "CH4-T0"
  std::string gas;   ///< "CH4", "CO", "WIND", "HEADCOUNT", "FEED" ... first column of the table
  std::string role;  ///< standard location role ("T0", "T1", "T2" ...), empty = any place or matched by words
  Label where;
  std::vector<std::string>
      keywords;  ///< words of an installation place that select the row, all of one item ("a+b"); "~a" names
                 ///< a working area, which gives way to words for a spot in it
  std::string alarm_text, cut_text, restore_text;  ///< as printed in the source table
  std::optional<Bound> alarm, cut, restore;        ///< parsed where the text is a single bound
  std::optional<Bound> alarm_low;                  ///< lower side of a two-sided limit
  std::string unit;
  bool floor = false;     ///< national minimum: a mine's own limit may be tighter, never looser
  std::string mine_kind;  ///< "", "coal", "non_coal", "tailings"
  Source source;
  Date valid_from{};
  std::optional<Date> valid_to;  ///< last day
  std::string jurisdiction;      ///< region code; "" = national
  std::string pack;
  Place place;
};

/// A parameter of a rule.
using Param = std::variant<double, Millis, std::string, std::vector<std::string>>;

struct AlarmRule {
  std::string id;  ///< "G-1"
  Label label;
  std::string detector;  ///< which detector class runs it: "over_limit", "flat_line" ...
  bool enabled = true;
  std::map<std::string, Param> params;
  Grade grade = Grade::yellow;
  /// Grade by peak, rising: reached when value >= first.
  std::vector<std::pair<double, Grade>> grade_by_peak;
  Millis reraise_after{600000};         ///< over again this long after clearing = a new event
  std::vector<std::string> mine_kinds;  ///< empty = all
  std::vector<std::string>
      suppress_if;  ///< "calibration", "late", "blasting_plan", "planned_work", "stopped"
  Label advice;     ///< what to do, shown with the alarm
  Source source;
  Date valid_from{};
  std::optional<Date> valid_to;
  std::string jurisdiction;
  std::vector<Example> examples;
  std::string pack;
  Place place;

  double number(std::string_view name, double otherwise) const;
  Millis duration(std::string_view name, Millis otherwise) const;
  std::string text(std::string_view name, std::string_view otherwise) const;
};

/// When an alarm that nobody acknowledged climbs to the next level.
struct EscalationStep {
  Grade grade = Grade::none;  ///< none = any grade
  std::string rule;           ///< rule id; empty = any
  std::string to_level;       ///< "mine", "county", "city", "province"
  Millis after{0};            ///< since it was raised
  Source source;
  std::string jurisdiction;  ///< region code of its pack; "" = everywhere. Steps of several packs all apply.
  std::string pack;
  Place place;
};

// ---- upload dialects
// -------------------------------------------------------------------------------------------

enum class ColumnKind {
  text,    ///< kept as it is, trimmed
  code,    ///< ASCII letters and digits
  number,  ///< decimal; sentinels become null
  limit,   ///< as number; the dialect's limit_sentinels ("no limit configured") become null too
  integer,
  time,   ///< yyyy-MM-dd HH:mm:ss Beijing; empty-time sentinels become null
  state,  ///< point state: integer mask or 8 binary digits
  flag,   ///< 0/1, 是/否
  track,  ///< station&time, station&time ...
};
struct Column {
  std::string name;  ///< our name: "point", "value", "time", "alarm_high" ...
  ColumnKind kind = ColumnKind::text;
  bool required = false;  ///< empty is an error
};

struct HeaderLayout {
  std::vector<Column> columns;
};

/// One file type of a dialect, e.g. CDSS.
struct FileLayout {
  std::string type;  ///< "CDSS"
  Label label;
  std::string system;  ///< upload system: "aqjk" monitoring, "rydw" personnel
  std::string reader;  ///< what a record becomes: "sample", "definition", "statistic", "abnormal",
                       ///< "station_definition", "station_state", "switch_change", "person", "area",
                       ///< "reader_definition", "reader_state", "position"
  std::vector<HeaderLayout> headers;  ///< accepted layouts, told apart by their number of fields
  std::vector<std::vector<Column>>
      records;  ///< accepted layouts, told apart by their number of fields; [0] is the standard one
  bool empty_body_ok = false;
  Millis period{0};  ///< expected upload rhythm; 0 = on change
  Source source;
  Place place;
};

struct Dialect {
  std::string id;  ///< "A"
  Label label;
  std::string field_separator, record_end, file_end;
  std::vector<std::string> number_sentinels;  ///< "-9999", "-999999"
  std::vector<std::string> limit_sentinels;   ///< "-0.01": null in limit columns, a number elsewhere
  std::vector<std::string> time_sentinels;    ///< "xxxx-xx-xx xx:xx:xx", "X"
  double max_bad_share = 0.2;                 ///< above it the whole file is refused
  Millis future_tolerance{300000};
  std::vector<FileLayout> files;
  std::string pack;
  Place place;
  const FileLayout* file(std::string_view type) const;
};

// ---- regulation: documents, clauses, duties, calendar, forms
// -------------------------------------------------------------------------------------------

/// One of the papers whose provisions are clauses.
struct Document {
  std::string id;  ///< prefix of its clause ids: "YC2024"
  Label title;
  std::string issuer;        ///< who issued it, as printed; may be empty
  std::string jurisdiction;  ///< region code; "" = the whole country
  Date valid_from{};
  std::optional<Date> valid_to;  ///< last day; none = open
  Source source;
  std::string pack;
  Place place;
};

/// One provision of one document. `text` paraphrases it in both languages; `original` quotes it where a rule
/// was built on it.
struct Clause {
  std::string id;        ///< "YC2024-3.2.3-02"
  std::string document;  ///< "YC2024"
  std::string article;   ///< "三（二）3"
  Label text;
  std::string original;
  std::string kind;                     ///< code of dictionary clause_kind
  std::vector<std::string> binds;       ///< who must act, as in the document
  std::vector<std::string> quantities;  ///< numbers, periods and deadlines as in the text
  std::string checkable;                ///< "auto", "evidence" or "judgment"
  std::string system;                   ///< one of the 40 systems
  std::vector<std::string> also;        ///< further systems that it touches
  std::vector<std::string>
      families;  ///< codes of dictionary clause_family: the same mechanism in several documents
  std::string pack;
  Place place;
};

enum class Period { shift, day, week, month, quarter, half_year, year };
std::string_view name_of(Period period);
std::optional<Period> parse_period(std::string_view text);

/// When a duty of a period is due, told from the end of the period.
struct Due {
  enum class Unit { at_end, working_days, days, hours, minutes };
  Unit unit = Unit::at_end;
  int count = 0;        ///< 1 or more, unless at_end
  bool before = false;  ///< before the end instead of after it; hours and minutes only
  friend bool operator==(const Due&, const Due&) = default;
};
/// "at the end", "5 working days after the end", "10 days after the end", "2 h before the end"; nullopt for
/// anything else.
std::optional<Due> parse_due(std::string_view text);
std::string text_of(const Due& due);

/// One step up when a duty is late or missed.
struct Climb {
  std::string to_level;  ///< "mine", "county", "city", "province"
  Millis after{0};       ///< since it was due, or since the limit was broken
  Source source;         ///< empty clause: that of the duty
};

/// Records in which people say that they did it, shown beside what counts: a claim is confirmed by a counted
/// record of the same subject whose time lies within `within` of the claim's.
struct Claims {
  std::string record;  ///< record type; empty = none
  std::string of;      ///< its field that leads to the subject
  std::string at;      ///< its time
  Millis within{0};
};

/// One obligation of many subjects, period after period. Either at least so many records count in a period,
/// or at most so many records last longer than a limit. Read aloud by sentence_of() (duty/sentence.h).
struct DutyRule {
  std::string id;      ///< the same id in a lower pack tightens this rule
  std::string family;  ///< code of dictionary clause_family; "" = none
  Label label;
  std::string clause;  ///< clause id; must be there

  std::string owed_by;               ///< record type of the subjects: "mine", "organisation", "person"
  Conditions owed_when;              ///< which of them
  std::string overseen_by;           ///< level of the body that oversees it
  std::vector<std::string> done_by;  ///< roles that can do something about it

  Period every = Period::month;
  std::vector<int> shifts;  ///< for Period::shift: minutes after midnight at which a shift begins, rising

  std::string counts;  ///< record type that shows what was done
  std::string of;      ///< its field that leads to the subject
  Conditions when;     ///< which of them count
  std::string at;      ///< its field (date or instant) that puts it into a period
  std::string done;    ///< its instant from which it counts as done; default created_at, the time of entry
  std::optional<int> at_least;
  std::optional<int> at_most;  ///< with longer_than
  std::optional<Millis> longer_than;
  std::string from, to;  ///< instants of the counted record between which it lasts

  Due due;
  Millis late_for{0};  ///< so long after it was due it can still be done late; then it is missed for good
  std::vector<Climb> climbs;
  Claims claims;
  Source source;
  Date valid_from{};
  std::optional<Date> valid_to;
  std::string jurisdiction;
  std::vector<Example> examples;
  std::string pack;
  Place place;

  bool is_limit() const { return longer_than.has_value(); }
};

/// How two duties on the same subject stand to each other.
enum class Strictness { same, stricter, looser, incomparable };
/// `a` against `b`. They compare only if they count the same records of the same subjects: "12 a month" is
/// stricter than "10 a month", "1 a month" stricter than "2 a quarter", "8 h" stricter than "10 h"; with
/// equal numbers the earlier due time is stricter.
Strictness compare(const DutyRule& a, const DutyRule& b);

/// Days off and days worked of one year, where they differ from the weekday. A year without a row is unknown.
struct CalendarYear {
  int year = 0;
  std::vector<Date> off, worked;  ///< sorted
  Source source;
  std::string pack;
  Place place;
};

/// What one cell of a form counts or adds up.
struct Indicator {
  std::string counts;  ///< record type
  Conditions when;
  std::string at;          ///< date or instant that puts a record into a period
  std::string unit_field;  ///< reference to the organisation it is counted for; "" = the record's owner
  std::string adds;        ///< field to add up; "" = count the records
  bool stock = false;      ///< what is there at the end of the period (at <= end), not what happened in it
};
struct FormColumn {
  int number = 0;
  std::string group;  ///< heading above, as printed
  Label name;         ///< zh as printed
  Label sub;          ///< second heading; empty = none
  std::string unit;   ///< as printed
  std::optional<Indicator> indicator;
  int share_of = 0, share_in = 0;  ///< instead: 100 * column share_of / column share_in; blank when that is 0
  int decimals = 0;
  double divide_by = 1;  ///< of an added-up field before it is shown: 1000000 makes 万元 of fen
  Source source;
};
struct FormRow {
  std::string name;  ///< "month", "cumulative"
  Label label;
  std::optional<Date> since;  ///< cumulative from this day
  bool since_year = false;    ///< cumulative from 1 January; neither: the month alone
};
/// A monthly form of one filing unit.
struct Form {
  std::string name;  ///< "annex2"
  Label label;
  std::string title;  ///< as printed, with {yyyy} and {M}
  std::string clause;
  std::vector<std::string> filed_by;  ///< levels of the regulators that file it
  std::vector<FormColumn> columns;
  std::vector<FormRow> rows;
  Label narrative;            ///< heading of the box for typical cases
  std::vector<Label> footer;  ///< unit with seal, compiler, contact, date
  std::string note;           ///< under the table, as printed
  std::string duty;           ///< id of the duty rule that says when it is due; "" = none
  Source source;
  std::string pack;
  Place place;
  const FormColumn* column(int number) const;
};

// ---- the whole
// -------------------------------------------------------------------------------------------------

/// One pack as it stands on disk.
struct PackHeader {
  std::string name;  ///< folder name and `name:` agree
  std::string version;
  Label label;
  std::string level;         ///< "core", "national", "province", "city", "county"
  std::string jurisdiction;  ///< region code; "" = everywhere
  std::vector<std::string> requires_packs;
  bool switchable = false;  ///< may be switched on, off or replaced by the security administrator
  std::string folder;
  std::string sha256;  ///< over the names and contents of its files, for "packs in force"
};

struct Catalog {
  std::vector<PackHeader> packs;
  std::vector<RecordType> record_types;
  std::vector<Workflow> workflows;
  std::vector<Dictionary> dictionaries;
  std::vector<Role> roles;
  std::vector<LimitRow> limits;
  std::vector<AlarmRule> alarm_rules;
  std::vector<EscalationStep> escalation;
  std::vector<Dialect> dialects;
  std::vector<Example> limit_examples;
  std::vector<Document> documents;
  std::vector<Clause> clauses;
  std::vector<DutyRule> duties;  ///< highest level first
  std::vector<CalendarYear> calendar;
  std::vector<Form> forms;
  std::vector<DecisionTable> tables;
  std::vector<Paper> papers;

  const PackHeader* pack(std::string_view name) const;
  const Document* document(std::string_view id) const;
  const Clause* clause(std::string_view id) const;
  const Form* form(std::string_view name) const;
  const DecisionTable* table(std::string_view name) const;
  const Paper* paper(std::string_view name) const;
  const RecordType* record_type(std::string_view name) const;
  const Workflow* workflow(std::string_view name) const;
  const Dictionary* dictionary(std::string_view name) const;
  const Role* role(std::string_view name) const;
  /// The first row of that id, which is the one of the highest level, whatever its validity.
  const AlarmRule* alarm_rule(std::string_view id) const;
  /// One row for each rule id: among those in force for the mine kind, the jurisdiction and the day, the one
  /// of the lowest pack (it can only be tighter). Rules with enabled: false are left out. In the order of the
  /// packs.
  std::vector<const AlarmRule*> rules_in_force(std::string_view mine_kind, std::string_view jurisdiction,
                                               Date on) const;
  const Dialect* dialect(std::string_view id) const;

  /// The row that applies to a sensor of `gas` installed at `where` on a day: the named role decides, else
  /// keywords, else the row for any place. Each pack in force for `jurisdiction` names its best row; that of
  /// a lower pack replaces that of a higher one only if none of its bounds is looser or missing. An empty
  /// mine kind fits every row. nullptr when no row fits.
  const LimitRow* limit_for(std::string_view gas, std::string_view role, std::string_view where,
                            std::string_view mine_kind, std::string_view jurisdiction, Date on) const;
};

using CatalogPtr = std::shared_ptr<const Catalog>;

/// True when `region` is the area of `jurisdiction` or lies in it, by the digits of GB/T 2260; "" covers
/// everything.
bool covers_region(std::string_view jurisdiction, std::string_view region);

}  // namespace mineward::pack
