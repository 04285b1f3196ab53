/// record/: typed records: tables from record types, workflows, scope, change log, attachments, search.
///
/// Is for: everything that reads or writes a business object.
/// Never: knows a particular system by name, judges a reading, hides or deletes a record, writes without a
/// log entry,
///        reads without a scope.
/// Start reading at: store.h.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/json.h"
#include "base/time.h"
#include "pack/catalog.h"

namespace mineward::record {

using mineward::RecordId;

/// Value of one field. Which alternative follows from FieldType:
/// text, long_text, choice -> string; choices, attachments -> vector<string>; integer, money -> int64;
/// decimal -> double; boolean -> bool; date -> Date; instant -> EventTime; reference -> RecordId; unset ->
/// monostate.
using FieldValue = std::variant<std::monostate, std::string, std::int64_t, double, bool, Date, EventTime,
                                RecordId, std::vector<std::string>>;
using Fields = std::map<std::string, FieldValue, std::less<>>;

inline bool is_set(const FieldValue& v) { return !std::holds_alternative<std::monostate>(v); }

struct Record {
  RecordId id;
  std::string type;
  std::int64_t version = 0;                ///< 1 when made; grows by one with each change
  std::string state;                       ///< workflow state; empty when the type has no workflow
  RecordId owner;                          ///< organisation whose record this is; 0 for types owned by nobody
  ArrivalTime created_at{}, updated_at{};  ///< entry times, by our clock
  std::string created_by, updated_by;      ///< account names, or "system:intake"
  Fields fields;

  std::string text(std::string_view field) const;    ///< "" if unset or no text
  RecordId reference(std::string_view field) const;  ///< 0 if unset
  std::optional<double> number(std::string_view field) const;
  std::optional<EventTime> time(std::string_view field) const;
  bool flag(std::string_view field) const;                ///< false if unset or no boolean
  const FieldValue& value(std::string_view field) const;  ///< unset if the record has no such field
};

/// The part of the organisation tree that an account may see: one organisation and all below it.
struct Scope {
  RecordId root;  ///< 0 with everything = false: nothing
  bool everything = false;
};

/// On whose behalf something is read or written.
struct Actor {
  RecordId account;  ///< 0 for the program itself
  std::string name;  ///< account name, or "system:intake"
  std::set<std::string> roles;
  Scope scope;
  RecordId organisation;
  std::string origin;      ///< client address, "cli", "intake", "timer"
  bool is_system = false;  ///< may set system fields and take steps without roles

  static Actor system(std::string name);  ///< sees everything
};

/// What to list.
struct Filter {
  std::string field;  ///< field name, or "state", "id", "created_at", "updated_at", "owner"
  enum class Op { eq, ne, lt, le, gt, ge, in, contains, is_null, not_null } op = Op::eq;
  std::vector<std::string> values;  ///< as text, in the notation of the API
};
struct ListQuery {
  std::string type;
  std::vector<Filter> filters;
  std::string words;        ///< full text; empty = none
  std::string sort = "id";  ///< a field or a system column
  bool descending = true;
  int limit = 50;            ///< 1..500
  std::string after;         ///< cursor from the page before
  bool count_total = false;  ///< exactly up to 10,000, and where that is quick
};
struct Page {
  std::vector<Record> records;
  std::string next;  ///< cursor; empty = the last page
  std::optional<std::int64_t> total;
  bool total_exact = true;  ///< false: there are at least so many
};

/// One line of the change log.
struct Change {
  std::int64_t seq = 0;
  std::string type;
  RecordId id;
  std::int64_t version = 0;
  std::string action;  ///< "create", "update", "step:<name>", "import", "sign_in" ...
  std::string actor;
  std::string origin;
  ArrivalTime at{};
  std::string reason;
  Json diff;  ///< {"field": [old, new], ...}
  std::string prev_hash, hash;
};

/// A field's fault, for the form: which field and why.
struct FieldFault {
  std::string field;
  std::string
      code;  ///< "required", "too_long", "out_of_range", "bad_format", "unknown_code", "not_unique",
             ///< "not_found", "read_only", "unknown_field", "same_person", "evidence", "bad_file",
             ///< "rule" (a check of the pack), "built_on" (others stand on what is withdrawn), "not_stored"
  std::string message;     ///< English, for engineers
  pack::Label words = {};  ///< for codes "rule" and "built_on": what is said to people
};

/// Why a write was refused, in full.
struct Refusal {
  Error error;  ///< bad_input, conflict, forbidden or not_found
  std::vector<FieldFault> faults;
  std::optional<Record> current;  ///< for a stale version: what is stored now
};
/// One signature of a step that several people make together.
struct Signed {
  std::string stage;
  RecordId account;
  std::string name;
  ArrivalTime at{};
  bool agrees = true;  ///< false: sent back
  std::string opinion;
};
/// A step that waits for signatures.
struct Signing {
  std::int64_t round = 0;
  std::string step;
  RecordId begun_by;
  std::string begun_by_name;
  ArrivalTime begun_at{};
  std::vector<Signed> signatures;
};

/// A record that waits for a signature.
struct WaitingRecord {
  std::string type;
  RecordId id;
  Signing signing;
};

/// Two records that belong together: what was raised from what.
struct Link {
  std::string type;  ///< of the other record
  RecordId id;
  std::string kind;     ///< name of the raise
  bool outward = true;  ///< the other one was raised from this one
  ArrivalTime at{};
  std::string by;
};

/// What was made by raising something for each of many.
struct RaisedEach {
  int made = 0;
  int there_already = 0;  ///< had one before
};

/// A clock of a record as it stood when it was read.
struct ClockView {
  std::string type;
  RecordId id, owner;
  std::string clock;  ///< name in the workflow
  std::string state;  ///< name_of(ClockReading::State)
  std::optional<std::int64_t> started, due, half, fifths, ended;
};

/// Which clocks: those that run and are due before an instant, soonest first.
struct ClockQuery {
  std::int64_t before = INT64_MAX;
  std::string type;   ///< empty = all
  bool mine = false;  ///< only those of which the actor's roles are reminded
  int limit = 100;    ///< 1..500
};

/// A T or a Refusal.
template <class T>
using Outcome = std::variant<T, Refusal>;

}  // namespace mineward::record
