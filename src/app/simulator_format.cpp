#include "app/simulator_format.h"

#include <fmt/format.h>

namespace mineward::app {

std::string upload_name(std::string_view mine, std::string_view type, EventTime at) {
  return fmt::format("{}_{}_{}.txt", mine, type, format_compact(at.utc_ms));
}

std::string upload_text(const std::string& header, const std::vector<std::string>& records) {
  std::string out = header + "~";
  for (const std::string& r : records) out += r;
  return out + "||";
}

std::string plain_header(const MineName& mine, EventTime at) {
  return fmt::format("{};{};{}", mine.code, mine.name, format_beijing(at.utc_ms));
}

std::string upload_record(std::initializer_list<std::string_view> fields) {
  std::string out;
  for (const std::string_view f : fields) {
    out += f;
    out += ';';
  }
  if (out.empty()) return "~";
  out.back() = '~';
  return out;
}

std::string number_text(std::optional<double> value, int decimals) {
  return value ? fmt::format("{:.{}f}", *value, decimals) : std::string();
}

std::string cddy_header(const MineName& mine, EventTime at) {
  return fmt::format("{};{};KJ0000X;煤矿安全监控系统（模拟）;示例厂家;2030-12-31;{}", mine.code, mine.name,
                     format_beijing(at.utc_ms));
}

std::string cddy_record(const PointDefinition& p, EventTime at) {
  const auto n = [](std::optional<double> v) { return number_text(v, 2); };
  return upload_record({p.code,
                        "01",
                        p.station,
                        p.sensor_type,
                        p.value_type,
                        p.unit,
                        n(p.range_high),
                        n(p.range_low),
                        n(p.alarm_high),
                        n(p.alarm_clear),
                        n(p.alarm_low),
                        n(p.alarm_low_clear),
                        n(p.cut),
                        n(p.restore),
                        "",
                        "",
                        p.on_text,
                        p.off_text,
                        p.place,
                        "",
                        "",
                        "",
                        p.relation,
                        format_beijing(at.utc_ms)});
}

std::string cdss_record(const PointDefinition& p, std::optional<double> value, int state, EventTime at) {
  // The place of a reading is the description alone; only CDDY carries the composed form.
  const std::string_view place = std::string_view(p.place).substr(0, p.place.find('&'));
  return upload_record({p.code, p.type_name, place, number_text(value, p.value_type == "KG" ? 0 : p.decimals),
                        p.unit, std::to_string(state), format_beijing(at.utc_ms)});
}

std::string kgbh_record(const PointDefinition& p, bool on, EventTime at) {
  return upload_record({p.code, on ? "1" : "0", format_beijing(at.utc_ms)});
}

}  // namespace mineward::app
