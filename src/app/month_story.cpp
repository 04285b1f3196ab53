#include "app/month_story.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>

#include "app/simulator_yaml.h"
#include "base/text.h"

namespace mineward::app {
namespace {

using Names = std::vector<std::string>;

constexpr const char* kWeekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr const char* kAll = "all";
constexpr const char* kOthers = "others";

class StoryReader {
 public:
  StoryReader(StoryOutcome& out, const Region& region, const pack::Catalog& catalog)
      : out_(out), region_(region), catalog_(catalog) {
    for (const auto& mine : region.mines) mines_.push_back(mine.name);
    for (const auto& account : region.accounts) {
      actors_.push_back(account.name);
      for (const auto& role : account.roles) actors_.push_back(role);
    }
    for (const auto& type : catalog.record_types) types_.push_back(type.name);
  }

  void read(const YAML::Node& document) {
    if (!keys(document, "story", {"exact", "routines", "trips"})) return;
    if (const auto exact = document["exact"]; exact.IsDefined()) {
      for (const std::string& mine : mine_names(exact)) out_.story.exact.insert(mine);
    }
    for (const auto& node : rows(document["routines"])) out_.story.routines.push_back(routine(node));
    for (const auto& node : rows(document["trips"])) out_.story.trips.push_back(trip(node));
  }

 private:
  // ---- the small parts

  static int line_of(const YAML::Node& node) { return node.Mark().line + 1; }
  void mistake(const YAML::Node& node, const std::string& found, const std::string& expected) {
    out_.mistakes.push_back(
        fmt::format("{}:{}: found {}, expected {}", out_.story.file, line_of(node), found, expected));
  }
  static std::string shown(const YAML::Node& node) {
    if (!node.IsDefined() || node.IsNull()) return "nothing";
    if (node.IsScalar()) return fmt::format("\"{}\"", node.Scalar());
    return node.IsMap() ? "a mapping" : "a list";
  }
  static std::string hint(const std::string& found, const Names& known) {
    const std::string near = nearest(found, known);
    return near.empty() ? "" : ", such as \"" + near + "\"";
  }

  bool keys(const YAML::Node& node, const char* what, const Names& known) {
    if (!node.IsMap()) {
      mistake(node, shown(node), fmt::format("a {} as `key: value` pairs", what));
      return false;
    }
    for (const auto& entry : node) {
      const std::string key = entry.first.Scalar();
      if (std::find(known.begin(), known.end(), key) == known.end())
        mistake(entry.first, fmt::format("the key \"{}\" in a {}", key, what),
                "one of: " + join(known, ", ") + hint(key, known));
    }
    return true;
  }
  std::vector<YAML::Node> rows(const YAML::Node& node) {
    std::vector<YAML::Node> out;
    if (!node.IsDefined()) return out;
    if (!node.IsSequence()) mistake(node, shown(node), "a list");
    for (const auto& item : node) out.push_back(item);
    return out;
  }
  std::string text(const YAML::Node& row, const char* key, const char* otherwise = nullptr) {
    const YAML::Node node = row[key];
    if (node.IsDefined() && node.IsScalar()) return node.Scalar();
    if (!node.IsDefined() && otherwise) return otherwise;
    mistake(node.IsDefined() ? node : row, fmt::format("{} for \"{}\"", shown(node), key), "a text");
    return {};
  }
  bool flag(const YAML::Node& row, const char* key) {
    const YAML::Node node = row[key];
    if (!node.IsDefined()) return false;
    if (node.IsScalar() && (node.Scalar() == "true" || node.Scalar() == "false"))
      return node.Scalar() == "true";
    mistake(node, fmt::format("{} for \"{}\"", shown(node), key), "true or false");
    return false;
  }
  Millis duration(const YAML::Node& row, const char* key, bool required = false) {
    const YAML::Node node = row[key];
    if (!node.IsDefined() && !required) return Millis(0);
    const auto parsed =
        node.IsDefined() && node.IsScalar() ? parse_duration(node.Scalar()) : Result<Millis>(bad_input(""));
    if (parsed && *parsed >= Millis(0)) return *parsed;
    mistake(node.IsDefined() ? node : row, fmt::format("{} for \"{}\"", shown(node), key),
            "a duration such as \"90 min\"");
    return Millis(0);
  }
  double share(const YAML::Node& row, const char* key, double otherwise) {
    const YAML::Node node = row[key];
    if (!node.IsDefined()) return otherwise;
    const auto number = node.IsScalar() ? parse_number(node.Scalar()) : std::nullopt;
    if (number && *number >= 0 && *number <= 1) return *number;
    mistake(node, fmt::format("{} for \"{}\"", shown(node), key), "a share from 0 to 1");
    return otherwise;
  }
  int whole(const YAML::Node& row, const char* key, int otherwise, int least, int most) {
    const YAML::Node node = row[key];
    if (!node.IsDefined()) return otherwise;
    const auto number = node.IsScalar() ? parse_integer(node.Scalar()) : std::nullopt;
    if (number && *number >= least && *number <= most) return static_cast<int>(*number);
    mistake(node, fmt::format("{} for \"{}\"", shown(node), key),
            fmt::format("a whole number from {} to {}", least, most));
    return otherwise;
  }

  // ---- who and where

  std::string mine_name(const YAML::Node& node) {
    const std::string name = node.IsScalar() ? node.Scalar() : "";
    if (std::find(mines_.begin(), mines_.end(), name) == mines_.end())
      mistake(node, shown(node), "the name of a mine of the region" + hint(name, mines_));
    return name;
  }
  Names mine_names(const YAML::Node& node) {
    Names out;
    if (!node.IsDefined()) return out;
    if (node.IsScalar() && (node.Scalar() == kAll || node.Scalar() == kOthers)) {
      for (const std::string& mine : mines_) {
        if (node.Scalar() == kAll || !out_.story.exact.contains(mine)) out.push_back(mine);
      }
      return out;
    }
    if (!node.IsSequence()) {
      mistake(node, fmt::format("{} for mines", shown(node)), "all, others or a list of names");
      return out;
    }
    for (const auto& item : node) out.push_back(mine_name(item));
    return out;
  }
  std::string actor(const YAML::Node& row, const Names& mines) {
    const std::string by = text(row, "by");
    if (by.empty()) return by;
    const YAML::Node node = row["by"];
    if (std::find(actors_.begin(), actors_.end(), by) == actors_.end()) {
      mistake(node, fmt::format("\"{}\" for \"by\"", by),
              "a role or an account of the region" + hint(by, actors_));
      return by;
    }
    if (is_account(by)) return by;
    if (mines.empty()) mistake(node, fmt::format("the role \"{}\" without mines", by), "an account");
    for (const std::string& mine : mines) {
      if (!has_role(mine, by))
        mistake(node, fmt::format("the role \"{}\", which nobody has at {}", by, mine),
                "a role of every mine of the row");
    }
    return by;
  }
  bool is_account(const std::string& name) const {
    return std::any_of(region_.accounts.begin(), region_.accounts.end(),
                       [&](const AccountRow& a) { return a.name == name; });
  }
  bool has_role(const std::string& mine, const std::string& role) const {
    const auto row = std::find_if(region_.mines.begin(), region_.mines.end(),
                                  [&](const MineRow& m) { return m.name == mine; });
    if (row == region_.mines.end()) return true;  // told already
    return std::any_of(region_.accounts.begin(), region_.accounts.end(), [&](const AccountRow& a) {
      return a.organisation == row->organisation &&
             std::find(a.roles.begin(), a.roles.end(), role) != a.roles.end();
    });
  }

  // ---- when

  /// "2-15": the 15th of the second month.
  bool date(const YAML::Node& node, int& month, int& day) {
    const auto parts = node.IsScalar() ? split(node.Scalar(), '-') : std::vector<std::string_view>{};
    const auto m = parts.size() == 2 ? parse_integer(parts[0]) : std::nullopt;
    const auto d = parts.size() == 2 ? parse_integer(parts[1]) : std::nullopt;
    if (!m || !d || *m < 1 || *m > 12 || *d < 1 || *d > 31) {
      mistake(node, shown(node), "month and day such as \"1-15\", month 1 being the first of the story");
      return false;
    }
    month = static_cast<int>(*m);
    day = static_cast<int>(*d);
    return true;
  }
  /// "07:40".
  Millis time_of_day(const YAML::Node& row, const char* key) {
    const YAML::Node node = row[key];
    const auto parts =
        node.IsDefined() && node.IsScalar() ? split(node.Scalar(), ':') : std::vector<std::string_view>{};
    const auto h = parts.size() == 2 ? parse_integer(parts[0]) : std::nullopt;
    const auto m = parts.size() == 2 && parts[1].size() == 2 ? parse_integer(parts[1]) : std::nullopt;
    if (h && m && *h >= 0 && *h < 24 && *m >= 0 && *m < 60)
      return std::chrono::hours(*h) + std::chrono::minutes(*m);
    mistake(node.IsDefined() ? node : row, fmt::format("{} for \"{}\"", shown(node), key),
            "a time of day such as \"07:40\"");
    return Millis(0);
  }
  /// "3..6".
  static bool range(const std::string& text, std::int64_t& from, std::int64_t& to) {
    const auto dots = text.find("..");
    if (dots == std::string::npos) return false;
    const auto a = parse_integer(text.substr(0, dots)), b = parse_integer(text.substr(dots + 2));
    if (!a || !b || *a > *b) return false;
    from = *a;
    to = *b;
    return true;
  }

  void on(const YAML::Node& node, Schedule& s) {
    for (const auto& item : rows(node)) {
      const std::string word = item.IsScalar() ? item.Scalar() : "";
      if (s.every == Schedule::Every::once) {
        int month = 0, day = 0;
        if (date(item, month, day)) s.dates.emplace_back(month, day);
      } else if (s.every == Schedule::Every::week) {
        const auto* at = std::find(std::begin(kWeekdays), std::end(kWeekdays), word);
        if (at == std::end(kWeekdays))
          mistake(item, shown(item), "a weekday: mon, tue, wed, thu, fri, sat or sun");
        s.weekdays.insert(static_cast<int>(at - std::begin(kWeekdays)) + 1);
      } else {
        const auto day = parse_integer(word);
        if (word == "last") {
          s.days.insert(0);
        } else if (day && *day >= 1 && *day <= 31) {
          s.days.insert(static_cast<int>(*day));
        } else {
          mistake(item, shown(item), "a day of the month, or last");
        }
      }
    }
  }
  Schedule schedule(const YAML::Node& row) {
    Schedule s;
    s.at = time_of_day(row, "at");
    s.within = duration(row, "within");
    const std::string every = text(row, "every", "once");
    const Names known = {"once", "day", "week", "month"};
    const auto at = std::find(known.begin(), known.end(), every);
    if (at == known.end()) {
      mistake(row["every"], fmt::format("\"{}\" for \"every\"", every), "one of: " + join(known, ", "));
      return s;
    }
    s.every = static_cast<Schedule::Every>(at - known.begin());
    const YAML::Node on_node = row["on"], times = row["times"];
    if (on_node.IsDefined()) on(on_node, s);
    if (times.IsDefined()) {
      std::int64_t from = 0, to = 0;
      if (s.every != Schedule::Every::month || on_node.IsDefined()) {
        mistake(times, "\"times\"", "it with `every: month` and without \"on\"");
      } else if (!times.IsScalar() || !range(times.Scalar(), from, to) || from < 0 || to > 28) {
        mistake(times, fmt::format("{} for \"times\"", shown(times)), "a range such as \"3..6\", at most 28");
      }
      s.times_from = static_cast<int>(from);
      s.times_to = static_cast<int>(to);
    }
    const bool needs_on = s.every != Schedule::Every::day && !times.IsDefined();
    if (needs_on != on_node.IsDefined() && !times.IsDefined())
      mistake(row, needs_on ? "no \"on\"" : "\"on\" with `every: day`",
              needs_on ? "the days on which it happens" : "none: it happens every day");
    return s;
  }

  // ---- values

  StoryValue value(const YAML::Node& node) {
    StoryValue v;
    v.line = line_of(node);
    if (node.IsSequence()) {
      v.kind = StoryValue::Kind::pick;
      for (const auto& item : node) v.choices.push_back(item.IsScalar() ? item.Scalar() : "");
      if (v.choices.empty()) mistake(node, "an empty list", "texts of which one is picked");
      return v;
    }
    if (!node.IsScalar()) {
      mistake(node, shown(node), "a text, a list of texts, or {...} in quotes");
      return v;
    }
    v.text = node.Scalar();
    if (v.text.size() < 2 || v.text.front() != '{' || v.text.back() != '}') return v;
    expression(node, v.text.substr(1, v.text.size() - 2), v);
    return v;
  }
  void expression(const YAML::Node& node, const std::string& inner, StoryValue& v) {
    using Kind = StoryValue::Kind;
    const auto end = inner.find_first_of("+- ");
    const std::string word = inner.substr(0, end);
    const std::string rest = end == std::string::npos ? "" : inner.substr(end);
    v.text = std::string(trim(rest));
    if (range(inner, v.from, v.to)) {
      v.kind = Kind::number;
    } else if (word == "day" && day_shift(rest, v.days)) {
      v.kind = Kind::day;
    } else if (word == "time" && time_shift(rest, v.shift)) {
      v.kind = Kind::time;
    } else if (inner == "own organisation") {
      v.kind = Kind::own;
    } else if (inner == "mine" || inner == "photo") {
      v.kind = inner == "mine" ? Kind::mine : Kind::photo;
    } else if (word == "person" && !v.text.empty()) {
      v.kind = Kind::person;
    } else if (word == "account") {
      v.kind = Kind::account;
      if (std::find(actors_.begin(), actors_.end(), v.text) == actors_.end())
        mistake(node, shown(node), "a role or an account of the region" + hint(v.text, actors_));
    } else if (word == "region") {
      v.kind = Kind::region;
      if (std::none_of(region_.regions.begin(), region_.regions.end(),
                       [&](const RegionRow& r) { return r.code == v.text; }))
        mistake(node, shown(node), "the code of a region");
    } else if (word == "last") {
      v.kind = Kind::last;
      if (!catalog_.record_type(v.text)) mistake(node, shown(node), "a record type" + hint(v.text, types_));
    } else {
      mistake(node, shown(node),
              "{day}, {day+10}, {time}, {time+2 h}, {2..5}, {mine}, {person POST}, {account ROLE}, {region "
              "CODE}, "
              "{last TYPE} or {photo}");
    }
  }
  static bool day_shift(const std::string& rest, int& days) {
    if (rest.empty()) return true;
    const auto n = parse_integer(rest.front() == '+' ? rest.substr(1) : rest);
    if (n) days = static_cast<int>(*n);
    return n.has_value();
  }
  static bool time_shift(const std::string& rest, Millis& shift) {
    if (rest.empty()) return true;
    const auto d = parse_duration(rest.substr(1));
    if (d) shift = rest.front() == '-' ? -*d : *d;
    return d.ok() && rest.front() != ' ';
  }
  StoryFields fields(const YAML::Node& row, const std::string& record) {
    StoryFields out;
    const YAML::Node node = row["fields"];
    if (!node.IsDefined()) return out;
    if (!node.IsMap()) {
      mistake(node, shown(node), "fields with their values");
      return out;
    }
    const pack::RecordType* type = catalog_.record_type(record);
    Names known;
    for (const auto& field : type ? type->fields : std::vector<pack::Field>{}) known.push_back(field.name);
    for (const auto& entry : node) {
      const std::string name = entry.first.Scalar();
      if (type && !type->field(name))
        mistake(entry.first, fmt::format("the field \"{}\"", name),
                fmt::format("one of record type {}{}", record, hint(name, known)));
      out[name] = value(entry.second);
    }
    return out;
  }

  // ---- rows

  std::vector<StoryStep> steps(const YAML::Node& list, const std::string& record, const Names& mines) {
    std::vector<StoryStep> out;
    const pack::RecordType* type = catalog_.record_type(record);
    const pack::Workflow* flow = type ? catalog_.workflow(type->workflow) : nullptr;
    Names known;
    for (const auto& t : flow ? flow->transitions : std::vector<pack::Transition>{}) known.push_back(t.name);
    for (const auto& node : rows(list)) {
      if (!keys(node, "step", {"step", "by", "after", "share", "reason", "fields", "sign", "when"})) continue;
      StoryStep s;
      s.line = line_of(node);
      s.step = text(node, "step");
      if (type && !s.step.empty() && std::find(known.begin(), known.end(), s.step) == known.end())
        mistake(node["step"], fmt::format("the step \"{}\"", s.step),
                fmt::format("one of record type {}: {}", record, join(known, ", ")));
      s.by = actor(node, mines);
      s.after = duration(node, "after", true);
      s.share = share(node, "share", 1);
      s.reason = text(node, "reason", "");
      s.fields = fields(node, record);
      s.sign = flag(node, "sign");
      s.when = conditions(node, type);
      out.push_back(std::move(s));
    }
    return out;
  }

  /// "when: {findings: "0"}": fields of the record with the value that they must have.
  pack::Conditions conditions(const YAML::Node& row, const pack::RecordType* type) {
    pack::Conditions out;
    const YAML::Node node = row["when"];
    if (!node.IsDefined()) return out;
    if (!node.IsMap()) {
      mistake(node, shown(node), "fields with their values");
      return out;
    }
    for (const auto& entry : node) {
      const std::string name = entry.first.Scalar();
      if (type && !type->field(name))
        mistake(entry.first, fmt::format("the field \"{}\"", name),
                fmt::format("one of record type {}", type->name));
      out.push_back({name, pack::Condition::Op::is, {entry.second.IsScalar() ? entry.second.Scalar() : ""}});
    }
    return out;
  }

  std::vector<StoryException> exceptions(const YAML::Node& list, const std::string& record,
                                         const Names& mines, bool trips) {
    std::vector<StoryException> out;
    const Names known =
        trips ? Names{"mine", "on", "skipped"} : Names{"mine", "on", "skipped", "late", "then"};
    for (const auto& node : rows(list)) {
      if (!keys(node, "exception", known)) continue;
      StoryException e;
      e.line = line_of(node);
      if (node["mine"].IsDefined()) e.mine = mine_name(node["mine"]);
      if (!mines.empty() && std::find(mines.begin(), mines.end(), e.mine) == mines.end())
        mistake(node, fmt::format("an exception for \"{}\"", e.mine), "a mine of its row");
      if (!node["on"].IsDefined() || !date(node["on"], e.month, e.day)) {
        if (!node["on"].IsDefined()) mistake(node, "no \"on\"", "the day of the exception, such as \"1-15\"");
      }
      e.skipped = flag(node, "skipped");
      e.late = duration(node, "late");
      e.then = steps(node["then"], record, e.mine.empty() ? mines : Names{e.mine});
      if (!e.skipped && e.late == Millis(0) && e.then.empty())
        mistake(node, "an exception that changes nothing", "skipped, late or then");
      out.push_back(std::move(e));
    }
    return out;
  }

  Routine routine(const YAML::Node& node) {
    Routine r;
    r.line = line_of(node);
    if (!keys(node, "routine",
              {"name", "record", "by", "mines", "every", "on", "times", "at", "within", "fields", "steps",
               "exceptions", "skipped_share", "late_share", "late"}))
      return r;
    r.name = text(node, "name");
    r.record = text(node, "record");
    if (!r.record.empty() && !catalog_.record_type(r.record))
      mistake(node["record"], fmt::format("the record type \"{}\"", r.record),
              "one of the packs" + hint(r.record, types_));
    r.mines = mine_names(node["mines"]);
    r.by = actor(node, r.mines);
    r.when = schedule(node);
    r.fields = fields(node, r.record);
    r.steps = steps(node["steps"], r.record, r.mines);
    r.exceptions = exceptions(node["exceptions"], r.record, r.mines, false);
    r.skipped_share = share(node, "skipped_share", 0);
    r.late_share = share(node, "late_share", 0);
    r.late = duration(node, "late", r.late_share > 0);
    return r;
  }

  /// "4 h" or "3 h..6 h".
  void lasts(const YAML::Node& row, TripPlan& t) {
    const YAML::Node node = row["lasts"];
    const std::string words = node.IsDefined() && node.IsScalar() ? node.Scalar() : "";
    const auto dots = words.find("..");
    const auto from = parse_duration(words.substr(0, dots));
    const auto to = dots == std::string::npos ? from : parse_duration(words.substr(dots + 2));
    if (!from || !to || *from <= Millis(0) || *to < *from) {
      mistake(node.IsDefined() ? node : row, fmt::format("{} for \"lasts\"", shown(node)),
              "a duration such as \"4 h\", or \"3 h..6 h\"");
      return;
    }
    t.lasts = *from;
    t.lasts_to = *to;
  }

  TripPlan trip(const YAML::Node& node) {
    TripPlan t;
    t.line = line_of(node);
    if (!keys(node, "trip",
              {"name", "who", "nth", "mines", "every", "on", "times", "at", "within", "lasts", "area",
               "area_after", "area_lasts", "exceptions"}))
      return t;
    t.name = text(node, "name");
    t.who = text(node, "who");
    t.nth = whole(node, "nth", 1, 1, 1000);
    t.mines = mine_names(node["mines"]);
    if (t.mines.empty())
      mistake(node, "a trip without mines", "all, others or a list of names for \"mines\"");
    t.when = schedule(node);
    lasts(node, t);
    t.area = text(node, "area", "");
    t.area_after = duration(node, "area_after", !t.area.empty());
    if (node["area_lasts"].IsDefined()) t.area_lasts = duration(node, "area_lasts", true);
    if (t.area.empty() && t.area_lasts)
      mistake(node["area_lasts"], "\"area_lasts\" without \"area\"", "both");
    if (t.area_after + t.area_lasts.value_or(Millis(0)) >= t.lasts && t.lasts > Millis(0))
      mistake(node, "a stay in an area that does not end before the trip", "a shorter one");
    t.exceptions = exceptions(node["exceptions"], "", t.mines, true);
    return t;
  }

  StoryOutcome& out_;
  const Region& region_;
  const pack::Catalog& catalog_;
  Names mines_, actors_, types_;
};

}  // namespace

StoryOutcome parse_month(std::string_view yaml, const std::string& file, const Region& region,
                         const pack::Catalog& catalog) {
  StoryOutcome out;
  out.story.file = file;
  const auto document = load_yaml(yaml);
  if (!document) {
    const Error& e = document.error();  // where: "line 7"
    const auto space = e.where.rfind(' ');
    out.mistakes.push_back(fmt::format("{}:{}: found {}, expected YAML", file,
                                       space == std::string::npos ? "1" : e.where.substr(space + 1),
                                       e.message));
    return out;
  }
  StoryReader(out, region, catalog).read(*document);
  return out;
}

}  // namespace mineward::app
