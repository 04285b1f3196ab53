/// Upload files of dialect A as text, written as mines write them. The reader of these is feed/; nothing is
/// shared with it on purpose, so that a mistake in one shows in the other.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace mineward::app {

/// A file on its way to the platform.
struct UploadFile {
  ArrivalTime sent{};  ///< when it arrives
  std::string name;    ///< "<mine>_<TYPE>_<yyyyMMddHHmmss>.txt"
  std::string bytes;
};

/// One measuring point as CDDY defines it. Absent numbers are left empty.
struct PointDefinition {
  std::string code;
  std::string station;
  std::string sensor_type;  ///< four digits
  std::string type_name;
  std::string value_type;  ///< "MN", "KG"
  std::string unit;
  std::optional<double> range_high, range_low, alarm_high, alarm_clear, alarm_low, alarm_low_clear, cut,
      restore;
  std::string on_text, off_text;
  std::string place;     ///< "description&working area&standard role"
  std::string relation;  ///< "D-<point>-<name>", "K-<point>-<name>"
  int decimals = 2;      ///< resolution of the sensor
};

/// A mine as file headers name it.
struct MineName {
  std::string code;
  std::string name;
};

std::string upload_name(std::string_view mine, std::string_view type, EventTime at);
/// `header~record~...||`; every record comes with its `~`.
std::string upload_text(const std::string& header, const std::vector<std::string>& records);
/// `code;name;time`.
std::string plain_header(const MineName& mine, EventTime at);
/// Fields joined by `;`, ended by `~`.
std::string upload_record(std::initializer_list<std::string_view> fields);
/// With fixed decimals; empty for none.
std::string number_text(std::optional<double> value, int decimals);

std::string cddy_header(const MineName& mine, EventTime at);
std::string cddy_record(const PointDefinition& point, EventTime at);
/// `state` is the bit set of the point; no value is sent as an empty field.
std::string cdss_record(const PointDefinition& point, std::optional<double> value, int state, EventTime at);
std::string kgbh_record(const PointDefinition& point, bool on, EventTime at);

}  // namespace mineward::app
