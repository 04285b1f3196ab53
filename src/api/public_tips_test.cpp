// A tip-off from the public page to its reward, over HTTP, with what everybody else can see of it meanwhile:
// nothing that leads to the person.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "api/follow_code.h"
#include "api/proof_of_work.h"
#include "api/world_testing.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/text.h"

namespace mineward::api {
namespace {

using record::RecordId;
using testing::Answer;
using testing::Session;
using testing::World;
using S = std::string;
using namespace std::string_literals;

constexpr const char* kName = "举报人王小明";
constexpr const char* kPhone = "13812345678";
constexpr const char* kAccount = "农业银行 6228481234567890";
constexpr const char* kWord = "北风吹过三号井";
constexpr const char* kSubject = "三号回风巷甲烷传感器被罩住";

/// A JPEG with a place in its EXIF, put together by hand.
S photo_with_place() {
  const auto segment = [](char marker, const S& content) {
    const auto size = content.size() + 2;
    return "\xFF"s + marker + static_cast<char>(size >> 8) + static_cast<char>(size & 0xFF) + content;
  };
  return "\xFF\xD8"s + segment('\xE1', "Exif\0\0II*\0 N35.1100 E110.1100 Wang's telephone"s) +
         segment('\xDB', S(65, '\1')) + segment('\xC0', "\x08\0\x10\0\x10\x01\x01\x11\0"s) +
         segment('\xC4', S(20, '\2')) + segment('\xDA', "\x01\x01\0\0\x3F\0"s) + "pixels\xFF\xD9";
}

S base64(const S& bytes) {
  S out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();
  return out;
}

S all_files_of(const S& folder) {
  S out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().extension() == ".key") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    out += entry.path().string() + '\n';
    out.append(std::istreambuf_iterator<char>(file), {});
  }
  return out;
}

class PublicTips : public ::testing::Test {
 protected:
  void SetUp() override {
    auto& o = world.options;
    o.per_address = o.per_account = o.sign_in_per_address = {0, 0};
    o.public_door.asked = o.public_door.left = o.public_door.left_by_all = o.public_door.codes = {0, 0};
    o.public_door.proof_bits = 6;
    world.restart();
    for (const auto& [name, role] :
         std::initializer_list<std::pair<const char*, const char*>>{{"tipa", "tip_officer"},
                                                                    {"keepa", "identity_keeper"},
                                                                    {"heada", "department_head"},
                                                                    {"moneya", "finance_officer"},
                                                                    {"enfa", "enforcement_officer"}})
      world.add_account(name, world.here.organisation, {role});
    world.add_account("tipb", world.there.organisation, {"tip_officer"});
    world.add_account("keepb", world.there.organisation, {"identity_keeper"});
    world.add_account("managera", world.here.mine_organisation, {"mine_manager"});
    world.add_account("minetipa", world.here.mine_organisation, {"tip_officer", "auditor"});
  }

  S proof() {
    const S challenge(world.json("GET", "/api/v1/public/challenge", {}).text("challenge"));
    for (int n = 0;; ++n) {
      const S solution = fmt::format("{}:{}", challenge, n);
      const Sha256 digest = sha256(solution);
      if ((digest[0] & 0xFC) == 0) return solution;  // six zero bits
    }
  }
  Json form() {
    Json body;
    body.set("consent", true).set("mine", world.here.mine.text()).set("content", kSubject);
    body.set("name", kName)
        .set("phone", kPhone)
        .set("reporter_kind", "worker")
        .set("matter", "data_falsified");
    return body.set("photos", Json(Json::Array{Json(base64(photo_with_place()))}));
  }
  Answer leave(Json body) {
    if (!body.has("proof")) body.set("proof", proof());
    return world.ask("POST", "/api/v1/public/tips", {}, body.dump());
  }
  /// Leaves one; its code and id are known then.
  void leave_one() {
    const Answer answer = leave(form());
    ASSERT_EQ(answer.status, 201) << answer.body;
    code = parse_json(answer.body)->text("code");
    record::ListQuery query;
    query.type = "tip";
    tip = world.store->list(record::Actor::system("test"), query)->records.front().id;
  }
  Json follow(const S& more = "", const S& path = "") {
    return world.json("POST", "/api/v1/public/tips/follow" + path, {},
                      fmt::format(R"({{"code":"{}"{}}})", code, more));
  }

  S path(const S& type, const S& id) { return "/api/v1/records/" + type + "/" + id; }
  Json get(const S& who, const S& target) { return world.json("GET", target, session(who)); }
  Answer post(const S& who, const S& target, const S& body) {
    return world.ask("POST", target, session(who), body);
  }
  /// Takes a step on what is there now; the record after it.
  Json step(const S& who, const S& type, const S& id, const S& name, const S& fields = "{}",
            const S& reason = "") {
    const auto version = world.store->get(record::Actor::system("test"), type, *parse_record_id(id))->version;
    const Answer answer =
        post(who, path(type, id) + "/steps/" + name,
             fmt::format(R"({{"version":{},"fields":{},"reason":"{}"}})", version, fields, reason));
    EXPECT_EQ(answer.status, 200) << who << " " << type << " " << name << ": " << answer.body;
    return parse_json(answer.body).value_or(Json());
  }
  S made(const S& who, const S& target, const S& body = R"({"fields":{}})") {
    const Answer answer = post(who, target, body);
    EXPECT_EQ(answer.status, 201) << target << ": " << answer.body;
    return S(parse_json(answer.body).value_or(Json()).text("id"));
  }
  const Session& session(const S& who) {
    const auto [slot, is_new] = sessions_.try_emplace(who);
    if (is_new) slot->second = world.sign_in(who);
    return slot->second;
  }

  World world;
  S code;
  RecordId tip;

 private:
  std::map<S, Session> sessions_;
};

S first_fault(const Answer& answer) {
  const auto json = parse_json(answer.body).value_or(Json());
  const auto* faults = json["error"]["faults"].array();
  if (!faults || faults->empty()) return fmt::format("{}", json["error"].text("code"));
  return fmt::format("{} {}", faults->front().text("field"), faults->front().text("code"));
}

TEST_F(PublicTips, WhatIsLeftBelongsToTheCountyAndKeepsNoTraceOfThePerson) {
  leave_one();
  const auto stored = world.store->get(record::Actor::system("test"), "tip", tip);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->owner, world.here.organisation);
  EXPECT_EQ(stored->created_by, "system:public");
  EXPECT_EQ(stored->text("reporter_name"), "******") << "sealed for the program too";
  EXPECT_EQ(stored->text("subject"), "煤矿a");
  EXPECT_EQ(get("tipa", path("tip", tip.text()))["fields"]["anonymous"], Json(false));
  EXPECT_EQ(get("tipb", path("tip", tip.text()))["error"].text("code"), "not_found");
  const S sha(*get("tipa", path("tip", tip.text()))["fields"]["files"].array()->front().string());
  const Answer photo = world.ask("GET", "/api/v1/attachments/" + sha, session("tipa"));
  EXPECT_EQ(photo.status, 200);
  EXPECT_NE(photo.body.find("pixels"), S::npos);
  EXPECT_EQ(photo.body.find("N35"), S::npos);
  EXPECT_NE(photo.header("content-disposition").find("photo-1.jpg"), S::npos);
  const Json log = get("audita", "/api/v1/log?limit=500");
  EXPECT_NE(log.dump().find("system:public"), S::npos);
  for (const auto& change : *log["changes"].array()) {
    if (change.text("actor") == "system:public") {
      EXPECT_EQ(change.text("origin"), "public");
    }
  }
}

TEST_F(PublicTips, BadInputIsRefusedAtItsFieldAndLeavesNothing) {
  const auto with = [&](const char* name, Json value) {
    Json body = form();
    body.set(name, std::move(value));
    return body;
  };
  const S used = proof();
  ASSERT_EQ(leave(with("proof", used)).status, 201);
  const auto photos = [&](std::vector<S> bytes) {
    Json::Array list;
    for (const auto& b : bytes) list.emplace_back(base64(b));
    return with("photos", Json(std::move(list)));
  };
  Json nowhere = with("mine", "");
  const S whole = photo_with_place();
  const struct {
    const char* what;
    Json body;
    int status;
    const char* fault;
  } cases[] = {
      {"no consent", with("consent", false), 400, "consent required"},
      {"no riddle", with("proof", ""), 400, "bad_input"},
      {"a riddle of somebody else", with("proof", "9999999999999.00.11:1"), 409, "conflict"},
      {"a riddle used before", with("proof", used), 409, "conflict"},
      {"nothing said", with("content", "  啊 "), 400, "content required"},
      {"too much said", with("content", S(9000, 'x')), 400, "content too_long"},
      {"no mine and no place", nowhere, 400, "about required"},
      {"a mine that is not there", with("mine", "77"), 400, "mine not_found"},
      {"a mine that is no id", with("mine", "煤矿a"), 400, "bad_input"},
      {"a body of another county", with("authority", world.there.organisation.text()), 400,
       "authority not_found"},
      {"a body that is a mine", with("authority", world.here.mine_organisation.text()), 400,
       "authority not_found"},
      {"a telephone of letters", with("phone", "call me"), 400, "phone bad_format"},
      {"a name that is a book", with("name", S(61, 'x')), 400, "name too_long"},
      {"a kind that is no code", with("reporter_kind", "spy"), 400, "reporter_kind unknown_code"},
      {"a program as photo",
       photos({"\x7F"
               "ELF\2\1\1"s +
               S(100, '\0')}),
       400, "photos bad_file"},
      {"a page as photo", photos({"<html><script>x</script>"}), 400, "photos bad_file"},
      {"half a photo", photos({whole.substr(0, whole.size() / 2)}), 400, "photos bad_file"},
      {"seven photos", photos({whole, whole, whole, whole, whole, whole, whole}), 400, "photos too_long"},
      {"no Base64", with("photos", Json(Json::Array{Json("%%%")})), 400, "photos bad_format"},
      {"a photo that is a number", with("photos", Json(Json::Array{Json(7)})), 400, "photos bad_format"},
      {"a member of an unknown name", with("tip", "1"), 400, "tip unknown_field"},
  };
  for (const auto& c : cases) {
    const Answer answer = leave(c.body);
    EXPECT_EQ(answer.status, c.status) << c.what << ": " << answer.body;
    EXPECT_EQ(first_fault(answer), c.fault) << c.what;
    EXPECT_EQ(answer.body.find(kPhone), S::npos) << c.what << " gives back what was sent";
  }
  nowhere.set("about", "东山上的小煤窑");
  EXPECT_EQ(first_fault(leave(nowhere)), "authority required") << "three regulators could deal with it";
  Json large = form();
  large.set("content", S(17u << 20, 'x'));
  EXPECT_EQ(world.ask("POST", "/api/v1/public/tips", {}, large.dump()).status, 413);
  record::ListQuery query;
  query.type = "tip";
  EXPECT_EQ(world.store->list(record::Actor::system("test"), query)->records.size(), 1u);
  nowhere.set("authority", world.there.organisation.text());
  EXPECT_EQ(leave(nowhere).status, 201) << "a place in words";
}

TEST_F(PublicTips, OneAddressLeavesOnlySoMany) {
  world.options.public_door.left = {1.0 / 60, 2};
  world.restart();
  Json small = form();
  small.set("photos", Json());
  EXPECT_EQ(leave(small).status, 201);
  EXPECT_EQ(leave(small).status, 201);
  const Answer third = leave(small);
  EXPECT_EQ(third.status, 429);
  EXPECT_FALSE(third.header("retry-after").empty());
}

TEST_F(PublicTips, TheCodeOpensItsOwnMatterOnly) {
  leave_one();
  S typed = lower_ascii(code);
  std::replace(typed.begin(), typed.end(), '-', ' ');
  EXPECT_EQ(world.json("POST", "/api/v1/public/tips/follow", {}, fmt::format(R"({{"code":" {} "}})", typed))
                .text("state"),
            "received");
  S near = code;
  near.back() = near.back() == 'A' ? 'B' : 'A';
  for (const S& wrong : {near, "AAAA-AAAA-AAAA-AAAA-AAAA"s, ""s, "' OR 1=1 --"s}) {
    const Answer answer =
        world.ask("POST", "/api/v1/public/tips/follow", {}, Json(Json::Object{{"code", wrong}}).dump());
    EXPECT_EQ(answer.status, 404) << wrong;
  }
  const Json answer = follow();
  EXPECT_EQ(answer.dump().find(kName), S::npos);
  EXPECT_EQ(answer.dump().find(kPhone), S::npos) << "whoever finds the code does not find the person";
  EXPECT_EQ(answer.text("authority"), "县局a");
}

/// A tip-off that has come to an approved reward, through every hand.
class PaidTips : public PublicTips {
 protected:
  void come_to_reward() {
    leave_one();
    const S id = tip.text();
    step("tipa", "tip", id, "accept", R"({"matter":"data_falsified","kind":"violation","class":"first"})");
    made("tipa", path("tip", id) + "/raise/answer", R"({"fields":{"text":"请补充具体位置"}})");
    check = made("tipa", path("tip", id) + "/raise/check",
                 R"({"fields":{"title":"核查传感器位置","checkers":"甲、乙"}})");
    step("tipa", "tip", id, "assign", R"({"handler":"监管一科","check_due_on":"2026-02-01"})");
    hazard = made("xiana", path("tip_check", check) + "/raise/hazard", R"({"fields":{}})");
    step("heada", "tip", id, "verify", R"({"verdict":"true","action":"已责令整改"})");
    reward = made("tipa", path("tip", id) + "/raise/reward",
                  R"({"fields":{"class":"first","fine":"200000.00","amount":"30000.00","fund":"安全专项"}})");
    step("tipa", "tip_reward", reward, "approve");
    for (const char* who : {"heada", "moneya"}) {
      const auto version =
          world.store->get(record::Actor::system("t"), "tip_reward", *parse_record_id(reward))->version;
      EXPECT_EQ(post(who, path("tip_reward", reward) + "/signatures",
                     fmt::format(R"({{"version":{},"agrees":true}})", version))
                    .status,
                200);
    }
  }
  Answer pay(const S& word) {
    const auto version =
        world.store->get(record::Actor::system("t"), "tip_reward", *parse_record_id(reward))->version;
    return post("moneya", path("tip_reward", reward) + "/claim",
                fmt::format(R"({{"version":{},"word":"{}","paid_on":"2026-01-12","receipt_number":"PZ-7"}})",
                            version, word));
  }
  S check, hazard, reward;
};

TEST_F(PaidTips, TheRewardIsPaidByTheWordAndNoIdentity) {
  come_to_reward();
  Json seen = follow();
  ASSERT_EQ(seen["messages"].array()->size(), 1u) << seen.dump();
  EXPECT_EQ(seen["messages"].array()->front().text("text"), "请补充具体位置");
  EXPECT_EQ(seen["rewards"].array()->front()["amount"], Json("30000.00"));
  const Json said = get("tipa", "/api/v1/records/tip_message");
  EXPECT_EQ(said["records"].array()->front().text("state"), "seen") << "the officer sees that it was read";
  EXPECT_EQ(follow(R"(,"text":"在 3 号巷")", "/messages")["messages"].array()->size(), 2u);

  EXPECT_EQ(first_fault(pay(kWord)), "word not_set");
  EXPECT_EQ(follow(R"(,"word":"短")", "/claim")["error"]["faults"].array()->front().text("field"), "word");
  EXPECT_EQ(follow(fmt::format(R"(,"word":"{}")", kWord), "/claim").text("payout_way"), "word");
  const auto skipped =
      world.store->get(record::Actor::system("t"), "tip_reward", *parse_record_id(reward))->version;
  EXPECT_EQ(post("moneya", path("tip_reward", reward) + "/steps/pay",
                 fmt::format(R"({{"version":{},"fields":{{"paid_on":"2026-01-12","receipt_number":"1"}}}})",
                             skipped))
                .status,
            400)
      << "not without the word";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(first_fault(pay("南风吹过三号井")), "word wrong");
  EXPECT_EQ(first_fault(pay(kWord)), "word locked") << "nobody goes on guessing";
  follow(fmt::format(R"(,"word":"{}")", kWord), "/claim");
  const Answer paid = pay(kWord);
  EXPECT_EQ(paid.status, 200) << paid.body;
  EXPECT_EQ(parse_json(paid.body)->text("state"), "paid");
  EXPECT_TRUE((*parse_json(paid.body))["fields"]["tip"].is_null())
      << "finance does not see which tip-off it was for";
  EXPECT_EQ(pay(kWord).status, 409) << "not twice";
  seen = follow();
  EXPECT_EQ(seen["rewards"].array()->front().text("state"), "paid");
  EXPECT_EQ(seen["may_claim"], Json(false));
  EXPECT_EQ(follow(R"(,"word":"another word")", "/claim")["error"].text("code"), "conflict");
}

TEST_F(PaidTips, TheMineSeesAHazardOfTheRegulatorAndNoTipOff) {
  come_to_reward();
  const S target = path("hazard", hazard);
  EXPECT_EQ(get("tipa", target)["fields"].text("tip"), tip.text())
      << "who may read the tip-off sees where it came from";
  const S number(get("tipa", path("tip", tip.text()))["fields"].text("number"));
  for (const char* who : {"aqya", "managera", "minetipa", "xiana", "enfa"}) {
    for (const S& what :
         {target, target + "/history", target + "/links", target + "?as_of=2026-02-01T00:00:00%2B08:00",
          "/api/v1/records/hazard"s, "/api/v1/records/hazard/export.csv"s}) {
      const Answer answer = world.ask("GET", what, session(who));
      EXPECT_EQ(answer.status, 200) << who << " " << what;
      if (!what.ends_with("/links")) {
        EXPECT_NE(answer.body.find("核查传感器位置"), S::npos) << who << " sees the hazard itself: " << what;
      }
      EXPECT_EQ(answer.body.find(tip.text()), S::npos) << who << " " << what;
      EXPECT_EQ(answer.body.find(number), S::npos) << who << " " << what;
      EXPECT_EQ(answer.body.find("tip_off"), S::npos) << who << " " << what;
    }
    for (const char* filter : {"?f.tip.null=0", "?f.tip.ne=1", "?f.tip.ge=1"})
      EXPECT_EQ(world.ask("GET", "/api/v1/records/hazard"s + filter, session(who)).status, 400)
          << who << filter;
  }
  EXPECT_EQ(world.ask("GET", "/api/v1/records/hazard?f.tip=" + tip.text(), session("aqya")).status, 400);
  const auto version =
      world.store->get(record::Actor::system("t"), "hazard", *parse_record_id(hazard))->version;
  const auto patch = [&](const S& value) {
    return world.ask("PATCH", target, session("aqya"),
                     fmt::format(R"({{"version":{},"fields":{{"tip":{}}}}})", version, value));
  };
  EXPECT_EQ(patch("null").status, 200) << "a form sends back what it was shown: nothing";
  EXPECT_EQ(first_fault(patch("\"" + world.here.hazard.text() + "\"")), "tip read_only");
  EXPECT_EQ(get("tipa", target)["fields"].text("tip"), tip.text()) << "and it is still there";
}

TEST_F(PaidTips, NobodyFindsThePersonInAnyAnswerFileOrLog) {
  set_log_level(LogLevel::info);
  world.options.access_log = true;
  world.restart();
  ::testing::internal::CaptureStderr();
  come_to_reward();
  follow(fmt::format(R"(,"word":"{}")", kWord), "/claim");
  follow(fmt::format(R"(,"account":"{}")", kAccount), "/claim");
  const S plain_code = [&] {
    S out = code;
    std::erase(out, '-');
    return out;
  }();
  const std::vector<S> secrets = {
      kName, "王小明", kPhone, kAccount, "6228481234567890", kWord, code, plain_code, plain_code.substr(8)};
  const auto holds = [&](const S& text, const S& where) {
    for (const auto& secret : secrets)
      EXPECT_EQ(text.find(secret), S::npos) << secret << " stands in " << where;
  };
  std::set<S> read;
  int answers = 0;
  for (const auto& role : world.catalog->roles) {
    for (const RecordId organisation : {world.here.organisation, world.province}) {
      const S name = fmt::format("w{}", answers++);
      world.add_account(name, organisation, {role.name});
      const Session reader = world.sign_in(name);
      std::vector<S> targets = {"/api/v1/search?q=%E7%8E%8B%E5%B0%8F%E6%98%8E",
                                "/api/v1/search?q=" + S(kPhone),
                                "/api/v1/log?limit=500",
                                "/api/v1/clocks",
                                "/api/v1/signings",
                                "/api/v1/options/tip"};
      for (const auto& [type, id] : std::vector<std::pair<S, S>>{
               {"tip", tip.text()}, {"tip_check", check}, {"tip_reward", reward}, {"hazard", hazard}}) {
        for (const char* rest : {"?limit=500", "/export.csv"})
          targets.push_back("/api/v1/records/" + type + rest);
        for (const char* rest :
             {"", "/history", "/links", "/signatures", "/openings", "?as_of=2027-01-01T00:00:00Z"})
          targets.push_back(path(type, id) + rest);
      }
      targets.push_back("/api/v1/records/tip_message?limit=500");
      targets.push_back("/api/v1/records/tip?f.reporter_phone=" + S(kPhone));
      targets.push_back("/api/v1/records/tip?f.follow_up_key.null=0");
      for (const auto& target : targets) {
        const Answer answer = world.ask("GET", target, reader);
        if (answer.status == 200 && answer.body.find("煤矿a") != S::npos) read.insert(role.name);
        // A refusal may give back the words that were asked for.
        if (answer.status == 200) holds(answer.body, role.name + " " + target);
      }
    }
  }
  for (const char* role : {"tip_officer", "identity_keeper", "department_head", "auditor"})
    EXPECT_TRUE(read.contains(role)) << role << " reads the tip-off, or this test looks at nothing";
  world.server.reset();
  const S log = ::testing::internal::GetCapturedStderr();
  set_log_level(LogLevel::error);
  EXPECT_NE(log.find("/api/v1/public/tips"), S::npos) << "the log was caught";
  holds(log, "the server's log");
  const S files = all_files_of(world.folder());
  EXPECT_NE(files.find(kSubject), S::npos) << "the database was read";
  holds(files, "the files of the node");
}

/// Sealed fields: nobody opens them alone.
class Unsealing : public PublicTips {
 protected:
  void SetUp() override {
    PublicTips::SetUp();
    leave_one();
    target = path("tip", tip.text()) + "/openings";
  }
  Answer ask(const S& who, const S& reason = "核查需与举报人核对位置") {
    return post(who, target, Json(Json::Object{{"reason", reason}}).dump());
  }
  S asked() { return S(parse_json(ask("tipa").body)->text("id")); }
  Answer look(const S& who, const S& opening) { return post(who, target + "/" + opening + "/look", ""); }
  S target;
};

TEST_F(Unsealing, TwoPersonsOpenThemForAWhileAndEachLookIsLogged) {
  const S opening = asked();
  EXPECT_EQ(look("tipa", opening).status, 409) << "nobody has agreed yet";
  step("keepa", "sealed_opening", opening, "agree");
  EXPECT_EQ(look("keepa", opening).status, 403) << "who agreed does not look with it";
  const Answer clear = look("tipa", opening);
  ASSERT_EQ(clear.status, 200) << clear.body;
  const Json fields = (*parse_json(clear.body))["fields"];
  EXPECT_EQ(fields.text("reporter_name"), kName);
  EXPECT_EQ(fields.text("reporter_phone"), kPhone);
  EXPECT_EQ(look("tipa", opening).status, 200);
  const Json record = get("audita", path("sealed_opening", opening));
  EXPECT_EQ(record["fields"]["looks"], Json(2)) << "auditors see who looked, when and why";
  EXPECT_EQ(record["labels"].text("asked_by"), "显示名 tipa");
  EXPECT_EQ(record["labels"].text("agreed_by"), "显示名 keepa");
  const S log = get("audita", "/api/v1/log?limit=500").dump();
  EXPECT_NE(log.find("\"unseal\""), S::npos);
  EXPECT_NE(log.find("核查需与举报人核对位置"), S::npos);
  EXPECT_EQ(log.find(kName), S::npos) << "never what was seen";
  world.clock.advance(Millis(29 * 60'000));
  EXPECT_EQ(look("tipa", opening).status, 200);
  world.clock.advance(Millis(60'000));
  EXPECT_EQ(look("tipa", opening).status, 409) << "the 30 minutes of the pack are over";
  EXPECT_TRUE(world.store->verify()->ok);
}

TEST_F(Unsealing, EveryWayAroundIsRefused) {
  EXPECT_EQ(first_fault(ask("tipa", " ")), "reason required");
  EXPECT_EQ(ask("xiana").status, 403);
  EXPECT_EQ(ask("audita").status, 403) << "who may read the tip-off but not ask";
  EXPECT_EQ(ask("moneya").status, 403);
  EXPECT_EQ(ask("tipb").status, 404);
  EXPECT_EQ(ask("minetipa").status, 404) << "the tip officer of the accused mine";
  EXPECT_EQ(post("tipa", target, R"({"reason":"x","names":["content"]})").status, 400)
      << "that is not sealed";
  EXPECT_EQ(post("tipa", path("hazard", world.here.hazard.text()) + "/openings", R"({"reason":"x"})").status,
            400);
  const S made_up = fmt::format(
      R"({{"fields":{{"reason":"x","record_type":"tip","record_id":"{}","sealed_fields":"reporter_name"}}}})",
      tip.text());
  EXPECT_EQ(post("tipa", "/api/v1/records/sealed_opening", made_up).status, 400) << "not by hand";

  const S opening = S(parse_json(ask("keepa").body)->text("id"));
  const auto agree = [&](const S& who) {
    return post(who, path("sealed_opening", opening) + "/steps/agree", R"({"version":1,"fields":{}})");
  };
  EXPECT_EQ(first_fault(agree("keepa")), "asked_by same_person");
  EXPECT_EQ(agree("tipa").status, 403);
  EXPECT_EQ(agree("keepb").status, 404);
  EXPECT_EQ(agree("heada").status, 200);
  EXPECT_EQ(look("tipa", opening).status, 403) << "only who asked";
  const Answer other = leave(form());
  ASSERT_EQ(other.status, 201);
  record::ListQuery query;
  query.type = "tip";
  const RecordId second = world.store->list(record::Actor::system("t"), query)->records.front().id;
  ASSERT_NE(second, tip);
  EXPECT_EQ(post("keepa", path("tip", second.text()) + "/openings/" + opening + "/look", "").status, 404)
      << "the opening of another tip-off";
  EXPECT_EQ(look("keepa", opening).status, 200);
  step("heada", "sealed_opening", opening, "end");
  EXPECT_EQ(look("keepa", opening).status, 409) << "sealed again";
  const S refused = asked();
  step("heada", "sealed_opening", refused, "refuse", "{}", "无必要");
  EXPECT_EQ(look("tipa", refused).status, 409);
}

TEST_F(PublicTips, ATelephonedTipOffGetsACodeOnce) {
  const S id = made("tipa", "/api/v1/records/tip",
                    R"({"fields":{"channel":"hotline","subject":"煤矿a","content":"电话举报：夜班超员"}})");
  const Answer given = post("tipa", path("tip", id) + "/follow-code", "");
  ASSERT_EQ(given.status, 201) << given.body;
  code = parse_json(given.body)->text("code");
  EXPECT_EQ(follow().text("state"), "received");
  EXPECT_EQ(post("tipa", path("tip", id) + "/follow-code", "").status, 409);
  EXPECT_EQ(post("tipb", path("tip", id) + "/follow-code", "").status, 404);
  EXPECT_EQ(post("xiana", path("tip", id) + "/follow-code", "").status, 403);
}

TEST_F(PublicTips, ThePublicFindsNamesOfMinesAndNothingElse) {
  const Json mines = world.json("GET", "/api/v1/public/mines?q=%E7%85%A4", {});
  ASSERT_EQ(mines["mines"].array()->size(), 2u) << mines.dump();
  const Json one = mines["mines"].array()->front();
  EXPECT_EQ(one.object()->size(), 2u) << "id and name: " << one.dump();
  const Json own = world.json("GET", "/api/v1/public/mines?authority=" + world.there.organisation.text(), {});
  ASSERT_EQ(own["mines"].array()->size(), 1u);
  EXPECT_EQ(own["mines"].array()->front().text("name"), "煤矿b");
  const Json form = world.json("GET", "/api/v1/public/tips/form?mine=" + world.here.mine.text(), {});
  ASSERT_EQ(form["authorities"].array()->size(), 2u) << form.dump();
  EXPECT_EQ(form["authorities"].array()->front().text("name"), "县局a") << "nearest first";
  EXPECT_EQ(world.ask("GET", "/api/v1/public/tips/form?mine=9", {}).status, 404);
}

TEST_F(PublicTips, ThePosterLeadsToTheMine) {
  const Json poster = get("managera", "/api/v1/tip-poster?mine=" + world.here.mine.text());
  EXPECT_EQ(poster.text("link"), "http://mine.example/tip?m=" + world.here.mine.text());
  EXPECT_EQ(poster.text("authority"), "县局a");
  EXPECT_NE(poster.text("svg").find("<svg"), S::npos);
  EXPECT_EQ(
      world.ask("GET", "/api/v1/tip-poster?mine=" + world.there.mine.text(), session("managera")).status,
      404);
  EXPECT_EQ(get("xiana", "/api/v1/tip-poster?authority=" + world.here.organisation.text()).text("link"),
            "http://mine.example/tip?a=" + world.here.organisation.text());
}

TEST(FollowCode, IsReadAsPeopleTypeIt) {
  const auto random = seeded_random(7);
  const FollowCode code = make_follow_code(*random);
  EXPECT_EQ(code.text.size(), 24u);
  const auto again = parse_follow_code(" " + lower_ascii(code.text) + " ");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->key, code.key);
  EXPECT_EQ(again->secret, code.secret);
  EXPECT_EQ(code.key.find(code.text.substr(0, 4)), S::npos) << "the record does not hold a part of the code";
  EXPECT_FALSE(parse_follow_code(code.text.substr(1)));
  EXPECT_FALSE(parse_follow_code("OOOO-OOOO-OOOO-OOOO-OOOO"));
}

TEST(ProofOfWork, IsTakenOnceUntilItExpires) {
  ManualClock clock{ArrivalTime{1'768'176'000'000}};
  const auto random = seeded_random(3);
  ProofOfWork proof(8, clock, *random);
  const auto solved = [&](const S& challenge, bool right) {
    for (int n = 0;; ++n) {
      const S solution = fmt::format("{}:{}", challenge, n);
      if ((sha256(solution)[0] == 0) == right) return solution;
    }
  };
  const S first = proof.challenge().text;
  EXPECT_FALSE(proof.take(solved(first, false))) << "not solved";
  EXPECT_TRUE(proof.take(solved(first, true)));
  EXPECT_EQ(proof.take(solved(first, true)).error().code, Errc::conflict) << "used";
  S later = proof.challenge().text;
  S longer = later;
  longer[0] = '9';
  EXPECT_EQ(proof.take(solved(longer, true)).error().code, Errc::conflict) << "its time was changed";
  clock.advance(Millis(31 * 60'000));
  EXPECT_EQ(proof.take(solved(later, true)).error().code, Errc::conflict) << "too old";
  EXPECT_FALSE(proof.take(""));
  EXPECT_FALSE(proof.take(":"));
}

}  // namespace
}  // namespace mineward::api
