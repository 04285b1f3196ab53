/// Inside record/: the writes of one transaction.
#pragma once

#include <functional>
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

/// Something that may be raised, and the record it is raised from.
struct RaiseOf {
  const TypeModel* type = nullptr;
  const pack::Raise* raise = nullptr;
  Record from;
};
Refusal refuse(Error error, std::vector<FieldFault> faults = {});

class WriterImpl final : public Writer {
 public:
  /// `dry`: everything is checked and nothing is written; then a reading connection is enough.
  WriterImpl(const Context& context, db::Connection& connection, bool dry = false)
      : context_(context), connection_(connection), log_(connection), dry_(dry) {}

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
  Outcome<RaisedEach> raise_each(const Actor&, std::string_view type, RecordId, std::string_view name,
                                 const Fields&) override;
  Outcome<Record> ask_to_unseal(const Actor&, std::string_view type, RecordId,
                                std::vector<std::string> fields, std::string_view reason) override;
  Outcome<Fields> unseal(const Actor&, std::string_view type, RecordId, RecordId opening) override;
  Result<Record> get(const Actor&, std::string_view type, RecordId) override;
  Result<std::optional<Record>> find(const Actor&, std::string_view type, const Fields& equals) override;
  Status note(const Actor&, std::string_view action, std::string_view type, RecordId,
              const Json& detail) override;
  Result<std::int64_t> next_number(std::string_view series) override;
  Result<StoredFile> attach(const Actor&, std::string_view name, std::string_view bytes) override;
  db::Connection& connection() override { return connection_; }

  /// Reckons the totals of one record anew, and stores it when that changes it (totals.h).
  Result<std::optional<Refusal>> reckon(const TypeModel&, RecordId, const Actor&, std::string_view action);

  /// Before the commit; an error when a statement had failed, whatever the caller made of it.
  Status finish();

 private:
  using Written = Result<Outcome<Record>>;
  template <class T>
  Outcome<T> settle(Result<Outcome<T>> written) {
    if (written) return *std::move(written);
    broken_ = written.error();  // the transaction may be half written: it must not be committed
    return refuse(std::move(written).error());
  }

  /// The same of a record, as the actor may see it (confidential.h).
  Outcome<Record> settle(const Actor&, Written written);

  Written create_inner(const Actor&, std::string_view type, const Fields&, std::string_view reason);
  Written update_inner(const Actor&, std::string_view type, RecordId, std::int64_t version, const Fields&,
                       std::string_view reason);
  Written step_inner(const Actor&, std::string_view type, RecordId, std::int64_t version,
                     std::string_view transition, const Fields&, std::string_view reason);
  /// The step `withdraw` of a type without workflow.
  Written withdraw_flagged(const Actor&, const TypeModel&, const Record&, std::string_view reason);
  /// Why a record cannot be withdrawn: something stands on it (withdrawal.h).
  Result<std::optional<Refusal>> refuse_when_built_on(const TypeModel&, RecordId);
  Written sign_inner(const Actor&, std::string_view type, RecordId, std::int64_t version, bool agrees,
                     std::string_view opinion);
  Written raise_inner(const Actor&, std::string_view type, RecordId, std::string_view name, const Fields&);
  Written ask_to_unseal_inner(const Actor&, std::string_view type, RecordId, std::vector<std::string> fields,
                              std::string_view reason);
  Result<Outcome<Fields>> unseal_inner(const Actor&, std::string_view type, RecordId, RecordId opening);
  Result<Outcome<RaisedEach>> raise_each_inner(const Actor&, std::string_view type, RecordId,
                                               std::string_view name, const Fields&);
  /// The raise with the record it is of; a Refusal when the actor may not, or not now.
  Result<Outcome<RaiseOf>> prepare_raise(const Actor&, std::string_view type, RecordId,
                                         std::string_view name);
  Written make_raised(const Actor&, const RaiseOf&, const Fields& given);
  /// Writes what a step that was made changes in other records, in the name of who made it. The step is
  /// refused when one of them is.
  Written with_effects(const Actor&, const TypeModel&, const pack::Transition&, Outcome<Record> made);
  Result<std::optional<Refusal>> take_effect(const Actor&, const TypeModel&, const pack::Transition&,
                                             const pack::Effect&, const Record&);
  /// The totals that a record enters which was just written.
  Result<std::optional<Refusal>> keep_totals(const Draft&);
  /// Runs a write that may reach other records: when it is refused, nothing of it is there, whatever else the
  /// transaction writes.
  Written whole(std::string_view type, const std::function<Written()>& work);
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
  const bool dry_;
  std::optional<Error> broken_;
};

/// The next number of a period or series of a record type; gapless, since it comes and goes with the
/// transaction.
Result<std::int64_t> take_sequence(db::Connection&, std::string_view type, std::string_view period);
/// Gives the numbers that the step being taken gives, to a draft without faults.
Status take_step_numbers(db::Connection&, const Context&, Draft&);
/// Sets a field to what somebody gave, sealed when the field is protected.
void give(Draft&, const pack::Field&, FieldValue value);
/// Who did the one must not do the other. Adds faults.
void check_distinct(Draft&, const pack::Transition&);
/// Which words of `sets` a step gives: of a step that is signed, the people when it begins and the times when
/// it is made.
enum class SetWords { all, of_the_beginning, of_the_end };
Status take_sets(Draft&, const pack::Transition&, SetWords = SetWords::all);
/// The same for words that stand elsewhere in the step: field -> word.
Status take_words(Draft&, const pack::Transition&, const std::map<std::string, std::string>& sets, SetWords);
/// All that must hold for a draft to be stored: values, required, owner, references, files, uniqueness. Adds
/// faults.
Status check_draft(db::Connection&, const Context&, Draft&);
/// The text of a field, against its length, pattern and format. Adds faults.
void check_text(Draft&, const pack::Field&, const std::string& text);
/// Sets the fields that the type's computes give. After the owner is known.
Status work_out(db::Connection&, const Context&, Draft&);
/// The checks of the type over several fields. Adds faults.
Status check_rules(db::Connection&, const Context&, Draft&);
/// A value here in the kind of a field there: dates and times, numbers, texts turn into each other; where a
/// field names periods, a day becomes the period that it lies in.
Result<FieldValue> as_kind(const pack::Field& to, const FieldValue& value);
/// "me", "now", "today", "my_organisation" or a literal, for a field.
Result<FieldValue> word_value(const pack::Field&, const std::string& word, const Actor&, ArrivalTime now);
Refusal refuse_faults(const Draft&);

}  // namespace mineward::record
