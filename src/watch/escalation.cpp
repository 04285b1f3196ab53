#include "watch/escalation.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "watch/alarm_writer.h"
#include "watch/wording.h"

namespace mineward::watch {
namespace {

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

/// One alarm, one transaction; none when somebody has answered meanwhile.
Result<std::optional<record::Record>> Escalation::climb(RecordId id, const Waiting& w, ArrivalTime now) {
  std::optional<record::Record> result;
  MW_TRY(store_.write([&](record::Writer& writer) -> Status {
    result.reset();
    MW_ASSIGN(record::Record r, writer.get(watch_actor(), "alarm", id));
    if (r.state != "raised") {
      result = std::move(r);
      return {};
    }
    for (const auto* step : due(w, now)) {
      const std::string why = wording::unanswered(step->after, step->to_level, step->source).text();
      auto outcome =
          writer.update(watch_actor(), "alarm", id, 0,
                        {{"escalated_to", step->to_level}, {"escalated_at", EventTime{now.utc_ms}}}, why);
      if (auto* refused = std::get_if<record::Refusal>(&outcome)) return refused->error;
      result = std::get<record::Record>(std::move(outcome));
    }
    return {};
  }));
  return result;
}

void Escalation::clock_went_back(Millis by) {
  const std::lock_guard lock(waiting_mutex_);
  for (auto& [id, w] : waiting_) w.raised = w.raised - by;
}

Result<std::vector<record::Record>> Escalation::tick(ArrivalTime now) {
  std::vector<std::pair<RecordId, Waiting>> ready;
  {
    const std::lock_guard lock(waiting_mutex_);
    for (auto& [id, w] : waiting_) {
      w.raised = std::min(w.raised, now);  // raised before the clock was set back: it waits from now on
      if (!due(w, now).empty()) ready.emplace_back(id, w);
    }
  }
  std::vector<record::Record> climbed;
  for (const auto& [id, w] : ready) {
    MW_ASSIGN(auto r, climb(id, w, now));
    if (!r) continue;
    follow(*r);
    if (r->state != "raised") continue;
    log_info("alarm_escalated", {{"alarm", id.text()}, {"rule", w.rule}, {"to", r->text("escalated_to")}});
    climbed.push_back(*std::move(r));
  }
  return climbed;
}

}  // namespace mineward::watch
