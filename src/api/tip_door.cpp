#include "api/tip_door.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/follow_code.h"
#include "base/text.h"
#include "record/photo.h"

namespace mineward::api {

using record::Actor;
using record::FieldFault;
using record::Fields;
using record::Filter;
using record::ListQuery;
using record::Outcome;
using record::Record;
using record::RecordId;
using record::Refusal;
using record::Writer;

namespace {

constexpr const char* kName = "system:public";
constexpr std::size_t kShortestContent = 5, kShortestWord = 6, kLongestWord = 60;  // characters
constexpr std::int64_t kMostWrongWords = 5;

/// Reads for the public, and writes what the program notes. The origin says "public" and never an address.
Actor reader() {
  Actor actor = Actor::system(kName);
  actor.origin = "public";
  return actor;
}

/// Writes for one body and sees no other's.
Actor writer_for(RecordId authority) {
  Actor actor = reader();
  actor.scope = {authority, false};
  actor.organisation = authority;
  return actor;
}

Refusal fault(std::string field, std::string code, std::string zh, std::string en) {
  FieldFault f{std::move(field), std::move(code), en, {std::move(zh), std::move(en)}};
  Error error = bad_input(fmt::format("{}: {}", f.field, f.message));
  return {std::move(error), {std::move(f)}, std::nullopt};
}
Refusal refusal(Error error) { return {std::move(error), {}, std::nullopt}; }

/// Faults of a record's fields under the names of the form.
Refusal of_form(Refusal refusal) {
  for (auto& f : refusal.faults) {
    if (f.field == "accused_mine") f.field = "mine";
    if (f.field == "subject") f.field = "about";
    if (f.field == "reporter_name") f.field = "name";
    if (f.field == "reporter_phone") f.field = "phone";
    if (f.field == "reporter_account") f.field = "account";
    if (f.field == "files") f.field = "photos";
  }
  return refusal;
}

std::size_t characters(std::string_view text) {
  return is_utf8(text) ? to_code_points(trim(text)).size() : 0;
}

/// A number that one could call, if something was given.
bool is_phone(std::string_view text) {
  const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return text.find_first_not_of("0123456789+-() ") == std::string_view::npos && digits >= 5 && digits <= 20;
}

ListQuery list_of(const char* type, std::vector<Filter> filters, int limit) {
  ListQuery query;
  query.type = type;
  query.filters = std::move(filters);
  query.limit = limit;
  query.descending = false;
  return query;
}

int rank_of(const Record& organisation) {
  const std::string level = organisation.text("level");
  return level == "county" ? 0 : level == "city" ? 1 : level == "province" ? 2 : 3;
}

void set_text(Fields& fields, const char* name, std::string_view text) {
  if (!trim(text).empty()) fields[name] = std::string(trim(text));
}

/// What the form can tell of by itself; nullopt when there is nothing to say.
std::optional<Refusal> fault_of(const TipReport& report) {
  if (characters(report.content) < kShortestContent)
    return fault("content", "required", "请写清楚发生了什么", "say what is wrong, in a few words at least");
  if (!report.mine && trim(report.about).empty())
    return fault("about", "required", "请选择矿山，或写明是哪个矿、什么地方",
                 "choose a mine, or say which mine or place it is");
  if (!report.phone.empty() && !is_phone(report.phone))
    return fault("phone", "bad_format", "电话号码应为 5 到 20 位数字",
                 "a telephone number of 5 to 20 digits");
  return std::nullopt;
}

/// What the form says, in the fields of a tip-off.
Fields fields_of(const TipReport& report) {
  Fields fields{{"channel", std::string(report.by_code ? "qr" : "web")},
                {"anonymous", trim(report.name).empty() && trim(report.phone).empty()}};
  if (report.mine) fields["accused_mine"] = *report.mine;
  set_text(fields, "subject", report.about);
  set_text(fields, "content", report.content);
  set_text(fields, "place", report.place);
  set_text(fields, "happened", report.happened);
  set_text(fields, "matter", report.matter);
  set_text(fields, "reporter_kind", report.reporter_kind);
  set_text(fields, "reporter_name", report.name);
  set_text(fields, "reporter_phone", report.phone);
  return fields;
}

Status status_of(Outcome<Record>& outcome) {
  if (const auto* refused = std::get_if<Refusal>(&outcome)) return refused->error;
  return {};
}

}  // namespace

Result<std::vector<Record>> TipDoor::authorities(std::optional<RecordId> mine) {
  std::vector<Record> out;
  if (!mine) {
    MW_ASSIGN(auto page,
              store_.list(reader(), list_of("organisation", {{"kind", Filter::Op::eq, {"regulator"}}}, 500)));
    out = std::move(page.records);
    std::stable_sort(out.begin(), out.end(), [](const Record& a, const Record& b) {
      return std::pair(rank_of(a), a.id) < std::pair(rank_of(b), b.id);
    });
    return out;
  }
  constexpr std::size_t kDeepest = 20;
  MW_ASSIGN(const Record found, store_.get(reader(), "mine", *mine));
  RecordId next = found.reference("organisation");
  for (std::size_t depth = 0; next && depth < kDeepest; ++depth) {
    MW_ASSIGN(Record organisation, store_.get(reader(), "organisation", next));
    next = organisation.reference("parent");
    if (organisation.text("kind") == "regulator") out.push_back(std::move(organisation));
  }
  return out;
}

Result<std::vector<Record>> TipDoor::mines(std::string_view words, std::optional<RecordId> authority) {
  constexpr int kMost = 20;
  ListQuery query = list_of("mine", {}, kMost);
  query.sort = "name";
  if (!trim(words).empty())
    query.filters.push_back({"name", Filter::Op::contains, {std::string(trim(words).substr(0, 200))}});
  MW_ASSIGN(auto page, store_.list(authority ? writer_for(*authority) : reader(), query));
  return std::move(page.records);
}

Outcome<std::vector<std::string>> TipDoor::store_photos(const Actor& actor,
                                                        const std::vector<std::string>& photos) {
  if (photos.size() > kMostTipPhotos)
    return fault("photos", "too_long", fmt::format("最多 {} 张照片", kMostTipPhotos),
                 fmt::format("at most {} photos", kMostTipPhotos));
  std::vector<record::Photo> bare;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    if (photos[i].size() > kLargestTipPhoto)
      return fault("photos", "too_large", fmt::format("第 {} 张照片超过 8 MB", i + 1),
                   fmt::format("photo {} is larger than 8 MB", i + 1));
    auto photo = record::bare_photo(photos[i]);
    if (!photo) {
      const std::string& both = photo.error().message;
      const auto cut = both.find(" / ");
      return fault("photos", "bad_file", fmt::format("第 {} 张：{}", i + 1, both.substr(0, cut)),
                   fmt::format("photo {}: {}", i + 1, both.substr(cut + 3)));
    }
    bare.push_back(*std::move(photo));
  }
  std::vector<std::string> out;
  for (std::size_t i = 0; i < bare.size(); ++i) {  // a name of our own: that of the file may name a person
    auto stored = store_.attach(actor, fmt::format("photo-{}", i + 1), bare[i].bytes);
    if (!stored) return refusal(std::move(stored).error());
    if (std::find(out.begin(), out.end(), stored->sha256) == out.end()) out.push_back(stored->sha256);
  }
  return out;
}

Outcome<TipReceipt> TipDoor::report(const TipReport& report) {
  if (auto bad = fault_of(report)) return *std::move(bad);
  auto bodies = authorities(report.mine);
  if (!bodies) {
    if (bodies.error().code != Errc::not_found) return refusal(std::move(bodies).error());
    return fault("mine", "not_found", "没有这个矿山", "there is no such mine");
  }
  if (bodies->empty() || (!report.mine && !report.authority && bodies->size() > 1))
    return fault("authority", "required", "请选择由哪里受理", "choose who is to deal with it");
  const RecordId wanted = report.authority.value_or(bodies->front().id);
  const auto body =
      std::find_if(bodies->begin(), bodies->end(), [&](const auto& b) { return b.id == wanted; });
  if (body == bodies->end())
    return fault("authority", "not_found", "该单位不受理这个矿山的举报",
                 "that body does not deal with this mine");

  const Actor actor = writer_for(wanted);
  auto photos = store_photos(actor, report.photos);
  if (auto* refused = std::get_if<Refusal>(&photos)) return std::move(*refused);
  const FollowCode code = make_follow_code(random_);
  auto hash = hash_password(code.secret, cost_);
  if (!hash) return refusal(std::move(hash).error());
  Fields fields = fields_of(report);
  fields["authority"] = wanted;
  fields["follow_up_code"] = *hash;
  fields["follow_up_key"] = code.key;
  if (report.mine) {
    auto mine = store_.get(reader(), "mine", *report.mine);
    if (!mine) return refusal(std::move(mine).error());
    fields["subject"] = mine->text("name");
  }
  if (auto& files = std::get<std::vector<std::string>>(photos); !files.empty()) fields["files"] = files;
  auto made = store_.create(actor, "tip", fields);
  if (auto* refused = std::get_if<Refusal>(&made)) return of_form(std::move(*refused));
  return TipReceipt{std::get<Record>(made).text("number"), body->text("name"), code.text};
}

Result<Record> TipDoor::find(std::string_view typed) {
  const Error none = not_found("no tip-off with this code");
  const auto code = parse_follow_code(typed);
  if (!code) return none;
  std::optional<Record> tip;
  MW_TRY(store_.write([&](Writer& writer) -> Status {
    MW_ASSIGN(tip, writer.find(reader(), "tip", {{"follow_up_key", code->key}}));
    return {};
  }));
  if (!tip || !password_matches(tip->text("follow_up_code"), code->secret)) return none;
  return *std::move(tip);
}

Result<std::vector<Record>> TipDoor::messages(const Record& tip) {
  MW_ASSIGN(auto page,
            store_.list(reader(), list_of("tip_message", {{"tip", Filter::Op::eq, {tip.id.text()}}}, 500)));
  return std::move(page.records);
}

Result<std::vector<Record>> TipDoor::rewards(const Record& tip) {
  MW_ASSIGN(auto page,
            store_.list(reader(), list_of("tip_reward", {{"tip", Filter::Op::eq, {tip.id.text()}}}, 50)));
  return std::move(page.records);
}

Status TipDoor::note_read(const Record& tip) {
  MW_ASSIGN(const auto all, messages(tip));
  for (const auto& message : all) {
    const auto from = message.fields.find("from_reporter");
    const bool own = from != message.fields.end() && from->second == record::FieldValue(true);
    if (own || message.state != "sent") continue;
    auto read = store_.step(reader(), "tip_message", message.id, 0, "read", {});
    MW_TRY(status_of(read));
  }
  return {};
}

Outcome<Record> TipDoor::write(const Record& tip, const std::string& text,
                               const std::vector<std::string>& photos) {
  if (characters(text) == 0) return fault("text", "required", "请写内容", "write something");
  const Actor actor = writer_for(tip.owner);
  auto stored = store_photos(actor, photos);
  if (auto* refused = std::get_if<Refusal>(&stored)) return std::move(*refused);
  Fields fields{{"authority", tip.owner}, {"tip", tip.id}, {"from_reporter", true}};
  set_text(fields, "text", text);
  if (auto& files = std::get<std::vector<std::string>>(stored); !files.empty()) fields["files"] = files;
  auto made = store_.create(actor, "tip_message", fields);
  if (auto* refused = std::get_if<Refusal>(&made)) return of_form(std::move(*refused));
  return made;
}

Outcome<Record> TipDoor::change_tip(const Record& tip, const Fields& fields, bool forget_failures) {
  const auto all = rewards(tip);
  if (!all) return refusal(all.error());
  const bool is_paid = std::any_of(all->begin(), all->end(), [](const auto& r) { return r.state == "paid"; });
  if (is_paid) return refusal(conflict("the reward has been paid"));
  Outcome<Record> made = refusal(unavailable("not written"));
  const Status written = store_.write([&](Writer& writer) -> Status {
    made = writer.update(reader(), "tip", tip.id, 0, fields);
    MW_TRY(status_of(made));
    for (const auto& reward : *all) {
      if (!forget_failures || !reward.number("word_failures")) continue;
      auto cleared =
          writer.update(reader(), "tip_reward", reward.id, 0, {{"word_failures", std::monostate{}}});
      MW_TRY(status_of(cleared));
    }
    return {};
  });
  if (auto* refused = std::get_if<Refusal>(&made)) return of_form(std::move(*refused));
  if (!written) return refusal(written.error());
  return made;
}

Outcome<Record> TipDoor::set_payout_word(const Record& tip, std::string_view word) {
  const std::size_t length = characters(word);
  if (length < kShortestWord || length > kLongestWord)
    return fault("word", "bad_format", fmt::format("口令应有 {} 到 {} 个字", kShortestWord, kLongestWord),
                 fmt::format("a word of {} to {} characters", kShortestWord, kLongestWord));
  auto hash = hash_password(trim(word), cost_);
  if (!hash) return refusal(std::move(hash).error());
  return change_tip(tip, {{"payout_way", std::string("word")}, {"payout_word", *hash}}, true);
}

Outcome<Record> TipDoor::set_payout_account(const Record& tip, std::string_view account) {
  if (characters(account) < kShortestWord)
    return fault("account", "required", "请写开户行和账号", "name the bank and the number of the account");
  return change_tip(
      tip, {{"payout_way", std::string("account")}, {"reporter_account", std::string(trim(account))}}, false);
}

Outcome<TipReceipt> TipDoor::give_code(const Actor& officer, RecordId id) {
  const auto seen = store_.get(officer, "tip", id);
  if (!seen) return refusal(seen.error());
  const auto whole = store_.get(reader(), "tip", id);
  if (!whole) return refusal(whole.error());
  if (!whole->text("follow_up_code").empty())
    return refusal(conflict("this tip-off has a code; only who left it knows it"));
  const FollowCode code = make_follow_code(random_);
  auto hash = hash_password(code.secret, cost_);
  if (!hash) return refusal(std::move(hash).error());
  Actor hand = officer;  // the code is no field that he may set; that he had it made stands in the log
  hand.is_system = true;
  auto made = store_.update(hand, "tip", id, 0, {{"follow_up_code", *hash}, {"follow_up_key", code.key}});
  if (auto* refused = std::get_if<Refusal>(&made)) return std::move(*refused);
  return TipReceipt{whole->text("number"), {}, code.text};
}

Outcome<Record> TipDoor::pay(const Actor& actor, RecordId id, std::int64_t version, std::string_view word,
                             const Fields& fields) {
  const auto seen = store_.get(actor, "tip_reward", id);
  if (!seen) return refusal(seen.error());
  if (seen->state != "approved") return refusal(conflict("this reward is not waiting to be paid"));
  const auto whole = store_.get(reader(), "tip_reward", id);
  if (!whole) return refusal(whole.error());
  const auto tip = store_.get(reader(), "tip", whole->reference("tip"));
  if (!tip || tip->text("payout_word").empty())
    return fault("word", "not_set", "举报人还没有设置领奖口令", "the reporter has not set a word yet");
  Actor hand = actor;  // what he found out about the word is no field that he may set, but his deed
  hand.is_system = true;
  const auto failures = static_cast<std::int64_t>(whole->number("word_failures").value_or(0));
  if (failures >= kMostWrongWords)
    return fault("word", "locked", "口令错误次数过多，须由举报人凭查询码重新设置口令",
                 "too many wrong words: the reporter must set another with the code");
  if (!password_matches(tip->text("payout_word"), trim(word))) {
    auto counted = store_.update(hand, "tip_reward", id, 0, {{"word_failures", failures + 1}});
    if (auto* refused = std::get_if<Refusal>(&counted)) return std::move(*refused);
    const std::int64_t left = kMostWrongWords - failures - 1;
    if (left == 0)
      return fault("word", "wrong", "口令不对，次数已用完，须由举报人凭查询码重新设置口令",
                   "this is not the word and was the last try: the reporter must set another with the code");
    return fault("word", "wrong", fmt::format("口令不对，还可再试 {} 次；请举报人再说一遍", left),
                 fmt::format("this is not the word; {} more tries: let the reporter say it again", left));
  }
  Outcome<Record> paid = refusal(unavailable("not written"));
  const Status written = store_.write([&](Writer& writer) -> Status {
    MW_ASSIGN(const Record now, writer.get(actor, "tip_reward", id));
    if (now.version != version) return conflict("the reward was changed meanwhile: load it again");
    auto noted =
        writer.update(hand, "tip_reward", id, 0, {{"word_checked_at", EventTime{clock_.now().utc_ms}}});
    MW_TRY(status_of(noted));
    paid = writer.step(actor, "tip_reward", id, std::get<Record>(noted).version, "pay", fields);
    return status_of(paid);
  });
  if (!written && std::holds_alternative<Refusal>(paid)) {
    auto& refused = std::get<Refusal>(paid);
    return refused.error.code == Errc::unavailable ? refusal(written.error()) : std::move(refused);
  }
  if (!written) return refusal(written.error());
  return paid;
}

}  // namespace mineward::api
