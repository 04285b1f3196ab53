#include "exam/exams.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"
#include "exam/paper_records.h"

namespace mineward::exam {

using record::Fields;
using record::Filter;
using record::ListQuery;
using record::Refusal;
using record::Writer;

namespace {

/// Without I, L, O and U: nothing that is read or typed wrong. 32 to the power of 10 codes.
constexpr std::string_view kCodeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCodeLength = 10;

/// A code as its digest is made of it: capital letters and digits, with O for 0 and I, L for 1.
std::string tidy_code(std::string_view code) {
  std::string out;
  for (char c : code) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) out += c;
  }
  return out;
}

std::string new_code(Random& random) {
  std::uint8_t bytes[kCodeLength];
  random.fill(bytes);
  std::string out;
  for (const std::uint8_t byte : bytes) out += kCodeLetters[byte % kCodeLetters.size()];
  return out;
}

std::uint64_t new_seed(Random& random) {
  std::uint8_t bytes[8];
  random.fill(bytes);
  std::uint64_t seed = 0;
  for (const std::uint8_t byte : bytes) seed = seed << 8 | byte;
  return seed;
}

const Refusal* refusal_in(const Outcome<Record>& outcome) { return std::get_if<Refusal>(&outcome); }

/// Whoever may change papers looks after them.
bool is_officer(const pack::Catalog& catalog, const Actor& actor) {
  const auto* type = catalog.record_type("exam_paper");
  return type && std::any_of(type->access.update.begin(), type->access.update.end(),
                             [&](const auto& role) { return actor.roles.contains(role); });
}

Refusal not_open(const Record& exam) {
  return exam.state == "planned"
             ? refused(Errc::conflict, "exam", "考试尚未开考", "the examination is not open yet")
             : refused(Errc::conflict, "exam", "考试已经结束", "the examination is over");
}

Refusal too_late() {
  return refused(Errc::conflict, "due_at", "答题时间已到，之前的作答已保存并交卷",
                 "the time is up; what was answered before is kept and handed in");
}

/// What is answered on a paper, in order, with what never leaves the store.
Result<std::vector<Record>> answers_of(record::Store& store, RecordId paper) {
  ListQuery query;
  query.type = "exam_answer";
  query.filters = {{"paper", Filter::Op::eq, {paper.text()}}};
  query.sort = "sequence";
  query.descending = false;
  query.limit = 500;
  std::vector<Record> out;
  while (true) {
    MW_ASSIGN(record::Page page, store.list(marker(), query));
    std::move(page.records.begin(), page.records.end(), std::back_inserter(out));
    if (page.next.empty()) return out;
    query.after = page.next;
  }
}

/// Marks what was handed in and tells the training record. `paper` is in state submitted.
Result<Outcome<Record>> mark_paper(Writer& writer, const Record& paper, const Record& exam) {
  MW_ASSIGN(const db::Rows rows,
            writer.connection().query(
                "SELECT id, right_letters, given, worth FROM exam_answer WHERE paper = $1 ORDER BY sequence",
                {paper.id.value}));
  std::vector<MarkedAnswer> answers;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const MarkedAnswer answer{rows.number(i, 3), is_right(rows.text(i, 2), rows.text(i, 1))};
    answers.push_back(answer);
    auto marked =
        writer.update(marker(), "exam_answer", RecordId{rows.integer(i, 0)}, 0,
                      {{"correct", answer.correct}, {"points", answer.correct ? answer.worth : 0.0}});
    if (refusal_in(marked)) return marked;
  }
  const Mark mark = mark_of(answers, paper.number("pass_mark").value_or(100));
  auto done = writer.step(marker(), "exam_paper", paper.id, 0, mark.passed ? "pass" : "fail",
                          {{"score", mark.score}});
  if (refusal_in(done)) return done;
  const RecordId session = exam.reference("session");
  if (!session) return done;
  MW_ASSIGN(const auto attended, writer.find(marker(), "training_attendance",
                                             {{"session", session}, {"person", paper.reference("person")}}));
  if (!attended) return done;
  auto told = writer.update(marker(), "training_attendance", attended->id, 0,
                            {{"score", mark.score}, {"result", mark.passed ? "passed" : "failed"}});
  if (refusal_in(told)) return told;
  return done;
}

/// Ends a paper that is being answered: handed in by `as`, or because its time is up; marked, or void when
/// the examination is.
Result<Outcome<Record>> finish(Writer& writer, const Actor& as, const Record& paper, bool time_up) {
  MW_ASSIGN(const Record exam, writer.get(marker(), "exam", paper.reference("exam")));
  if (exam.state == "void" || exam.state == "cancelled")
    return writer.step(marker(), "exam_paper", paper.id, 0, "void", {}, "the examination is void");
  auto handed_in =
      writer.step(time_up ? marker() : as, "exam_paper", paper.id, 0, time_up ? "time_up" : "submit", {});
  if (refusal_in(handed_in)) return handed_in;
  return mark_paper(writer, std::get<Record>(handed_in), exam);
}

/// Closes the paper if its time is up; says whether it did.
Status close_if_over(record::Store& store, RecordId id, ArrivalTime now) {
  const auto outcome = in_one_write<Record>(store, [&](Writer& writer) -> Result<Outcome<Record>> {
    MW_ASSIGN(Record paper, writer.get(marker(), "exam_paper", id));
    if (paper.state != "started" || !is_over(paper, now)) return Outcome<Record>(std::move(paper));
    return finish(writer, marker(), paper, true);
  });
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) return refusal->error;
  return {};
}

/// Whether this attempt may be begun.
Result<std::optional<Refusal>> may_start(Writer& writer, const Record& paper, const Record& exam,
                                         ArrivalTime now) {
  using Answer = std::optional<Refusal>;
  if (exam.state != "open") return Answer(not_open(exam));
  if (!exam.number("minutes") || !exam.number("pass_mark"))
    return Answer(refused(Errc::conflict, "exam", "规定表没有给出这类考试的时长与合格线",
                          "the table of rules gives no time and pass mark for this kind"));
  const auto attempt = paper.number("attempt").value_or(1);
  if (attempt > 1 + exam.number("resits").value_or(0))
    return Answer(
        refused(Errc::conflict, "attempt",
                fmt::format("本考试允许补考 {} 次，这是第 {} 次", exam.number("resits").value_or(0), attempt),
                fmt::format("{} resits are allowed, this is attempt {}", exam.number("resits").value_or(0),
                            attempt)));
  MW_ASSIGN(
      const db::Rows other,
      writer.connection().query("SELECT COUNT(*) FROM exam_paper WHERE person = $1 AND id <> $2 AND state "
                                "= 'started' AND due_at >= $3",
                                {paper.reference("person").value, paper.id.value, now.utc_ms}));
  if (other.integer(0, 0) > 0)
    return Answer(refused(Errc::conflict, "person", "该考生还有一份试卷正在作答",
                          "another paper of this person is being answered"));
  return Answer();
}

/// Draws the paper, writes its questions down, starts its clock.
Result<Outcome<Record>> begin(Writer& writer, const pack::Catalog& catalog, const Actor& as,
                              const Record& paper, const Record& exam, std::uint64_t seed, ArrivalTime now) {
  std::vector<PoolQuestion> pool;
  MW_ASSIGN(const Bank bank, bank_of(writer.connection(), exam, &pool));
  if (!bank.shortages.empty())
    return Outcome<Record>(refused(Errc::conflict, "exam",
                                   "题库不足：" + words_of(bank.shortages, catalog, true),
                                   "the bank does not suffice: " + words_of(bank.shortages, catalog, false)));
  const auto drawn = draw(bank.parts, pool, seed);
  if (drawn.empty())
    return Outcome<Record>(refused(Errc::conflict, "exam", "组卷题数为 0（实操考试请人工阅卷）",
                                   "the examination has no questions; practice is marked by hand"));
  int sequence = 0;
  for (const DrawnQuestion& one : drawn) {
    MW_ASSIGN(const Record question, writer.get(marker(), "question", one.id));
    const auto known = usable(question);
    if (!known) return corrupt(fmt::format("question {} changed while it was drawn", one.id.value));
    auto asked =
        writer.create(as, "exam_answer", asked_fields(question, one, paper.id, ++sequence, known->right), {});
    if (refusal_in(asked)) return asked;
  }
  const auto minutes = static_cast<std::int64_t>(*exam.number("minutes") * 60'000);
  return writer.step(as, "exam_paper", paper.id, 0, "start",
                     {{"seed", fmt::format("{:016x}", seed)},
                      {"drawn_at", EventTime{now.utc_ms}},
                      {"due_at", EventTime{now.utc_ms + minutes}},
                      {"questions", static_cast<std::int64_t>(drawn.size())},
                      {"pass_mark", *exam.number("pass_mark")}});
}

Refusal not_the_candidate() {
  return refused(Errc::forbidden, "person", "只有考生本人可以作答", "only the candidate may answer");
}

}  // namespace

// ---- whose paper it is
// -------------------------------------------------------------------------------------------

Result<std::vector<ShownPaper>> Exams::mine(const Actor& actor) {
  std::vector<ShownPaper> out;
  if (!actor.account) return out;
  MW_ASSIGN(const Record account, store_.get(marker(), "account", actor.account));
  std::vector<Filter> whose = {{"account", Filter::Op::eq, {actor.account.text()}}};
  if (const RecordId person = account.reference("person"))
    whose.push_back({"person", Filter::Op::eq, {person.text()}});
  for (const Filter& filter : whose) {
    ListQuery query;
    query.type = "exam_paper";
    query.filters = {filter};
    query.limit = 100;
    MW_ASSIGN(const record::Page page, store_.list(marker(), query));
    for (const Record& paper : page.records) {
      const bool known = std::any_of(out.begin(), out.end(),
                                     [&](const ShownPaper& other) { return other.paper.id == paper.id; });
      if (known) continue;
      ShownPaper shown;
      MW_ASSIGN(shown.exam, store_.get(marker(), "exam", paper.reference("exam")));
      shown.paper = stripped(store_.catalog(), paper);
      shown.candidate = true;
      shown.now = clock_.now();
      out.push_back(std::move(shown));
    }
  }
  std::sort(out.begin(), out.end(),
            [](const ShownPaper& a, const ShownPaper& b) { return a.paper.id > b.paper.id; });
  return out;
}

Result<Access> Exams::by_account(const Actor& actor, RecordId id) {
  const Error unknown = not_found(fmt::format("there is no exam_paper {}", id.value));
  const auto paper = store_.get(marker(), "exam_paper", id);
  if (!paper) return unknown;
  Access access{id, on_behalf_of(actor), false};
  if (actor.account) {
    MW_ASSIGN(const Record account, store_.get(marker(), "account", actor.account));
    const RecordId person = account.reference("person");
    access.candidate =
        paper->reference("account") == actor.account || (person && paper->reference("person") == person);
  }
  if (access.candidate) return access;
  if (!is_officer(store_.catalog(), actor) || !store_.get(actor, "exam_paper", id)) return unknown;
  return access;
}

Result<Access> Exams::by_code(std::string_view code, const std::string& origin) {
  const Error unknown = not_found("no examination has this code");
  const std::string tidy = tidy_code(code);
  if (tidy.size() != kCodeLength) return unknown;
  Access access;
  MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(const db::Rows rows,
              c.query("SELECT p.id FROM exam_paper p JOIN exam e ON e.id = p.exam WHERE p.code_hash = $1 AND "
                      "e.state IN ('planned', 'open', 'marked')",
                      {sha256_hex(tidy)}));
    if (rows.empty()) return unknown;
    access.paper = RecordId{rows.integer(0, 0)};
    return {};
  }));
  access.as = Actor::system("exam-code");
  access.as.origin = origin;
  access.candidate = true;
  return access;
}

// ---- taking it
// -----------------------------------------------------------------------------------------------------

Outcome<ShownPaper> Exams::view(const Access& access) {
  const auto look = [&]() -> Result<ShownPaper> {
    ShownPaper out;
    out.now = clock_.now();
    MW_ASSIGN(Record paper, store_.get(marker(), "exam_paper", access.paper));
    if (paper.state == "started" && is_over(paper, out.now)) {
      MW_TRY(close_if_over(store_, paper.id, out.now));
      MW_ASSIGN(paper, store_.get(marker(), "exam_paper", access.paper));
    }
    MW_ASSIGN(out.exam, store_.get(marker(), "exam", paper.reference("exam")));
    out.candidate = access.candidate;
    out.review = is_closed(out.exam) && (paper.state == "passed" || paper.state == "failed");
    if (out.review || (access.candidate && paper.state == "started" && out.exam.state == "open")) {
      MW_ASSIGN(const auto answers, answers_of(store_, paper.id));
      for (const Record& answer : answers) out.questions.push_back(shown(answer, out.review));
    }
    out.paper = stripped(store_.catalog(), std::move(paper));
    return out;
  };
  auto found = look();
  if (!found) return Refusal{found.error(), {}, {}};
  return *std::move(found);
}

Outcome<ShownPaper> Exams::start(const Access& access) {
  if (!access.candidate) return not_the_candidate();
  const ArrivalTime now = clock_.now();
  const auto begun = in_one_write<Record>(store_, [&](Writer& writer) -> Result<Outcome<Record>> {
    MW_ASSIGN(const Record paper, writer.get(marker(), "exam_paper", access.paper));
    if (paper.state == "started") return Outcome<Record>(paper);  // opened again: it goes on
    if (paper.state != "drawn")
      return Outcome<Record>(
          refused(Errc::conflict, "state", "试卷已交或已作废", "the paper was handed in or is void"));
    MW_ASSIGN(const Record exam, writer.get(marker(), "exam", paper.reference("exam")));
    MW_ASSIGN(auto refusal, may_start(writer, paper, exam, now));
    if (refusal) return Outcome<Record>(*std::move(refusal));
    return begin(writer, store_.catalog(), access.as, paper, exam, new_seed(random_), now);
  });
  if (const auto* refusal = std::get_if<Refusal>(&begun)) return *refusal;
  return view(access);
}

Outcome<Record> Exams::answer(const Access& access, int sequence, std::string_view given) {
  if (!access.candidate) return not_the_candidate();
  const auto outcome = in_one_write<Record>(store_, [&](Writer& writer) -> Result<Outcome<Record>> {
    MW_ASSIGN(const Record paper, writer.get(marker(), "exam_paper", access.paper));
    // The clock is read in the transaction: an answer that waited for its turn is not in time because it came
    // in time.
    const ArrivalTime now = clock_.now();
    if (paper.state != "started" || is_over(paper, now)) return Outcome<Record>(too_late());
    MW_ASSIGN(const Record exam, writer.get(marker(), "exam", paper.reference("exam")));
    if (exam.state != "open") return Outcome<Record>(not_open(exam));
    MW_ASSIGN(const auto asked, writer.find(marker(), "exam_answer",
                                            {{"paper", paper.id}, {"sequence", std::int64_t{sequence}}}));
    if (!asked)
      return Outcome<Record>(refused(Errc::bad_input, "sequence", fmt::format("没有第 {} 题", sequence),
                                     fmt::format("there is no question {}", sequence)));
    const std::string order = asked->text("option_order");
    const auto letters = tidy_letters(given, asked->text("kind"), order.size());
    if (!letters)
      return Outcome<Record>(refused(Errc::bad_input, "given", "答案不在选项之内，或单选题选了多项",
                                     "not among the options, or more than one for a single choice"));
    return writer.update(access.as, "exam_answer", asked->id, 0,
                         {{"given", to_bank(*letters, order)}, {"given_at", EventTime{now.utc_ms}}});
  });
  if (const auto* kept = std::get_if<Record>(&outcome)) return stripped(store_.catalog(), *kept);
  return outcome;
}

Outcome<ShownPaper> Exams::hand_in(const Access& access) {
  if (!access.candidate) return not_the_candidate();
  const auto outcome = in_one_write<Record>(store_, [&](Writer& writer) -> Result<Outcome<Record>> {
    MW_ASSIGN(const Record paper, writer.get(marker(), "exam_paper", access.paper));
    if (paper.state == "drawn")
      return Outcome<Record>(refused(Errc::conflict, "state", "尚未开始答题", "it was not begun yet"));
    if (paper.state != "started") return Outcome<Record>(paper);  // handed in before: nothing to do twice
    return finish(writer, access.as, paper, is_over(paper, clock_.now()));
  });
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) return *refusal;
  return view(access);
}

Status Exams::close_due() {
  const ArrivalTime now = clock_.now();
  std::vector<RecordId> over;
  MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(const db::Rows rows,
              c.query("SELECT id FROM exam_paper WHERE state = 'started' AND due_at < $1 "
                      "ORDER BY due_at LIMIT 200",
                      {now.utc_ms}));
    for (std::size_t i = 0; i < rows.size(); ++i) over.push_back(RecordId{rows.integer(i, 0)});
    return {};
  }));
  Status first;
  for (const RecordId id : over) {
    if (Status done = close_if_over(store_, id, now); !done && first) first = std::move(done);
  }
  return first;
}

// ---- officers
// ------------------------------------------------------------------------------------------------------

Outcome<std::string> Exams::issue_code(const Actor& actor, RecordId id) {
  const std::string code = new_code(random_);
  const auto outcome = in_one_write<Record>(store_, [&](Writer& writer) -> Result<Outcome<Record>> {
    MW_ASSIGN(const Record paper, writer.get(actor, "exam_paper", id));
    if (!is_officer(store_.catalog(), actor))
      return Outcome<Record>(
          refused(Errc::forbidden, "code", "您的角色不能签发考号", "none of your roles may give out codes"));
    if (paper.state != "drawn" && paper.state != "started")
      return Outcome<Record>(
          refused(Errc::conflict, "state", "试卷已交或已作废", "the paper was handed in or is void"));
    return writer.update(
        on_behalf_of(actor), "exam_paper", id, 0,
        {{"code_hash", sha256_hex(code)}, {"code_issued_at", EventTime{clock_.now().utc_ms}}});
  });
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) return *refusal;
  return code.substr(0, kCodeLength / 2) + "-" + code.substr(kCodeLength / 2);
}

Result<ShownExam> Exams::exam(const Actor& actor, RecordId id) {
  ShownExam out;
  MW_ASSIGN(out.exam, store_.get(actor, "exam", id));
  MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
    std::vector<PoolQuestion> pool;
    MW_ASSIGN(out.bank, bank_of(c, out.exam, &pool));
    return {};
  }));
  ListQuery query;
  query.type = "exam_paper";
  query.filters = {{"exam", Filter::Op::eq, {id.text()}}};
  query.descending = false;
  query.limit = 500;
  while (out.papers.size() < kMostPapers) {
    MW_ASSIGN(record::Page page, store_.list(actor, query));
    std::move(page.records.begin(), page.records.end(), std::back_inserter(out.papers));
    if (page.next.empty()) break;
    query.after = page.next;
  }
  return out;
}

namespace {

Result<std::optional<Refusal>> may_close(Writer& writer, RecordId exam, ArrivalTime now) {
  using Answer = std::optional<Refusal>;
  MW_ASSIGN(
      const db::Rows running,
      writer.connection().query("SELECT COUNT(*), MAX(due_at) FROM exam_paper WHERE exam = $1 AND state = "
                                "'started' AND due_at >= $2",
                                {exam.value, now.utc_ms}));
  if (running.integer(0, 0) == 0) return Answer();
  const std::string until = format_beijing(running.integer(0, 1)).substr(0, 16);
  return Answer(refused(
      Errc::conflict, "papers", fmt::format("还有 {} 人在答题，最迟 {} 到时", running.integer(0, 0), until),
      fmt::format("{} are still answering, the last until {}", running.integer(0, 0), until)));
}

/// Persons of the examination with a paper in one of the states.
Result<std::int64_t> persons_in(db::Connection& c, RecordId exam, bool only_passed) {
  MW_ASSIGN(const db::Rows rows,
            c.query(only_passed
                        ? "SELECT COUNT(DISTINCT person) FROM exam_paper WHERE exam = $1 AND state = 'passed'"
                        : "SELECT COUNT(DISTINCT person) FROM exam_paper WHERE exam = $1 AND state IN "
                          "('passed', 'failed')",
                    {exam.value}));
  return rows.integer(0, 0);
}

/// Nobody who did not come may begin any more.
Result<std::optional<Refusal>> note_absent(Writer& writer, const Actor& actor, RecordId exam) {
  MW_ASSIGN(const db::Rows rows,
            writer.connection().query(
                "SELECT id, version FROM exam_paper WHERE exam = $1 AND state = 'drawn'", {exam.value}));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto done =
        writer.step(actor, "exam_paper", RecordId{rows.integer(i, 0)}, rows.integer(i, 1), "absent", {});
    if (const auto* refusal = refusal_in(done)) return std::optional<Refusal>(*refusal);
  }
  return std::optional<Refusal>();
}

}  // namespace

Outcome<Record> Exams::close(const Actor& actor, RecordId id) {
  if (const auto seen = store_.get(actor, "exam", id); !seen) return Refusal{seen.error(), {}, {}};
  if (const Status done = close_due(); !done) return Refusal{done.error(), {}, {}};
  return in_one_write<Record>(store_, [&](Writer& writer) -> Result<Outcome<Record>> {
    MW_ASSIGN(auto refusal, may_close(writer, id, clock_.now()));
    if (refusal) return Outcome<Record>(*std::move(refusal));
    MW_ASSIGN(refusal, note_absent(writer, actor, id));
    if (refusal) return Outcome<Record>(*std::move(refusal));
    MW_ASSIGN(const std::int64_t drawn, persons_in(writer.connection(), id, false));
    MW_ASSIGN(const std::int64_t passed, persons_in(writer.connection(), id, true));
    auto counted = writer.update(on_behalf_of(actor), "exam", id, 0, {{"drawn", drawn}, {"passed", passed}});
    if (refusal_in(counted)) return counted;
    return writer.step(actor, "exam", id, std::get<Record>(counted).version, "mark", {});
  });
}

Outcome<Statistics> Exams::statistics(const Actor& actor, RecordId id) {
  const auto exam = store_.get(actor, "exam", id);
  if (!exam) return Refusal{exam.error(), {}, {}};
  if (!is_officer(store_.catalog(), actor))
    return refused(Errc::forbidden, "exam", "您的角色不能查看试题统计",
                   "none of your roles may see the statistics");
  if (!is_closed(*exam))
    return refused(Errc::conflict, "exam", "考试结束后才有试题统计",
                   "there are statistics once the examination is closed");
  Statistics out;
  std::vector<CountedAnswer> answers;
  const Status read = store_.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(
        const db::Rows rows,
        c.query("SELECT a.question, a.kind, a.stem, a.right_letters, a.given, a.correct FROM exam_answer a "
                "JOIN exam_paper p ON p.id = a.paper WHERE p.exam = $1 AND p.state IN ('passed', 'failed') "
                "ORDER BY a.id",
                {id.value}));
    for (std::size_t i = 0; i < rows.size(); ++i)
      answers.push_back({RecordId{rows.integer(i, 0)}, rows.text(i, 1), rows.text(i, 2), rows.text(i, 3),
                         rows.text(i, 4), rows.integer(i, 5) != 0});
    MW_ASSIGN(const db::Rows papers, c.query("SELECT COUNT(*) FROM exam_paper WHERE exam = $1 AND state IN "
                                             "('passed', 'failed')",
                                             {id.value}));
    out.papers = static_cast<int>(papers.integer(0, 0));
    return {};
  });
  if (!read) return Refusal{read.error(), {}, {}};
  out.questions = figures_of(answers);
  return out;
}

}  // namespace mineward::exam
