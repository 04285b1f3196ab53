/// Inside exam/: the records behind a paper, read and put into words.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "exam/exams.h"

namespace mineward::exam {

/// The program itself, for what follows from rules and not from a person.
const Actor& marker();
/// The same account with the rights of the program, for what is its own paper wherever it is kept.
Actor on_behalf_of(Actor actor);

/// A refusal that people can read.
record::Refusal refused(Errc code, std::string field, std::string zh, std::string en);

/// One transaction that is rolled back when its outcome is a refusal.
template <class T>
Outcome<T> in_one_write(record::Store& store,
                        const std::function<Result<Outcome<T>>(record::Writer&)>& work) {
  std::optional<Outcome<T>> outcome;
  const Status done = store.write([&](record::Writer& writer) -> Status {
    MW_ASSIGN(outcome, work(writer));
    const auto* refusal = std::get_if<record::Refusal>(&*outcome);
    return refusal ? Status(refusal->error) : Status();
  });
  if (outcome && std::holds_alternative<record::Refusal>(*outcome)) return *std::move(outcome);
  if (!done) return record::Refusal{done.error(), {}, {}};
  return *std::move(outcome);
}

/// A question of the bank as it would stand on a paper; nullopt when its answer fits no option.
struct UsableQuestion {
  PoolQuestion pool;
  std::string right;
};
std::optional<UsableQuestion> usable(const Record& question);

/// What the examination asks for, and what the bank has for it.
Result<Bank> bank_of(db::Connection&, const Record& exam, std::vector<PoolQuestion>* pool);
std::string words_of(const std::vector<Shortage>&, const pack::Catalog&, bool chinese);

/// The fields of an answer record: the question as it is now.
record::Fields asked_fields(const Record& question, const DrawnQuestion& drawn, RecordId paper, int sequence,
                            const std::string& right);
ShownQuestion shown(const Record& answer, bool review);

bool is_closed(const Record& exam);
bool is_over(const Record& paper, ArrivalTime now);  ///< its time is up
/// Without fields that never leave the store.
Record stripped(const pack::Catalog&, Record record);

}  // namespace mineward::exam
