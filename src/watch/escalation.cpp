#include "watch/escalation.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "watch/alarm_writer.h"
#include "watch/wording.h"

namespace mineward::watch {
namespace {

/// After an outage thousands climb at once: so many share a commit. More would keep uploads waiting longer.
constexpr std::size_t kTogether = 20;

int rank(std::string_view level) {
  constexpr std::string_view kLevels[] = {"", "mine", "county", "city", "province"};
  for (int i = 0; i < 5; ++i)
    if (kLevels[i] == level) return i;
  return 0;
}

}  // namespace

Status Escalation::load() {
  record::ListQuery q;
  q.type = "alarm";
  q.filters = {{"state", record::Filter::Op::eq, {"raised"}}};
  q.limit = 500;
  do {
    MW_ASSIGN(const record::Page page, store_.list(watch_actor(), q));
    for (const auto& r : page.records) follow(r);
    q.after = page.next;
  } while (!q.after.empty());
  return {};
}

void Escalation::follow(const record::Record& r) {
  const std::lock_guard lock(waiting_mutex_);
  if (r.state != "raised" || r.flag("late") || r.flag("planned")) {
    waiting_.erase(r.id);
    return;
  }
  Waiting w;
  w.rule = r.text("rule");
  w.grade = pack::parse_grade(r.text("grade")).value_or(pack::Grade::none);
  w.raised = ArrivalTime{r.time("raised_at").value_or(EventTime{r.created_at.utc_ms}).utc_ms};
  w.level = rank(r.text("escalated_to"));
  waiting_[r.id] = std::move(w);
}

std::vector<const pack::EscalationStep*> Escalation::due(const Waiting& w, ArrivalTime now) const {
  std::vector<const pack::EscalationStep*> out;
  for (const auto& s : catalog_->escalation) {
    if (s.grade != pack::Grade::none && s.grade != w.grade) continue;
    if (!s.rule.empty() && s.rule != w.rule) continue;
    if (rank(s.to_level) > w.level && now - w.raised >= s.after) out.push_back(&s);
  }
  std::sort(out.begin(), out.end(), [](const auto* a, const auto* b) {
    return rank(a->to_level) != rank(b->to_level) ? rank(a->to_level) < rank(b->to_level)
                                                  : a->after < b->after;
  });
  const auto same_level = [](const auto* a, const auto* b) { return a->to_level == b->to_level; };
  out.erase(std::unique(out.begin(), out.end(), same_level), out.end());
  return out;
}

Result<record::Record> Escalation::climb(record::Writer& writer, const Ready& ready, ArrivalTime now) const {
  const auto& [id, waiting] = ready;
  MW_ASSIGN(record::Record r, writer.get(watch_actor(), "alarm", id));
  if (r.state != "raised") return r;
  for (const auto* step : due(waiting, now)) {
    const std::string why = wording::unanswered(step->after, step->to_level, step->source).text();
    auto outcome =
        writer.update(watch_actor(), "alarm", id, 0,
                      {{"escalated_to", step->to_level}, {"escalated_at", EventTime{now.utc_ms}}}, why);
    if (auto* refused = std::get_if<record::Refusal>(&outcome)) return refused->error;
    r = std::get<record::Record>(std::move(outcome));
  }
  return r;
}

Result<std::vector<record::Record>> Escalation::climb_together(std::span<const Ready> ready,
                                                               ArrivalTime now) {
  std::vector<record::Record> climbed;
  MW_TRY(store_.write([&](record::Writer& writer) -> Status {
    climbed.clear();
    for (const Ready& one : ready) {
      MW_ASSIGN(record::Record r, climb(writer, one, now));
      climbed.push_back(std::move(r));
    }
    return {};
  }));
  return climbed;
}

Result<std::vector<record::Record>> Escalation::climb_all(std::span<const Ready> ready, ArrivalTime now) {
  auto together = climb_together(ready, now);
  // A database that cannot be written at all takes none alone either.
  if (together || ready.size() == 1 || together.error().code == Errc::unavailable) return together;
  std::vector<record::Record> climbed;
  for (const Ready& one : ready) {
    auto alone = climb_together(std::span(&one, 1), now);
    if (!alone) {
      log_error("alarm_not_escalated", {{"alarm", one.first.text()}, {"error", alone.error().text()}});
      continue;
    }
    climbed.push_back(std::move(alone->front()));
  }
  if (climbed.empty()) return together;
  return climbed;
}

void Escalation::clock_went_back(Millis by) {
  const std::lock_guard lock(waiting_mutex_);
  for (auto& [id, w] : waiting_) w.raised = w.raised - by;
}

Result<std::vector<record::Record>> Escalation::tick(ArrivalTime now) {
  std::vector<Ready> ready;
  {
    const std::lock_guard lock(waiting_mutex_);
    for (auto& [id, w] : waiting_) {
      w.raised = std::min(w.raised, now);  // raised before the clock was set back: it waits from now on
      if (!due(w, now).empty()) ready.emplace_back(id, w);
    }
  }
  std::vector<record::Record> climbed;
  for (std::size_t at = 0; at < ready.size(); at += kTogether) {
    auto some = climb_all(std::span(ready).subspan(at, std::min(kTogether, ready.size() - at)), now);
    if (!some && climbed.empty()) return some;
    if (!some) break;  // the records cannot be written now: the next tick says so
    for (record::Record& r : *some) {
      follow(r);
      if (r.state != "raised") continue;
      log_info("alarm_escalated",
               {{"alarm", r.id.text()}, {"rule", r.text("rule")}, {"to", r.text("escalated_to")}});
      climbed.push_back(std::move(r));
    }
  }
  return climbed;
}

}  // namespace mineward::watch
