// Every paper of the packs, end to end over the wire: a record is led to where the paper may be issued, a
// person with the role issues it, pdftotext (which is not ours) reads the PDF back, anybody checks its code,
// a second time is refused, and the neighbouring county finds nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <fstream>

#include <fmt/format.h>

#include "api/world_testing.h"
#include "paper/example_testing.h"
#include "record/making_testing.h"
#include "record/selection.h"

namespace mineward::api::testing {
namespace {

using record::Actor;
using record::Fields;
using record::Record;
using record::RecordId;
using record::Refusal;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kCounty = "阳城县应急管理局";
constexpr const char* kUnit = "阳城县太岳山煤业集团有限公司北沟煤矿";

/// What stands on the papers that are no official documents, worked by hand from the clauses of numbering:
/// office and number.
const std::map<std::string, std::pair<std::string, std::string>>& others() {
  static const std::map<std::string, std::pair<std::string, std::string>> expected = {
      {"service_receipt_one", {kCounty, "晋阳（监管一）煤安责改〔2026〕1号-回1"}},
      {"sealing_record", {kCounty, "CFK-2026-0001"}},
      {"stop_order", {kCounty, "TZL-202603-0001"}},
      {"suspension_order", {kCounty, "矿安停〔2026〕1号"}},
      {"recheck_record", {kCounty, "FC-202603-0001"}},
      {"spot_penalty_ticket", {kCounty, "DC-202603-0001"}},
      {"hazard_card", {kUnit, "YH-202603-00001"}},
      {"hazard_closure", {kUnit, "YH-202603-00002"}},
      {"hazard_posting", {"北沟煤矿", ""}},
      {"risk_board", {kUnit, ""}},
      {"training_certificate", {"阳城县安全生产培训中心", "证书编号：PX-2026-000317"}},
      {"retraining_notice", {kCounty, "CX-202603-0001"}},
      {"listing_order", {kCounty, "阳应急督字〔2026〕第3号"}},
      {"delisting_notice", {kCounty, "矿安销〔2026〕1号"}},
      {"reward_receipt", {kCounty, "JL-2026-0001"}},
      {"responsibility_letter", {kCounty, "ZR-202603-00001"}},
      {"violation_notice", {kUnit, "SW-202603-00001"}},
      {"accident_report_form", {kUnit, "SB-202603-0001"}},
      {"listing_extension_reply", {kCounty, "矿安延〔2026〕1号"}},
  };
  return expected;
}

/// What a paper that was issued says in place of a word of the draft: the day and hour of the steps that led
/// to it.
std::string as_issued(const std::string& paper, const std::string& word) {
  static const std::map<std::string, std::pair<std::string, std::string>> other = {
      {"rectify", {"2026年3月12日", "2026年3月18日"}},
      {"hazard_closure", {"2026年3月18日9时00分", "2026年3月18日10时00分"}},
      {"delisting_notice", {"2026年5月26日", "2026年3月18日"}},
  };
  const auto found = other.find(paper);
  return found != other.end() && found->second.first == word ? found->second.second : word;
}

/// Without blanks and ends of lines: a text wraps where the page ends.
std::string squeezed(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 3) == "　")
      i += 2;
    else if (!std::isspace(static_cast<unsigned char>(text[i])))
      out += text[i];
  }
  return out;
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

/// Takes records along their flows, with whatever the steps ask for.
class Guide {
 public:
  /// `officers`: whose names the example papers show; they act first.
  Guide(record::Store& store, record::fixture::Maker& maker, RecordId county, std::vector<Actor> officers)
      : store_(store), maker_(maker), county_(county), officers_(std::move(officers)) {}

  /// Steps from a state to the nearest of `states`; nullopt when no way leads there.
  std::optional<std::vector<const pack::Transition*>> way(const Record& record,
                                                          const std::vector<std::string>& states) const {
    const pack::RecordType& type = *store_.catalog().record_type(record.type);
    const pack::Workflow* flow = store_.catalog().workflow(type.workflow);
    std::map<std::string, std::vector<const pack::Transition*>> found{{record.state, {}}};
    std::deque<std::string> open{record.state};
    while (!open.empty()) {
      const std::string state = open.front();
      open.pop_front();
      if (contains(states, state)) return found[state];
      for (const auto& step : flow->transitions) {
        if (!contains(step.from, state) || found.contains(step.to)) continue;
        if (!record::fits(type, step.when, record)) continue;
        found[step.to] = found[state];
        found[step.to].push_back(&step);
        open.push_back(step.to);
      }
    }
    return std::nullopt;
  }

  void take(const Record& record, const pack::Transition& step) {
    const pack::RecordType& type = *store_.catalog().record_type(record.type);
    Fields given;
    for (const auto* names : {&step.required, &step.evidence}) {
      for (const auto& name : *names) {
        const pack::Field& field = *type.field(name);
        if (field.system) continue;
        if (!record.fields.contains(name)) given[name] = maker_.value_of(field);
      }
    }
    next_ = 0;
    const Actor first = step.sign_off.empty() ? Actor::system("system:test") : hand(step.roles.front());
    Record now = done(store_.step(first, record.type, record.id, record.version, step.name, given, "理由"),
                      record.type + " " + step.name);
    for (const auto& stage : step.sign_off) {
      for (int i = 0; i < stage.count; ++i)
        now = done(store_.sign(hand(stage.roles.front()), now.type, now.id, now.version, true, "同意"),
                   record.type + " " + stage.name);
    }
  }

 private:
  static Record done(const record::Outcome<Record>& outcome, const std::string& what) {
    if (const auto* refusal = std::get_if<Refusal>(&outcome))
      throw std::runtime_error(record::fixture::Maker::said(what, *refusal));
    return std::get<Record>(outcome);
  }
  /// Another person each time.
  Actor hand(const std::string& role) {
    if (role == "enforcement_officer" && next_ < officers_.size()) return officers_[next_++];
    const RecordId before = maker_.organisation;
    maker_.organisation = county_;
    Actor person = maker_.person(role);
    maker_.organisation = before;
    return person;
  }

  record::Store& store_;
  record::fixture::Maker& maker_;
  RecordId county_;
  std::vector<Actor> officers_;
  std::size_t next_ = 0;
};

/// One world for all cases of this process: its records are made once.
class PapersOverTheWire : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ServerOptions options;
    options.verify_per_address = {1000, 1000};
    world = std::make_unique<World>(options);
    auto all = paper::make_examples(*world->store, world->clock, MW_SOURCE_DIR "/examples/papers.yaml",
                                    {{"shanxi", world->region}});
    ASSERT_TRUE(all.ok()) << all.error().text();
    made = *std::move(all);
    maker = std::make_unique<record::fixture::Maker>(*world->store, *world->catalog, world->clock);
    maker->belongs_to(made.ids.at("county_region"), made.ids.at("unit"), made.ids.at("mine"));
    std::vector<Actor> officers(2);
    for (std::size_t i = 0; i < officers.size(); ++i) {
      officers[i].name = i == 0 ? "officer" : "second";
      officers[i].account = made.ids.at(officers[i].name);
      officers[i].roles = {"enforcement_officer"};
      officers[i].organisation = officers[i].scope.root = made.ids.at("county");
      officers[i].origin = "test";
    }
    guide = std::make_unique<Guide>(*world->store, *maker, made.ids.at("county"), std::move(officers));
  }
  static void TearDownTestSuite() {
    guide.reset();
    maker.reset();
    sessions.clear();
    series.clear();
    world.reset();
  }

  /// A person of the county or of its mine, or of the neighbouring county, as the role has it.
  static Session person(const std::string& role, bool own = true) {
    const std::string name = (own ? "own_" : "far_") + role;
    if (const auto known = sessions.find(name); known != sessions.end()) return known->second;
    const auto& roles = world->catalog->roles;
    const bool at_mine = std::any_of(roles.begin(), roles.end(),
                                     [&](const auto& r) { return r.name == role && r.level == "mine"; });
    const RecordId there = at_mine ? world->there.mine_organisation : world->there.organisation;
    const RecordId here = made.ids.at(at_mine ? "unit" : "county");
    world->add_account(name, own ? here : there, {role});
    return sessions.emplace(name, world->sign_in(name)).first->second;
  }

  static std::string text_of(const std::string& pdf) {
    const std::string file = world->folder() + "/issued.pdf";
    std::ofstream(file, std::ios::binary) << pdf;
    std::string out;
    FILE* pipe = popen(("pdftotext -raw -enc UTF-8 " + file + " -").c_str(), "r");
    std::array<char, 4096> buffer{};
    while (const auto got = fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), got);
    EXPECT_EQ(pclose(pipe), 0);
    return squeezed(out);
  }

  static Record now(const paper::ExampleRecord& one) {
    return *world->store->get(Actor::system("system:test"), one.type, one.id);
  }
  /// States in which the paper may be issued; empty: any.
  static std::vector<std::string> states_of(const pack::Paper& paper) {
    const pack::Workflow* flow =
        world->catalog->workflow(world->catalog->record_type(paper.record)->workflow);
    if (flow && !paper.step.empty()) return flow->transition(paper.step)->from;
    return paper.in;
  }
  static std::vector<std::string> roles_of(const pack::Paper& paper) {
    if (!paper.roles.empty()) return paper.roles;
    return world->catalog->workflow(world->catalog->record_type(paper.record)->workflow)
        ->transition(paper.step)
        ->roles;
  }
  static void lead(const paper::ExampleRecord& one, const pack::Paper& paper) {
    const auto states = states_of(paper);
    if (states.empty() || contains(states, now(one).state)) return;
    const auto way = guide->way(now(one), states);
    ASSERT_TRUE(way) << one.as << " never comes to where " << paper.name << " may be issued";
    for (const pack::Transition* step : *way) guide->take(now(one), *step);
  }
  /// Number and office that the rules give to this paper now.
  static std::pair<std::string, std::string> expected(const pack::Paper& paper) {
    if (paper.record != "official_document") return others().at(paper.name);
    // A（B）煤安C〔年〕D号 (management.md, DOC): D from 1 for each office, kind and year.
    const auto* kind = world->catalog->dictionary("document_kind")->entry(paper.name);
    const std::string head = "晋阳（监管一）煤安" + kind->extra.at("short");
    return {kCounty, fmt::format("{}〔2026〕{}号", head, ++series[head])};
  }

  static void issue(const paper::ExampleRecord& one, const std::string& name,
                    const std::vector<std::string>& words) {
    const pack::Paper& paper = *world->catalog->paper(name);
    lead(one, paper);
    if (HasFatalFailure()) return;
    const std::string record = fmt::format("/api/v1/records/{}/{}", one.type, one.id.text());
    const std::string path = record + "/papers/" + name;
    const auto roles = roles_of(paper);
    const std::string role = role_that_may(record, name, roles);
    const Session hand = person(role), far = person(role, false);
    const std::string body = fmt::format(R"({{"version": {}}})", now(one).version);
    refused(record, path, body, roles, far);
    const Answer answer = world->ask("POST", path, hand, body);
    ASSERT_EQ(answer.status, 201) << role << ": " << answer.body;
    const Json issued = *parse_json(answer.body);
    const auto [office, number] = expected(paper);
    EXPECT_EQ(issued.text("office"), office);
    EXPECT_EQ(issued.text("number"), number);
    EXPECT_EQ(issued.text("issued_on"), "2026-03-18");
    const Answer pdf = world->ask("GET", path, hand);
    const std::string text = text_of(pdf.body);
    for (const auto& word : words) EXPECT_THAT(text, HasSubstr(squeezed(as_issued(name, word))));
    EXPECT_THAT(text, HasSubstr(squeezed(number)));
    EXPECT_THAT(text, HasSubstr(squeezed(office)));
    std::string code(issued.text("code"));
    for (int at = 12; at > 0; at -= 4) code.insert(static_cast<std::size_t>(at), "-");
    EXPECT_THAT(text, HasSubstr(code));
    EXPECT_THAT(text, Not(HasSubstr("草稿")));
    genuine(issued, pdf.body, words.front());
    EXPECT_EQ(world->ask("POST", path, hand, body).status, 409) << "issued twice";
    EXPECT_EQ(world->ask("POST", path, hand, fmt::format(R"({{"version": {}}})", now(one).version)).status,
              409);
    EXPECT_EQ(world->ask("GET", path, hand).body, pdf.body) << "it stays as it was";
    EXPECT_EQ(world->ask("GET", path, far).status, 404);
    ++count;
  }
  /// The first of the declared roles that is offered it: some papers print what not all of them may see.
  static std::string role_that_may(const std::string& record, const std::string& name,
                                   const std::vector<std::string>& roles) {
    for (const auto& role : roles) {
      const Json offers = world->json("GET", record + "/papers", person(role));
      for (const auto& offer : *offers["papers"].array()) {
        if (offer.text("name") == name && *offer["can_issue"].boolean()) return role;
      }
    }
    return roles.front();
  }
  /// The neighbour finds nothing; a colleague without the role sees it and may not issue it.
  static void refused(const std::string& record, const std::string& path, const std::string& body,
                      const std::vector<std::string>& roles, const Session& far) {
    EXPECT_EQ(world->ask("GET", record + "/papers", far).status, 404);
    EXPECT_EQ(world->ask("GET", path, far).status, 404);
    EXPECT_EQ(world->ask("POST", path, far, body).status, 404);
    const std::string other = contains(roles, "finance_officer") ? "legal_reviewer" : "finance_officer";
    EXPECT_EQ(world->ask("POST", path, person(other), body).status, 403);
  }
  /// Anybody is told by the code what was issued, and by the file whether it is this one.
  static void genuine(const Json& issued, const std::string& pdf, const std::string& title) {
    const std::string path = "/api/v1/verify/" + std::string(issued.text("code"));
    const Json found = world->json("GET", path, {});
    EXPECT_EQ(found.text("number"), issued.text("number")) << found.dump();
    EXPECT_EQ(found.text("office"), issued.text("office"));
    EXPECT_THAT(squeezed(found.text("title")), HasSubstr(squeezed(title)));
    const Json held = world->json("POST", path, {}, pdf);
    EXPECT_TRUE(held["same_file"].boolean() && *held["same_file"].boolean()) << held.dump();
    const Json forged = world->json("POST", path, {}, pdf + "%");
    EXPECT_TRUE(forged["same_file"].boolean() && !*forged["same_file"].boolean()) << forged.dump();
  }

  /// All papers of one file of packs/core/papers, nearest state first where a record becomes several.
  static void issue_all_of(const std::string& file) {
    for (const auto& one : made.records) {
      std::map<std::string, std::vector<std::string>> open;
      for (const auto& [name, words] : one.shows) {
        const auto& paper = *world->catalog->paper(name);
        if (paper.place.file.ends_with("/papers/" + file)) open.emplace(name, words);
      }
      if (one.as == "service" && !open.empty()) issue_its_document();
      while (!open.empty()) {
        auto next = open.begin();
        std::size_t nearest = steps_to(one, next->first);
        for (auto at = open.begin(); at != open.end(); ++at) {
          if (const auto steps = steps_to(one, at->first); steps < nearest) next = at, nearest = steps;
        }
        SCOPED_TRACE(one.as + " as " + next->first);
        issue(one, next->first, next->second);
        if (HasFatalFailure()) return;
        open.erase(next);
      }
    }
    std::size_t declared = 0;
    for (const auto& paper : world->catalog->papers)
      declared += paper.style != pack::Paper::Style::ledger && paper.place.file.ends_with("/papers/" + file);
    EXPECT_EQ(count, declared);
    count = 0;
  }

 private:
  static std::size_t steps_to(const paper::ExampleRecord& one, const std::string& paper) {
    const auto states = states_of(*world->catalog->paper(paper));
    if (states.empty()) return 0;
    const auto way = guide->way(now(one), states);
    return way ? way->size() : 1000;
  }
  /// The receipt carries the number of the document that was served.
  static void issue_its_document() {
    for (const auto& one : made.records) {
      if (one.as != "doc_rectify" || now(one).state == "issued") continue;
      issue(one, "rectify", one.shows.at("rectify"));
      count = 0;
    }
  }

 protected:
  static std::unique_ptr<World> world;
  static paper::ExampleRecords made;
  static std::unique_ptr<record::fixture::Maker> maker;
  static std::unique_ptr<Guide> guide;
  static std::map<std::string, Session> sessions;
  static std::map<std::string, int> series;  ///< numbers given so far, by head
  static std::size_t count;
};
std::unique_ptr<World> PapersOverTheWire::world;
paper::ExampleRecords PapersOverTheWire::made;
std::unique_ptr<record::fixture::Maker> PapersOverTheWire::maker;
std::unique_ptr<Guide> PapersOverTheWire::guide;
std::map<std::string, Session> PapersOverTheWire::sessions;
std::map<std::string, int> PapersOverTheWire::series;
std::size_t PapersOverTheWire::count = 0;

TEST_F(PapersOverTheWire, OfTheCaseAreIssuedOnceAndChecked) { issue_all_of("case.yaml"); }
TEST_F(PapersOverTheWire, OfTheSiteAndTheExecutionAreIssuedOnceAndChecked) {
  issue_all_of("site.yaml");
  issue_all_of("execution.yaml");
}
TEST_F(PapersOverTheWire, OfTheMineAreIssuedOnceAndChecked) { issue_all_of("mine.yaml"); }

TEST_F(PapersOverTheWire, LedgersShowTheirOwnCountyOnly) {
  const std::map<std::string, std::pair<std::string, std::string>> titles = {
      {"hazard", {"事故隐患排查治理台账", "防跑偏保护失灵"}},
      {"major_hazard", {"重大事故隐患挂牌督办台账", "3301工作面瓦斯超限作业"}},
      {"official_document", {"行政执法文书台账", "责令限期整改指令书"}},
      {"penalty_case", {"行政处罚案件台账", "未按照规定安装、使用甲烷传感器"}},
      {"violation", {"三违查处台账", "未停机闭锁"}},
      {"certificate", {"从业人员证书台账", "孙大力"}},
  };
  std::size_t ledgers = 0;
  for (const auto& paper : world->catalog->papers) {
    if (paper.style != pack::Paper::Style::ledger) continue;
    SCOPED_TRACE(paper.name);
    ++ledgers;
    const auto& [title, row] = titles.at(paper.record);
    const std::string path = "/api/v1/records/" + paper.record + "/ledger.pdf";
    const std::string own = text_of(world->ask("GET", path, person("county_officer")).body);
    for (const std::string& word : {title, row, std::string(kCounty)})
      EXPECT_THAT(own, HasSubstr(squeezed(word)));
    const std::string far = text_of(world->ask("GET", path, person("county_officer", false)).body);
    EXPECT_THAT(far, HasSubstr(title));
    EXPECT_THAT(far, Not(HasSubstr(squeezed(row))));
  }
  EXPECT_EQ(ledgers, titles.size());
}

}  // namespace
}  // namespace mineward::api::testing
