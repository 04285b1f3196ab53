/// feed/: takes in what mines upload.
///
/// Is for: telling the dialect, decoding by the pack's tables, the rules of monitoring.md §1.13, dedupe,
/// quarantine,
///         registers kept from definition files, the drop folder.
/// Never: judges a value against a limit; drops a record silently; acknowledges before the journal has it;
/// knows HTTP. Start reading at: decode.h (one file to records), then intake.h (what happens to it).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "pack/catalog.h"

namespace mineward::feed {

/// Error codes of monitoring.md §1.13, printed as "E_TERM" and so on; W_ codes are warnings, the file goes
/// on.
enum class Code {
  e_name,
  e_enc,
  e_term,
  e_head,
  e_mine,
  e_future,
  e_stale,
  e_dup,
  e_fields,
  e_type,
  e_unknown_point,
  e_decrypt,
  w_enc_fallback,
  w_bom
};
std::string_view name_of(Code code);

/// One fault of a file or of a record.
struct Fault {
  Code code{};
  int record = 0;  ///< 1 = the first after the header; 0 = the file or its header
  int field = 0;   ///< 1-based; 0 = the whole record
  std::string found, expected;
  /// "file:record:field: E_CODE found ..., expected ..."
  std::string text(std::string_view file) const;
};

/// The parts of "<mine>_<TYPE>_<yyyyMMddHHmmss>.txt".
struct FileName {
  std::string mine;
  std::string type;
  EventTime time{};
};
Result<FileName> parse_file_name(const pack::Catalog&, std::string_view name);

/// One cell after conversion. Text is a view into Decoded::text.
struct Cell {
  std::string_view text;          ///< trimmed original
  std::optional<double> number;   ///< number, integer, state, flag; none for sentinels and empty
  std::optional<EventTime> time;  ///< time
};
/// One record; cells in the order of `layout`.
struct DecodedRecord {
  int index = 0;                                      ///< 1-based position in the file
  const std::vector<pack::Column>* layout = nullptr;  ///< which of the accepted layouts
  std::vector<Cell> cells;
  const Cell* cell(std::string_view column) const;
};

/// A reading, as CDSS has it: the hot path, so without a general record around it. Views into Decoded::text.
struct Reading {
  int index = 0;
  std::string_view point, type_name, place, unit;  ///< type_name: as sent, a name in dialect A
  std::optional<double> value;                     ///< none for sentinels and empty
  std::uint16_t state = 0;
  EventTime at{};
};

struct Decoded {
  std::string name;  ///< file name
  FileName name_parts;
  const pack::Dialect* dialect = nullptr;
  const pack::FileLayout* layout = nullptr;
  std::shared_ptr<const std::string> text;  ///< UTF-8; owns what the views point to
  DecodedRecord header;
  std::string mine;  ///< mine code of the header
  EventTime header_time{};
  std::vector<Reading> readings;       ///< for reader "sample"
  std::vector<DecodedRecord> records;  ///< for all others
  std::vector<Fault> faults;           ///< bad records and warnings; the rest is kept
  int total_records = 0;
};

/// Decodes one file. An Error (with the code's name at the start of its message) when nothing can be kept:
/// bad name, no terminator, header faults, too many bad records; Error::where is "file:record:field".
/// `dialect` empty = told by content. `refused`, if given, receives every fault that was found when the file
/// is refused. Of a key that occurs twice in a file the last record counts; the earlier one leaves an E_DUP
/// fault when it differs.
Result<Decoded> decode(const pack::Catalog&, std::string_view file_name, std::string_view bytes,
                       std::string_view dialect = {}, std::vector<Fault>* refused = nullptr);
/// Records that were left out because they could not be read: faults that are neither a warning nor E_DUP.
int bad_records(const std::vector<Fault>& faults);

/// One JSON object a sample or record, one a line, as `mineward decode` prints it.
std::string to_json_lines(const pack::Catalog&, const Decoded&);

}  // namespace mineward::feed
