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

namespace mineward::pack {

struct Label {
  std::string zh;
  std::string en;
};

/// Where a row of a pack stands: for messages "packs/core/records/hazard.yaml:12".
struct Place {
  std::string file;
  int line = 0;
};

/// Why a row says what it says. Every number with a rule behind it carries one.
struct Source {
  std::string
      clause;  ///< clause id or article ("GZ2020-5.1.4-02", "煤矿安全规程 art.498"); empty = our design
  std::string text;        ///< citation or remark, free
  std::string confidence;  ///< "C", "C-field", "C-test", "G", "U" or "D" as monitoring.md defines them
};

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
  bool reason_required = false;             ///< the request must carry a reason, kept in the change log
  std::string danger;                       ///< "confirm" when the screen should ask twice; empty = no
  Source source;
  Place place;
};

struct Workflow {
  std::string name;
  Label label;
  std::vector<State> states;
  std::vector<Transition> transitions;
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
  std::string workflow;                          ///< name, or empty: no states
  std::string title_field;                       ///< shown where the record is named
  std::vector<std::string> list_fields;          ///< columns of the list page
  std::vector<std::vector<std::string>> unique;  ///< field sets that must be unique among living records
  std::vector<std::vector<std::string>> indexes;
  Access access;
  std::string number_format;  ///< for the automatic `number`: "HZ-{yyyy}{MM}-{seq:5}"; empty = none
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
};

// ---- monitoring
// ------------------------------------------------------------------------------------------------

enum class Grade { none = 0, blue = 1, yellow = 2, orange = 3, red = 4 };
std::string_view name_of(Grade grade);
std::optional<Grade> parse_grade(std::string_view text);

/// One side of a limit. `x op value` true means: over.
struct Bound {
  enum class Op { ge, gt, le, lt };
  Op op = Op::ge;
  double value = 0;
  bool over(double x) const;
  std::string text() const;  ///< ">=1.0"
};

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

/// One `given ... expect ...`. Values are text in a small notation that the folder which runs it defines.
struct Example {
  std::string name;
  std::map<std::string, std::string> given;
  std::string expect;
  Place place;
};

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

}  // namespace mineward::pack
