/// For tests only: makes a record of any type of the packs, and of what it refers to.
#pragma once

#include <algorithm>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "pack/working_days.h"
#include "record/testing.h"

namespace mineward::record::fixture {

/// Makes records of any type, and what they lead to.
class Maker {
 public:
  Maker(Store& store, const pack::Catalog& catalog, Clock& clock)
      : store_(store), catalog_(catalog), clock_(clock) {}

  /// The region, organisation and mine that what is made shall belong to.
  void belongs_to(RecordId region, RecordId owner, RecordId mine) {
    organisation = owner;
    known_["region"] = region;
    known_["organisation"] = owner;
    known_["mine"] = mine;
  }

  void region_and_organisations() {
    const RecordId region = made(
        "region",
        {{"code", std::string("140522")}, {"name", std::string("县")}, {"level", std::string("county")}});
    organisation = made("organisation", {{"code", std::string("M1")},
                                         {"name", std::string("矿业公司")},
                                         {"kind", first_code("organisation_kind")},
                                         {"level", std::string("mine")},
                                         {"region", region}});
    known_["region"] = region;
    known_["organisation"] = organisation;
    known_["mine"] = made("mine", {{"code", std::string("140522001")},
                                   {"name", std::string("一号矿")},
                                   {"organisation", organisation},
                                   {"kind", std::string("coal")},
                                   {"capacity", 120.0},
                                   {"status", std::string("producing")}});
  }

  Actor person(const std::string& role) {
    Actor a;
    a.name = "p" + std::to_string(++people_);
    a.roles = {role};
    a.organisation = organisation;
    a.scope.root = organisation;
    a.origin = "test";
    a.account = made("account", {{"name", a.name},
                                 {"display_name", a.name},
                                 {"organisation", organisation},
                                 {"roles", std::vector<std::string>{role}}});
    if (!known_.contains("account")) known_["account"] = a.account;
    return a;
  }

  /// Every required field, and those that the flow's records are judged by.
  Fields fields_of(const pack::RecordType& type) {
    Fields out;
    for (const auto& field : type.fields) {
      if (field.required && field.name != "number" && field.default_value.empty())
        out[field.name] = value_of(field);
    }
    if (type.field("organisation") && type.field("organisation")->target == "organisation")
      out["organisation"] = organisation;
    if (const auto* owner = type.field(type.owner_field); owner && owner->target == "organisation")
      out[owner->name] = organisation;
    return out;
  }

  FieldValue value_of(const pack::Field& field, const Actor& by = Actor::system("system:test")) {
    using T = pack::FieldType;
    switch (field.type) {
      case T::text:
      case T::long_text: return text_of(field);
      case T::integer: return static_cast<std::int64_t>(std::max(1.0, field.min.value_or(1)));
      case T::decimal: return std::max(1.0, field.min.value_or(1));
      case T::money: return static_cast<std::int64_t>(std::max(1.0, field.min.value_or(1)) * 100);
      case T::boolean: return true;
      case T::date: return day_of(field);
      case T::instant: return EventTime{clock_.now().utc_ms};
      case T::choice: return first_code(field.dictionary);
      case T::choices: return std::vector<std::string>{first_code(field.dictionary)};
      case T::reference: return known(field.target);
      case T::attachments: return std::vector<std::string>{file(field, by)};
    }
    return {};
  }

  /// Today; of a field that names periods the first day of another one each day, so that what is unique in a
  /// period can be made again.
  Date day_of(const pack::Field& field) const {
    const Date today = china_date(clock_.now().utc_ms);
    if (field.first_of.empty()) return today;
    const int months = field.first_of == "month"       ? 1
                       : field.first_of == "quarter"   ? 3
                       : field.first_of == "half_year" ? 6
                                                       : 12;
    constexpr int kMonths = 12 * 117;  // no day before 1900 is taken
    return pack::months_after(pack::date_of(pack::civil(first_day_).year, 1, 1),
                              -(months * (today.days - first_day_.days)) % kMonths);
  }

  /// One record of a type, made once.
  RecordId known(const std::string& type) {
    if (const auto found = known_.find(type); found != known_.end()) return found->second;
    const auto outcome = create(type, fields_of(*catalog_.record_type(type)));
    if (const auto* record = std::get_if<Record>(&outcome)) return known_[type] = record->id;
    ListQuery query;  // only one of it can be: the walks made it
    query.type = type;
    query.limit = 1;
    const auto page = must(store_.list(Actor::system("system:test"), query));
    if (page.records.empty()) throw std::runtime_error(said(type, std::get<Refusal>(outcome)));
    known_[type] = page.records[0].id;
    return known_[type];
  }

  /// With what the checks of the type ask for beyond the required fields: a field that is told is given, or
  /// left out if it was given.
  Outcome<Record> create(const std::string& type, Fields fields) {
    constexpr int kTries = 8;
    auto outcome = store_.create(Actor::system("system:test"), type, fields);
    for (int i = 0; i < kTries && std::holds_alternative<Refusal>(outcome); ++i) {
      for (const auto& fault : std::get<Refusal>(outcome).faults) {
        const pack::Field* field = catalog_.record_type(type)->field(fault.field);
        if (!field || field->system) continue;
        const bool money = field->type == pack::FieldType::money;
        if (!fields.contains(field->name) || field->required || money) {
          fields[field->name] = value_of(*field);
          if (auto* fen = std::get_if<std::int64_t>(&fields[field->name]); fen && money)
            for (int k = 0; k < i; ++k) *fen *= 10;
        } else {
          fields.erase(field->name);
        }
      }
      outcome = store_.create(Actor::system("system:test"), type, fields);
    }
    return outcome;
  }
  static std::string said(const std::string& type, const Refusal& refusal) {
    std::string text = type + " cannot be made: " + refusal.error.text();
    for (const auto& f : refusal.faults)
      text += "\n  " + f.field + " " + f.code + ": " + f.message + " " + f.words.en;
    return text;
  }

  RecordId organisation;

 private:
  RecordId made(const std::string& type, Fields fields) {
    const auto outcome = create(type, std::move(fields));
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) throw std::runtime_error(said(type, *refusal));
    return std::get<Record>(outcome).id;
  }

  std::string first_code(const std::string& dictionary) const {
    return catalog_.dictionary(dictionary)->entries.front().code;
  }

  std::string text_of(const pack::Field& field) {
    if (field.format == "credit_code") return credit_code(++texts_);
    if (field.format == "id_number") return "11010519491231002X";
    if (field.format == "phone") return "13812345678";
    if (field.format == "division") return "140522";
    const int n = ++texts_;
    if (!field.pattern.empty()) {
      const std::string digits = fmt::format("{:09}", n);
      const std::vector<std::string> tries = {"140522",
                                              "A",
                                              fmt::format("{:064}", n),
                                              fmt::format("{:016}", n),
                                              "a" + std::to_string(n),
                                              digits,
                                              "140522" + digits,
                                              std::to_string(n),
                                              "A" + digits,
                                              fmt::format("晋（阳）煤安检记〔2026〕{}号", n),
                                              fmt::format("晋字〔2026〕{}号", n)};
      for (const std::string& text : tries) {
        if (std::regex_match(text, std::regex(field.pattern))) return text;
      }
    }
    std::string text = "文" + std::to_string(n);
    return to_code_points(text).size() > static_cast<std::size_t>(field.max_length.value_or(200)) ? "文"
                                                                                                  : text;
  }

  /// By the rule of GB 32100: weights 3^i modulo 31.
  static std::string credit_code(int n) {
    const std::string characters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    std::string code = "91140522" + fmt::format("{:09}", n);
    std::size_t sum = 0, weight = 1;
    for (const char c : code) {
      sum += characters.find(c) * weight;
      weight = weight * 3 % 31;
    }
    return code + characters[(31 - sum % 31) % 31];
  }

  std::string file(const pack::Field& field, const Actor& by) {
    const bool pdf = !field.file_kinds.empty() && std::find(field.file_kinds.begin(), field.file_kinds.end(),
                                                            "image") == field.file_kinds.end();
    const bool text =
        pdf && std::find(field.file_kinds.begin(), field.file_kinds.end(), "pdf") == field.file_kinds.end();
    const auto stored = text  ? store_.attach(by, "a.txt", "words")
                        : pdf ? store_.attach(by, "a.pdf", "%PDF-1.7 paper")
                              : store_.attach(by, "a.jpg", "\xFF\xD8\xFF\xE0 a photo");
    return must(stored).sha256;
  }

  Store& store_;
  const pack::Catalog& catalog_;
  Clock& clock_;
  const Date first_day_ = china_date(clock_.now().utc_ms);
  std::map<std::string, RecordId> known_;
  int people_ = 0, texts_ = 0;
};

}  // namespace mineward::record::fixture
