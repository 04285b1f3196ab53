/// Inside record/: one field's value in its four forms: FieldValue, database cell, JSON and text of the API.
#pragma once

#include <string>
#include <string_view>

#include "db/db.h"
#include "record/record.h"

namespace mineward::record {

/// Whether the alternative of the variant is the one that the field's type asks for (unset always fits).
bool fits(const pack::Field& field, const FieldValue& value);
/// Empty text and empty lists count as unset; of a repeated code the first stays.
FieldValue normalised(FieldValue value);

db::Value to_db(const FieldValue& value);
/// A cell of the wrong kind reads as unset.
FieldValue from_db(pack::FieldType type, const db::Value& cell);

Json value_to_json(pack::FieldType type, const FieldValue& value);
/// The error says what was found and what was expected; it carries no field name.
Result<FieldValue> value_from_json(pack::FieldType type, const Json& json);

/// The notation of filters, defaults and CSV: as in JSON, lists joined by ';'. Unset is "".
std::string value_to_text(pack::FieldType type, const FieldValue& value);
Result<FieldValue> value_from_text(pack::FieldType type, std::string_view text);

/// A date as its beginning in China, a time as it is; nullopt for anything else.
std::optional<std::int64_t> moment_of(const FieldValue& value);

/// "1234.50" <-> fen.
std::string format_money(std::int64_t fen);
Result<std::int64_t> parse_money(std::string_view yuan);

}  // namespace mineward::record
