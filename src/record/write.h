/// Inside record/: the writes of one transaction.
#pragma once

#include <optional>

#include "record/change_log.h"
#include "record/model.h"

namespace mineward::record {

/// A record on its way to the database: what is there, what shall be there.
struct Draft {
  const TypeModel& type;
  const Actor& actor;
  std::optional<Record> before;  ///< none: a new one
  Record after;
  ArrivalTime now{};
  std::set<std::string, std::less<>> changed;  ///< fields whose value differs from `before`
  bool owner_given = false;                    ///< the owner field was given by the caller
  std::vector<FieldFault> faults;

  void fault(std::string_view field, std::string_view code, std::string message) {
    faults.push_back({std::string(field), std::string(code), std::move(message)});
  }
  /// Sets a field and notes whether that changes it.
  void set(const std::string& field, FieldValue value);
  const FieldValue& get(std::string_view field) const;
};

class WriterImpl final : public Writer {
 public:
  WriterImpl(const Context& context, db::Connection& connection)
      : context_(context), connection_(connection), log_(connection) {}

  Outcome<Record> create(const Actor&, std::string_view type, const Fields&,
                         std::string_view reason) override;
  Outcome<Record> update(const Actor&, std::string_view type, RecordId, std::int64_t version, const Fields&,
                         std::string_view reason) override;
  Outcome<Record> step(const Actor&, std::string_view type, RecordId, std::int64_t version,
                       std::string_view transition, const Fields&, std::string_view reason) override;
  Result<Record> get(const Actor&, std::string_view type, RecordId) override;
  Result<std::optional<Record>> find(const Actor&, std::string_view type, const Fields& equals) override;
  Status note(const Actor&, std::string_view action, std::string_view type, RecordId,
              const Json& detail) override;
  db::Connection& connection() override { return connection_; }

  /// Before the commit; an error when a statement had failed, whatever the caller made of it.
  Status finish();

 private:
  using Written = Result<Outcome<Record>>;
  Outcome<Record> settle(Written written);

  Written create_inner(const Actor&, std::string_view type, const Fields&, std::string_view reason);
  Written update_inner(const Actor&, std::string_view type, RecordId, std::int64_t version, const Fields&,
                       std::string_view reason);
  Written step_inner(const Actor&, std::string_view type, RecordId, std::int64_t version,
                     std::string_view transition, const Fields&, std::string_view reason);
  /// Loads for writing; a Refusal when it is not there for this actor or has another version.
  Result<Outcome<Record>> current(const Actor&, const TypeModel&, RecordId, std::int64_t version);
  /// Checks the draft and writes it with its log line.
  Written store(Draft&, std::string_view action, std::string_view reason);
  Status insert(const Draft&);
  Status change(const Draft&);

  const Context& context_;
  db::Connection& connection_;
  LogWriter log_;
  std::optional<Error> broken_;
};

/// All that must hold for a draft to be stored: values, required, owner, references, files, uniqueness. Adds
/// faults.
Status check_draft(db::Connection&, const Context&, Draft&);
/// "me", "now", "today", "my_organisation" or a literal, for a field.
Result<FieldValue> word_value(const pack::Field&, const std::string& word, const Actor&, ArrivalTime now);
Refusal refuse(Error error, std::vector<FieldFault> faults = {});
Refusal refuse_faults(const Draft&);

}  // namespace mineward::record
