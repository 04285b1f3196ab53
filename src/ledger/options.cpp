#include "ledger/options.h"

#include <fmt/format.h>

namespace mineward::ledger {
namespace {

std::string_view name_of(HiddenRows choice) {
  return choice == HiddenRows::read ? "read" : choice == HiddenRows::skip ? "skip" : "ask";
}

}  // namespace

Result<Options> Options::from_json(const Json& json) {
  Options out;
  out.sheet = json.text("sheet");
  const std::string_view hidden = json.text("hidden_rows", "ask");
  if (hidden == "read")
    out.hidden_rows = HiddenRows::read;
  else if (hidden == "skip")
    out.hidden_rows = HiddenRows::skip;
  else if (hidden != "ask")
    return bad_input(fmt::format("found \"{}\", expected ask, read or skip", hidden.substr(0, 40)),
                     "hidden_rows");
  const auto flag = [&](std::string_view name) {
    const bool* value = json[name].boolean();
    return value && *value;
  };
  out.ignore_unknown_columns = flag("ignore_unknown_columns");
  out.kept_values = flag("kept_values");
  out.clear_empty = flag("clear_empty");
  return out;
}

Json Options::json() const {
  Json out;
  out.set("sheet", sheet).set("hidden_rows", name_of(hidden_rows));
  out.set("ignore_unknown_columns", ignore_unknown_columns).set("kept_values", kept_values);
  return out.set("clear_empty", clear_empty);
}

Json json_of(const Fault& fault) {
  Json words;
  words.set("zh", fault.words.zh).set("en", fault.words.en);
  Json out;
  out.set("row", fault.row).set("cell", fault.cell).set("field", fault.field).set("code", fault.code);
  return out.set("words", std::move(words));
}

std::vector<Fault> faults_from(const std::string& text) {
  std::vector<Fault> out;
  const auto json = parse_json(text);
  if (!json || !json->array()) return out;
  for (const Json& one : *json->array()) {
    Fault fault;
    if (const auto* row = one["row"].integer()) fault.row = static_cast<int>(*row);
    fault.cell = one.text("cell");
    fault.field = one.text("field");
    fault.code = one.text("code");
    fault.words = {std::string(one["words"].text("zh")), std::string(one["words"].text("en"))};
    out.push_back(std::move(fault));
  }
  return out;
}

std::string text_of(const std::vector<Fault>& faults) {
  Json::Array out;
  for (const Fault& fault : faults) out.push_back(json_of(fault));
  return Json(std::move(out)).dump();
}

}  // namespace mineward::ledger
