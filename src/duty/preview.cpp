#include "duty/preview.h"

#include <algorithm>

#include <fmt/format.h>

namespace mineward::duty {
namespace {

/// A duty by what it is about, whichever pack says it: a rule that a stricter one replaces is the same
/// obligation.
struct About {
  std::string what;
  RecordId subject;
  std::int64_t period = 0;
  friend auto operator<=>(const About&, const About&) = default;
};

About about(const Duty& duty) {
  const auto& rule = *duty.rule;
  std::string what = rule.family.empty() ? rule.id : rule.family + "/" + rule.counts;
  for (const auto& condition : rule.when) {
    what += "/" + condition.field;
    for (const auto& value : condition.values) what += "=" + value;
  }
  return {std::move(what), duty.subject, duty.period.from};
}

class Comparison {
 public:
  Comparison(db::Connection& c, const Engine& engine, const Setting& setting, Date until)
      : c_(c), engine_(engine), setting_(setting), until_(start_of_day_ms({until.days + 1}) - 1) {}

  Result<Preview> run() {
    std::vector<Setting> settings = engine_.regime().settings();
    settings.push_back(setting_);
    const Regime after(engine_.catalog(), std::move(settings));
    for (const std::size_t rule : concerned()) {
      MW_TRY(collect(engine_.regime(), rule, before_));
      MW_TRY(collect(after, rule, after_));
    }
    compare();
    warn(after);
    for (auto* part : {&preview_.appear, &preview_.vanish, &preview_.turn}) shorten(*part);
    return std::move(preview_);
  }

 private:
  /// Rules of the packs named, and those that a rule of theirs may replace or give way to.
  std::vector<std::size_t> concerned() {
    std::vector<std::size_t> out;
    const auto& duties = engine_.catalog().duties;
    const auto named = [&](const pack::DutyRule& rule) {
      return rule.pack == setting_.pack || rule.pack == setting_.replaced_by;
    };
    for (std::size_t i = 0; i < duties.size(); ++i) {
      const bool related = std::any_of(duties.begin(), duties.end(), [&](const auto& other) {
        return named(other) &&
               (other.id == duties[i].id || (!other.family.empty() && other.family == duties[i].family));
      });
      if (named(duties[i])) preview_.rules.push_back(&duties[i]);
      if (related) out.push_back(i);
    }
    return out;
  }

  Status collect(const Regime& regime, std::size_t rule, std::map<About, Duty>& out) {
    const std::int64_t from = start_of_day_ms(setting_.first);
    const World world = engine_.world(regime, engine_.now(), until_);
    // A period belongs to the setting by its last day, so it may have begun before.
    return compute(c_, world, engine_.rules()[rule], {}, [&](Duty&& duty) -> Status {
      if (duty.period.to > from) out.insert_or_assign(about(duty), std::move(duty));
      return {};
    });
  }

  static void note(Preview::Part& part, const Duty& duty, std::optional<State> was) {
    ++part.count;
    ++part.by_rule[duty.rule->id];
    if (was) ++part.by_change[{*was, duty.verdict.state}];
    part.sample.push_back({duty, was});
  }

  void compare() {
    for (const auto& [key, duty] : after_) {
      const auto old = before_.find(key);
      if (old == before_.end()) {
        note(preview_.appear, duty, std::nullopt);
      } else if (old->second.verdict.state != duty.verdict.state || old->second.needed != duty.needed ||
                 old->second.due != duty.due || old->second.rule != duty.rule) {
        note(preview_.turn, duty, old->second.verdict.state);
      } else {
        ++preview_.unchanged;
      }
    }
    for (const auto& [key, duty] : before_) {
      if (!after_.contains(key)) note(preview_.vanish, duty, std::nullopt);
    }
  }

  static void shorten(Preview::Part& part) {
    std::sort(part.sample.begin(), part.sample.end(),
              [](const auto& a, const auto& b) { return a.duty.due < b.duty.due; });
    if (part.sample.size() > Preview::kSample) part.sample.resize(Preview::kSample);
  }

  void warn(const Regime& after) {
    const auto& duties = engine_.catalog().duties;
    const Date today = china_date(engine_.now());
    for (std::size_t i = 0; i < duties.size(); ++i) {
      const auto& rule = duties[i];
      const bool comes = (setting_.action == "switch_on" && rule.pack == setting_.pack) ||
                         (setting_.action == "replace" && rule.pack == setting_.replaced_by);
      if (!comes) continue;
      if (after.days(i, setting_.region) != after.own_days(i, setting_.region))
        preview_.warnings.push_back(
            {fmt::format("“{}”在该区域已有更严的规定，更严者有效", rule.label.zh),
             fmt::format("\"{}\": a stricter duty binds there; the stricter one holds", rule.label.en)});
      if (rule.source.confidence != "C")
        preview_.warnings.push_back(
            {fmt::format("“{}”的数值未经官方文本核实（可信度 {}）", rule.label.zh, rule.source.confidence),
             fmt::format("\"{}\": its number was not checked against the official text (confidence {})",
                         rule.label.en, rule.source.confidence)});
    }
    if (setting_.first < today)
      preview_.warnings.push_back({"起始日在过去：过去的期次会按新规则重新判定",
                                   "It begins in the past: past periods are judged anew"});
  }

  db::Connection& c_;
  const Engine& engine_;
  const Setting& setting_;
  const std::int64_t until_;
  std::map<About, Duty> before_, after_;
  Preview preview_;
};

}  // namespace

Result<Preview> preview_setting(db::Connection& c, const Engine& engine, const Setting& setting, Date until) {
  const auto& catalog = engine.catalog();
  for (const auto& name : {setting.pack, setting.replaced_by}) {
    if (name.empty()) continue;
    const pack::PackHeader* pack = catalog.pack(name);
    if (!pack) return bad_input(fmt::format("there is no pack {}", name), "pack");
    if (!pack->switchable)
      return bad_input(fmt::format("pack {} cannot be switched: it is always in force", name), "pack");
  }
  if ((setting.action == "replace") != !setting.replaced_by.empty())
    return bad_input("replaced_by is needed to replace, and only then", "replaced_by");
  if (setting.replaced_by == setting.pack) return bad_input("a pack cannot replace itself", "replaced_by");
  if (setting.last && *setting.last < setting.first)
    return bad_input("the last day is before the first", "last_day");
  return Comparison(c, engine, setting, until).run();
}

}  // namespace mineward::duty
