/// For tests only: a small catalog of its own (so that a change of the packs does not move the tests), a
/// store on either engine, and a county with two mines and their people.
#pragma once

#include <gmock/gmock.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "db/testing.h"
#include "record/store.h"

namespace mineward::record::fixture {

using pack::Catalog;
using pack::Field;
using pack::FieldType;
using pack::RecordType;

inline Field field(std::string name, FieldType type, std::string more = {}) {
  Field f;
  f.name = std::move(name);
  f.type = type;
  if (type == FieldType::reference) f.target = more;
  if (type == FieldType::choice || type == FieldType::choices) f.dictionary = more;
  return f;
}
inline Field required(Field f) {
  f.required = true;
  return f;
}
inline Field system(Field f) {
  f.system = true;
  return f;
}
inline Field searchable(Field f) {
  f.searchable = true;
  return f;
}
inline Field with_default(Field f, std::string value) {
  f.default_value = std::move(value);
  return f;
}
inline Field limited(Field f, double min, double max) {
  f.min = min;
  f.max = max;
  return f;
}

inline pack::Dictionary dictionary(std::string name, std::vector<std::array<std::string, 3>> rows) {
  pack::Dictionary d;
  d.name = std::move(name);
  for (auto& row : rows) d.entries.push_back({row[0], {row[1], row[2]}, {}, {}});
  return d;
}

inline RecordType record_type(std::string name, std::string owner, std::string title,
                              std::vector<Field> fields) {
  RecordType t;
  t.name = std::move(name);
  t.owner_field = std::move(owner);
  t.title_field = std::move(title);
  t.fields = std::move(fields);
  t.access.read = {"*"};
  return t;
}

inline pack::Transition transition(std::string name, std::vector<std::string> from, std::string to,
                                   std::vector<std::string> roles) {
  pack::Transition t;
  t.name = std::move(name);
  t.from = std::move(from);
  t.to = std::move(to);
  t.roles = std::move(roles);
  return t;
}

inline pack::Workflow hazard_workflow() {
  pack::Workflow w;
  w.name = "hazard";
  w.states = {{"found", {}, true, false},
              {"rectifying", {}, false, false},
              {"accepting", {}, false, false},
              {"closed", {}, false, true}};
  auto plan = transition("plan", {"found"}, "rectifying", {"officer"});
  plan.required = {"responsible", "deadline"};
  plan.editable = {"responsible", "deadline", "money"};
  auto fixed = transition("claim_fixed", {"rectifying"}, "accepting", {"officer"});
  fixed.editable = {"photos"};
  fixed.evidence = {"photos"};
  fixed.sets = {{"rectified_by", "me"}, {"rectified_at", "now"}};
  auto accept = transition("accept", {"accepting"}, "closed", {"officer", "reviewer", "county_officer"});
  accept.distinct_from = {"rectified_by", "responsible"};
  accept.sets = {{"reviewed_by", "me"}, {"reviewed_on", "today"}, {"effect", "good"}};
  auto back = transition("send_back", {"accepting"}, "rectifying", {"officer", "reviewer"});
  back.reason_required = true;
  auto robot = transition("expire", {"found", "rectifying"}, "closed", {});
  w.transitions = {plan, fixed, accept, back, robot};
  return w;
}

inline RecordType hazard_type() {
  auto t = record_type(
      "hazard", "organisation", "title",
      {system(field("number", FieldType::text)),
       with_default(required(field("organisation", FieldType::reference, "organisation")), "my_organisation"),
       required(field("mine", FieldType::reference, "mine")),
       searchable(required(field("title", FieldType::text))),
       searchable(field("description", FieldType::long_text)),
       field("level", FieldType::choice, "level"),
       field("tags", FieldType::choices, "tag"),
       with_default(field("found_at", FieldType::instant), "now"),
       with_default(field("found_by", FieldType::reference, "account"), "me"),
       field("responsible", FieldType::reference, "account"),
       field("deadline", FieldType::date),
       limited(field("money", FieldType::money), 0, 1000000),
       limited(field("depth", FieldType::decimal), -10, 2000),
       limited(field("people", FieldType::integer), 0, 500),
       with_default(field("urgent", FieldType::boolean), "false"),
       field("photos", FieldType::attachments),
       system(field("rectified_by", FieldType::reference, "account")),
       system(field("rectified_at", FieldType::instant)),
       system(field("reviewed_by", FieldType::reference, "account")),
       system(field("reviewed_on", FieldType::date)),
       field("effect", FieldType::choice, "level")});
  for (auto& f : t.fields) {
    if (f.name == "photos") f.file_kinds = {"image"};
  }
  t.workflow = "hazard";
  t.list_fields = {"number",   "level", "title", "mine",   "found_at",
                   "deadline", "money", "depth", "people", "urgent"};
  t.unique = {{"number"}};
  t.indexes = {{"mine", "found_at"}, {"state", "deadline"}};
  t.number_format = "YH-{yyyy}{MM}-{seq:5}";
  t.access.create = {"officer", "worker"};
  t.access.update = {"officer"};
  return t;
}

inline RecordType account_type() {
  auto pattern = required(field("name", FieldType::text));
  pattern.pattern = "[a-z][a-z0-9_.-]{1,39}";
  auto hash = system(field("password_hash", FieldType::text));
  hash.secret = true;
  auto display = field("display_name", FieldType::text);
  display.personal = true;
  auto t =
      record_type("account", "organisation", "display_name",
                  {pattern, display, required(field("organisation", FieldType::reference, "organisation")),
                   required(field("roles", FieldType::choices, "role")), hash});
  t.unique = {{"name"}};
  t.list_fields = {"name", "display_name"};
  t.access = {{"admin", "auditor"}, {"admin"}, {"admin"}};
  return t;
}

inline std::shared_ptr<Catalog> small_catalog() {
  auto catalog = std::make_shared<Catalog>();
  auto code = required(field("code", FieldType::text));
  code.max_length = 12;
  auto region =
      record_type("region", "none", "name", {code, searchable(required(field("name", FieldType::text)))});
  region.unique = {{"code"}};
  region.list_fields = {"code", "name"};
  region.access.create = region.access.update = {"admin"};
  auto organisation = record_type("organisation", "self", "name",
                                  {code, searchable(required(field("name", FieldType::text))),
                                   field("parent", FieldType::reference, "organisation")});
  organisation.unique = {{"code"}};
  organisation.list_fields = {"code", "name", "parent"};
  organisation.access.create = organisation.access.update = {"admin"};
  auto mine = record_type("mine", "organisation", "name",
                          {code, searchable(required(field("name", FieldType::text))),
                           required(field("organisation", FieldType::reference, "organisation"))});
  mine.unique = {{"code"}};
  mine.list_fields = {"code", "name"};
  mine.access.create = mine.access.update = {"admin", "county_officer"};
  // Whose owner comes through another record: a note on a hazard.
  auto remark = record_type("remark", "hazard", "hazard",
                            {required(field("hazard", FieldType::reference, "hazard")),
                             searchable(required(field("text", FieldType::long_text)))});
  remark.list_fields = {"hazard"};
  remark.access.create = remark.access.update = {"officer", "county_officer"};
  catalog->record_types = {region, organisation, mine, account_type(), hazard_type(), remark};
  catalog->workflows = {hazard_workflow()};
  catalog->dictionaries = {
      dictionary("level",
                 {{"ordinary", "一般", "Ordinary"}, {"major", "重大", "Major"}, {"good", "好", "Good"}}),
      dictionary("tag", {{"gas", "瓦斯", "Gas"}, {"fire", "火", "Fire"}, {"water", "水", "Water"}}),
      dictionary("role", {{"officer", "", ""},
                          {"worker", "", ""},
                          {"reviewer", "", ""},
                          {"county_officer", "", ""},
                          {"admin", "", ""},
                          {"security_admin", "", ""},
                          {"auditor", "", ""}})};
  const auto role = [](std::string name) {
    pack::Role r;
    r.name = std::move(name);
    return r;
  };
  for (const char* name :
       {"officer", "worker", "reviewer", "county_officer", "admin", "security_admin", "auditor"})
    catalog->roles.push_back(role(name));
  catalog->roles[4].administers_system = true;
  catalog->roles[5].administers_security = true;
  catalog->roles[6].audits = true;
  return catalog;
}

/// The value, or a failed test that shows why not.
template <class T>
T must(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().text();
    throw std::runtime_error(result.error().text());
  }
  return *std::move(result);
}
inline void must(const Status& status) { EXPECT_TRUE(status.ok()) << status.error().text(); }
template <class T>
T must(Outcome<T> outcome) {
  if (auto* refusal = std::get_if<Refusal>(&outcome)) {
    std::string text = refusal->error.text();
    for (const auto& f : refusal->faults) text += "\n  " + f.field + " " + f.code + ": " + f.message;
    ADD_FAILURE() << text;
    throw std::runtime_error(text);
  }
  return std::get<T>(std::move(outcome));
}
/// The refusal, or a failed test.
template <class T>
Refusal refused(Outcome<T> outcome) {
  if (auto* refusal = std::get_if<Refusal>(&outcome)) return *std::move(refusal);
  ADD_FAILURE() << "was not refused";
  throw std::runtime_error("was not refused");
}
/// "field code, field code" of a refusal, in order.
inline std::string faults(const Refusal& refusal) {
  std::string out;
  for (const auto& f : refusal.faults) out += (out.empty() ? "" : ", ") + f.field + " " + f.code;
  return out;
}

/// A county with two mines, a neighbouring county with one, and people. All made through the store.
class Country {
 public:
  explicit Country(db::Engine engine, pack::CatalogPtr catalog = small_catalog())
      : database(engine), catalog_(std::move(catalog)) {
    open();
    province = organisation("p", {});
    county = organisation("c", province);
    other_county = organisation("d", province);
    mine_a_organisation = organisation("ma", county);
    mine_b_organisation = organisation("mb", county);
    mine_x_organisation = organisation("mx", other_county);
    mine_a = mine("A", mine_a_organisation);
    mine_b = mine("B", mine_b_organisation);
    mine_x = mine("X", mine_x_organisation);
    officer = actor("anna", mine_a_organisation, {"officer"});
    reviewer = actor("rita", mine_a_organisation, {"reviewer"});
    worker = actor("wang", mine_a_organisation, {"worker"});
    county_officer = actor("carl", county, {"county_officer"});
    foreign = actor("fred", other_county, {"officer", "county_officer", "reviewer", "admin", "auditor"});
  }

  void open() {
    store.reset();
    store = must(
        open_store(catalog_, *database, *files, clock, ids, {database.folder().path() + "/files", 4096}));
  }
  /// Opens the same database with other packs; the error when they do not fit.
  Status reopen(pack::CatalogPtr catalog, const std::string& key_file = {}) {
    store.reset();
    auto opened = open_store(catalog, *database, *files, clock, ids,
                             {database.folder().path() + "/files", 4096, 0, key_file});
    if (!opened) return opened.error();
    catalog_ = std::move(catalog);
    store = *std::move(opened);
    return {};
  }

  RecordId organisation(const std::string& code, RecordId parent) {
    return must(store->create(root, "organisation",
                              {{"code", code}, {"name", "org " + code}, {"parent", parent}}))
        .id;
  }
  RecordId mine(const std::string& code, RecordId owner) {
    return must(store->create(root, "mine", {{"code", code}, {"name", "矿" + code}, {"organisation", owner}}))
        .id;
  }
  Actor actor(const std::string& name, RecordId organisation_id, std::set<std::string> roles) {
    Actor a;
    a.name = name;
    a.roles = std::move(roles);
    a.organisation = organisation_id;
    a.scope.root = organisation_id;
    a.origin = "127.0.0.1";
    a.account = must(store->create(root, "account",
                                   {{"name", name},
                                    {"display_name", "Name of " + name},
                                    {"organisation", organisation_id},
                                    {"roles", std::vector<std::string>{"officer"}}}))
                    .id;
    return a;
  }
  Record hazard(const Actor& who, RecordId at, const std::string& title, Fields more = {}) {
    more["mine"] = at;
    more["title"] = title;
    return must(store->create(who, "hazard", more));
  }
  std::string photo() { return must(store->attach(officer, "photo.jpg", "\xFF\xD8\xFF\xE0 a photo")).sha256; }
  std::vector<std::string> titles(const Actor& who, ListQuery query) {
    query.type = "hazard";
    std::vector<std::string> out;
    for (const auto& r : must(store->list(who, query)).records) out.push_back(r.text("title"));
    return out;
  }

  db::TestDatabase database;
  std::unique_ptr<Files> files = system_files();
  ManualClock clock{ArrivalTime{1768176000000}};  // 2026-01-12 08:00 in Beijing
  IdMaker ids{clock, 1};
  std::unique_ptr<Store> store;
  const Actor root = Actor::system("system:test");
  RecordId province, county, other_county, mine_a_organisation, mine_b_organisation, mine_x_organisation,
      mine_a, mine_b, mine_x;
  Actor officer, reviewer, worker, county_officer, foreign;

 private:
  pack::CatalogPtr catalog_;
};

class RecordTest : public db::OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (!IsSkipped()) country = std::make_unique<Country>(GetParam());
  }
  Country& c() { return *country; }
  Store& store() { return *country->store; }
  std::unique_ptr<Country> country;
};

}  // namespace mineward::record::fixture
