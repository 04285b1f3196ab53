#include "watch/wording.h"

#include <fmt/format.h>

#include "base/text.h"

namespace mineward::watch {
namespace {

template <class Tag>
std::string clock_text(Instant<Tag> t) {
  return format_beijing(t.utc_ms);
}

pack::Label level_name(std::string_view level) {
  const struct {
    std::string_view code, zh;
  } names[] = {
      {"mine", "矿级"}, {"county", "县级"}, {"city", "市级"}, {"province", "省级"}, {"nation", "国家级"}};
  for (const auto& n : names)
    if (n.code == level) return {std::string(n.zh), std::string(level)};
  return {std::string(level), std::string(level)};
}

std::string grade_zh(pack::Grade g) {
  constexpr const char* kNames[] = {"无级别", "蓝色", "黄色", "橙色", "红色"};
  return kNames[static_cast<std::size_t>(g)];
}

std::string number_or(const std::optional<double>& n, const char* otherwise) {
  return n ? fmt::format("{}", *n) : otherwise;
}

}  // namespace

Said& Said::and_also(const Said& more) {
  if (more.empty()) return *this;
  if (empty()) return *this = more;
  zh += "；" + more.zh;
  en += "; " + more.en;
  return *this;
}

std::string short_place(std::string_view place, std::string_view working_area) {
  const auto description = trim(place.substr(0, place.find('&')));
  return std::string(description.empty() ? trim(working_area) : description);
}

std::string duration_zh(Millis d) {
  const std::string text = format_duration(d);
  const auto space = text.find(' ');
  const std::string unit = text.substr(space + 1);
  const char* zh = unit == "d"     ? "天"
                   : unit == "h"   ? "小时"
                   : unit == "min" ? "分钟"
                   : unit == "s"   ? "秒"
                                   : "毫秒";
  return text.substr(0, space + 1) + zh;
}

namespace wording {

Said unanswered(Millis after, std::string_view to_level, const pack::Source& source) {
  const auto level = level_name(to_level);
  const std::string basis = source.clause.empty() ? "" : fmt::format("（依据：{}）", source.clause);
  return {fmt::format("{}内无人确认，升级至{}{}", duration_zh(after), level.zh, basis),
          fmt::format("nobody acknowledged it for {}: to the {} ({})", format_duration(after), level.en,
                      source.text)};
}
Said cleared() { return {"报警已解除", "cleared"}; }
Said regraded(pack::Grade from, pack::Grade to) {
  if (from == to) return {"不再属于计划作业，级别不变", "no longer planned work; the grade stays"};
  return {fmt::format("级别由{}升为{}", grade_zh(from), grade_zh(to)),
          fmt::format("regraded from {} to {}", pack::name_of(from), pack::name_of(to))};
}
Said peak_rose() { return {"峰值更新", "a new peak"}; }
Said made_of_alarm(const std::string& number) {
  return {"由报警 " + number + " 转为隐患", "made of alarm " + number};
}
Said hazard_made_by(const std::string& name) {
  return {name + " 已将本报警转为隐患", "hazard made by " + name};
}

Said own_definition(EventTime from) {
  if (from.utc_ms <= 0) return {"矿方自定义限值", "mine's own definition"};
  return {fmt::format("矿方自定义限值（{} 起）", clock_text(from)),
          "mine's own definition of " + clock_text(from)};
}
Said own_stay_limit() { return {"矿方规定的井下停留时限", "mine's own limit of stay"}; }
Said mine_quota() { return {"全矿定员", "quota of the mine"}; }
Said area_quota() { return {"上传的区域定员", "quota of the area as uploaded"}; }

Said samples_over(std::int64_t n, const std::string& limit, const std::string& unit, EventTime since) {
  return {fmt::format("自 {} 起 {} 个采样 {} {}", clock_text(since), n, limit, unit),
          fmt::format("{} samples {} {} since {}", n, limit, unit, clock_text(since))};
}
Said people_there(int n) {
  return {fmt::format("该地点有 {} 人", n), fmt::format("people at the place: {}", n)};
}
Said late_data_end() { return {"迟到数据到此为止", "the late data end here"}; }
Said no_reading(const std::string& code, EventTime since) {
  return {fmt::format("自 {} 起没有 {} 的读数", clock_text(since), code),
          fmt::format("no reading of {} since {}", code, clock_text(since))};
}
Said still_on(bool feed, const std::string& code, double value, EventTime at, Millis after) {
  return {fmt::format("{} {} 于 {} 读数为 {}，此时距应断电已 {}", feed ? "馈电传感器" : "断电器", code,
                      clock_text(at), value, duration_zh(after)),
          fmt::format("{} {} reads {} at {}, {} after the cut was due", feed ? "feed sensor" : "breaker",
                      code, value, clock_text(at), format_duration(after))};
}
Said fan_runs() { return {"局部通风机已恢复运行", "the fan runs again"}; }
Said fan_stopped(EventTime since, const std::string& code, double from, double to, const std::string& unit,
                 Millis in) {
  return {fmt::format("自 {} 起停风；{} 在 {}内由 {} 变为 {} {}", clock_text(since), code, duration_zh(in),
                      from, to, unit),
          fmt::format("stopped since {}; {} went from {} to {} {} in {}", clock_text(since), code, from, to,
                      unit, format_duration(in))};
}
Said by_blasting() { return {"在已批准的爆破作业时段内", "covered by approved blasting"}; }
Said not_by_blasting() {
  return {"未按时降到限值以下，不能用爆破解释", "not below the limit in time: blasting does not explain it"};
}
Said keeps_rising() { return {"持续上升", "rising all the time"}; }
Said above(double limit, const std::string& unit) {
  return {fmt::format("高于 {} {}", limit, unit), fmt::format("above {} {}", limit, unit)};
}
Said peak_and_limit(double peak, const std::string& unit, const std::string& limit) {
  Said s{fmt::format("峰值 {} {}", peak, unit), fmt::format("peak {} {}", peak, unit)};
  if (limit.empty()) return s;
  s.zh += "，限值 " + limit;
  s.en += ", limit " + limit;
  return s;
}

Said flat(double low, double high, const std::string& unit, EventTime since, double samples) {
  return {fmt::format("自 {} 起 {} 个采样始终在 {} 至 {} {} 之间，而相邻测点有变化", clock_text(since),
                      samples, low, high, unit),
          fmt::format("between {} and {} {} since {} ({} samples) while a neighbour moved", low, high, unit,
                      clock_text(since), samples)};
}
Said moves_again() { return {"读数恢复变化", "it moves again"}; }
Said calibration_not_approved() { return {"不在任何已批准的标校时段内", "outside any approved calibration"}; }
Said calibration_longer(Millis d) { return {"超过 " + duration_zh(d), "longer than " + format_duration(d)}; }
Said calibration_after_high(Millis after, double share) {
  return {fmt::format("读数超过报警限值的 {} 倍后 {}即开始标校", share, duration_zh(after)),
          fmt::format("began {} after a reading above {} of the alarm limit", format_duration(after), share)};
}
Said calibration_of_month(int number) {
  return {fmt::format("本月第 {} 次标校", number), fmt::format("number {} of this month", number)};
}
Said pulse(double spike, const std::string& unit, EventTime at, double then) {
  return {fmt::format("{} 读数 {} {}，随即降为 {}：瞬时脉冲", clock_text(at), spike, unit, then),
          fmt::format("{} {} at {}, then {}: a pulse", spike, unit, clock_text(at), then)};
}
Said point_removed() { return {"测点已删除", "the point was removed"}; }
Said breaker_removed(const std::string& code) {
  return {fmt::format("与断电器 {} 的关联已删除", code), fmt::format("relation to breaker {} removed", code)};
}
Said limit_loosened(const pack::Label& field, const std::string& from, const std::string& to) {
  return {fmt::format("{}由 {} 改为 {}", field.zh, from, to.empty() ? "无" : to),
          fmt::format("{} {} -> {}", field.en, from, to.empty() ? "none" : to)};
}
Said looser_than_floor(Limit which, std::optional<double> mine, const std::string& floor) {
  constexpr const char* kZh[] = {"报警值", "低限报警值", "断电值", "复电值"};
  constexpr const char* kEn[] = {"alarm", "low alarm", "cut", "restore"};
  const auto i = static_cast<std::size_t>(which);
  return {fmt::format("{}：矿方为 {}，底线为 {}", kZh[i], number_or(mine, "无"), floor),
          fmt::format("{}: the mine has {}, the floor is {}", kEn[i], number_or(mine, "none"), floor)};
}

Said underground_since(EventTime t) {
  return {fmt::format("自 {} 起在井下", clock_text(t)), "underground since " + clock_text(t)};
}
Said people_over_quota(int people, int quota) {
  return {fmt::format("{} 人，定员 {} 人", people, quota), fmt::format("{} people, quota {}", people, quota)};
}
Said in_restricted_area(const std::string& card, const std::string& area) {
  return {fmt::format("标识卡 {} 进入限制区域 {}", card, area),
          fmt::format("card {} in restricted area {}", card, area)};
}
Said calls_for_help(const std::string& card) {
  return {fmt::format("标识卡 {} 呼救", card), fmt::format("card {} calls for help", card)};
}
Said runs_while(const std::string& place, const pack::Label& status) {
  return {fmt::format("矿山状态为“{}”时 {} 仍在运行", status.zh, place),
          fmt::format("{} runs while the mine is: {}", place, status.en)};
}
Said people_while(std::size_t people, const pack::Label& status) {
  return {fmt::format("矿山状态为“{}”时井下有 {} 人", status.zh, people),
          fmt::format("{} people underground while the mine is: {}", people, status.en)};
}
Said nobody_by_file() { return {"人员位置文件显示井下无人", "nobody underground by the position file"}; }
Said fan_on(const std::string& place) { return {"风机开启：" + place, "fan on: " + place}; }
Said load_on(const std::string& place) { return {"设备开启：" + place, "load on: " + place}; }
Said gas_varies(const std::string& place) { return {"甲烷有变化：" + place, "gas varies: " + place}; }
Said no_file(const std::string& system, ArrivalTime since) {
  return {fmt::format("自 {} 起没有收到 {} 系统的有效文件", clock_text(since), system),
          fmt::format("no accepted file of {} since {}", system, clock_text(since))};
}
Said counts(bool of_items, const std::array<int, 4>& n) {
  return {
      fmt::format("{}蓝色 {}，黄色 {}，橙色 {}，红色 {}", of_items ? "各项目：" : "", n[0], n[1], n[2], n[3]),
      fmt::format("{}{} blue, {} yellow, {} orange, {} red", of_items ? "items: " : "", n[0], n[1], n[2],
                  n[3])};
}

}  // namespace wording
}  // namespace mineward::watch
