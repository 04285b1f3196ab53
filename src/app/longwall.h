/// The longwall reader and writer: a table of readings (ARFF or CSV, one row a period, no time column)
/// becomes CDDY, CDSS and KGBH files as a mine would send them. Which column is which point stands in a
/// mapping file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/simulator_format.h"
#include "base/result.h"
#include "base/time.h"

namespace mineward::app {

/// A table of numbers. `rows[i][c]` belongs to `columns[c]`; a missing value ("?", empty) is none.
struct LongwallSeries {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<double>>> rows;
  std::optional<std::size_t> column(std::string_view name) const;
};

/// ARFF ("@ATTRIBUTE", "@DATA", "%" comments) or CSV (first line names the columns), told by content. A row
/// with the wrong number of fields or a text where a number is due is an error that names its line.
Result<LongwallSeries> read_longwall(std::string_view text);

/// One column that becomes a point. `point.code` is complete.
struct LongwallColumn {
  std::string column;
  PointDefinition point;
};

/// The mapping file (examples/longwall/mapping.yaml shows every key).
struct LongwallMapping {
  MineName mine;
  EventTime start{};  ///< time of row 0
  Millis period{30000};
  std::vector<LongwallColumn> columns;
};
/// Unknown keys and missing ones are errors with the line.
Result<LongwallMapping> parse_longwall_mapping(std::string_view yaml);

/// Rows of one column that are sent with the calibration bit (4), first and last included, counted from 0.
struct CalibrationRows {
  std::string column;
  std::size_t first = 0, last = 0;
};

struct LongwallOptions {
  std::vector<CalibrationRows> calibration;
  std::size_t rows_per_file = 1;  ///< a mine sends 1; more makes large imports quick, with the same readings
};

/// Checks that every mapped column is in the series.
Status check_longwall(const LongwallSeries&, const LongwallMapping&);

/// The point definitions, stamped `at`.
UploadFile longwall_definitions(const LongwallMapping&, EventTime at);
/// The readings of rows [first, last) as one CDSS file, row `first` at `at`.
UploadFile longwall_samples(const LongwallSeries&, const LongwallMapping&, std::size_t first,
                            std::size_t last, EventTime at,
                            const std::vector<CalibrationRows>& calibration = {});
/// The switch changes of rows [first, last) against the row before each; nothing if there was none.
std::optional<UploadFile> longwall_switches(const LongwallSeries&, const LongwallMapping&, std::size_t first,
                                            std::size_t last, EventTime at);
/// Everything, in order of time.
std::vector<UploadFile> longwall_files(const LongwallSeries&, const LongwallMapping&, const LongwallOptions&);

}  // namespace mineward::app
