#include "paper/example_testing.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "base/text.h"
#include "pack/load.h"
#include "pack/tree.h"

namespace mineward::paper {

using pack::FieldType;
using pack::Node;
using record::Fields;
using record::FieldValue;

namespace {

using Given = std::map<std::string, std::vector<std::string>>;

std::vector<std::string> texts(const Node& node) {
  if (node.is_scalar()) return {node.text};
  std::vector<std::string> out;
  for (const auto& item : node.items) out.push_back(item.text);
  return out;
}

Given entries(const Node* node) {
  Given out;
  if (!node) return out;
  for (const auto& entry : node->entries) out[entry.key] = texts(entry.value);
  return out;
}

Result<FieldValue> value_of(const pack::Field& field, const std::vector<std::string>& given,
                            const std::map<std::string, record::RecordId>& ids) {
  const std::string& text = given.front();
  switch (field.type) {
    case FieldType::integer: return FieldValue(parse_integer(text).value());
    case FieldType::money:
      return FieldValue(static_cast<std::int64_t>(std::llround(parse_number(text).value() * 100)));
    case FieldType::decimal: return FieldValue(parse_number(text).value());
    case FieldType::boolean: return FieldValue(text == "true");
    case FieldType::date: {
      MW_ASSIGN(const Date day, parse_date(text));
      return FieldValue(day);
    }
    case FieldType::instant: {
      MW_ASSIGN(const EventTime at, parse_beijing_time(text));
      return FieldValue(at);
    }
    case FieldType::reference: {
      const auto found = ids.find(text.starts_with('@') ? text.substr(1) : text);
      if (found == ids.end()) return bad_input(fmt::format("{} leads to no record before it", text));
      return FieldValue(found->second);
    }
    case FieldType::choices: return FieldValue(given);
    default: return FieldValue(text);
  }
}

const record::Actor& maker() {
  static const record::Actor actor = record::Actor::system("system:examples");
  return actor;
}

Result<Fields> fields_of(record::Store& store, const pack::RecordType& type, const Given& given,
                         const std::map<std::string, record::RecordId>& ids) {
  Fields out;
  for (const auto& [name, texts] : given) {
    const pack::Field* field = type.field(name);
    if (!field) return bad_input(fmt::format("{} has no field {}", type.name, name));
    if (field->type == FieldType::attachments) {  // any text: a small file
      MW_ASSIGN(const record::StoredFile file, store.attach(maker(), "example.pdf", "%PDF-1.7 example"));
      out.emplace(name, std::vector<std::string>{file.sha256});
      continue;
    }
    MW_ASSIGN(FieldValue value, value_of(*field, texts, ids));
    out.emplace(name, std::move(value));
  }
  return out;
}

}  // namespace

Result<ExampleRecords> make_examples(record::Store& store, ManualClock& clock, const std::string& file,
                                     std::map<std::string, record::RecordId> known) {
  MW_ASSIGN(const std::string bytes, system_files()->read(file));
  pack::Report report;
  const Node root = pack::parse_yaml(bytes, file, report);
  if (report.count()) return bad_input(report.take().front().text());
  MW_ASSIGN(const EventTime now, parse_beijing_time(root.get("now")->text));
  clock.set(ArrivalTime{now.utc_ms});
  ExampleRecords out{{}, std::move(known)};
  std::map<std::string, Given> given;
  for (const auto& item : root.get("records")->items) {
    ExampleRecord made{item.get("as")->text, item.get("type")->text, {}, entries(item.get("shows"))};
    Given fields = item.get("like") ? given[item.get("like")->text] : Given{};
    for (auto& [name, texts] : entries(item.get("fields"))) {
      if (texts.size() == 1 && texts.front().empty())
        fields.erase(name);
      else
        fields[name] = texts;
    }
    given[made.as] = fields;
    if (out.ids.contains(made.as)) continue;
    const pack::RecordType* type = store.catalog().record_type(made.type);
    if (!type) return bad_input(fmt::format("{}:{}: no record type {}", file, item.line, made.type));
    auto values = fields_of(store, *type, fields, out.ids);
    if (!values) return bad_input(fmt::format("{}:{}: {}", file, item.line, values.error().text()));
    auto outcome = store.create(maker(), made.type, *values);
    if (const auto* refusal = std::get_if<record::Refusal>(&outcome)) {
      std::string message = fmt::format("{}:{}: {}", file, item.line, refusal->error.text());
      for (const auto& fault : refusal->faults)
        message += "\n  " + fault.field + " " + fault.code + ": " + fault.message;
      return bad_input(message);
    }
    made.id = std::get<record::Record>(outcome).id;
    out.ids[made.as] = made.id;
    out.records.push_back(std::move(made));
  }
  return out;
}

Result<std::unique_ptr<Examples>> Examples::open(const std::string& root, const std::string& folder,
                                                 std::string url) {
  std::unique_ptr<Examples> out(new Examples);
  const std::vector<std::string> packs = {root + "/packs/core", root + "/packs/national"};
  auto loaded = pack::load_catalog(packs);
  if (!loaded.catalog) return bad_input(loaded.mistakes.front().text());
  out->catalog_ = loaded.catalog;
  if (url.empty()) url = "sqlite:" + folder + "/papers.db";
  MW_TRY(out->open_store(folder, url));
  MW_ASSIGN(out->made_, make_examples(*out->store_, out->clock_, root + "/examples/papers.yaml"));
  return out;
}

Status Examples::open_store(const std::string& folder, const std::string& url) {
  folder_ = folder;
  MW_ASSIGN(database_, db::open_database(url, 4));
  MW_ASSIGN(store_, record::open_store(catalog_, *database_, *files_, clock_, maker_,
                                       {folder + "/files", 20u << 20, 2000, folder + "/key"}));
  return {};
}

Result<std::unique_ptr<Examples>> Examples::copy(const std::string& folder) const {
  MW_TRY(database_->write([](db::Connection& c) { return c.script("PRAGMA wal_checkpoint(TRUNCATE)"); }));
  std::filesystem::copy(
      folder_, folder,
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  std::unique_ptr<Examples> out(new Examples);
  out->catalog_ = catalog_;
  out->made_ = made_;
  out->clock_.set(const_cast<ManualClock&>(clock_).now());
  out->maker_.next();
  MW_TRY(out->open_store(folder, "sqlite:" + folder + "/papers.db"));
  return out;
}

record::Actor Examples::person(const std::string& account, std::set<std::string> roles,
                               const std::string& organisation) const {
  record::Actor out;
  out.account = made_.ids.at(account);
  out.name = account;
  out.roles = std::move(roles);
  out.organisation = out.scope.root = made_.ids.at(organisation);
  out.origin = "127.0.0.1";
  return out;
}

}  // namespace mineward::paper
