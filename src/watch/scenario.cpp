#include "watch/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "watch/watch.h"

namespace mineward::watch {
namespace {

using Words = std::vector<std::string_view>;

Words words(std::string_view text) {
  Words out;
  for (auto w : split(text, ' '))
    if (!trim(w).empty()) out.push_back(trim(w));
  return out;
}

/// "40", "12m", "4h", "2d", "-13h": seconds unless said otherwise.
Result<Millis> offset(std::string_view text) {
  double factor = 1;
  std::string_view number = text;
  if (!text.empty()) {
    const char unit = text.back();
    factor = unit == 'm' ? 60 : unit == 'h' ? 3600 : unit == 'd' ? 86400 : 1;
    if (factor != 1 || unit == 's') number.remove_suffix(1);
  }
  const auto n = parse_number(number);
  if (!n) return bad_input(fmt::format("found '{}', expected a time such as 40, 12m or 4h", text));
  return Millis(std::llround(*n * factor * 1000));
}

Result<double> number(std::string_view text) {
  const auto n = parse_number(text);
  if (!n) return bad_input(fmt::format("found '{}', expected a number", text));
  return *n;
}

class Parser {
 public:
  explicit Parser(const pack::Catalog& catalog) : catalog_(catalog) {
    view_.code = "M";
    view_.name = "M";
    view_.mine = RecordId{1};
    view_.organisation = RecordId{1};
    view_.kind = "coal";
    view_.status = "producing";
  }

  Result<Scenario> run(const std::map<std::string, std::string>& given) {
    for (const auto& [key, text] : given) MW_TRY(declare(key, text));
    link_points(view_);
    out_.view = std::make_shared<MineView>(view_);
    for (const auto& [key, text] : given) MW_TRY(happen(key, text));
    std::stable_sort(out_.uploads.begin(), out_.uploads.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
    apply_definitions();
    merge_samples();
    return std::move(out_);
  }

 private:
  static std::pair<std::string, std::string> head(const std::string& key) {
    const auto bar = key.find('_');
    return bar == std::string::npos ? std::pair{key, std::string()}
                                    : std::pair{key.substr(0, bar), key.substr(bar + 1)};
  }

  Status declare(const std::string& key, const std::string& text) {
    const auto [what, name] = head(key);
    if (what == "mine") return declare_mine(text);
    if (what == "point") return declare_point(name.empty() ? "p" : name, text);
    if (what == "area") return declare_area(name, text);
    if (what == "plan") return declare_plans(text);
    static const std::vector<std::string> later = {"samples", "people", "define", "arrivals", "ticks"};
    if (std::find(later.begin(), later.end(), what) != later.end()) return {};
    return bad_input(fmt::format(
        "found '{}', expected mine, point, area, plan, samples, people, define, arrivals or ticks", key));
  }

  Status declare_mine(const std::string& text) {
    for (auto w : words(text)) {
      const auto eq = w.find('=');
      const auto k = w.substr(0, eq), v = eq == w.npos ? std::string_view() : w.substr(eq + 1);
      if (k == "kind")
        view_.kind = v;
      else if (k == "status")
        view_.status = v;
      else if (k == "region")
        view_.jurisdiction = v;
      else if (k == "quota") {
        MW_ASSIGN(const double n, number(v));
        view_.headcount_quota = static_cast<int>(n);
      } else if (k == "stay") {
        MW_ASSIGN(const double n, number(v));
        view_.stay_limit_hours = n;
      } else
        return bad_input(
            fmt::format("mine: found '{}', expected kind=, status=, region=, quota= or stay=", w));
    }
    return {};
  }

  static Status set_limit(OwnLimits& own, std::string_view k, std::string_view v, bool& known) {
    std::optional<double>* slot = k == "alarm"       ? &own.alarm_high
                                  : k == "clear"     ? &own.alarm_high_clear
                                  : k == "low"       ? &own.alarm_low
                                  : k == "low_clear" ? &own.alarm_low_clear
                                  : k == "cut"       ? &own.cut_high
                                  : k == "restore"   ? &own.cut_restore
                                                     : nullptr;
    known = slot != nullptr;
    if (!slot) return {};
    slot->reset();
    if (v == "none") return {};
    MW_ASSIGN(*slot, number(v));
    return {};
  }

  Status declare_point(const std::string& name, const std::string& text) {
    PointInfo p;
    p.key = static_cast<PointKey>(view_.points.size() + 1);
    p.id = RecordId{static_cast<std::int64_t>(100 + p.key)};
    p.code = name;
    p.place = name;
    const auto parts = words(text);
    if (parts.empty()) return bad_input("point " + name + ": expected a sensor type such as 0001");
    p.sensor_type = parts[0];
    const auto* types = catalog_.dictionary("sensor_type");
    const auto* entry = types ? types->entry(p.sensor_type) : nullptr;
    if (!entry)
      return bad_input(fmt::format("point {}: found sensor type '{}', expected one of the dictionary", name,
                                   p.sensor_type));
    const auto extra = [&](const char* column) {
      const auto it = entry->extra.find(column);
      return it == entry->extra.end() ? std::string() : it->second;
    };
    p.gas = extra("gas");
    p.unit = extra("unit");
    p.is_switch = extra("value_type") == "KG";
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const auto eq = parts[i].find('=');
      if (eq == std::string_view::npos) {
        p.role = parts[i];
        continue;
      }
      const auto k = parts[i].substr(0, eq), v = parts[i].substr(eq + 1);
      bool known = false;
      MW_TRY(set_limit(p.own, k, v, known));
      if (known) continue;
      if (k == "area")
        p.working_area = v;
      else if (k == "place")
        p.place = v;
      else if (k == "relation")
        p.relation = v;
      else if (k == "low_range") {
        MW_ASSIGN(p.range_low, number(v));
      } else if (k == "high_range") {
        MW_ASSIGN(p.range_high, number(v));
      } else if (k == "levels") {
        for (auto level : split(v, ',')) {
          MW_ASSIGN(const double n, number(level));
          p.levels.push_back(n);
        }
      } else
        return bad_input(fmt::format("point {}: '{}' is not understood", name, parts[i]));
    }
    keys_[name] = p.key;
    view_.points[p.key] = p;
    return {};
  }

  Status declare_area(const std::string& code, const std::string& text) {
    AreaInfo a;
    a.id = RecordId{static_cast<std::int64_t>(1000 + view_.areas.size())};
    a.code = a.name = code;
    for (auto w : words(text)) {
      if (w.starts_with("quota=")) {
        MW_ASSIGN(const double n, number(w.substr(6)));
        a.quota = static_cast<int>(n);
      } else if (w.starts_with("name="))
        a.name = w.substr(5);
      else
        a.kind = w;
    }
    view_.areas[code] = a;
    return {};
  }

  /// "blasting 0..30m place; calibration 0..1h"
  Status declare_plans(const std::string& text) {
    for (auto one : split(text, ';')) {
      const auto w = words(one);
      const auto dots = w.size() >= 2 ? w[1].find("..") : std::string_view::npos;
      if (dots == std::string_view::npos)
        return bad_input(fmt::format("plan: found '{}', expected kind from..to [place]", one));
      MW_ASSIGN(const Millis from, offset(w[1].substr(0, dots)));
      MW_ASSIGN(const Millis to, offset(w[1].substr(dots + 2)));
      view_.planned.push_back({std::string(w[0]), w.size() > 2 ? std::string(w[2]) : "",
                               kScenarioStart + from, kScenarioStart + to});
    }
    return {};
  }

  Status happen(const std::string& key, const std::string& text) {
    const auto [what, name] = head(key);
    if (what == "samples") return samples(name.empty() ? "p" : name, text);
    if (what == "people") return people(text);
    if (what == "define") return define(name, text);
    if (what == "arrivals" || what == "ticks") return timeline(what, text);
    return {};
  }

  Scenario::Upload& upload_at(Millis at) {
    out_.uploads.emplace_back().at = kScenarioStart + at;
    return out_.uploads.back();
  }

  /// "0=0.99 40=1.0/4 60=null 0..4h/30=0.3 0..12m/1m=0.4..0.6"
  Status samples(const std::string& name, const std::string& text) {
    if (!keys_.contains(name)) return bad_input("samples: no point " + name);
    for (auto w : words(text)) {
      const auto eq = w.find('=');
      if (eq == w.npos) return bad_input(fmt::format("samples {}: found '{}', expected time=value", name, w));
      MW_TRY(sample_run(keys_[name], w.substr(0, eq), w.substr(eq + 1)));
    }
    return {};
  }

  Status sample_run(PointKey key, std::string_view times, std::string_view value) {
    const auto slash = value.find('/');
    std::uint16_t state = 0;
    if (slash != value.npos) {
      MW_ASSIGN(const double n, number(value.substr(slash + 1)));
      state = static_cast<std::uint16_t>(n);
      value = value.substr(0, slash);
    }
    const auto dots = times.find("..");
    Millis from{0}, to{0}, every{1000};
    if (dots == times.npos) {
      MW_ASSIGN(from, offset(times));
      to = from;
    } else {
      const auto per = times.find('/');
      if (per == times.npos) return bad_input(fmt::format("found '{}', expected from..to/step", times));
      MW_ASSIGN(from, offset(times.substr(0, dots)));
      MW_ASSIGN(to, offset(times.substr(dots + 2, per - dots - 2)));
      MW_ASSIGN(every, offset(times.substr(per + 1)));
      if (every <= Millis(0)) return bad_input("a step must be positive");
    }
    std::optional<double> first, last;
    if (value != "null") {
      const auto ramp = value.find("..");
      MW_ASSIGN(first, number(value.substr(0, ramp)));
      last = first;
      if (ramp != value.npos) {
        MW_ASSIGN(last, number(value.substr(ramp + 2)));
      }
    }
    for (Millis t = from; t <= to; t += every) {
      std::optional<double> v = first;
      if (first && to > from)
        v = *first + (*last - *first) * static_cast<double>((t - from).count()) /
                         static_cast<double>((to - from).count());
      auto& u = upload_at(t);
      u.rows.push_back({key, {kScenarioStart + t, v, state}});
    }
    return {};
  }

  /// "0: c1@A1 c2@A2+sos+leader+in=-13h; 5m:"
  Status people(const std::string& text) {
    for (auto one : split(text, ';')) {
      const auto colon = one.find(':');
      if (colon == one.npos)
        return bad_input(fmt::format("people: found '{}', expected time: card@area ...", one));
      MW_ASSIGN(const Millis at, offset(trim(one.substr(0, colon))));
      auto& u = upload_at(at);
      u.is_positions = true;
      u.system = "rydw";
      for (auto w : words(one.substr(colon + 1))) MW_TRY(person(u, w));
    }
    return {};
  }

  static Status person(Scenario::Upload& u, std::string_view text) {
    feed::Position p;
    p.flag = 1;
    p.at = u.at;
    const auto parts = split(text, '+');
    const auto at = parts[0].find('@');
    p.card = parts[0].substr(0, at);
    if (at != std::string_view::npos) p.area = parts[0].substr(at + 1);
    for (std::size_t i = 1; i < parts.size(); ++i) {
      if (parts[i] == "sos")
        p.sos = true;
      else if (parts[i] == "leader")
        p.is_leader = true;
      else if (parts[i] == "left")
        p.flag = 2;
      else if (parts[i].starts_with("in=")) {
        MW_ASSIGN(const Millis in, offset(parts[i].substr(3)));
        p.entered = kScenarioStart + in;
      } else
        return bad_input(fmt::format("people: '{}' is not understood", text));
    }
    u.positions.push_back(std::move(p));
    return {};
  }

  /// define_60: "p alarm=1.5; q removed; r relation=none". Key "define_60".
  Status define(const std::string& when, const std::string& text) {
    MW_ASSIGN(const Millis at, offset(when));
    auto& u = upload_at(at);
    u.system = "aqjk";
    for (auto one : split(text, ';')) definitions_[u.at].push_back(std::string(trim(one)));
    for (const auto& d : definitions_[u.at]) {
      const auto w = words(d);
      if (w.empty() || !keys_.contains(std::string(w[0])))
        return bad_input("define: no such point in '" + d + "'");
      OwnLimits probe;
      for (std::size_t i = 1; i < w.size(); ++i) {
        const auto eq = w[i].find('=');
        bool known = w[i] == "removed" || w[i].starts_with("relation=");
        if (!known && eq != w[i].npos)
          MW_TRY(set_limit(probe, w[i].substr(0, eq), w[i].substr(eq + 1), known));
        if (!known) return bad_input(fmt::format("define: '{}' is not understood", w[i]));
      }
    }
    return {};
  }

  Status timeline(std::string_view what, const std::string& text) {
    for (auto w : words(text)) {
      const auto eq = w.find('=');
      MW_ASSIGN(const Millis at, offset(w.substr(0, eq)));
      auto& u = upload_at(at);
      if (what == "ticks")
        u.tick = true;
      else
        u.system = eq == w.npos ? "aqjk" : w.substr(eq + 1);
    }
    return {};
  }

  static std::string text_of(const std::optional<double>& v) { return v ? fmt::format("{}", *v) : ""; }

  /// Turns definitions into views and point changes, as the intake would.
  void apply_definitions() {
    MineView now = *out_.view;
    for (auto& u : out_.uploads) {
      const auto it = definitions_.find(u.at);
      if (it == definitions_.end() || u.system != "aqjk" || !u.rows.empty()) continue;
      for (const std::string& d : it->second) one_definition(now, u, d);
      link_points(now);
      u.view = std::make_shared<MineView>(now);
    }
  }

  void one_definition(MineView& now, Scenario::Upload& u, const std::string& d) {
    const auto w = words(d);
    const PointKey key = keys_.at(std::string(w[0]));
    PointInfo& p = now.points[key];
    const auto add = [&](std::string kind, std::string field, std::string from, std::string to, bool looser) {
      if (from != to || kind == "removed")
        u.changes.push_back(
            {std::move(kind), p.code, p.id, std::move(field), std::move(from), std::move(to), looser});
    };
    const OwnLimits before = p.own;
    for (std::size_t i = 1; i < w.size(); ++i) {
      const auto eq = w[i].find('=');
      bool known = false;
      if (w[i] == "removed") {
        add("removed", "", "", "", true);
        now.points.erase(key);
        return;
      }
      const std::string value(w[i].substr(eq + 1));
      if (w[i].starts_with("relation=")) {
        const std::string to = value == "none" ? "" : value;
        add("relation", "relation", p.relation, to, false);
        p.relation = to;
      } else {
        (void)set_limit(p.own, w[i].substr(0, eq), value, known);
      }
    }
    const auto upper = [&](const char* field, std::optional<double> a, std::optional<double> b) {
      add("limit", field, text_of(a), text_of(b), a && (!b || *b > *a));
    };
    upper("alarm_high", before.alarm_high, p.own.alarm_high);
    upper("alarm_high_clear", before.alarm_high_clear, p.own.alarm_high_clear);
    upper("cut_high", before.cut_high, p.own.cut_high);
    upper("cut_high_restore", before.cut_restore, p.own.cut_restore);
  }

  /// Samples of one time make one upload, as in a file.
  void merge_samples() {
    std::vector<Scenario::Upload> merged;
    for (auto& u : out_.uploads) {
      const bool plain = u.system.empty() && !u.is_positions && !u.tick;
      if (plain && !merged.empty() && merged.back().at == u.at && !merged.back().rows.empty()) {
        merged.back().rows.insert(merged.back().rows.end(), u.rows.begin(), u.rows.end());
      } else {
        merged.push_back(std::move(u));
      }
    }
    out_.uploads = std::move(merged);
  }

  const pack::Catalog& catalog_;
  MineView view_;
  Scenario out_;
  std::map<std::string, PointKey> keys_;
  std::map<EventTime, std::vector<std::string>> definitions_;
};

}  // namespace

Result<Scenario> Scenario::parse(const pack::Catalog& catalog,
                                 const std::map<std::string, std::string>& given) {
  return Parser(catalog).run(given);
}

std::vector<AlarmChange> Scenario::run(pack::CatalogPtr catalog,
                                       const std::function<void(std::unique_ptr<Engine>&)>& each) const {
  auto engine = std::make_unique<Engine>(catalog, view);
  std::vector<AlarmChange> out;
  std::uint64_t seq = 0;
  const auto take = [&](std::vector<AlarmChange> some) {
    std::move(some.begin(), some.end(), std::back_inserter(out));
  };
  for (const Upload& u : uploads) {
    const ArrivalTime arrived{u.at.utc_ms};
    if (u.view) engine->set_view(u.view, u.at);
    if (u.tick) {
      const auto due = engine->tick(arrived, ArrivalTime{});
      for (const AlarmChange& c : due) engine->adopt(c.rule->id, c.subject, c.begin, c.grade);
      take(due);
    } else {
      EngineInput in;
      in.seq = ++seq;
      in.system = u.system;
      in.rows = u.rows;
      in.changes = u.changes;
      in.is_definition = u.view != nullptr;
      in.positions = u.positions;
      in.is_positions = u.is_positions;
      in.header_time = u.at;
      in.arrived = arrived;
      take(engine->apply(in));
    }
    if (each) each(engine);
  }
  return out;
}

std::string changes_text(const std::vector<AlarmChange>& changes, std::string_view rule) {
  std::string out;
  const auto seconds = [](EventTime t) {
    return fmt::format("{}", static_cast<double>((t - kScenarioStart).count()) / 1000.0);
  };
  for (const AlarmChange& c : changes) {
    if (c.kind == AlarmChange::Kind::peak || (!rule.empty() && c.rule->id != rule)) continue;
    if (!out.empty()) out += ' ';
    if (rule.empty()) out += c.rule->id + ":";
    if (c.kind == AlarmChange::Kind::clear) {
      out += seconds(c.end.value_or(c.at)) + "-";
      continue;
    }
    out += seconds(c.at) + (c.kind == AlarmChange::Kind::raise ? "+" : "^") +
           std::string(pack::name_of(c.grade));
    if (c.planned) out += "/planned";
    if (c.late) out += "/late";
  }
  return out;
}

pack::ExampleOutcome run_rule_examples(pack::CatalogPtr catalog) {
  pack::ExampleOutcome outcome;
  for (const auto& rule : catalog->alarm_rules) {
    // An example shows what the rule does where it applies: it brings its own kind of mine.
    for (const auto& example : rule.examples) {
      auto scenario = Scenario::parse(*catalog, example.given);
      if (!scenario) {
        outcome.failed.push_back({example.place, fmt::format("{}, example '{}': {}", rule.id, example.name,
                                                             scenario.error().text())});
        continue;
      }
      const std::string found = changes_text(scenario->run(catalog), rule.id);
      if (found == trim(example.expect)) {
        ++outcome.passed;
      } else {
        outcome.failed.push_back({example.place, fmt::format("{}, example '{}': found '{}', expected '{}'",
                                                             rule.id, example.name, found, example.expect)});
      }
    }
  }
  return outcome;
}

}  // namespace mineward::watch
