/// Random legal and illegal steps on every workflow of the packs, against a small model that knows only the
/// pack's text: states, roles, what a step needs, who must not do it. On both engines.
#include <algorithm>
#include <array>
#include <random>

#include <fmt/format.h>

#include "pack/load.h"
#include "record/making_testing.h"

namespace mineward::record::fixture {
namespace {

using pack::Transition;

pack::CatalogPtr packs() {
  static const pack::CatalogPtr loaded = [] {
    const std::array<std::string, 1> folders = {std::string(MW_SOURCE_DIR) + "/packs"};
    auto outcome = pack::load_catalog(folders);
    for (const auto& mistake : outcome.mistakes) ADD_FAILURE() << mistake.text();
    return outcome.catalog;
  }();
  return loaded;
}

/// What the pack's text says must come of a step.
struct Expectation {
  Errc refused = Errc::conflict;
  bool made = false;
  bool rule_may_refuse = false;  ///< it holds, unless a check of the type speaks against the values
};

/// One record on its way, as the pack's text has it.
class Walk {
 public:
  Walk(Store& store, Maker& maker, const pack::RecordType& type, std::mt19937& random,
       const std::map<std::string, std::vector<Actor>>& people)
      : store_(store),
        maker_(maker),
        type_(type),
        flow_(*store.catalog().workflow(type.workflow)),
        random_(random),
        people_(people) {}

  void run(int steps) {
    record_ = created();
    if (!record_) return;
    EXPECT_EQ(record_->state, flow_.initial().name);
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) {
      if (flow_.state(record_->state)->final && chance(0.7)) {
        auto again = created();
        if (again) record_ = std::move(again);
      }
      one();
    }
  }

  int made() const { return made_; }
  int refused() const { return refused_; }
  int unmade() const { return record_ ? 0 : 1; }
  const std::set<std::string>& taken() const { return taken_; }

 private:
  std::optional<Record> created() {
    const auto outcome = maker_.create(type_.name, maker_.fields_of(type_));
    if (const auto* r = std::get_if<Record>(&outcome)) return *r;
    const auto& refusal = std::get<Refusal>(outcome);
    const bool there_is_one = std::all_of(refusal.faults.begin(), refusal.faults.end(), [](const auto& f) {
      return f.code == "not_unique" || f.message.find("is there already") != std::string::npos;
    });
    EXPECT_TRUE(there_is_one) << Maker::said(type_.name, refusal);
    return std::nullopt;
  }

  bool chance(double p) { return std::uniform_real_distribution<>(0, 1)(random_) < p; }
  template <class T>
  const T& any(const std::vector<T>& items) {
    return items[std::uniform_int_distribution<std::size_t>(0, items.size() - 1)(random_)];
  }

  const Transition& pick() {
    std::vector<const Transition*> open;
    for (const auto& t : flow_.transitions) {
      if (std::find(t.from.begin(), t.from.end(), record_->state) != t.from.end()) open.push_back(&t);
    }
    if (!open.empty() && chance(0.8)) return *any(open);
    return any(flow_.transitions);
  }

  Actor hand_for(const std::vector<std::string>& roles) {
    if (roles.empty() && chance(0.7)) return Actor::system("system:test");
    if (!roles.empty() && chance(0.85)) return any(people_.at(any(roles)));
    auto at = people_.begin();
    std::advance(at, std::uniform_int_distribution<std::size_t>(0, people_.size() - 1)(random_));
    return any(at->second);
  }

  void one() {
    const auto signing = must(store_.signing(Actor::system("system:test"), type_.name, record_->id));
    if (signing && chance(0.8)) return sign(*signing);
    const Transition& step = pick();
    const Actor actor = hand_for(step.roles);
    Fields given;
    const bool whole = chance(0.85);
    for (const auto* names : {&step.required, &step.evidence}) {
      for (const auto& name : *names) {
        const auto& field = *type_.field(name);
        if (field.system || record_->fields.contains(name)) continue;
        if (whole || chance(0.5)) given[name] = maker_.value_of(field, actor);
      }
    }
    const std::string reason = step.reason_required && chance(0.8) ? "理由" : "";
    const Expectation expected = expect(step, actor, given, reason, signing.has_value());
    settle(store_.step(actor, type_.name, record_->id, record_->version, step.name, given, reason), expected,
           step, step.sign_off.empty() ? step.to : record_->state,
           fmt::format("step {} by {}", step.name, actor.name));
  }

  Expectation expect(const Transition& step, const Actor& actor, const Fields& given,
                     const std::string& reason, bool signing) const {
    if (!actor.is_system && std::none_of(step.roles.begin(), step.roles.end(),
                                         [&](const auto& r) { return actor.roles.contains(r); }))
      return {Errc::forbidden, false, false};
    if (std::find(step.from.begin(), step.from.end(), record_->state) == step.from.end() || signing)
      return {Errc::conflict, false, false};
    for (const auto* names : {&step.required, &step.evidence}) {
      for (const auto& name : *names) {
        if (!record_->fields.contains(name) && !given.contains(name) && !worked_out(name))
          return {Errc::bad_input, false, false};
      }
    }
    if (step.reason_required && reason.empty()) return {Errc::bad_input, false, false};
    for (const auto& name : step.distinct_from) {
      const auto hand = given.contains(name)             ? given.at(name)
                        : record_->fields.contains(name) ? record_->fields.at(name)
                                                         : FieldValue{};
      const bool stored = record_->reference(name) == actor.account && actor.account;
      if (stored || (std::holds_alternative<RecordId>(hand) && std::get<RecordId>(hand) == actor.account &&
                     actor.account))
        return {Errc::bad_input, false, false};
    }
    return {Errc::bad_input, true,
            !step.when.empty() || !type_.checks.empty() || !type_.computes.empty() || !type_.unique.empty()};
  }

  /// Whether the step's own writing may give it: told only by trying.
  bool worked_out(const std::string& name) const {
    for (const auto& c : type_.computes) {
      if (c.into == name || c.row == name || c.provisional == name) return true;
      for (const auto& [output, into] : c.gives) {
        if (into == name) return true;
      }
    }
    return false;
  }

  void sign(const Signing& signing) {
    const Transition& step = *flow_.transition(signing.step);
    const pack::Signature* next = nullptr;
    for (const auto& stage : step.sign_off) {
      const auto n = std::count_if(signing.signatures.begin(), signing.signatures.end(),
                                   [&](const Signed& s) { return s.agrees && s.stage == stage.name; });
      if (n < stage.count) {
        next = &stage;
        break;
      }
    }
    ASSERT_NE(next, nullptr);
    const Actor actor = hand_for(next->roles);
    const bool agrees = chance(0.8);
    const std::string opinion = agrees || chance(0.7) ? "意见" : "";
    const bool in_role = std::any_of(next->roles.begin(), next->roles.end(),
                                     [&](const auto& r) { return actor.roles.contains(r); });
    const bool begun = actor.account == signing.begun_by;
    const bool before = std::any_of(signing.signatures.begin(), signing.signatures.end(),
                                    [&](const Signed& s) { return s.account == actor.account; });
    const bool withdraws = begun && !agrees;
    Expectation expected{Errc::bad_input, true,
                         !step.when.empty() || !type_.checks.empty() || !type_.computes.empty()};
    if (!withdraws && !in_role) {
      expected = {Errc::forbidden, false, false};
    } else if (!withdraws && (begun || before || distinct(step, actor))) {
      expected.made = false;
    } else if (!agrees && opinion.empty()) {
      expected.made = false;
    }
    int all = 0, given = 0;
    for (const auto& stage : step.sign_off) all += stage.count;
    for (const auto& s : signing.signatures) given += s.agrees ? 1 : 0;
    const std::string to = !agrees            ? (step.return_to.empty() ? record_->state : step.return_to)
                           : given + 1 == all ? step.to
                                              : record_->state;
    settle(store_.sign(actor, type_.name, record_->id, record_->version, agrees, opinion), expected, step, to,
           fmt::format("signature {} of {} by {}", next->name, step.name, actor.name));
  }

  bool distinct(const Transition& step, const Actor& actor) const {
    return std::any_of(step.distinct_from.begin(), step.distinct_from.end(), [&](const auto& name) {
      return actor.account && record_->reference(name) == actor.account;
    });
  }

  void settle(const Outcome<Record>& outcome, const Expectation& expected, const Transition& step,
              const std::string& to, const std::string& what) {
    const Record stored = must(store_.get(Actor::system("system:test"), type_.name, record_->id));
    const std::string where = fmt::format("{} in {}: {}", type_.name, record_->state, what);
    if (std::holds_alternative<Record>(outcome)) {
      ++made_;
      taken_.insert(step.name);
      EXPECT_TRUE(expected.made) << where << " was taken";
      EXPECT_EQ(stored.state, to) << where;
      EXPECT_EQ(stored.version, record_->version + 1) << where;
    } else {
      ++refused_;
      const auto& refusal = std::get<Refusal>(outcome);
      const bool by_rule = expected.made && expected.rule_may_refuse && refused_by_rule(refusal, step);
      EXPECT_TRUE(!expected.made || by_rule)
          << where << " was refused: " << refusal.error.text() << " " << faults(refusal);
      if (!expected.made) {
        EXPECT_EQ(refusal.error.code, expected.refused) << where << " " << faults(refusal);
      }
      EXPECT_EQ(stored.state, record_->state) << where;
      EXPECT_EQ(stored.version, record_->version) << where;
    }
    record_ = stored;
  }

  /// Only for what the pack says: a check, a condition of the step, something worked out that is not there, a
  /// value that is unique.
  bool refused_by_rule(const Refusal& refusal, const Transition& step) const {
    return !refusal.faults.empty() &&
           std::all_of(refusal.faults.begin(), refusal.faults.end(), [&](const auto& f) {
             if (f.code == "rule") return !type_.checks.empty() || !step.when.empty();
             if (f.code == "required") return worked_out(f.field);
             return f.code == "not_unique" && !type_.unique.empty();
           });
  }

  Store& store_;
  Maker& maker_;
  const pack::RecordType& type_;
  const pack::Workflow& flow_;
  std::mt19937& random_;
  const std::map<std::string, std::vector<Actor>>& people_;
  std::optional<Record> record_;
  int made_ = 0, refused_ = 0;
  std::set<std::string> taken_;
};

class WorkflowsModelTest : public db::OnBothEngines {};
MW_ON_BOTH_ENGINES(WorkflowsModelTest);

TEST_P(WorkflowsModelTest, EveryFlowOfThePacksMovesAsItsTextSays) {
  ASSERT_TRUE(packs());
  db::TestDatabase database(GetParam());
  const auto files = system_files();
  ManualClock clock{ArrivalTime{parse_time("2026-11-27T08:00:00+08:00")->utc_ms}};
  IdMaker ids(clock, 1);
  const std::string folder = database.folder().path();
  const auto store = must(open_store(packs(), *database, *files, clock, ids,
                                     {folder + "/files", 4096, 2000, folder + "/protected.key"}));
  Maker maker(*store, *packs(), clock);
  maker.region_and_organisations();
  std::map<std::string, std::vector<Actor>> people;
  for (const auto& role : packs()->roles) {
    for (int i = 0; i < 3; ++i) people[role.name].push_back(maker.person(role.name));
  }
  std::mt19937 random(20261127);
  const int walks = GetParam() == db::Engine::sqlite ? 4 : 2;
  int made = 0, refused = 0, flows = 0;
  std::size_t steps = 0, taken = 0;
  for (const auto& type : packs()->record_types) {
    if (type.workflow.empty()) continue;
    ++flows;
    std::set<std::string> seen;
    for (int i = 0; i < walks; ++i) {
      clock.advance(std::chrono::hours(24));  // what is unique a day can be made again
      Walk walk(*store, maker, type, random, people);
      walk.run(30);
      made += walk.made();
      refused += walk.refused();
      seen.insert(walk.taken().begin(), walk.taken().end());
      if (HasFatalFailure()) return;
    }
    steps += packs()->workflow(type.workflow)->transitions.size();
    taken += seen.size();
  }
  std::cout << fmt::format("{} flows, {} of {} steps taken, {} moves, {} refusals\n", flows, taken, steps,
                           made, refused);
  EXPECT_GT(made, flows * walks);
  EXPECT_GT(refused, flows);
  EXPECT_TRUE(must(store->verify()).ok);
}

}  // namespace
}  // namespace mineward::record::fixture
