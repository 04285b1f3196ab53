/// Registers kept from definition files: points (with a diff against what was stored), stations, areas,
/// readers, persons, and the states of stations and readers. Prepared outside the transaction, applied
/// inside.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "feed/intake.h"
#include "feed/mines.h"

namespace mineward::feed {

/// The outcome of a write as a Result; the error names the fields that were refused, not their values.
Result<record::Record> taken(record::Outcome<record::Record> outcome);
/// Reads all records of a type that belong to a mine.
Result<std::vector<record::Record>> records_of(record::Store& store, std::string_view type,
                                               record::RecordId mine);
/// The program as the intake.
const record::Actor& intake_actor();

/// What one definition or state file wants to be so.
struct RegisterChange {
  std::vector<PointChange> changes;  ///< points only
  std::vector<Fault> faults;         ///< records that could not be kept
};

/// What a file is allowed to do beyond adding and changing.
struct RegisterContext {
  const pack::Catalog& catalog;
  record::Store& store;
  const Mine& mine;
  const Decoded& decoded;
  bool is_full = true;  ///< what the file lacks is removed; false for partial files
};

/// Codes of the records of a definition file whose sensor and value type the dictionaries know.
std::set<std::string> definable_points(const pack::Catalog& catalog, const Decoded& decoded);

/// Applies a CDDY. Writes point and point_change records.
Result<RegisterChange> apply_points(record::Writer& writer, const RegisterContext& context,
                                    const std::vector<record::Record>& stored);
/// Applies FZDY, RYQY, RYJZ, RYXX, FZSS or JZSS, by the layout's reader.
Result<RegisterChange> apply_register(record::Writer& writer, const RegisterContext& context,
                                      const std::vector<record::Record>& stored);
/// Record type that a reader of pack layouts keeps; empty = none.
std::string_view register_type(std::string_view reader);
/// The changes that an earlier application of this file has logged.
Result<std::vector<PointChange>> logged_changes(db::Connection& connection, record::RecordId mine,
                                                const std::string& file_name);

}  // namespace mineward::feed
