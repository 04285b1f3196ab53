#include "paper/papers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/text.h"
#include "paper/bundle.h"
#include "paper/fill.h"
#include "record/selection.h"

namespace mineward::paper {

using record::Actor;
using record::Fields;
using record::FieldValue;
using record::Outcome;
using record::Record;
using record::Refusal;
using record::Writer;

namespace {

constexpr std::string_view kType = "issued_paper";
/// Crockford's digits: none of them looks like another.
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCodeLength = 16;  ///< 80 bits: nobody finds one by trying

bool any_role(const Actor& actor, const std::vector<std::string>& roles) {
  return std::any_of(roles.begin(), roles.end(),
                     [&](const auto& role) { return role == "*" || actor.roles.contains(role); });
}

/// The same person, for what the program writes on his behalf: the change log names him.
Actor program(const Actor& actor) {
  Actor out = actor;
  out.is_system = true;
  return out;
}

Refusal refusal(Error error) { return {std::move(error), {}, std::nullopt}; }

Issued issued_of(const Record& r) {
  Issued out;
  out.id = r.id;
  out.paper = r.text("paper");
  out.title = r.text("title");
  out.number = r.text("number");
  out.office = r.text("office");
  out.code = r.text("code");
  out.sha256 = r.text("sha256");
  if (const auto on = r.fields.find("issued_on"); on != r.fields.end())
    if (const auto* date = std::get_if<Date>(&on->second)) out.issued_on = *date;
  if (const auto at = r.time("issued_at")) out.issued_at = ArrivalTime{at->utc_ms};
  out.issued_by = r.reference("issued_by");
  out.pages = static_cast<std::int64_t>(r.number("pages").value_or(0));
  return out;
}

/// Every text of a paper that is filled from its record; those of tables are filled from other types.
template <class Each>
void each_text(const pack::Paper& paper, const pack::Catalog& catalog, Each each) {
  const pack::RecordType* type = catalog.record_type(paper.record);
  for (const auto* text : {&paper.head, &paper.office, &paper.title, &paper.subtitle, &paper.number})
    each(*text, *type);
  for (const auto& block : paper.body) {
    each(block.text, *type);
    each(block.date, *type);
    for (const auto& line : block.lines) each(line, *type);
    for (const auto& row : block.grid)
      for (const auto& cell : row) each(cell, *type);
    const auto* rows = block.table.of.empty() ? type : catalog.record_type(block.table.of);
    for (const auto& column : block.table.columns) each(column.text, *rows);
  }
}

/// Whether a path ends in a field that the actor sees only in part.
bool hides(const pack::Catalog& catalog, const pack::RecordType& type, std::string_view path,
           const Actor& actor) {
  const auto dot = path.find('.');
  const pack::Field* field = type.field(path.substr(0, dot));
  if (!field) return false;
  if (dot == std::string_view::npos) return !field->protect.empty() && !any_role(actor, field->reveal);
  const pack::RecordType* target = catalog.record_type(field->target);
  return target && hides(catalog, *target, path.substr(dot + 1), actor);
}

std::string grouped(std::string_view code) {
  std::string out;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (i > 0 && i % 4 == 0) out += '-';
    out += code[i];
  }
  return out;
}

bool contains(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

/// nullptr when the record's type has no such step, or the name is empty.
const pack::Transition* step_of(const pack::Catalog& catalog, const Record& record, std::string_view name) {
  const pack::Workflow* flow = catalog.workflow(catalog.record_type(record.type)->workflow);
  return flow && !name.empty() ? flow->transition(name) : nullptr;
}

/// What people are told when a paper is not issued.
Error error_of(Bar bar, const Record& record, const pack::Paper& paper, const std::optional<Issued>& before) {
  switch (bar) {
    case Bar::issued:
      return conflict(fmt::format("this paper was issued on {} ({}): a paper is issued once",
                                  before ? format_date(before->issued_on) : "",
                                  before ? before->number : ""));
    case Bar::state:
      return conflict(fmt::format("paper {} is not issued while the record is {}", paper.name, record.state));
    case Bar::hidden: return forbidden("this paper prints protected fields that none of your roles may see");
    default: return forbidden("none of your roles may issue this paper");
  }
}

/// What is written down of a paper besides its file and code; texts that are empty are left out.
Fields entry_of(const pack::Paper& paper, const Record& record, const Actor& actor, const Sheet& drawn,
                ArrivalTime now) {
  Fields entry = {{"organisation", record.owner ? record.owner : actor.organisation},
                  {"subject_type", record.type},
                  {"subject", record.id.text()},
                  {"paper", paper.name},
                  {"title", plain(drawn.title) + plain(drawn.subtitle)},
                  {"number", plain(drawn.number)},
                  {"office", drawn.office},
                  {"issued_on", china_date(now.utc_ms)},
                  {"issued_at", EventTime{now.utc_ms}},
                  {"issued_by", actor.account}};
  std::erase_if(entry, [](const auto& field) {
    const auto* text = std::get_if<std::string>(&field.second);
    const auto* id = std::get_if<RecordId>(&field.second);
    return (text && text->empty()) || (id && !*id);
  });
  return entry;
}

/// The files that the field holds, and one more.
std::vector<std::string> with_file(const Record& record, const std::string& field,
                                   const std::string& sha256) {
  std::vector<std::string> files;
  const auto had = record.fields.find(field);
  if (had != record.fields.end())
    if (const auto* list = std::get_if<std::vector<std::string>>(&had->second)) files = *list;
  files.push_back(sha256);
  return files;
}

}  // namespace

std::string_view name_of(Bar bar) {
  switch (bar) {
    case Bar::none: return "none";
    case Bar::issued: return "issued";
    case Bar::state: return "state";
    case Bar::role: return "role";
    case Bar::hidden: return "hidden";
  }
  return "";
}

std::optional<std::string> normal_code(std::string_view typed) {
  std::string out;
  for (char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    if (kAlphabet.find(c) == std::string_view::npos || out.size() == kCodeLength) return std::nullopt;
    out += c;
  }
  if (out.size() != kCodeLength) return std::nullopt;
  return out;
}

std::string Papers::new_code() {
  std::array<std::uint8_t, kCodeLength> bytes{};
  random_.fill(bytes);
  std::string out;
  for (const auto byte : bytes) out += kAlphabet[byte % kAlphabet.size()];  // 256 is a multiple of 32
  return out;
}

// ---- what there is

Result<const pack::Paper*> Papers::paper_of(const Record& record, std::string_view name) const {
  const pack::Catalog& catalog = store_.catalog();
  const pack::Paper* paper = catalog.paper(name);
  const bool fits = paper && paper->record == record.type && paper->style != pack::Paper::Style::ledger &&
                    record::fits(*catalog.record_type(record.type), paper->when, record);
  if (!fits) return not_found(fmt::format("this {} is not made into a paper \"{}\"", record.type, name));
  return paper;
}

bool Papers::sees_all(const Actor& actor, const pack::Paper& paper) const {
  bool all = true;
  const pack::Catalog& catalog = store_.catalog();
  each_text(paper, catalog, [&](const pack::PaperText& text, const pack::RecordType& type) {
    for (const auto& piece : text.pieces) {
      if (!piece.slot) continue;
      for (const auto& path : piece.slot->paths) all = all && !hides(catalog, type, path, actor);
    }
  });
  return all;
}

Bar Papers::bar(const Actor& actor, const Record& record, const pack::Paper& paper, bool was_issued) const {
  if (was_issued) return Bar::issued;
  const pack::Transition* step = step_of(store_.catalog(), record, paper.step);
  const bool by_step = step && step->sign_off.empty() && contains(step->from, record.state);
  const bool as_it_is = contains(paper.in, record.state) || (!step && paper.in.empty());
  if (!by_step && !as_it_is) return Bar::state;
  const std::vector<std::string>& roles = paper.roles.empty() && step ? step->roles : paper.roles;
  if (!actor.is_system && !any_role(actor, roles)) return Bar::role;
  if (by_step && !as_it_is && !actor.is_system && !any_role(actor, step->roles)) return Bar::role;
  return sees_all(actor, paper) ? Bar::none : Bar::hidden;
}

Result<std::vector<Offer>> Papers::offers(const Actor& actor, const Record& record) {
  MW_ASSIGN(const std::vector<Issued> done, issued(record));
  std::vector<Offer> out;
  for (const auto& paper : store_.catalog().papers) {
    if (!paper_of(record, paper.name)) continue;
    const bool was_issued =
        std::any_of(done.begin(), done.end(), [&](const Issued& i) { return i.paper == paper.name; });
    out.push_back({&paper, bar(actor, record, paper, was_issued)});
  }
  return out;
}

Result<std::vector<Issued>> Papers::issued(const Record& record) {
  const Actor all = Actor::system("system:papers");  // the caller has read the record that they are of
  record::ListQuery query;
  query.type = kType;
  query.filters = {{"subject_type", record::Filter::Op::eq, {record.type}},
                   {"subject", record::Filter::Op::eq, {record.id.text()}}};
  query.descending = false;
  query.limit = 100;
  MW_ASSIGN(const record::Page page, store_.list(all, query));
  std::vector<Issued> out;
  for (const auto& r : page.records) out.push_back(issued_of(r));
  return out;
}

// ---- drawing

Result<Sheet> Papers::sheet(const Actor& actor, const pack::Paper& paper, const Record& record,
                            std::string number) {
  const ArrivalTime now = clock_.now();
  MW_ASSIGN(Sheet out, fill(store_, actor, paper, record, {china_date(now.utc_ms), std::move(number)}));
  out.made = format_rfc3339(now);
  return out;
}

Result<Printed> Papers::pdf(const Actor& actor, const Record& record, std::string_view name) {
  MW_ASSIGN(const std::vector<Issued> done, issued(record));
  for (const auto& one : done) {
    if (one.paper != name) continue;
    const pack::Paper* paper = store_.catalog().paper(name);
    if (paper && !sees_all(actor, *paper))
      return forbidden("this paper prints protected fields that none of your roles may see");
    MW_ASSIGN(auto file, store_.attachment(Actor::system("system:papers"), one.sha256));
    return Printed{std::move(file.second), static_cast<int>(one.pages)};
  }
  MW_ASSIGN(const pack::Paper* paper, paper_of(record, name));
  MW_ASSIGN(const Sheet drawn, sheet(actor, *paper, record, {}));
  return print(drawn, settings_.fonts);
}

Result<std::string> Papers::issued_zip(const Actor& actor, const std::vector<Record>& records) {
  std::vector<Bundled> files;
  for (const auto& record : records) {
    MW_ASSIGN(const std::vector<Issued> done, issued(record));
    for (const auto& one : done) {
      const pack::Paper* paper = store_.catalog().paper(one.paper);
      if (paper && !sees_all(actor, *paper)) continue;
      MW_ASSIGN(auto file, store_.attachment(Actor::system("system:papers"), one.sha256));
      files.push_back({fmt::format("{} {}", one.title, one.number.empty() ? grouped(one.code) : one.number),
                       std::move(file.second)});
    }
  }
  if (files.empty()) return not_found("no paper was issued of these records");
  return zip_of(std::move(files));
}

Result<Printed> Papers::ledger(const Actor& actor, record::ListQuery query) {
  const pack::Catalog& catalog = store_.catalog();
  const pack::Paper* paper = nullptr;
  for (const auto& each : catalog.papers) {
    if (each.record == query.type && each.style == pack::Paper::Style::ledger) paper = &each;
  }
  const auto office = store_.title(actor, "organisation", actor.organisation);
  const ArrivalTime now = clock_.now();
  MW_ASSIGN(Sheet drawn, fill_ledger(store_, actor, paper, std::move(query), office ? *office : "",
                                     china_date(now.utc_ms)));
  drawn.made = format_rfc3339(now);
  return print(drawn, settings_.fonts);
}

// ---- issuing

Result<std::optional<Issued>> Papers::find_issued(Writer& writer, const Record& record,
                                                  std::string_view paper) {
  MW_ASSIGN(const std::optional<Record> found, writer.find(Actor::system("system:papers"), kType,
                                                           {{"subject_type", record.type},
                                                            {"subject", record.id.text()},
                                                            {"paper", std::string(paper)}}));
  if (!found) return std::optional<Issued>();
  return std::optional(issued_of(*found));
}

/// Number, pages, file, entry. `record` becomes what is stored then.
Outcome<Issued> Papers::keep(Writer& writer, const Actor& actor, const pack::Paper& paper, Record& record) {
  const Actor on_behalf = program(actor);
  const ArrivalTime now = clock_.now();
  const Date today = china_date(now.utc_ms);
  Fields entry;
  const auto work = [&]() -> Status {
    std::string number;
    if (paper.numbering) {
      MW_ASSIGN(const NumberForm form, fill_number(store_, actor, *paper.numbering, record, today));
      MW_ASSIGN(const std::int64_t sequence, writer.next_number("paper:" + paper.name + ":" + form.series));
      number = form.with(sequence);
    }
    MW_ASSIGN(Sheet drawn, sheet(actor, paper, record, std::move(number)));
    const std::string code = new_code();
    drawn.draft = false;
    drawn.code = grouped(code);
    drawn.link = settings_.public_url.empty() ? drawn.code : settings_.public_url + "/verify/" + code;
    MW_ASSIGN(const Printed printed, print(drawn, settings_.fonts));
    MW_ASSIGN(const record::StoredFile file, writer.attach(on_behalf, paper.name + ".pdf", printed.pdf));
    entry = entry_of(paper, record, actor, drawn, now);
    entry.emplace("code", code);
    entry.emplace("sha256", file.sha256);
    entry.emplace("file", std::vector<std::string>{file.sha256});
    entry.emplace("pages", std::int64_t{printed.pages});
    return {};
  };
  if (Status done = work(); !done) return refusal(std::move(done).error());
  Outcome<Record> made = writer.create(on_behalf, kType, entry);
  if (auto* refused = std::get_if<Refusal>(&made)) return std::move(*refused);
  const Issued out = issued_of(std::get<Record>(made));
  if (!paper.keep_in.empty()) {
    Outcome<Record> kept = writer.update(on_behalf, record.type, record.id, 0,
                                         {{paper.keep_in, with_file(record, paper.keep_in, out.sha256)}});
    if (auto* refused = std::get_if<Refusal>(&kept)) return std::move(*refused);
    record = std::get<Record>(std::move(kept));
  }
  Json detail;
  detail.set("paper", paper.name).set("number", out.number).set("code", out.code).set("sha256", out.sha256);
  if (Status noted =
          writer.note(actor, "paper", record.type, record.id, Json(Json::Object{{"#paper", detail}}));
      !noted)
    return refusal(std::move(noted).error());
  return out;
}

Outcome<Issued> Papers::issue(const Actor& actor, std::string_view type, RecordId id, std::int64_t version,
                              std::string_view name) {
  Outcome<Issued> out = refusal(unavailable("nothing was done"));
  const Status done = store_.write([&](Writer& writer) -> Status {
    const auto give_up = [&](Refusal refused) -> Status {
      Error error = refused.error;
      out = std::move(refused);
      return error;
    };
    auto found = writer.get(actor, type, id);
    if (!found) return give_up(refusal(found.error()));
    Record record = *std::move(found);
    const auto paper = paper_of(record, name);
    if (!paper) return give_up(refusal(paper.error()));
    MW_ASSIGN(const std::optional<Issued> before, find_issued(writer, record, name));
    if (const Bar what = bar(actor, record, **paper, before.has_value()); what != Bar::none)
      return give_up(refusal(error_of(what, record, **paper, before)));
    if (record.version != version) {
      Refusal stale = refusal(conflict(fmt::format("{} {} is at version {} now, you saw version {}", type,
                                                   id.value, record.version, version)));
      stale.current = record;
      return give_up(std::move(stale));
    }
    const pack::Transition* step = step_of(store_.catalog(), record, (*paper)->step);
    if (step && contains(step->from, record.state)) {
      Outcome<Record> stepped = writer.step(actor, type, id, version, step->name, {});
      if (auto* refused = std::get_if<Refusal>(&stepped)) return give_up(std::move(*refused));
      record = std::get<Record>(std::move(stepped));
    }
    out = keep(writer, actor, **paper, record);
    if (const auto* refused = std::get_if<Refusal>(&out)) return refused->error;
    return {};
  });
  if (!done && std::holds_alternative<Issued>(out)) return refusal(done.error());
  if (!done && std::get<Refusal>(out).error.message == "nothing was done") return refusal(done.error());
  return out;
}

Outcome<Record> Papers::step(Writer& writer, const Actor& actor, std::string_view type, RecordId id,
                             std::int64_t version, std::string_view step, const Fields& fields,
                             std::string_view reason) {
  Outcome<Record> stepped = writer.step(actor, type, id, version, step, fields, reason);
  if (std::holds_alternative<Refusal>(stepped)) return stepped;
  Record record = std::get<Record>(std::move(stepped));
  for (const auto& paper : store_.catalog().papers) {
    if (paper.step != step || !paper_of(record, paper.name)) continue;
    const pack::Transition* taken = step_of(store_.catalog(), record, step);
    if (!taken || record.state != taken->to) continue;  // it waits for signatures
    if (!sees_all(actor, paper)) continue;              // somebody who sees all of it issues it from the list
    auto before = find_issued(writer, record, paper.name);
    if (!before) return refusal(std::move(before).error());
    if (*before) continue;
    Outcome<Issued> kept = keep(writer, actor, paper, record);
    if (auto* refused = std::get_if<Refusal>(&kept)) return std::move(*refused);
  }
  return record;
}

// ---- genuine or not

namespace {

/// The two marks of a record that end its papers, as a change of it sets them.
struct Standing {
  std::string state;
  bool withdrawn = false;

  /// `diff`: {"field": [old, new], ...}
  void take(const Json& diff) {
    const auto now = [&](std::string_view name) -> const Json* {
      const Json::Array* pair = diff[name].array();
      return pair && pair->size() == 2 ? &pair->back() : nullptr;
    };
    if (const Json* to = now("state")) state = to->string() ? *to->string() : "";
    if (const Json* to = now(pack::kWithdrawn)) withdrawn = to->boolean() && *to->boolean();
  }
  bool ends(const pack::Paper* paper) const {
    return withdrawn || state == pack::kWithdrawn || (paper && contains(paper->void_in, state));
  }
};

}  // namespace

Result<std::optional<Date>> Papers::void_since(const Record& entry) {
  const pack::Paper* paper = store_.catalog().paper(entry.text("paper"));
  const auto subject = parse_record_id(entry.text("subject")).value_or(record::RecordId{});
  MW_ASSIGN(const auto changes,
            store_.history(Actor::system("system:papers"), entry.text("subject_type"), subject));
  Standing standing;
  std::optional<Date> since;
  for (const auto& change : changes) {
    if (change.version == 0) continue;
    standing.take(change.diff);
    if (!standing.ends(paper)) {
      since.reset();
    } else if (!since) {
      since = china_date(change.at.utc_ms);
    }
  }
  return since;
}

Result<std::optional<Genuine>> Papers::check(std::string_view typed, std::optional<std::string_view> bytes) {
  const auto code = normal_code(typed);
  if (!code) return std::optional<Genuine>();
  record::ListQuery query;
  query.type = kType;
  query.filters = {{"code", record::Filter::Op::eq, {*code}}};
  query.limit = 1;
  MW_ASSIGN(const record::Page page, store_.list(Actor::system("system:papers"), query));
  if (page.records.empty()) return std::optional<Genuine>();
  const Issued found = issued_of(page.records.front());
  MW_ASSIGN(const std::optional<Date> ended, void_since(page.records.front()));
  Genuine out{found.office, found.title, found.number, found.issued_on, ended, std::nullopt};
  if (bytes) out.same_file = sha256_hex(*bytes) == found.sha256;
  return std::optional(std::move(out));
}

}  // namespace mineward::paper
