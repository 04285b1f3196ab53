#include "api/world_testing.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <array>
#include <stdexcept>

#include "base/log.h"
#include "pack/load.h"
#include "record/template_testing.h"

namespace mineward::api::testing {

using record::Actor;
using record::Fields;
using record::Record;
using record::RecordId;
using record::Refusal;

namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return *std::move(result);
}
void must(const Status& status) {
  if (!status) throw std::runtime_error(status.error().text());
}
Record must(record::Outcome<Record> outcome) {
  if (auto* refusal = std::get_if<Refusal>(&outcome)) {
    std::string text = refusal->error.text();
    for (const auto& fault : refusal->faults) text += "; " + fault.field + ": " + fault.message;
    throw std::runtime_error(text);
  }
  return std::get<Record>(std::move(outcome));
}

const Actor& maker() {
  static const Actor actor = Actor::system("system:test");
  return actor;
}

}  // namespace

std::string png_like(const std::string& rest) {
  return std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) + rest;
}

feed::Receipt FakeIntake::accept(const feed::Upload& upload) {
  std::unique_lock lock(mutex);
  ++uploads;
  last = upload;
  changed.notify_all();
  changed.wait(lock, [this] { return !held; });
  feed::Receipt receipt;
  receipt.verdict = verdict;
  receipt.file_name = upload.name;
  return receipt;
}

Result<watch::Underground> FakeWatch::underground(const Actor& actor, RecordId mine) {
  MW_ASSIGN(const auto found, store_.get(actor, "mine", mine));
  watch::Underground out;
  out.mine = found.id;
  out.people = 7;
  return out;
}

Result<watch::PointLimits> FakeWatch::limits(const Actor& actor, RecordId point, EventTime) {
  MW_ASSIGN(const auto found, store_.get(actor, "point", point));
  watch::PointLimits out;
  out.alarm = pack::Bound{pack::Bound::Op::ge, 1.0};
  out.source = "CH4-T0 of " + found.text("code");
  return out;
}

Result<std::vector<watch::MinePoints>> FakeWatch::points(const Actor& actor, std::optional<RecordId> mine) {
  record::ListQuery query;
  query.type = "point";
  if (mine) query.filters = {{"mine", record::Filter::Op::eq, {mine->text()}}};
  MW_ASSIGN(const auto page, store_.list(actor, query));
  std::map<RecordId, watch::MinePoints> by_mine;
  for (const auto& point : page.records) {
    const RecordId id = point.reference("mine");
    MW_ASSIGN(const auto record, store_.get(actor, "mine", id));
    const auto key = history_.find_point(record.text("code"), point.text("code"));
    if (!key) continue;
    by_mine[id].mine = id;
    by_mine[id].points.emplace_back(point.id, *key);
  }
  std::vector<watch::MinePoints> out;
  for (auto& [id, points] : by_mine) out.push_back(std::move(points));
  return out;
}

Result<std::vector<watch::Concern>> FakeWatch::board(const Actor& actor, ArrivalTime) {
  record::ListQuery query;
  query.type = "mine";
  MW_ASSIGN(const auto page, store_.list(actor, query));
  std::vector<watch::Concern> out;
  for (const auto& mine : page.records) {
    watch::Concern concern;
    concern.mine = mine.id;
    concern.organisation = mine.owner;
    concern.name = mine.text("name");
    concern.parts = {{"red alarms", 40}};
    out.push_back(std::move(concern));
  }
  return out;
}

World::World(ServerOptions o)
    : options(std::move(o)),
      folder_(std::string(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + "/mw_api_XXXXXX") {
  set_log_level(LogLevel::error);
  if (!mkdtemp(folder_.data())) throw std::runtime_error("mkdtemp");
  files_ = system_files();
  random_ = system_random();
  static const pack::CatalogPtr real_packs = [] {
    const std::vector<std::string> packs = {MW_SOURCE_DIR "/packs"};
    auto loaded = pack::load_catalog(packs);
    for (const auto& mistake : loaded.mistakes) throw std::runtime_error(mistake.text());
    return loaded.catalog;
  }();
  catalog = real_packs;
  record::copy_template(catalog, folder_ + "/mineward.db");
  database_ = must(db::open_database("sqlite:" + folder_ + "/mineward.db"));
  ids_ = std::make_unique<IdMaker>(clock, 1);
  must(files_->make_folders(folder_ + "/attachments"));
  store = must(record::open_store(catalog, *database_, *files_, clock, *ids_,
                                  {folder_ + "/attachments", 20u << 20, 2000, folder_ + "/protected.key"}));
  history::Options where;
  where.folder = folder_ + "/history";
  history = must(history::open_history(*files_, where));
  watch = std::make_unique<FakeWatch>(*store, *history);
  duties = must(duty::open_duties(catalog, *store, clock));
  must(prepare_account_tables(*database_));
  // A server stands beside an intake, whose tables pages read; here a fake one takes the uploads.
  must(feed::open_intake(catalog, *store, *history, clock, *watch, {}));

  region = add(
      "region",
      {{"code", std::string("140000")}, {"name", std::string("示例省")}, {"level", std::string("province")}});
  province = add("organisation", {{"code", std::string("P")},
                                  {"name", std::string("省局")},
                                  {"kind", std::string("regulator")},
                                  {"level", std::string("province")},
                                  {"region", region}});
  here = add_county("a", region);
  there = add_county("b", region);
  add_account("pro", province, {"province_officer"});

  options.port = 0;
  options.access_log = false;
  options.sessions.cost = {1, 8192};
  options.stop_deadline = Millis(5000);
  restart();
}

World::~World() {
  server.reset();
  history.reset();
  store.reset();
  database_.reset();
  if (std::system(("rm -rf " + folder_).c_str()) != 0) std::abort();
}

Services World::services() {
  return Services{*store, *history, intake, *watch, *duties, catalog, *files_, clock, *random_};
}

void World::restart() {
  server.reset();
  server = std::make_unique<Server>(options, services());
  must(server->start());
}

RecordId World::add(const std::string& type, const Fields& fields) {
  return must(store->create(maker(), type, fields)).id;
}

RecordId World::add_account(const std::string& name, RecordId organisation, std::vector<std::string> roles,
                            bool must_change) {
  NewAccount wanted;
  wanted.name = name;
  wanted.display_name = "显示名 " + name;
  wanted.organisation = organisation;
  wanted.roles = std::move(roles);
  wanted.password = kPassword;
  wanted.must_change_password = must_change;
  return must(create_account(*store, maker(), wanted, {1, 8192})).id;
}

County World::add_county(const std::string& letter, RecordId region) {
  using S = std::string;
  County c;
  c.organisation = add("organisation", {{"code", S("C") + letter},
                                        {"name", "县局" + letter},
                                        {"kind", S("regulator")},
                                        {"level", S("county")},
                                        {"region", region},
                                        {"parent", province}});
  c.mine_organisation = add("organisation", {{"code", S("M") + letter},
                                             {"name", "矿业" + letter},
                                             {"kind", S("mine")},
                                             {"level", S("mine")},
                                             {"region", region},
                                             {"parent", c.organisation}});
  c.mine = add("mine", {{"code", "14010000000" + S(letter == "a" ? "1" : "2")},
                        {"name", "煤矿" + letter},
                        {"organisation", c.mine_organisation},
                        {"kind", S("coal")},
                        {"capacity", 120.0},
                        {"status", S("producing")}});
  const Fields owner{{"organisation", c.mine_organisation}, {"mine", c.mine}};
  Fields point = owner;
  point.merge(Fields{{"code", "P1" + letter},
                     {"sensor_type", S("0001")},
                     {"value_type", S("MN")},
                     {"unit", S("%CH4")},
                     {"place", "回风隅角" + letter}});
  c.point = add("point", point);
  c.dispatcher = add_account("ddy" + letter, c.mine_organisation, {"dispatcher"});
  add_account("aqy" + letter, c.mine_organisation, {"safety_officer"});
  add_account("xian" + letter, c.organisation, {"county_officer"});
  add_account("admin" + letter, c.organisation, {"system_admin"});
  add_account("audit" + letter, c.organisation, {"auditor"});
  add_account("up" + letter, c.mine_organisation, {"uploader"});
  Fields alarm = owner;
  alarm.merge(Fields{{"event_key", "G-1|" + letter},
                     {"title", "甲烷超限" + letter},
                     {"rule", S("G-1")},
                     {"grade", S("orange")},
                     {"point", c.point},
                     {"begin_at", EventTime{clock.now().utc_ms - 600'000}}});
  c.alarm = add("alarm", alarm);
  c.person =
      add("person", {{"organisation", c.mine_organisation}, {"mine", c.mine}, {"name", "张三" + letter}});
  const S png = png_like(letter);
  const auto file = must(store->attach(maker(), "photo.png", png));
  c.attachment = file.sha256;
  Fields hazard = owner;
  hazard.merge(Fields{{"title", "顶板开裂" + letter}, {"level", S("ordinary")}, {"origin", S("self_check")}});
  for (const auto& field : catalog->record_type("hazard")->fields) {
    if (field.name == "photos_before" || field.name == "photos")
      hazard[field.name] = std::vector<S>{file.sha256};
  }
  c.hazard = add("hazard", hazard);
  return c;
}

Session World::sign_in(const std::string& name, const std::string& password) {
  Json body;
  body.set("name", name).set("password", password);
  const Answer answer = ask("POST", "/api/v1/session", {}, body.dump());
  if (answer.status != 200) throw std::runtime_error("sign-in: " + answer.body);
  const std::string cookie = answer.header("set-cookie");
  return {cookie.substr(0, cookie.find(';')), std::string(must(parse_json(answer.body)).text("csrf")), {}};
}

std::string request_text(const std::string& method, const std::string& target, const Session& session,
                         const std::string& body, const std::string& content_type,
                         const std::string& more_headers) {
  std::string request = method + " " + target + " HTTP/1.1\r\nHost: mine.example\r\n" + more_headers;
  if (!session.cookie.empty()) request += "Cookie: " + session.cookie + "\r\n";
  if (!session.csrf.empty()) request += "X-CSRF-Token: " + session.csrf + "\r\n";
  if (!session.bearer.empty()) request += "Authorization: Bearer " + session.bearer + "\r\n";
  if (!body.empty() || method == "POST" || method == "PATCH")
    request += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", content_type, body.size());
  return request + "\r\n" + body;
}

Answer World::ask(const std::string& method, const std::string& target, const Session& session,
                  const std::string& body, const std::string& content_type, const std::string& more_headers) {
  Client client(server->port());
  client.send(request_text(method, target, session, body, content_type, more_headers));
  return client.receive(method != "HEAD");
}

Json World::json(const std::string& method, const std::string& target, const Session& session,
                 const std::string& body) {
  const Answer answer = ask(method, target, session, body);
  auto parsed = parse_json(answer.body);
  if (!parsed) return Json("no JSON: " + answer.body);
  return *std::move(parsed);
}

std::unique_ptr<Client> World::open_live(const Session& session, const std::string& more_headers,
                                         int receive_buffer) {
  auto client = std::make_unique<Client>(server->port(), receive_buffer);
  client->send(
      "GET /api/v1/live HTTP/1.1\r\nHost: mine.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: " +
      session.cookie + "\r\n" + more_headers + "\r\n");
  return client;
}

}  // namespace mineward::api::testing
