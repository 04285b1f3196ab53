/// What happens to an examination and its papers. The records are exam, exam_paper, exam_answer, question.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "exam/draw.h"
#include "exam/mark.h"
#include "record/store.h"

namespace mineward::exam {

using record::Actor;
using record::Outcome;
using record::Record;

/// A paper and on whose behalf it is opened. Made by by_account and by_code only.
struct Access {
  RecordId paper;
  Actor as;                ///< may write the paper; its name stands in the log
  bool candidate = false;  ///< sits the examination himself; else an officer who looks at it
};

/// One question as it stands before a candidate: his order, his letters.
struct ShownQuestion {
  int sequence = 0;
  std::string kind, stem;
  std::vector<std::string> options;  ///< texts in his order; empty texts of `judge` mean true, false
  double worth = 0;
  std::string given;  ///< letters of his order, "" = not answered
  // Only in a review:
  std::string right, basis;
  bool correct = false;
};

struct ShownPaper {
  Record paper, exam;  ///< without secrets
  bool candidate = false;
  bool review = false;                   ///< the right answers are in it
  ArrivalTime now{};                     ///< our clock: the remaining time counts from it
  std::vector<ShownQuestion> questions;  ///< empty before the start, and when it is over and no review
};

struct Bank {
  std::vector<Part> parts;
  std::vector<Shortage> shortages;
  int questions = 0;  ///< in use for the trade and edition
  int unusable = 0;   ///< of them with an answer that fits no option; never drawn
};

struct ShownExam {
  Record exam;
  Bank bank;
  std::vector<Record> papers;  ///< without secrets, first attempts first; at most kMostPapers
};
constexpr int kMostPapers = 2000;

struct Statistics {
  int papers = 0;  ///< marked ones
  std::vector<QuestionFigures> questions;
};

/// What may be asked of candidates to be added.
struct Candidates {
  std::vector<RecordId> persons;
  RecordId mine;      ///< with `at_random`: whose people are drawn
  int at_random = 0;  ///< so many people of the mine who are not candidates yet, drawn by us
};

/// Safe from any thread. Every refusal names the reason in Chinese and English (FieldFault::words).
class Exams {
 public:
  Exams(record::Store& store, Clock& clock, Random& random) : store_(store), clock_(clock), random_(random) {}

  // ---- for whoever sits it
  /// Papers of the account, newest first; at most 100.
  Result<std::vector<ShownPaper>> mine(const Actor&);
  /// The candidate himself, or an officer within his scope; not_found for all others.
  Result<Access> by_account(const Actor&, RecordId paper);
  /// The code as it was typed: small letters, blanks and dashes do not matter. not_found when no open or
  /// marked examination has it.
  Result<Access> by_code(std::string_view code, const std::string& origin);

  /// A paper whose time is up is closed and marked first. Right answers are in it only when the examination
  /// is closed.
  Outcome<ShownPaper> view(const Access&);
  /// Draws the paper and starts its clock. Only the candidate.
  Outcome<ShownPaper> start(const Access&);
  /// Keeps one answer; durable when this returns. `given`: letters of the candidate's order, "" takes it
  /// back. Refused from the first millisecond after due_at.
  Outcome<Record> answer(const Access&, int sequence, std::string_view given);
  /// Hands in and marks.
  Outcome<ShownPaper> hand_in(const Access&);

  // ---- for officers
  Result<ShownExam> exam(const Actor&, RecordId exam);
  /// Papers for people, with the next attempt where the resit rule allows one.
  Outcome<std::vector<Record>> add(const Actor&, RecordId exam, const Candidates&);
  /// A new code for a paper that is not handed in; the one before ends. It is told once and kept as a digest.
  Outcome<std::string> issue_code(const Actor&, RecordId paper);
  /// Nobody takes it any more: who never began is absent, the numbers are counted. Refused while somebody
  /// still has time.
  Outcome<Record> close(const Actor&, RecordId exam);
  /// Only when the examination is closed.
  Outcome<Statistics> statistics(const Actor&, RecordId exam);

  /// Closes and marks every paper whose time is up. Cheap when there is none; every few seconds by a timer.
  Status close_due();

 private:
  record::Store& store_;
  Clock& clock_;
  Random& random_;
};

}  // namespace mineward::exam
