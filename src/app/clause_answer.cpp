#include "app/clause_answer.h"

#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "duty/clause_search.h"
#include "duty/coverage.h"
#include "duty/sentence.h"

namespace mineward::app {
namespace {

using duty::Duty;
using record::Actor;
using record::Record;

constexpr std::int64_t kDay = 86'400'000;

const Actor& console() {
  static const Actor actor = Actor::system("cli");
  return actor;
}

/// By code first: a code of digits only would pass for an id.
Result<Record> mine_named(record::Store& store, const std::string& id_or_code) {
  record::ListQuery query;
  query.type = "mine";
  query.filters = {{"code", record::Filter::Op::eq, {id_or_code}}};
  query.limit = 1;
  MW_ASSIGN(auto page, store.list(console(), query));
  if (!page.records.empty()) return std::move(page.records.front());
  const auto id = parse_record_id(id_or_code);
  if (!id) return not_found(fmt::format("no mine has the code or id '{}'", id_or_code));
  return store.get(console(), "mine", *id);
}

std::string both(const pack::Label& label) { return label.zh + " / " + label.en; }

/// How one subject stands on one rule.
struct Standing {
  duty::Counts counts;
  std::optional<Duty> last;
};

class Answer {
 public:
  Answer(Node& node, std::optional<record::RecordId> owner, std::optional<Date> day)
      : node_(node), catalog_(*node.catalog()), coverage_(catalog_), owner_(owner), day_(day) {}

  Status add(const pack::Clause& clause) {
    const auto* document = catalog_.document(clause.document);
    out.text += clause.id + "\n";
    put("document", document ? clause.document + " " + both(document->title) : clause.document);
    put("article", clause.article);
    put("zh", clause.text.zh);
    put("en", clause.text.en);
    if (!clause.original.empty()) put("original", clause.original);
    put("carried", coverage_.carried(clause.id) ? "yes" : coverage_.recorded(clause.id) ? "recorded" : "no");
    for (const auto& carrier : coverage_.of(clause.id))
      put("by", fmt::format("{} {} {}", duty::name_of(carrier.what), carrier.name, both(carrier.label)));
    bool has_rules = false;
    for (const auto& rule : catalog_.duties) {
      if (rule.clause != clause.id) continue;
      has_rules = true;
      const pack::Label sentence = duty::sentence_of(catalog_, rule);
      put(fmt::format("rule {} zh", rule.id), sentence.zh);
      put(fmt::format("rule {} en", rule.id), sentence.en);
    }
    ++out.found;
    if (owner_ || day_) {
      if (!has_rules) {
        put("standing", "no duty");
      } else {
        MW_TRY(add_standing(clause.id));
      }
    }
    return {};
  }

  ClauseAnswer out;

 private:
  void put(const std::string& name, const std::string& value) {
    out.text += fmt::format("  {}: {}\n", name, value);
  }

  bool wanted(const Duty& duty) const {
    if (!day_) return true;
    const std::int64_t from = start_of_day_ms(*day_);
    return duty.period.from < from + kDay && duty.period.to > from;
  }

  Status add_standing(const std::string& clause) {
    duty::Filter filter;
    filter.clause = clause;
    filter.owner = owner_;
    const std::int64_t now = node_.clock().now().utc_ms;
    std::map<std::pair<const pack::DutyRule*, record::RecordId>, Standing> all;
    std::string after;
    do {
      MW_ASSIGN(const auto page, node_.duties().list(console(), filter, 500, after, false));
      for (const Duty& duty : page.duties) {
        if (!wanted(duty)) continue;
        Standing& standing = all[{duty.rule, duty.subject}];
        ++standing.counts[duty.verdict.state];
        // The newest that has begun; of a day to come the newest all the same.
        if (duty.period.from <= now || day_) standing.last = duty;
      }
      after = page.next;
    } while (!after.empty());
    for (const auto& [key, standing] : all) MW_TRY(put_standing(*key.first, key.second, standing));
    if (all.empty()) put("standing", "owes nothing");
    return {};
  }

  Status put_standing(const pack::DutyRule& rule, record::RecordId subject, const Standing& standing) {
    MW_ASSIGN(const std::string name, node_.store().title(console(), rule.owed_by, subject));
    std::vector<std::string> counts;
    for (const duty::State state : duty::kStates) {
      if (standing.counts[state] > 0)
        counts.push_back(fmt::format("{} {}", duty::name_of(state), standing.counts[state]));
    }
    std::string text = fmt::format("{} {}: {}", name, rule.id, join(counts, ", "));
    if (standing.last) {
      const Duty& last = *standing.last;
      text += fmt::format("; last {}: {} {}/{}, due {}", duty::period_words(rule, last.period).en,
                          duty::name_of(last.verdict.state), last.verdict.progress, last.needed,
                          format_beijing(last.due));
      if (last.unconfirmed > 0) text += fmt::format(", unconfirmed {}", last.unconfirmed);
      if (last.verdict.level != duty::Level::none)
        text += fmt::format(", climbed to {}", duty::name_of(last.verdict.level));
    }
    put("standing", text);
    return {};
  }

  Node& node_;
  const pack::Catalog& catalog_;
  const duty::Coverage coverage_;
  const std::optional<record::RecordId> owner_;
  const std::optional<Date> day_;
};

}  // namespace

Result<ClauseAnswer> answer_clauses(Node& node, const ClauseOptions& options) {
  std::optional<Date> day;
  if (!options.on.empty()) {
    auto parsed = parse_date(options.on);
    if (!parsed) return std::move(parsed).error().in("--on");
    day = *parsed;
  }
  std::optional<record::RecordId> owner;
  if (!options.mine.empty()) {
    MW_ASSIGN(const Record mine, mine_named(node.store(), options.mine));
    owner = mine.owner;
  }
  const auto words = duty::words_of(join(options.words, " "));
  Answer answer(node, owner, day);
  for (const auto& clause : node.catalog()->clauses) {
    if (duty::matches(clause, words)) MW_TRY(answer.add(clause));
  }
  return std::move(answer.out);
}

}  // namespace mineward::app
