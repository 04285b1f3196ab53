// Examples of duties: a few events in text, judged as the engine judges. Notation: docs/packs.md "Examples of
// duties".
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "duty/duty.h"
#include "record/selection.h"

namespace mineward::duty {
namespace {

using pack::DutyRule;

/// "2026-03-02 08:00", with or without seconds; or a day, which is its beginning.
Result<std::int64_t> moment_of(std::string_view text) {
  text = trim(text);
  std::string full(text);
  if (text.size() == 16) full += ":00";
  MW_ASSIGN(const EventTime time, parse_time(full));
  return time.utc_ms;
}

struct Event {
  std::int64_t at = 0;
  std::optional<std::int64_t> done, to;
  bool open = false;
  int times = 1;
  std::map<std::string, std::string> with;
};

/// Cuts a leading "YYYY-MM-DD[ HH:MM[:SS]]" (or "HH:MM" on the day of `base`) off the words.
Result<std::int64_t> take_moment(std::vector<std::string_view>& words, std::optional<std::int64_t> base) {
  if (words.empty()) return bad_input("found no time, expected one such as 2026-03-02 08:00");
  std::string text(words.front());
  words.erase(words.begin());
  if (text.find('-') == std::string::npos && base) {
    text = format_date(china_date(*base)) + " " + text;
  } else if (!words.empty() && words.front().find(':') != std::string_view::npos) {
    text += " " + std::string(words.front());
    words.erase(words.begin());
  }
  return moment_of(text);
}

Result<Event> parse_event(std::string_view text) {
  std::vector<std::string_view> words;
  for (const auto word : split(trim(text), ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  Event event;
  MW_ASSIGN(event.at, take_moment(words, std::nullopt));
  while (!words.empty()) {
    const std::string_view word = words.front();
    words.erase(words.begin());
    if (word == "done") {
      MW_ASSIGN(event.done, take_moment(words, event.at));
    } else if (word == "to") {
      event.open = !words.empty() && words.front() == "open";
      if (event.open) {
        words.erase(words.begin());
      } else {
        MW_ASSIGN(event.to, take_moment(words, event.at));
      }
    } else if (word.size() > 1 && word[0] == 'x' && parse_integer(word.substr(1))) {
      event.times = static_cast<int>(std::clamp<std::int64_t>(*parse_integer(word.substr(1)), 0, 1000));
    } else if (word == "with") {
      while (!words.empty() && words.front().find('=') != std::string_view::npos) {
        const auto equals = words.front().find('=');
        event.with[std::string(words.front().substr(0, equals))] = words.front().substr(equals + 1);
        words.erase(words.begin());
      }
    } else {
      return bad_input(fmt::format("found \"{}\", expected done, to, with or xN", word));
    }
  }
  return event;
}

Result<std::vector<Event>> parse_events(std::string_view text) {
  std::vector<Event> out;
  for (const auto part : split(text, ';')) {
    if (trim(part).empty()) continue;
    MW_ASSIGN(Event event, parse_event(part));
    for (int i = event.times; i > 0; --i) out.push_back(event);
  }
  return out;
}

/// Whether an event that fits `when` but for `with` counts.
bool counts(const DutyRule& rule, const Event& event) {
  return std::all_of(rule.when.begin(), rule.when.end(), [&](const pack::Condition& condition) {
    const auto found = event.with.find(condition.field);
    if (found == event.with.end()) return true;
    const bool any =
        std::find(condition.values.begin(), condition.values.end(), found->second) != condition.values.end();
    switch (condition.op) {
      case pack::Condition::Op::is: return any;
      case pack::Condition::Op::is_not: return !any;
      case pack::Condition::Op::set: return found->second != "unset";
      case pack::Condition::Op::unset: return found->second == "unset";
    }
    return false;
  });
}

class ExampleRun {
 public:
  ExampleRun(const DutyRule& rule, const Calendar& calendar) : rule_(rule), calendar_(calendar) {}

  Result<std::string> answer(const std::map<std::string, std::string>& given) {
    for (const auto& [key, value] : given) {
      if (key != "period" && key != "now" && key != "records" && key != "claims" && key != "due_of")
        return bad_input(
            fmt::format("found \"{}\" in given, expected period, now, records, claims or due_of", key));
    }
    if (const auto due_of_text = given.find("due_of"); due_of_text != given.end()) {
      MW_ASSIGN(const std::int64_t at, moment_of(due_of_text->second));
      const std::int64_t due = due_of(rule_, period_at(rule_.every, rule_.shifts, at), calendar_);
      return fmt::format("due {}.{:03}", format_beijing(due), due % 1000);
    }
    const auto period_text = given.find("period"), now_text = given.find("now");
    if (period_text == given.end() || now_text == given.end())
      return bad_input("found no period or no now in given, expected both");
    MW_ASSIGN(const std::int64_t in_period, moment_of(period_text->second));
    MW_ASSIGN(const std::int64_t now, moment_of(now_text->second));
    const Span period = period_at(rule_.every, rule_.shifts, in_period);
    const auto records = given.find("records");
    MW_ASSIGN(const auto events, parse_events(records == given.end() ? std::string_view() : records->second));
    std::vector<std::int64_t> moments, confirming;
    for (const Event& event : events) {
      if (!counts(rule_, event)) continue;
      confirming.push_back(event.at);
      if (event.at < period.from || event.at >= period.to) continue;
      if (const auto moment = moment_of_event(event)) moments.push_back(*moment);
    }
    std::sort(moments.begin(), moments.end());
    const Verdict verdict = judge(rule_, due_of(rule_, period, calendar_), moments, now);
    std::string out = fmt::format("{} {}/{}", name_of(verdict.state), verdict.progress,
                                  rule_.is_limit() ? rule_.at_most.value_or(0) : rule_.at_least.value_or(1));
    MW_ASSIGN(const int open, unconfirmed(given, period, confirming));
    if (open > 0) out += fmt::format(" unconfirmed {}", open);
    if (verdict.level != Level::none) out += fmt::format(" level {}", name_of(verdict.level));
    return out;
  }

 private:
  std::optional<std::int64_t> moment_of_event(const Event& event) const {
    if (!rule_.is_limit()) return event.done.value_or(event.at);
    const std::int64_t broke = event.at + rule_.longer_than->count() + 1;
    if (event.open || (event.to && *event.to >= broke)) return broke;
    return std::nullopt;
  }

  Result<int> unconfirmed(const std::map<std::string, std::string>& given, const Span& period,
                          const std::vector<std::int64_t>& confirming) const {
    const auto text = given.find("claims");
    if (text == given.end()) return 0;
    MW_ASSIGN(const auto claims, parse_events(text->second));
    int open = 0;
    for (const Event& claim : claims) {
      if (claim.at < period.from || claim.at >= period.to) continue;
      const bool near = std::any_of(confirming.begin(), confirming.end(), [&](std::int64_t at) {
        return std::abs(at - claim.at) <= rule_.claims.within.count();
      });
      if (!near) ++open;
    }
    return open;
  }

  const DutyRule& rule_;
  const Calendar& calendar_;
};

}  // namespace

pack::ExampleOutcome run_duty_examples(const pack::Catalog& catalog) {
  const Calendar calendar(catalog);
  pack::ExampleOutcome outcome;
  for (const auto& rule : catalog.duties) {
    for (const auto& example : rule.examples) {
      const auto answer = ExampleRun(rule, calendar).answer(example.given);
      if (answer && *answer == example.expect) {
        ++outcome.passed;
        continue;
      }
      outcome.failed.push_back(
          {example.place,
           fmt::format("found \"{}\" for example \"{}\" of duty \"{}\", expected \"{}\"",
                       answer ? *answer : answer.error().text(), example.name, rule.id, example.expect)});
    }
  }
  return outcome;
}

}  // namespace mineward::duty
