// Who may ask what, of whose records: the matrix is made of the OpenAPI document that the server gives out,
// and every cell is asked of the server: route x role x (own county, neighbouring county). An operation that
// this file does not know is a failure.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <functional>
#include <map>
#include <random>
#include <set>

#include <fmt/format.h>

#include "api/world_testing.h"
#include "base/text.h"
#include "record/making_testing.h"

namespace mineward::api {
namespace {

using record::RecordId;
using testing::Answer;
using testing::Client;
using testing::Session;
using testing::World;

/// Whose data the answer of an operation may hold.
enum class Reach {
  nothing,    ///< nobody's: packs, health, the caller's own session
  everybody,  ///< what the public pages tell without a sign-in: names of mines and regulators
  scope,      ///< what matches in the caller's scope; outside it nothing, and no error
  subject,    ///< one thing named in the path or the query: not found outside the scope
  type,       ///< records of the type named in the path: what x-access of the type says
};

/// Every operation; its paths are filled by `Matrix::path_of`.
const std::map<std::string, Reach>& known_operations() {
  using enum Reach;
  static const std::map<std::string, Reach> known = {
      {"alive", nothing},
      {"ready", nothing},
      {"metrics", nothing},
      {"signIn", nothing},
      {"getSession", nothing},
      {"signOut", nothing},
      {"changePassword", nothing},
      {"getOpenApi", nothing},
      {"getCatalog", nothing},
      {"listPacks", nothing},
      {"listRules", nothing},
      {"listLimits", nothing},
      {"listClauses", nothing},
      {"getClause", scope},
      {"listPackSettings", nothing},
      {"previewPackSetting", nothing},
      {"preparePackSetting", nothing},
      {"putPackSettingInForce", nothing},
      {"withdrawPackSetting", nothing},
      {"attach", nothing},
      {"verifyLog", nothing},
      {"changeLog", scope},
      {"live", scope},
      {"getBoard", scope},
      {"boardRegions", scope},
      {"flowBoard", scope},
      {"listWork", scope},
      {"oversight", scope},
      {"oversightRecords", scope},
      {"mineEvents", subject},
      {"exportMineEvents", subject},
      {"getLatest", scope},
      {"search", scope},
      {"listSignings", scope},
      {"listSupervision", scope},
      {"getDivision", nothing},
      {"listClocks", scope},
      {"listReminders", scope},
      {"seeReminders", scope},
      {"listDuties", scope},
      {"dutySummary", scope},
      {"dutyCalendar", scope},
      {"dutyMatrix", scope},
      {"exportDuties", scope},
      {"upload", scope},
      {"listUploads", scope},
      {"uploadHealth", scope},
      {"listQuarantine", scope},
      {"listForms", scope},
      {"getDuty", subject},
      {"getForm", subject},
      {"getFormSummary", subject},
      {"listFormRecords", subject},
      {"exportForm", subject},
      {"openFiling", subject},
      {"editFiling", subject},
      {"fileFiling", subject},
      {"returnFiling", subject},
      {"acceptFiling", subject},
      {"freezeFiling", subject},
      {"getLive", subject},
      {"getPeople", subject},
      {"getSeries", subject},
      {"hazardOfAlarm", subject},
      {"resetPassword", subject},
      {"newToken", subject},
      {"getAttachment", subject},
      {"listOptions", type},
      {"listRecords", type},
      {"createRecord", type},
      {"getRecord", type},
      {"updateRecord", type},
      {"stepRecord", type},
      {"recordHistory", type},
      {"exportRecords", type},
      {"importRecords", type},
      {"exportLedger", type},
      {"listPapers", type},
      {"getPaper", type},
      {"issuePaper", type},
      {"ledgerPdf", type},
      {"zipPapers", type},
      {"verifyPaper", nothing},
      {"verifyPaperFile", nothing},
      {"ledgerTemplate", type},
      {"beginImport", type},
      {"listImports", nothing},
      {"getImport", nothing},
      {"listImportRows", nothing},
      {"checkImport", nothing},
      {"applyImport", nothing},
      {"undoImport", nothing},
      {"discardImport", nothing},
      {"signRecord", type},
      {"recordSignatures", type},
      {"raiseRecord", type},
      {"recordLinks", type},
      {"publicChallenge", nothing},
      {"publicTipForm", everybody},
      {"publicMines", everybody},
      {"publicTip", nothing},
      {"publicFollowTip", nothing},
      {"publicWriteTip", nothing},
      {"publicClaimTip", nothing},
      {"listOpenings", type},
      {"askOpening", type},
      {"lookSealed", type},
      {"giveTipCode", subject},
      {"payTipReward", subject},
      {"getTipPoster", subject},
      {"raiseForEach", type},
      {"recordDivision", type},
      {"selectRecords", type},
      {"bulkStep", type},
      {"listViews", type},
      {"saveView", type},
      {"changeView", type},
      {"removeView", type},
      {"restoreView", type},
      {"chooseView", type},
      {"myExams", scope},
      {"getExam", subject},
      {"addCandidates", subject},
      {"closeExam", subject},
      {"examStatistics", subject},
      {"getExamPaper", subject},
      {"startExamPaper", subject},
      {"answerExamPaper", subject},
      {"handInExamPaper", subject},
      {"giveExamCode", subject},
      {"getPaperByCode", nothing},
      {"startPaperByCode", nothing},
      {"answerPaperByCode", nothing},
      {"handInPaperByCode", nothing},
  };
  return known;
}

/// One operation of the OpenAPI document.
struct Operation {
  std::string id, method, pattern;
  bool open = false;               ///< asks for no sign-in
  std::vector<std::string> roles;  ///< x-roles; empty = every role
  std::set<std::string> required;  ///< query parameters that must be given
};

std::vector<std::string> texts_of(const Json& list) {
  std::vector<std::string> out;
  if (const auto* array = list.array())
    for (const auto& item : *array) out.push_back(*item.string());
  return out;
}

std::vector<Operation> operations_of(const Json& document) {
  std::vector<Operation> out;
  for (const auto& [pattern, methods] : *document["paths"].object()) {
    for (const auto& [method, operation] : *methods.object()) {
      Operation o;
      o.id = operation.text("operationId");
      o.method = method;
      for (char& c : o.method) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      o.pattern = pattern;
      o.open = operation["security"].array()->empty();
      o.roles = texts_of(operation["x-roles"]);
      if (const auto* parameters = operation["parameters"].array()) {
        for (const auto& parameter : *parameters) {
          if (parameter.text("in") == "query" && *parameter["required"].boolean())
            o.required.insert(std::string(parameter.text("name")));
        }
      }
      out.push_back(std::move(o));
    }
  }
  return out;
}

/// What may be done with records of a type, as the document has it.
struct Access {
  std::vector<std::string> read, create, update;
  std::map<std::string, std::vector<std::string>> steps, raises;
  bool scoped = true;
};

bool holds(const std::vector<std::string>& roles, const std::string& role) {
  return std::any_of(roles.begin(), roles.end(), [&](const auto& r) { return r == "*" || r == role; });
}

std::map<std::string, Access> access_of(const Json& document) {
  std::map<std::string, Access> out;
  for (const auto& [name, schema] : *document["components"]["schemas"].object()) {
    if (!schema.has("x-access")) continue;
    const Json& access = schema["x-access"];
    Access a{texts_of(access["read"]),   texts_of(access["create"]), texts_of(access["update"]), {}, {},
             *access["scoped"].boolean()};
    for (const auto& [step, roles] : *access["steps"].object()) a.steps[step] = texts_of(roles);
    for (const auto& [raise, roles] : *access["raises"].object()) a.raises[raise] = texts_of(roles);
    out[name.substr(std::string("Record.").size())] = std::move(a);
  }
  return out;
}

/// Somebody with one role in one of the two counties, on a connection that stays open.
struct Person {
  std::string role;
  bool own = true;  ///< of the county whose records are asked for
  Session session;
  std::unique_ptr<Client> line;
  std::string name;
};

class Matrix : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.options.per_address = world_.options.per_account = world_.options.sign_in_per_address = {0, 0};
    auto& door = world_.options.public_door;
    door.asked = door.left = door.left_by_all = door.codes = {0, 0};
    world_.restart();
    document_ = world_.json("GET", "/api/v1/openapi.json", world_.sign_in("xiana"));
    operations_ = operations_of(document_);
    types_ = access_of(document_);
    maker_ = std::make_unique<record::fixture::Maker>(*world_.store, *world_.catalog, world_.clock);
    maker_->belongs_to(world_.region, world_.here.mine_organisation, world_.here.mine);
    maker_->person("safety_officer");
    victim_ = world_.add_account("victim", world_.here.mine_organisation, {"worker"});
    for (const auto& role : world_.catalog->roles) {
      for (const bool own : {true, false}) people_.push_back(person(role, own));
    }
  }

  Person person(const pack::Role& role, bool own) {
    const auto& county = own ? world_.here : world_.there;
    const std::string name = "m" + std::to_string(people_.size());
    world_.add_account(name, role.level == "mine" ? county.mine_organisation : county.organisation,
                       {role.name});
    return {role.name, own, world_.sign_in(name), nullptr, name};
  }

  Answer ask(Person& who, const std::string& method, const std::string& target, const std::string& body,
             const std::string& content_type = "application/json") {
    const std::string request = testing::request_text(method, target, who.session, body, content_type);
    if (who.line && who.line->send(request)) {
      Answer answer = who.line->receive();
      if (answer.status != 0) return answer;
    }
    who.line = std::make_unique<Client>(world_.server->port());
    return who.line->ask(request);
  }

  std::string where(const Person& who, const std::string& method, const std::string& target,
                    const Answer& answer) const {
    return fmt::format("{} of the {} county: {} {} gave {}\n{}", who.role, who.own ? "own" : "other", method,
                       target, answer.status, answer.body.substr(0, 300));
  }

  World world_;
  Json document_;
  std::vector<Operation> operations_;
  std::map<std::string, Access> types_;
  std::unique_ptr<record::fixture::Maker> maker_;
  RecordId victim_;
  std::vector<Person> people_;
};

TEST_F(Matrix, KnowsEveryOperationAndNoOther) {
  std::set<std::string> found;
  for (const auto& operation : operations_) {
    EXPECT_TRUE(known_operations().contains(operation.id))
        << operation.method << " " << operation.pattern << " (" << operation.id
        << ") is not in the matrix: say whose data it may show";
    found.insert(operation.id);
  }
  for (const auto& [id, reach] : known_operations()) EXPECT_TRUE(found.contains(id)) << id << " is gone";
}

/// What the document promises somebody, and so what the server must answer.
enum class Promise {
  answered,   ///< 200, or another success
  taken,      ///< looked at: a success, or a refusal that speaks of what was sent
  refused,    ///< one way or another
  forbidden,  ///< 403
  not_found,  ///< 404
};

bool kept(Promise promise, int status) {
  switch (promise) {
    case Promise::answered: return status >= 200 && status < 300;
    case Promise::taken:
      return status != 0 && status != 401 && status != 403 && status != 404 && status < 500;
    case Promise::refused: return status >= 400 && status < 500;
    case Promise::forbidden: return status == 403;
    case Promise::not_found: return status == 404;
  }
  return false;
}

/// The cells of one record type and one person.
class TypeCells {
 public:
  using Ask =
      std::function<Answer(Person&, const std::string&, const std::string&, const std::string&, Promise)>;
  using Version = std::function<std::int64_t()>;
  TypeCells(const std::string& type, const Access& access, RecordId id, Person& who, Ask ask, Version version)
      : access_(access),
        id_(id.text()),
        who_(who),
        ask_(std::move(ask)),
        version_(std::move(version)),
        list_("/api/v1/records/" + type),
        one_(list_ + "/" + id_) {
    const bool reads = holds(access.read, who.role);
    there_ = who.own || !access.scoped;
    of_list_ = reads ? Promise::answered : Promise::forbidden;
    of_one_ = !reads ? Promise::forbidden : there_ ? Promise::answered : Promise::not_found;
  }

  void reads() {
    listed("?limit=500&total=1");
    ask_(who_, "GET", one_, "", of_one_);
  }
  void creates() {
    ask_(who_, "POST", list_, R"({"fields":{}})", creates_ ? Promise::taken : Promise::forbidden);
    ask_(who_, "POST", list_ + "/import", "no_such_column\r\n1\r\n",
         imports_ ? Promise::taken : Promise::forbidden);
  }
  void updates() { ask_(who_, "PATCH", one_, seen(), writes(access_.update)); }
  void rest(bool signing) {
    listed("/export.csv");
    ask_(who_, "GET", list_ + "/export.xlsx", "", of_list_);
    ask_(who_, "GET", list_ + "/template.xlsx", "", imports_ ? Promise::answered : Promise::forbidden);
    ask_(who_, "POST", list_ + "/imports?name=a.xlsx", "no workbook",
         imports_ ? Promise::refused : Promise::forbidden);
    for (const char* path : {"/history", "/links", "/signatures"})
      ask_(who_, "GET", one_ + path, "", of_one_);
    if (!signing || of_one_ != Promise::answered)
      ask_(who_, "POST", one_ + "/signatures", fmt::format(R"({{"version":{},"agrees":true}})", version_()),
           of_one_ == Promise::answered ? Promise::refused : of_one_);
  }
  void raises(const std::string& name, const std::vector<std::string>& roles) {
    const bool may = of_one_ == Promise::answered && holds(roles, who_.role);
    const Promise promise = may ? Promise::taken : of_one_ == Promise::answered ? Promise::refused : of_one_;
    ask_(who_, "POST", one_ + "/raise/" + name, R"({"fields":{}})", promise);
  }
  void steps(const std::string& name, const std::vector<std::string>& roles) {
    ask_(who_, "POST", one_ + "/steps/" + name, seen(), writes(roles));
  }

 private:
  void listed(const std::string& path) {
    const Answer answer = ask_(who_, "GET", list_ + path, "", of_list_);
    if (there_) return;
    EXPECT_EQ(answer.body.find("\"" + id_ + "\""), std::string::npos)
        << who_.role << " of the other county: " << list_ << path;
  }
  std::string seen() { return fmt::format(R"({{"version":{},"fields":{{}}}})", version_()); }
  Promise writes(const std::vector<std::string>& roles) const {
    if (of_one_ != Promise::answered) return of_one_;
    return holds(roles, who_.role) ? Promise::taken : Promise::forbidden;
  }

  const Access& access_;
  std::string id_;
  Person& who_;
  Ask ask_;
  Version version_;
  std::string list_, one_;
  bool there_ = false;
  bool creates_ = holds(access_.create, who_.role);
  bool imports_ = creates_ || holds(access_.update, who_.role);
  Promise of_list_ = Promise::forbidden, of_one_ = Promise::forbidden;
};

// Every role is asked of one type of each kind of access; of every type two people drawn by lot are asked
// everything.
TEST_F(Matrix, EveryRoleOfEitherCountyOnEveryRecordType) {
  std::mt19937 random(5);
  std::set<std::string> kinds;
  const auto first = [&](const char* what, const std::vector<std::string>& roles, bool scoped) {
    return kinds.insert(fmt::format("{}|{}|{}", what, fmt::join(roles, ","), scoped)).second;
  };
  int cells = 0;
  const auto cell = [&](Person& who, const std::string& method, const std::string& target,
                        const std::string& body, Promise promise) {
    const Answer answer =
        ask(who, method, target, body, target.ends_with("/import") ? "text/csv" : "application/json");
    ++cells;
    EXPECT_TRUE(kept(promise, answer.status)) << where(who, method, target, answer);
    return answer;
  };
  const auto system = record::Actor::system("system:test");
  for (const auto& [type, access] : types_) {
    const RecordId id = maker_->known(type);
    const auto version = [&, t = type] {
      const auto found = world_.store->get(system, t, id);
      return found ? found->version : 0;
    };
    const bool read = first("read", access.read, access.scoped),
               create = first("create", access.create, true),
               update = first("update", access.update, access.scoped);
    std::set<std::string> raises, steps;
    for (const auto& [name, roles] : access.raises)
      if (first("raise", roles, access.scoped)) raises.insert(name);
    for (const auto& [name, roles] : access.steps)
      if (first("step", roles, access.scoped)) steps.insert(name);
    const std::set<std::size_t> drawn = {random() % people_.size(), random() % people_.size()};
    for (std::size_t i = 0; i < people_.size(); ++i) {
      const bool all = drawn.contains(i);
      TypeCells of(type, access, id, people_[i], cell, version);
      if (all || read) of.reads();
      if (all || create) of.creates();
      if (all || update) of.updates();
      if (all) of.rest(world_.store->signing(system, type, id)->has_value());
      for (const auto& [name, roles] : access.raises)
        if (all || raises.contains(name)) of.raises(name, roles);
      for (const auto& [name, roles] : access.steps)
        if (all || steps.contains(name)) of.steps(name, roles);
    }
  }
  EXPECT_GT(cells, 10'000);
  std::printf("%d cells, %zu types, %zu kinds of access, %zu roles\n", cells, types_.size(), kinds.size(),
              people_.size() / 2);
}

/// What belongs to the own county only, in an answer.
const std::vector<std::string>& own_names() {
  static const std::vector<std::string> names = {"煤矿a", "矿业a",     "甲烷超限a",   "顶板开裂a",
                                                 "张三a", "回风隅角a", "显示名 ddya", "显示名 victim"};
  return names;
}

/// Paths, bodies and queries of the operations that are not about a record type of the path.
class Sentences {
 public:
  Sentences(World& world, RecordId victim) : world_(world), victim_(victim) {}

  std::string path(const Operation& o) const {
    std::string out = o.pattern;
    const auto put = [&](const std::string& what, const std::string& with) {
      if (const auto at = out.find(what); at != std::string::npos) out.replace(at, what.size(), with);
    };
    put("{sha256}", world_.here.attachment);
    put("{clause}", "YC2024-3.2.3-02");
    put("{name}", form_);
    put("{code}", o.id == "getDivision" ? "140000" : "NOSUCHCODE");
    put("{type}", "hazard");
    const std::vector<std::pair<std::string, std::string>> ids = {
        {"/api/v1/mines/", world_.here.mine.text()},
        {"/api/v1/points/", world_.here.point.text()},
        {"/api/v1/alarms/", world_.here.alarm.text()},
        {"/api/v1/accounts/", victim_.text()},
        {"/api/v1/imports/", "1"},
        {"/api/v1/exams/", exam_.text()},
        {"/api/v1/exam-papers/", paper_.text()},
        {"/api/v1/packs/settings/", setting_.text()},
        {"/api/v1/forms/filings/", filing_.text()},
        {"/api/v1/records/tip", world_.here.hazard.text()}};
    for (const auto& [start, id] : ids)
      if (o.pattern.starts_with(start)) put("{id}", id);
    return out + query(o);
  }

  std::string body(const Operation& o) const {
    if (o.id == "openFiling")
      return fmt::format(R"({{"unit":"{}","month":"2025-12"}})", world_.here.organisation.text());
    if (o.id == "attach") return testing::png_like("x");
    if (o.pattern.find("/filings/{id}") != std::string::npos ||
        o.pattern.find("/settings/{id}") != std::string::npos)
      return R"({"version":1})";
    return o.method == "GET" || o.method == "DELETE" ? "" : "{}";
  }

  void prepare() {
    const auto system = record::Actor::system("system:test");
    const auto made = world_.store->create(system, "pack_setting",
                                           {{"pack", std::string("guizhou_2020")},
                                            {"action", std::string("switch_on")},
                                            {"region", world_.region},
                                            {"first_day", Date{0}},
                                            {"reason", std::string("试")}});
    setting_ = std::get<record::Record>(made).id;
    const Session county = world_.sign_in("xiana");
    const Json forms = world_.json("GET", "/api/v1/forms", county);
    form_ = std::string(forms.array()->front().text("name"));
    const Json filing =
        world_.json("POST", "/api/v1/forms/" + form_ + "/filings", county,
                    fmt::format(R"({{"unit":"{}","month":"2025-11"}})", world_.here.organisation.text()));
    const auto id = parse_record_id(filing["filing"].text("id"));
    if (!id) throw std::runtime_error("no filing: " + filing.dump());
    filing_ = *id;
    make_exam();
  }

 private:
  /// A closed examination of the own county: everything of it can be asked for.
  void make_exam() {
    const auto system = record::Actor::system("system:test");
    auto& store = *world_.store;
    const auto made = [](record::Outcome<record::Record> outcome) {
      return record::fixture::must(std::move(outcome)).id;
    };
    exam_ = made(store.create(system, "exam",
                              {{"organisation", world_.here.mine_organisation},
                               {"mine", world_.here.mine},
                               {"authority", world_.here.organisation},
                               {"examiner", victim_},
                               {"title", std::string("顶板开裂a考试")},
                               {"kind", std::string("inspection")},
                               {"trade", std::string("general")},
                               {"held_at", EventTime{world_.clock.now().utc_ms}}}));
    paper_ = made(store.create(system, "exam_paper", {{"exam", exam_}, {"person", world_.here.person}}));
    made(store.step(system, "exam", exam_, 0, "open", {}));
    made(store.step(system, "exam", exam_, 0, "mark",
                    {{"drawn", std::int64_t{0}}, {"passed", std::int64_t{0}}}));
  }

  std::string query(const Operation& o) const {
    const std::string unit = "unit=" + world_.here.organisation.text() + "&month=2025-11";
    if (o.id == "getDuty") return "?rule=self-check-team&period=1&subject=" + world_.here.mine.text();
    if (o.id.starts_with("listUploads") || o.id == "uploadHealth" || o.id == "listQuarantine")
      return "?mine=" + world_.here.mine.text();
    if (o.id == "publicMines") return "?q=%E7%85%A4%E7%9F%BF";
    if (o.id == "search") return "?q=%E9%A1%B6%E6%9D%BF";
    if (o.id == "getTipPoster") return "?mine=" + world_.here.mine.text();
    if (o.id == "listFormRecords") return "?row=month&column=7&" + unit;
    if (o.id == "getForm" || o.id == "getFormSummary" || o.id == "exportForm") return "?" + unit;
    return "";
  }

  World& world_;
  RecordId victim_, setting_, filing_, exam_, paper_;
  std::string form_;
};

TEST_F(Matrix, EveryRoleOfEitherCountyOnEveryOtherOperation) {
  Sentences sentences(world_, victim_);
  sentences.prepare();
  int cells = 0;
  std::set<std::string> own_seen;
  std::map<std::string, std::string> last_told;
  for (const auto& operation : operations_) {
    const auto known = known_operations().find(operation.id);
    if (known == known_operations().end() || known->second == Reach::type || operation.id == "live") continue;
    const std::string target = sentences.path(operation), body = sentences.body(operation);
    EXPECT_EQ(target.find('{'), std::string::npos) << operation.id << " is not filled: " << target;
    for (Person& who : people_) {
      const Answer answer =
          ask(who, operation.method, target, body,
              operation.id == "attach" || operation.id == "upload" ? "application/octet-stream"
                                                                   : "application/json");
      ++cells;
      const std::string told = where(who, operation.method, target, answer);
      if (who.own) last_told[operation.id] = told;
      if (operation.id == "signOut")
        who = Person{who.role, who.own, world_.sign_in(who.name), nullptr, who.name};
      if (operation.open) {
        EXPECT_TRUE(answer.status != 0 && answer.status != 403 && answer.status < 500) << told;
      } else if (!operation.roles.empty() && !holds(operation.roles, who.role)) {
        EXPECT_EQ(answer.status, 403) << told;
      } else if (known->second == Reach::subject && !who.own) {
        EXPECT_TRUE(answer.status == 404 || answer.status == 403) << told;
      } else {
        EXPECT_TRUE(answer.status != 0 && answer.status != 401 && answer.status < 500) << told;
        if (known->second == Reach::scope) {
          EXPECT_NE(answer.status, 403) << told;
        }
      }
      if (!who.own && known->second != Reach::everybody) {
        for (const auto& trace : own_names()) EXPECT_EQ(answer.body.find(trace), std::string::npos) << told;
      } else if (answer.status >= 200 && answer.status < 300) {
        own_seen.insert(operation.id);
      }
    }
  }
  // A cell proves nothing when nobody is answered: each operation that only reads is answered to somebody.
  for (const auto& operation : operations_) {
    const auto known = known_operations().find(operation.id);
    if (known == known_operations().end() || known->second == Reach::type || operation.method != "GET")
      continue;
    if (operation.id == "live" || operation.id == "getDuty" || operation.id == "verifyPaper") continue;
    if (operation.pattern.starts_with("/api/v1/uploads"))
      continue;  // the tables of a real intake are not in this world
    if (operation.pattern.starts_with("/api/v1/imports/")) continue;  // routes_ledgers_test.cpp
    EXPECT_TRUE(own_seen.contains(operation.id))
        << operation.id << " answered nobody: " << last_told[operation.id];
  }
  std::printf("%d cells, %zu operations\n", cells, operations_.size());
}

}  // namespace
}  // namespace mineward::api
