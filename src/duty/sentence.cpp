#include "duty/sentence.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace mineward::duty {

using pack::Catalog;
using pack::Condition;
using pack::DutyRule;
using pack::Label;
using pack::Period;

namespace {

Label operator+(Label a, const Label& b) {
  a.zh += b.zh;
  a.en += b.en;
  return a;
}

Label type_label(const Catalog& catalog, const std::string& name) {
  const pack::RecordType* type = catalog.record_type(name);
  return type ? type->label : Label{name, name};
}

Label field_label(const Catalog& catalog, const std::string& type_name, const std::string& name) {
  if (name == "state") return {"状态", "state"};
  if (name == "created_at") return {"录入时间", "time of entry"};
  if (name == "id") return {"本身", "itself"};
  const pack::RecordType* type = catalog.record_type(type_name);
  const pack::Field* field = type ? type->field(name) : nullptr;
  return field ? field->label : Label{name, name};
}

Label value_label(const Catalog& catalog, const std::string& type_name, const std::string& field_name,
                  const std::string& value) {
  const pack::RecordType* type = catalog.record_type(type_name);
  if (type && field_name == "state") {
    const pack::Workflow* workflow = catalog.workflow(type->workflow);
    const pack::State* state = workflow ? workflow->state(value) : nullptr;
    return state ? state->label : Label{value, value};
  }
  const pack::Field* field = type ? type->field(field_name) : nullptr;
  if (field && field->type == pack::FieldType::boolean)
    return value == "true" ? Label{"是", "yes"} : Label{"否", "no"};
  const pack::Dictionary* dictionary = field ? catalog.dictionary(field->dictionary) : nullptr;
  const pack::DictionaryEntry* entry = dictionary ? dictionary->entry(value) : nullptr;
  return entry ? entry->label : Label{value, value};
}

Label one_condition(const Catalog& catalog, const std::string& type, const Condition& condition) {
  const Label field = field_label(catalog, type, condition.field);
  if (condition.op == Condition::Op::set) return {field.zh + "已填", field.en + " is given"};
  if (condition.op == Condition::Op::unset) return {field.zh + "未填", field.en + " is not given"};
  const pack::RecordType* record = catalog.record_type(type);
  const pack::Field* known = record ? record->field(condition.field) : nullptr;
  if (known && known->type == pack::FieldType::boolean && condition.values.size() == 1) {
    const bool yes = (condition.values[0] == "true") == (condition.op == Condition::Op::is);
    return {(yes ? "" : "非") + field.zh, (yes ? "" : "not ") + field.en};
  }
  std::vector<std::string> zh, en;
  for (const auto& value : condition.values) {
    const Label label = value_label(catalog, type, condition.field, value);
    zh.push_back(label.zh);
    en.push_back(label.en);
  }
  const bool is = condition.op == Condition::Op::is;
  return {fmt::format("{}{}{}", field.zh, is ? "为" : "不为", join(zh, "或")),
          fmt::format("{} {} {}", field.en, is ? "is" : "is not", join(en, " or "))};
}

/// "（层级为矿，状态为已审核）"; empty without conditions.
Label conditions(const Catalog& catalog, const std::string& type, const pack::Conditions& all) {
  if (all.empty()) return {};
  std::vector<std::string> zh, en;
  for (const auto& condition : all) {
    const Label label = one_condition(catalog, type, condition);
    zh.push_back(label.zh);
    en.push_back(label.en);
  }
  return {"（" + join(zh, "，") + "）", " (" + join(en, ", ") + ")"};
}

Label period_label(Period period) {
  switch (period) {
    case Period::shift: return {"每班", "every shift"};
    case Period::day: return {"每天", "every day"};
    case Period::week: return {"每周", "every week"};
    case Period::month: return {"每月", "every month"};
    case Period::quarter: return {"每季度", "every quarter"};
    case Period::half_year: return {"每半年", "every half-year"};
    case Period::year: return {"每年", "every year"};
  }
  return {};
}

Label level_label(const std::string& level) {
  if (level == "mine") return {"矿", "the mine"};
  if (level == "county") return {"县级", "the county"};
  if (level == "city") return {"市级", "the city"};
  return {"省级", "the province"};
}

std::string hours_zh(Millis d) {
  constexpr std::int64_t kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;
  const std::int64_t ms = d.count();
  if (ms % kDay == 0) return fmt::format("{} 天", ms / kDay);
  if (ms % kHour == 0) return fmt::format("{} 小时", ms / kHour);
  return fmt::format("{:g} 分钟", static_cast<double>(ms) / kMinute);
}

Label due_label(const DutyRule& rule) {
  using Unit = pack::Due::Unit;
  const auto& due = rule.due;
  if (due.unit == Unit::at_end) return {"当期结束时到期", "due when the period ends"};
  const std::string_view unit = due.unit == Unit::working_days ? "个工作日"
                                : due.unit == Unit::days       ? "天"
                                : due.unit == Unit::hours      ? "小时"
                                                               : "分钟";
  return {fmt::format("当期结束{} {} {}内到期", due.before ? "前" : "后", due.count, unit),
          "due " + text_of(due) + " of the period"};
}

}  // namespace

Label sentence_of(const Catalog& catalog, const DutyRule& rule) {
  const Label who = type_label(catalog, rule.owed_by) + conditions(catalog, rule.owed_by, rule.owed_when);
  const Label what = type_label(catalog, rule.counts) + conditions(catalog, rule.counts, rule.when);
  const Label every = period_label(rule.every);
  const Label at = field_label(catalog, rule.counts, rule.at);
  const Label overseer = level_label(rule.overseen_by);
  Label out{"每个" + who.zh + "，" + every.zh + "，", "Each " + who.en + ", " + every.en + ", "};
  if (rule.is_limit()) {
    const Label from = field_label(catalog, rule.counts, rule.from),
                to = field_label(catalog, rule.counts, rule.to);
    const int most = rule.at_most.value_or(0);
    out =
        out +
        Label{fmt::format("{}持续超过 {}的{}（从{}到{}）{}，按{}归入当期；", most ? "" : "不得有",
                          hours_zh(*rule.longer_than), what.zh, from.zh, to.zh,
                          most ? fmt::format("不得超过 {} 条", most) : "", at.zh),
              fmt::format(
                  "has at most {} {} lasting longer than {} (from {} to {}), taken to the period of its {}; ",
                  most, what.en, format_duration(*rule.longer_than), from.en, to.en, at.en)};
  } else {
    out = out + Label{fmt::format("应有不少于 {} 条{}，按{}归入当期；{}；", rule.at_least.value_or(1),
                                  what.zh, at.zh, due_label(rule).zh),
                      fmt::format("has at least {} {}, taken to the period of its {}; {}; ",
                                  rule.at_least.value_or(1), what.en, at.en, due_label(rule).en)};
    if (rule.late_for.count() > 0)
      out = out + Label{fmt::format("逾期 {}内仍可补办，此后为未完成；", hours_zh(rule.late_for)),
                        fmt::format("it can be done late for {}, then it is missed; ",
                                    format_duration(rule.late_for))};
  }
  if (!rule.claims.record.empty()) {
    const Label claims = type_label(catalog, rule.claims.record);
    out = out +
          Label{fmt::format("{}须在 {}内有上述记录印证，否则不计；", claims.zh, hours_zh(rule.claims.within)),
                fmt::format("a {} counts only if such a record lies within {} of it; ", claims.en,
                            format_duration(rule.claims.within))};
  }
  for (const auto& step : rule.climbs) {
    const Label to = level_label(step.to_level);
    out = out + (step.after.count() == 0
                     ? Label{"逾期即报" + to.zh + "；", "when late it goes to " + to.en + " at once; "}
                     : Label{fmt::format("逾期 {}报{}；", hours_zh(step.after), to.zh),
                             fmt::format("{} late it goes to {}; ", format_duration(step.after), to.en)});
  }
  return out + Label{"由" + overseer.zh + "监管。", "overseen by " + overseer.en + "."};
}

Label sentence_of(const Catalog& catalog, const pack::Indicator& indicator) {
  const Label what =
      type_label(catalog, indicator.counts) + conditions(catalog, indicator.counts, indicator.when);
  const Label at = field_label(catalog, indicator.counts, indicator.at);
  const Label adds = indicator.adds.empty() ? Label{"条数", "number"}
                                            : field_label(catalog, indicator.counts, indicator.adds);
  if (indicator.stock)
    return {fmt::format("期末在册的{}的{}（{}不晚于期末）", what.zh, adds.zh, at.zh),
            fmt::format("{} of {} there at the end of the period (by {})", adds.en, what.en, at.en)};
  return {fmt::format("当期{}的{}合计（按{}）", what.zh, adds.zh, at.zh),
          fmt::format("{} of {} in the period (by {})", adds.en, what.en, at.en)};
}

Label words_of(State state) {
  switch (state) {
    case State::upcoming: return {"待完成", "To do"};
    case State::met: return {"已完成", "Done"};
    case State::late: return {"逾期", "Late"};
    case State::missed: return {"未完成", "Missed"};
    case State::met_late: return {"逾期完成", "Done late"};
  }
  return {};
}

Label words_of(Level level) {
  switch (level) {
    case Level::none: return {};
    case Level::mine: return {"矿", "Mine"};
    case Level::county: return {"县", "County"};
    case Level::city: return {"市", "City"};
    case Level::province: return {"省", "Province"};
  }
  return {};
}

Label period_words(const DutyRule& rule, const Span& period) {
  const Date first = china_date(period.from);
  const CivilDay c = civil(first);
  const std::string day = format_date(first);
  switch (rule.every) {
    case Period::shift: {
      const std::int64_t minute = (period.from - start_of_day_ms(first)) / 60'000;
      const auto at = std::find(rule.shifts.begin(), rule.shifts.end(), static_cast<int>(minute));
      const auto number = at - rule.shifts.begin() + 1;
      return {fmt::format("{}月{}日第{}班", c.month, c.day, number),
              fmt::format("{}, shift {}", day, number)};
    }
    case Period::day: return {fmt::format("{}月{}日", c.month, c.day), day};
    case Period::week: return {fmt::format("{}月{}日当周", c.month, c.day), "week of " + day};
    case Period::month: return {fmt::format("{}年{}月", c.year, c.month), day.substr(0, 7)};
    case Period::quarter:
      return {fmt::format("{}年第{}季度", c.year, (c.month + 2) / 3),
              fmt::format("{} Q{}", c.year, (c.month + 2) / 3)};
    case Period::half_year:
      return {fmt::format("{}年{}半年", c.year, c.month < 7 ? "上" : "下"),
              fmt::format("{} H{}", c.year, c.month < 7 ? 1 : 2)};
    case Period::year: return {fmt::format("{}年", c.year), std::to_string(c.year)};
  }
  return {};
}

}  // namespace mineward::duty
