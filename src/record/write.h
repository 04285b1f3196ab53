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
  bool hands_over = false;                 ///< the owner may become a body outside the actor's scope
  const pack::Transition* step = nullptr;  ///< that is being taken
  const Signed* signature = nullptr;       ///< stands in the log line beside the fields

  void fault(std::string_view field, std::string_view code, std::string message) {
    faults.push_back({std::string(field), std::string(code), std::move(message)});
  }
  /// Sets a field and notes whether that changes it.
  void set(const std::string& field, FieldValue value);
  const FieldValue& get(std::string_view field) const;
};

struct NextStage;

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
  Outcome<Record> sign(const Actor&, std::string_view type, RecordId, std::int64_t version, bool agrees,
                       std::string_view opinion) override;
  Outcome<Record> raise(const Actor&, std::string_view type, RecordId, std::string_view name,
                        const Fields&) override;
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
  Written sign_inner(const Actor&, std::string_view type, RecordId, std::int64_t version, bool agrees,
                     std::string_view opinion);
  Written raise_inner(const Actor&, std::string_view type, RecordId, std::string_view name, const Fields&);
  std::optional<Refusal> may_sign(Draft&, const pack::Transition&, const Signing&,
                                  const std::optional<NextStage>&, bool agrees) const;
  /// Loads for writing; a Refusal when it is not there for this actor or has another version.
  Result<Outcome<Record>> current(const Actor&, const TypeModel&, RecordId, std::int64_t version);
  /// The same by the name of the type, which becomes `type`.
  Result<Outcome<Record>> current(const Actor&, std::string_view type_name, RecordId, std::int64_t version,
                                  const TypeModel*& type);
  /// Checks the draft and writes it with its log line.
  Written store(Draft&, std::string_view action, std::string_view reason);
  Status insert(const Draft&);
  Status change(const Draft&);

  const Context& context_;
  db::Connection& connection_;
  LogWriter log_;
  std::optional<Error> broken_;
};

/// Sets a field to what somebody gave, sealed when the field is protected.
void give(Draft&, const pack::Field&, FieldValue value);
/// Who did the one must not do the other. Adds faults.
void check_distinct(Draft&, const pack::Transition&);
/// Which words of `sets` a step gives: of a step that is signed, the people when it begins and the times when
/// it is made.
enum class SetWords { all, of_the_beginning, of_the_end };
Status take_sets(Draft&, const pack::Transition&, SetWords = SetWords::all);
/// All that must hold for a draft to be stored: values, required, owner, references, files, uniqueness. Adds
/// faults.
Status check_draft(db::Connection&, const Context&, Draft&);
/// The text of a field, against its length, pattern and format. Adds faults.
void check_text(Draft&, const pack::Field&, const std::string& text);
/// Sets the fields that the type's computes give. After the owner is known.
Status work_out(db::Connection&, const Context&, Draft&);
/// The checks of the type over several fields. Adds faults.
Status check_rules(db::Connection&, const Context&, Draft&);
/// "me", "now", "today", "my_organisation" or a literal, for a field.
Result<FieldValue> word_value(const pack::Field&, const std::string& word, const Actor&, ArrivalTime now);
Refusal refuse(Error error, std::vector<FieldFault> faults = {});
Refusal refuse_faults(const Draft&);

}  // namespace mineward::record
