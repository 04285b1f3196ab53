// The public pages: leaving a tip-off without signing in, and coming back to it by its code. The address of
// who asks limits how much he may ask, in memory only; it is not kept with what he leaves, nor logged.
#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "api/application.h"
#include "api/codec.h"
#include "api/proof_of_work.h"
#include "api/reply.h"
#include "api/schema.h"
#include "api/tip_door.h"
#include "base/text.h"

namespace mineward::api {
namespace {

using record::Outcome;
using record::Record;
using record::RecordId;
using record::Refusal;

/// Six photos as a phone sends them once the page has made them smaller, with room for some that it could
/// not.
constexpr std::size_t kBodyLimit = 16u << 20;
constexpr std::string_view kEverybody = "all";

/// What the public routes share. Lives as long as the router.
struct PublicDoor {
  explicit PublicDoor(Context& c)
      : context(c),
        tips(c.services.store, c.services.clock, c.services.random, c.options.sessions.cost),
        proof(c.options.public_door.proof_bits, c.services.clock, c.services.random),
        asked(c.options.public_door.asked, c.options.rate_keys, c.services.clock),
        left(c.options.public_door.left, c.options.rate_keys, c.services.clock),
        left_by_all(c.options.public_door.left_by_all, 1, c.services.clock),
        codes(c.options.public_door.codes, c.options.rate_keys, c.services.clock) {}
  Context& context;
  TipDoor tips;
  ProofOfWork proof;
  Rates asked, left, left_by_all, codes;
};

Response too_many(Millis wait, const std::string& request) {
  return error_reply(
      ErrorBody{429, "too_many", "too many requests; wait and try again", {}, {}, std::max(wait, Millis{1})},
      request);
}

Response refused(const Refusal& refusal, const Call& call) {
  return error_reply(refusal, {}, call.request.id);
}

Json body_json(const Record& organisation) {
  Json out;
  return out.set("id", organisation.id.text())
      .set("name", organisation.text("name"))
      .set("level", organisation.text("level"));
}

Json choices_json(const pack::Catalog& catalog, std::string_view name) {
  Json::Array out;
  if (const auto* dictionary = catalog.dictionary(name)) {
    for (const auto& entry : dictionary->entries) {
      Json choice;
      out.push_back(choice.set("code", entry.code).set("label", label_json(entry.label)));
    }
  }
  return Json(std::move(out));
}

/// An id that may be left out; bad_input when it is none.
Result<std::optional<RecordId>> optional_id(std::string_view text, const char* name) {
  if (text.empty()) return std::optional<RecordId>();
  const auto id = parse_record_id(text);
  if (!id) return bad_input("expected an id", name);
  return std::optional(*id);
}

// ---- what the form needs

Response challenge(PublicDoor& door, const Call&) {
  const auto made = door.proof.challenge();
  Json out;
  out.set("challenge", made.text).set("bits", made.bits);
  return json_reply(out.set("valid_for_s", made.valid_for.count() / 1000));
}

Response form(PublicDoor& door, const Call& call) {
  const auto mine = optional_id(call.request.parameter("mine").value_or(""), "mine");
  if (!mine) return error_reply(mine.error(), call.request.id);
  const auto bodies = door.tips.authorities(*mine);
  if (!bodies) return error_reply(bodies.error(), call.request.id);
  const pack::Catalog& catalog = door.context.services.store.catalog();
  Json::Array authorities;
  for (const auto& body : *bodies) authorities.push_back(body_json(body));
  Json out, named;
  if (*mine) {
    record::Actor actor = record::Actor::system("system:public");
    const auto found = door.context.services.store.get(actor, "mine", **mine);
    if (!found) return error_reply(found.error(), call.request.id);
    named.set("id", (*mine)->text()).set("name", found->text("name"));
  }
  out.set("mine", std::move(named)).set("authorities", std::move(authorities));
  out.set("matters", choices_json(catalog, "tip_matter"));
  out.set("reporter_kinds", choices_json(catalog, "reporter_kind"));
  return json_reply(out.set("most_photos", static_cast<std::int64_t>(kMostTipPhotos)));
}

Response mines(PublicDoor& door, const Call& call) {
  const auto authority = optional_id(call.request.parameter("authority").value_or(""), "authority");
  if (!authority) return error_reply(authority.error(), call.request.id);
  const auto found = door.tips.mines(call.request.parameter("q").value_or(""), *authority);
  if (!found) return error_reply(found.error(), call.request.id);
  Json::Array rows;
  for (const auto& mine : *found) {
    Json row;
    rows.push_back(row.set("id", mine.id.text()).set("name", mine.text("name")));
  }
  Json out;
  return json_reply(out.set("mines", std::move(rows)));
}

// ---- leaving one

/// Photos stand in the body as Base64.
Outcome<std::vector<std::string>> photos_of(const Json& body) {
  std::vector<std::string> out;
  const auto* list = body["photos"].array();
  if (!list) return out;
  for (const auto& item : *list) {
    const std::string* text = item.string();
    std::string bytes(text ? text->size() / 4 * 3 + 3 : 0, '\0');
    std::size_t size = 0;
    if (!text ||
        sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text->data(),
                          text->size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
      return Refusal{bad_input("photos: found no Base64 text"),
                     {{"photos", "bad_format", "expected the bytes of a photo as Base64"}},
                     std::nullopt};
    }
    bytes.resize(size);
    out.push_back(std::move(bytes));
  }
  return out;
}

Result<TipReport> report_of(const Json& body) {
  TipReport report;
  MW_ASSIGN(report.mine, optional_id(body.text("mine"), "mine"));
  MW_ASSIGN(report.authority, optional_id(body.text("authority"), "authority"));
  report.about = body.text("about");
  report.place = body.text("place");
  report.happened = body.text("happened");
  report.matter = body.text("matter");
  report.content = body.text("content");
  report.reporter_kind = body.text("reporter_kind");
  report.name = body.text("name");
  report.phone = body.text("phone");
  report.by_code = body.text("channel") == "qr";
  return report;
}

/// The rate is taken only for what would be written: a form sent back for a fault costs a challenge, not a
/// turn.
Response report(PublicDoor& door, const Call& call) {
  const bool* consent = call.body["consent"].boolean();
  if (!consent || !*consent)
    return refused(Refusal{bad_input("consent: expected true"),
                           {{"consent", "required", "expected that the notice was read and agreed to"}},
                           std::nullopt},
                   call);
  auto wanted = report_of(call.body);
  if (!wanted) return error_reply(wanted.error(), call.request.id);
  if (const Status solved = door.proof.take(call.body.text("proof")); !solved)
    return error_reply(solved.error(), call.request.id);
  if (const auto wait = door.left.take(call.request.address)) return too_many(*wait, call.request.id);
  if (const auto wait = door.left_by_all.take(kEverybody)) return too_many(*wait, call.request.id);
  auto photos = photos_of(call.body);
  if (const auto* bad = std::get_if<Refusal>(&photos)) return refused(*bad, call);
  wanted->photos = std::get<std::vector<std::string>>(std::move(photos));
  const auto outcome = door.tips.report(*wanted);
  if (const auto* bad = std::get_if<Refusal>(&outcome)) return refused(*bad, call);
  const auto& receipt = std::get<TipReceipt>(outcome);
  Json out;
  out.set("number", receipt.number).set("authority", receipt.authority);
  return json_reply(out.set("code", receipt.code), 201);
}

// ---- coming back

Json message_json(const Record& message) {
  const auto from = message.fields.find("from_reporter");
  const auto files = message.fields.find("files");
  const auto* list =
      files == message.fields.end() ? nullptr : std::get_if<std::vector<std::string>>(&files->second);
  Json out;
  out.set("from_reporter", from != message.fields.end() && from->second == record::FieldValue(true));
  out.set("text", message.text("text")).set("at", format_rfc3339(message.created_at));
  return out.set("read", message.state == "seen")
      .set("photos", static_cast<std::int64_t>(list ? list->size() : 0));
}

Json reward_json(const pack::Catalog& catalog, const Record& reward) {
  const auto* flow = catalog.workflow("tip_reward");
  const auto* state = flow ? flow->state(reward.state) : nullptr;
  const auto day = reward.fields.find("paid_on");
  const auto* paid = day == reward.fields.end() ? nullptr : std::get_if<Date>(&day->second);
  const auto amount = reward.fields.find("amount");
  const auto* fen = amount == reward.fields.end() ? nullptr : std::get_if<std::int64_t>(&amount->second);
  Json out;
  out.set("state", reward.state).set("label", state ? label_json(state->label) : Json());
  out.set("number", reward.text("number")).set("paid_on", paid ? Json(format_date(*paid)) : Json());
  const bool is_decided =
      reward.state == "approved" || reward.state == "paid";  // before it is only a proposal
  return out.set("amount",
                 fen && is_decided ? Json(fmt::format("{}.{:02}", *fen / 100, *fen % 100)) : Json());
}

/// Where a reward is claimed: the published channels of the body.
Json channels_json(record::Store& store, RecordId authority) {
  record::Actor actor = record::Actor::system("system:public");
  record::ListQuery query;
  query.type = "tip_channel";
  query.filters = {{"authority", record::Filter::Op::eq, {authority.text()}},
                   {"state", record::Filter::Op::eq, {"open"}}};
  query.limit = 20;
  Json::Array out;
  if (const auto page = store.list(actor, query)) {
    for (const auto& channel : page->records) {
      Json row;
      out.push_back(row.set("name", channel.text("name")).set("address", channel.text("address")));
    }
  }
  return Json(std::move(out));
}

Result<Json> tip_json(PublicDoor& door, const Record& tip) {
  auto& store = door.context.services.store;
  const auto* flow = store.catalog().workflow("tip");
  const auto* state = flow ? flow->state(tip.state) : nullptr;
  MW_ASSIGN(const auto messages, door.tips.messages(tip));
  MW_ASSIGN(const auto rewards, door.tips.rewards(tip));
  MW_ASSIGN(const Record body, store.get(record::Actor::system("system:public"), "organisation", tip.owner));
  Json::Array said, paid;
  for (const auto& message : messages) said.push_back(message_json(message));
  for (const auto& reward : rewards) paid.push_back(reward_json(store.catalog(), reward));
  const bool is_paid =
      std::any_of(rewards.begin(), rewards.end(), [](const auto& r) { return r.state == "paid"; });
  const bool over = tip.state == "returned" || tip.state == "false" || tip.state == "merged";
  Json out;
  out.set("number", tip.text("number")).set("state", tip.state);
  out.set("label", state ? label_json(state->label) : Json()).set("authority", body.text("name"));
  out.set("received_at", format_rfc3339(tip.created_at)).set("about", tip.text("subject"));
  const bool is_answered = over || tip.state == "replied" || tip.state == "closed";  // before it is a draft
  out.set("reply", is_answered && !tip.text("reply").empty() ? Json(tip.text("reply")) : Json());
  out.set("messages", std::move(said)).set("rewards", std::move(paid));
  const std::string way = tip.text("payout_way");
  out.set("payout_way", way.empty() ? Json() : Json(way));
  out.set("may_write", !(state && state->final)).set("may_claim", !is_paid && !over);
  return out.set("channels", channels_json(store, tip.owner));
}

/// The tip-off of the code in the body, then what is to be done with it. Codes are tried a few times a minute
/// from one address.
Response with_tip(PublicDoor& door, const Call& call, const std::function<Response(const Record&)>& work) {
  if (const auto wait = door.codes.take(call.request.address)) return too_many(*wait, call.request.id);
  const auto tip = door.tips.find(call.body.text("code"));
  if (!tip) return error_reply(tip.error(), call.request.id);
  return work(*tip);
}

Response answer_with_tip(PublicDoor& door, const Call& call) {
  const auto tip = door.tips.find(call.body.text("code"));
  if (!tip) return error_reply(tip.error(), call.request.id);
  auto json = tip_json(door, *tip);
  if (!json) return error_reply(json.error(), call.request.id);
  return json_reply(*json);
}

Response follow(PublicDoor& door, const Call& call) {
  return with_tip(door, call, [&](const Record& tip) {
    if (const Status noted = door.tips.note_read(tip); !noted)
      return error_reply(noted.error(), call.request.id);
    auto json = tip_json(door, tip);
    if (!json) return error_reply(json.error(), call.request.id);
    return json_reply(*json);
  });
}

Response write(PublicDoor& door, const Call& call) {
  return with_tip(door, call, [&](const Record& tip) {
    if (const auto* flow = door.context.services.store.catalog().workflow("tip")) {
      const auto* state = flow->state(tip.state);
      if (state && state->final) return error_reply(conflict("this matter is closed"), call.request.id);
    }
    auto photos = photos_of(call.body);
    if (const auto* bad = std::get_if<Refusal>(&photos)) return refused(*bad, call);
    const auto made =
        door.tips.write(tip, std::string(call.body.text("text")), std::get<std::vector<std::string>>(photos));
    if (const auto* bad = std::get_if<Refusal>(&made)) return refused(*bad, call);
    return answer_with_tip(door, call);
  });
}

Response claim(PublicDoor& door, const Call& call) {
  return with_tip(door, call, [&](const Record& tip) {
    const std::string_view word = call.body.text("word"), account = call.body.text("account");
    const auto made =
        account.empty() ? door.tips.set_payout_word(tip, word) : door.tips.set_payout_account(tip, account);
    if (const auto* bad = std::get_if<Refusal>(&made)) return refused(*bad, call);
    return answer_with_tip(door, call);
  });
}

Json label_schema() { return schema::object({{"zh", schema::text()}, {"en", schema::text()}}); }

Json tip_schema() {
  using namespace schema;
  return object({{"number", text()},
                 {"state", text()},
                 {"label", maybe(label_schema())},
                 {"authority", text()},
                 {"received_at", time()},
                 {"about", text()},
                 {"reply", maybe(text())},
                 {"messages", list(object({{"from_reporter", boolean()},
                                           {"text", text()},
                                           {"at", time()},
                                           {"read", boolean()},
                                           {"photos", whole()}}))},
                 {"rewards", list(object({{"state", text()},
                                          {"label", maybe(label_schema())},
                                          {"number", text()},
                                          {"paid_on", maybe(text())},
                                          {"amount", maybe(text())}}))},
                 {"payout_way", maybe(text())},
                 {"may_write", boolean()},
                 {"may_claim", boolean()},
                 {"channels", list(object({{"name", text()}, {"address", text()}}))}});
}

}  // namespace

void add_public_routes(Router& router, Context& context) {
  using namespace schema;
  const auto door = std::make_shared<PublicDoor>(context);
  const auto bind = [door](Response (*handler)(PublicDoor&, const Call&), bool reads = true) -> Handler {
    return [door, handler, reads](const Call& call) {
      if (reads) {
        if (const auto wait = door->asked.take(call.request.address)) return too_many(*wait, call.request.id);
      }
      return handler(*door, call);
    };
  };
  const std::string base = "/api/v1/public";
  const Json choices = list(object({{"code", text()}, {"label", label_schema()}}));
  router.add({.method = Method::get,
              .pattern = base + "/challenge",
              .id = "publicChallenge",
              .tag = "public",
              .summary = {"取验证题", "A riddle to solve before something is left"},
              .auth = Auth::open,
              .response = object({{"challenge", text()}, {"bits", whole()}, {"valid_for_s", whole()}}),
              .handler = bind(challenge)});
  router.add(
      {.method = Method::get,
       .pattern = base + "/tips/form",
       .id = "publicTipForm",
       .tag = "public",
       .summary = {"举报表单选项", "What the form of a tip-off needs"},
       .auth = Auth::open,
       .query = {{"mine", "string", "the mine that it is about"}},
       .response = object({{"mine", maybe(object({{"id", id()}, {"name", text()}}))},
                           {"authorities", list(object({{"id", id()}, {"name", text()}, {"level", text()}}))},
                           {"matters", choices},
                           {"reporter_kinds", choices},
                           {"most_photos", whole()}}),
       .handler = bind(form)});
  router.add(
      {.method = Method::get,
       .pattern = base + "/mines",
       .id = "publicMines",
       .tag = "public",
       .summary = {"按名称找矿山", "Mines by name, for the form of a tip-off"},
       .auth = Auth::open,
       .query = {{"q", "string", "part of the name"}, {"authority", "string", "of this body's area only"}},
       .response = object({{"mines", list(object({{"id", id()}, {"name", text()}}))}}),
       .handler = bind(mines)});
  router.add({.method = Method::post,
              .pattern = base + "/tips",
              .id = "publicTip",
              .tag = "public",
              .summary = {"提交举报", "Leave a tip-off"},
              .auth = Auth::open,
              .body = BodyKind::json,
              .body_limit = kBodyLimit,
              .request = object({{"proof", text()},
                                 {"consent", boolean()},
                                 {"content", text()},
                                 {"mine?", text()},
                                 {"authority?", text()},
                                 {"about?", text()},
                                 {"place?", text()},
                                 {"happened?", text()},
                                 {"matter?", text()},
                                 {"reporter_kind?", text()},
                                 {"name?", text()},
                                 {"phone?", text()},
                                 {"channel?", text()},
                                 {"photos?", list(text())}}),
              .response = object({{"number", text()}, {"authority", text()}, {"code", text()}}),
              .success = 201,
              .handler = bind(report)});
  router.add({.method = Method::post,
              .pattern = base + "/tips/follow",
              .id = "publicFollowTip",
              .tag = "public",
              .summary = {"凭查询码查询", "What became of a tip-off, by its code"},
              .auth = Auth::open,
              .body = BodyKind::json,
              .request = object({{"code", text()}}),
              .response = tip_schema(),
              .handler = bind(follow, false)});
  router.add({.method = Method::post,
              .pattern = base + "/tips/follow/messages",
              .id = "publicWriteTip",
              .tag = "public",
              .summary = {"补充或回复", "Add to a tip-off, or answer the officer"},
              .auth = Auth::open,
              .body = BodyKind::json,
              .body_limit = kBodyLimit,
              .request = object({{"code", text()}, {"text", text()}, {"photos?", list(text())}}),
              .response = tip_schema(),
              .handler = bind(write, false)});
  router.add(
      {.method = Method::post,
       .pattern = base + "/tips/follow/claim",
       .id = "publicClaimTip",
       .tag = "public",
       .summary = {"设置领奖口令或账户", "Say by which word, or to which account, the reward is to be paid"},
       .auth = Auth::open,
       .body = BodyKind::json,
       .request = object({{"code", text()}, {"word?", text()}, {"account?", text()}}),
       .response = tip_schema(),
       .handler = bind(claim, false)});
}

}  // namespace mineward::api
