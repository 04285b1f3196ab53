// Who sits an examination: named by an officer, or drawn among the people of a mine.
#include <fmt/format.h>

#include <algorithm>

#include "exam/exams.h"
#include "exam/paper_records.h"

namespace mineward::exam {

using record::Fields;
using record::Refusal;
using record::Writer;

namespace {

constexpr std::size_t kMostAtOnce = 500;

/// So many of the mine's people who are not candidates yet, each equally likely.
Result<Outcome<std::vector<RecordId>>> at_random(Writer& writer, const Actor& actor, RecordId exam,
                                                 const Candidates& wanted, Random& random) {
  using Answer = Outcome<std::vector<RecordId>>;
  MW_ASSIGN(const Record mine, writer.get(actor, "mine", wanted.mine));
  MW_ASSIGN(
      const db::Rows rows,
      writer.connection().query("SELECT id FROM person WHERE mine = $1 AND (withdrawn IS NULL OR withdrawn "
                                "= 0) AND id NOT IN (SELECT person FROM exam_paper WHERE exam = $2) ORDER "
                                "BY id",
                                {mine.id.value, exam.value}));
  const auto count = static_cast<std::size_t>(wanted.at_random);
  if (rows.size() < count)
    return Answer(refused(Errc::bad_input, "at_random",
                          fmt::format("该矿只有 {} 人可抽，要求 {} 人", rows.size(), count),
                          fmt::format("{} asked for, the mine has {} who can be drawn", count, rows.size())));
  std::uint8_t bytes[8];
  random.fill(bytes);
  std::uint64_t seed = 0;
  for (const std::uint8_t byte : bytes) seed = seed << 8 | byte;
  // The draw of papers serves people too: one part, one "question" a person.
  std::vector<PoolQuestion> people;
  for (std::size_t i = 0; i < rows.size(); ++i)
    people.push_back({RecordId{rows.integer(i, 0)}, "judge", false, 2});
  std::vector<RecordId> out;
  for (const DrawnQuestion& one : draw({{"judge", wanted.at_random, 0, 0}}, people, seed))
    out.push_back(one.id);
  return Answer(std::move(out));
}

/// The number of the next attempt; a refusal when there is none.
Result<Outcome<std::int64_t>> next_attempt(Writer& writer, const Record& exam, const Record& person) {
  using Answer = Outcome<std::int64_t>;
  MW_ASSIGN(
      const db::Rows rows,
      writer.connection().query("SELECT attempt, state FROM exam_paper WHERE exam = $1 AND person = $2 ORDER "
                                "BY attempt DESC LIMIT 1",
                                {exam.id.value, person.id.value}));
  if (rows.empty()) return Answer(std::int64_t{1});
  const std::string name = person.text("name"), state = rows.text(0, 1);
  if (state != "failed" && state != "absent")
    return Answer(refused(Errc::conflict, "persons", fmt::format("{} 已有试卷，不需补考", name),
                          fmt::format("{} has a paper and needs no resit", name)));
  const std::int64_t attempt = rows.integer(0, 0) + 1;
  const auto allowed = static_cast<std::int64_t>(exam.number("resits").value_or(0));
  if (attempt > 1 + allowed)
    return Answer(refused(
        Errc::conflict, "persons", fmt::format("{} 已用完补考机会（允许 {} 次），须重新培训", name, allowed),
        fmt::format("{} has no resit left ({} allowed): retraining is due", name, allowed)));
  return Answer(attempt);
}

/// The account that is this person's, if one is.
Result<RecordId> account_of(Writer& writer, RecordId person) {
  MW_ASSIGN(const auto account, writer.find(marker(), "account", {{"person", person}}));
  return account ? account->id : RecordId{};
}

Result<Outcome<Record>> add_one(Writer& writer, const Actor& actor, const Record& exam, RecordId id) {
  const auto person = writer.get(actor, "person", id);
  if (!person)
    return Outcome<Record>(refused(Errc::bad_input, "persons", "没有这个人员", "there is no such person"));
  MW_ASSIGN(const auto attempt, next_attempt(writer, exam, *person));
  if (const auto* refusal = std::get_if<Refusal>(&attempt)) return Outcome<Record>(*refusal);
  Fields fields{{"exam", exam.id}, {"person", id}, {"attempt", std::get<std::int64_t>(attempt)}};
  if (const RecordId mine = person->reference("mine")) fields["mine"] = mine;
  MW_ASSIGN(const RecordId account, account_of(writer, id));
  if (account) fields["account"] = account;
  return writer.create(actor, "exam_paper", fields);
}

}  // namespace

Outcome<std::vector<Record>> Exams::add(const Actor& actor, RecordId exam_id, const Candidates& wanted) {
  using Answer = Outcome<std::vector<Record>>;
  return in_one_write<std::vector<Record>>(store_, [&](Writer& writer) -> Result<Answer> {
    MW_ASSIGN(const Record exam, writer.get(actor, "exam", exam_id));
    if (exam.state != "planned" && exam.state != "open")
      return Answer(refused(Errc::conflict, "exam", "考试已经结束", "the examination is over"));
    std::vector<RecordId> persons = wanted.persons;
    if (wanted.at_random > 0) {
      MW_ASSIGN(auto drawn, at_random(writer, actor, exam_id, wanted, random_));
      if (const auto* refusal = std::get_if<Refusal>(&drawn)) return Answer(*refusal);
      for (const RecordId id : std::get<std::vector<RecordId>>(drawn)) persons.push_back(id);
    }
    if (persons.empty() || persons.size() > kMostAtOnce)
      return Answer(refused(Errc::bad_input, "persons", fmt::format("一次可添加 1 至 {} 人", kMostAtOnce),
                            fmt::format("1 to {} persons at once", kMostAtOnce)));
    std::vector<Record> out;
    for (const RecordId person : persons) {
      MW_ASSIGN(auto made, add_one(writer, actor, exam, person));
      if (const auto* refusal = std::get_if<Refusal>(&made)) return Answer(*refusal);
      out.push_back(stripped(store_.catalog(), std::get<Record>(std::move(made))));
    }
    return Answer(std::move(out));
  });
}

}  // namespace mineward::exam
