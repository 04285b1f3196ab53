#include "ledger/cell_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "record/values.h"

namespace mineward::ledger {

using pack::FieldType;
using record::FieldValue;
using record::RecordId;

namespace {

/// Spreadsheets keep 15 digits; what is longer has lost some already.
constexpr double kMostDigits = 1e15;
constexpr std::int64_t kDay = 86'400'000;
/// A cell shows the time of China; the store keeps UTC.

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// "1,234.5" -> "1234.5"; a text that is not grouped by thousands stays.
std::string without_groups(const std::string& text) {
  if (text.find(',') == std::string::npos) return text;
  const auto dot = std::min(text.find('.'), text.size());
  const std::size_t begin = text.starts_with('-') ? 1 : 0;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != ',') {
      out += text[i];
    } else if (i >= dot || i == begin || (dot - i) % 4 != 0) {
      return text;
    }
  }
  return out;
}

/// "2026年3月1日 8:05", "2026/3/1", "20260301" in the notation of parse_time; the text itself when it is none
/// of them.
std::string plain_moment(const std::string& text) {
  std::vector<int> parts;
  std::string digits;
  bool eight = text.size() == 8;
  for (const char c : text + " ") {
    if (c >= '0' && c <= '9') {
      digits += c;
      continue;
    }
    if (!digits.empty()) parts.push_back(static_cast<int>(parse_integer(digits.substr(0, 8)).value_or(0)));
    eight = eight && digits.size() == 8;
    digits.clear();
  }
  if (eight && parts.size() == 1) parts = {parts[0] / 10000, parts[0] / 100 % 100, parts[0] % 100};
  const bool plain =
      text.find_first_not_of("0123456789-/.: T") == std::string::npos || text.find("年") != std::string::npos;
  const bool zone = text.find('Z') != std::string::npos || text.find('+') != std::string::npos;
  if (!plain || zone || parts.size() < 3 || parts.size() > 6 || parts.size() == 4) return text;
  std::string out = fmt::format("{:04}-{:02}-{:02}", parts[0], parts[1], parts[2]);
  if (parts.size() >= 5)
    out += fmt::format(" {:02}:{:02}:{:02}", parts[3], parts[4], parts.size() == 6 ? parts[5] : 0);
  return out;
}

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> out(1);
  const std::u32string points = to_code_points(text);
  for (const char32_t c : points) {
    if (std::u32string_view(U";,、；，\n").find(c) != std::u32string_view::npos) {
      out.emplace_back();
    } else {
      out.back() += to_utf8(std::u32string_view(&c, 1));
    }
  }
  for (auto& part : out) part = std::string(trim(part));
  std::erase(out, std::string());
  return out;
}

std::string some_codes(const pack::Dictionary& dictionary, bool chinese) {
  std::string out;
  std::size_t n = 0;
  for (const auto& entry : dictionary.entries) {
    if (++n > 12) return out + (chinese ? "等" : " ...");
    if (!out.empty()) out += chinese ? "、" : ", ";
    out += chinese ? entry.label.zh : entry.label.en;
  }
  return out;
}

}  // namespace

std::string narrow(std::string_view text) {
  if (!is_utf8(text)) return std::string(trim(text));
  std::u32string points = to_code_points(text);
  for (auto& c : points) {
    if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
    if (c == 0x3000 || c == 0xA0) c = ' ';
  }
  return std::string(trim(to_utf8(points)));
}

const pack::DictionaryEntry* entry_of(const pack::Dictionary& dictionary, std::string_view text) {
  if (const auto* entry = dictionary.entry(text)) return entry;
  const std::string lower = lower_ascii(text);
  const pack::DictionaryEntry* found = nullptr;
  for (const auto& entry : dictionary.entries) {
    if (entry.label.zh != text && lower_ascii(entry.label.en) != lower) continue;
    if (found) return nullptr;
    found = &entry;
  }
  return found;
}

std::string CellReader::text_of(const Cell& cell) const {
  switch (cell.kind) {
    case Cell::Kind::text:
    case Cell::Kind::error: return cell.text;
    case Cell::Kind::boolean: return cell.number != 0 ? "是" : "否";
    case Cell::Kind::number: return fmt::format("{}", cell.number);
    case Cell::Kind::date: break;
  }
  const auto moment = workbook_.moment(cell.number);
  if (!moment) return fmt::format("{}", cell.number);
  const std::string text = format_beijing(*moment - kBeijingOffset);
  return *moment % kDay == 0 ? text.substr(0, 10) : text;
}

std::string CellReader::quoted(const Cell& cell) const {
  if (!hidden_.empty()) return hidden_;
  constexpr std::size_t kLongest = 40;
  const std::u32string points = to_code_points(as_utf8(text_of(cell)));
  return points.size() <= kLongest ? to_utf8(points)
                                   : to_utf8(std::u32string_view(points).substr(0, kLongest)) + "…";
}

CellFault CellReader::wrong(std::string code, const Cell& cell, std::string_view zh,
                            std::string_view en) const {
  const std::string found = quoted(cell);
  return {
      std::move(code),
      {fmt::format("填写的是“{}”，应为{}", found, zh), fmt::format("found \"{}\", expected {}", found, en)}};
}

CellReader::Reading CellReader::read(const pack::Field& field, const Cell& cell) {
  hidden_ = field.protect.empty() ? "" : "***";
  if (cell.formula && !kept_values_) {
    return std::variant<FieldValue, CellFault>(
        CellFault{"formula",
                  {fmt::format("是公式（结果“{}”），应为填写的值", quoted(cell)),
                   fmt::format("found a formula (with the result \"{}\"), expected a value", quoted(cell))}});
  }
  if (cell.kind == Cell::Kind::error) {
    return std::variant<FieldValue, CellFault>(wrong("error", cell, "填写的值", "a value"));
  }
  if (cell.kind == Cell::Kind::text && trim(cell.text).empty())
    return std::variant<FieldValue, CellFault>(FieldValue());
  switch (field.type) {
    case FieldType::text:
    case FieldType::long_text: return read_text(field, cell);
    case FieldType::integer:
    case FieldType::decimal:
    case FieldType::money: return read_number(field, cell);
    case FieldType::boolean: return read_boolean(cell);
    case FieldType::date:
    case FieldType::instant: return read_moment(field, cell);
    case FieldType::choice: return read_code(field, cell);
    case FieldType::choices: return read_codes(field, cell);
    case FieldType::reference: return read_reference(field, cell);
    case FieldType::attachments: break;
  }
  return std::variant<FieldValue, CellFault>(FieldValue());
}

CellReader::Reading CellReader::read_text(const pack::Field& field, const Cell& cell) {
  if (cell.kind == Cell::Kind::number && std::abs(cell.number) >= kMostDigits) {
    return std::variant<FieldValue, CellFault>(
        wrong("bad_format", cell, "按文本填写的号码：数字格式的单元格只保留前 15 位，后面的已经丢失",
              "the digits as a text: a cell of numbers keeps 15 digits, and the rest is lost already"));
  }
  const std::string text = text_of(cell);
  return std::variant<FieldValue, CellFault>(
      FieldValue(field.type == FieldType::text ? std::string(trim(text)) : text));
}

CellReader::Reading CellReader::read_number(const pack::Field& field, const Cell& cell) {
  std::optional<double> number;
  if (cell.kind == Cell::Kind::number) number = cell.number;
  if (cell.kind == Cell::Kind::text) {
    std::string text = without_groups(narrow(cell.text));
    if (!field.unit.empty() && text.size() > field.unit.size() && text.ends_with(field.unit))
      text = std::string(trim(text.substr(0, text.size() - field.unit.size())));
    number = parse_number(text);
  }
  const bool whole = field.type == FieldType::integer;
  if (!number || (whole && *number != std::floor(*number)) || std::abs(*number) >= kMostDigits) {
    return std::variant<FieldValue, CellFault>(
        wrong("bad_format", cell, whole ? "整数" : "数字", whole ? "a whole number" : "a number"));
  }
  if (whole) return std::variant<FieldValue, CellFault>(FieldValue(static_cast<std::int64_t>(*number)));
  if (field.type == FieldType::decimal) return std::variant<FieldValue, CellFault>(FieldValue(*number));
  const double fen = *number * 100;
  if (std::abs(fen - std::round(fen)) > 1e-4) {
    return std::variant<FieldValue, CellFault>(
        wrong("bad_format", cell, "以元为单位、最多两位小数的金额", "yuan with at most two decimals"));
  }
  return std::variant<FieldValue, CellFault>(FieldValue(static_cast<std::int64_t>(std::llround(fen))));
}

CellReader::Reading CellReader::read_boolean(const Cell& cell) {
  const std::string text = lower_ascii(narrow(text_of(cell)));
  if (one_of(text, {"是", "yes", "y", "true", "1", "√", "有"}))
    return std::variant<FieldValue, CellFault>(FieldValue(true));
  if (one_of(text, {"否", "no", "n", "false", "0", "×", "无"}))
    return std::variant<FieldValue, CellFault>(FieldValue(false));
  return std::variant<FieldValue, CellFault>(wrong("bad_format", cell, "“是”或“否”", "\"yes\" or \"no\""));
}

CellReader::Reading CellReader::read_moment(const pack::Field& field, const Cell& cell) {
  const bool day = field.type == FieldType::date;
  std::optional<EventTime> time;
  if (cell.kind == Cell::Kind::date) {
    if (const auto moment = workbook_.moment(cell.number)) time = EventTime{*moment - kBeijingOffset};
  } else if (cell.kind == Cell::Kind::text) {
    if (const auto parsed = parse_time(plain_moment(narrow(cell.text)))) time = *parsed;
  }
  const bool fits = time && (!day || (time->utc_ms + kBeijingOffset) % kDay == 0);
  if (!fits) {
    return std::variant<FieldValue, CellFault>(
        day ? wrong("bad_format", cell, "日期，如 2026-03-01", "a date such as 2026-03-01")
            : wrong("bad_format", cell, "时间，如 2026-03-01 08:30", "a time such as 2026-03-01 08:30"));
  }
  if (day) return std::variant<FieldValue, CellFault>(FieldValue(china_date(time->utc_ms)));
  return std::variant<FieldValue, CellFault>(FieldValue(*time));
}

CellReader::Reading CellReader::read_code(const pack::Field& field, const Cell& cell) {
  const pack::Dictionary* dictionary = store_.catalog().dictionary(field.dictionary);
  const auto* entry = dictionary ? entry_of(*dictionary, trim(text_of(cell))) : nullptr;
  if (entry) return std::variant<FieldValue, CellFault>(FieldValue(entry->code));
  return std::variant<FieldValue, CellFault>(
      wrong("unknown_code", cell, "其中之一：" + (dictionary ? some_codes(*dictionary, true) : ""),
            "one of: " + (dictionary ? some_codes(*dictionary, false) : "")));
}

CellReader::Reading CellReader::read_codes(const pack::Field& field, const Cell& cell) {
  const pack::Dictionary* dictionary = store_.catalog().dictionary(field.dictionary);
  std::vector<std::string> codes;
  for (const std::string& part : parts_of(text_of(cell))) {
    const auto* entry = dictionary ? entry_of(*dictionary, part) : nullptr;
    if (!entry) {
      Cell one = cell;
      one.kind = Cell::Kind::text;
      one.text = part;
      return std::variant<FieldValue, CellFault>(
          wrong("unknown_code", one, "其中的几个：" + (dictionary ? some_codes(*dictionary, true) : ""),
                "some of: " + (dictionary ? some_codes(*dictionary, false) : "")));
    }
    codes.push_back(entry->code);
  }
  return std::variant<FieldValue, CellFault>(record::normalised(FieldValue(std::move(codes))));
}

CellReader::Reading CellReader::read_reference(const pack::Field& field, const Cell& cell) {
  const std::string text(trim(text_of(cell)));
  auto& known = known_[field.target];
  if (const auto found = known.find(text); found != known.end()) return found->second;
  MW_ASSIGN(auto value, look_up(field, text));
  constexpr std::size_t kRemembered = 50'000;
  if (known.size() >= kRemembered) known.clear();
  known.emplace(text, value);
  return value;
}

/// By a key of one text field (a code, a number), then by the title, then by id. Looked for everywhere, taken
/// only when the actor may name it: also what stands above him, which his lists do not show.
Result<std::variant<FieldValue, CellFault>> CellReader::look_up(const pack::Field& field,
                                                                const std::string& text) {
  const pack::RecordType* target = store_.catalog().record_type(field.target);
  record::Actor finder = actor_;
  finder.is_system = finder.scope.everything = true;
  const auto fault = [&](std::string code, std::string_view zh, std::string_view en) {
    Cell cell;
    cell.text = text;
    return std::variant<FieldValue, CellFault>(wrong(std::move(code), cell, zh, en));
  };
  const auto may_name = [&](RecordId id) { return store_.title(actor_, target->name, id).ok(); };
  if (target) {
    for (const auto& set : target->unique) {
      const pack::Field* key = set.size() == 1 ? target->field(set[0]) : nullptr;
      if (!key || key->type != FieldType::text || key->secret || !key->protect.empty()) continue;
      MW_ASSIGN(const auto found, store_.find(finder, target->name, {{key->name, FieldValue(text)}}));
      if (found && may_name(found->id)) return std::variant<FieldValue, CellFault>(FieldValue(found->id));
    }
    const pack::Field* title = target->field(target->title_field);
    if (title && (title->type == FieldType::text || title->type == FieldType::long_text) && !title->secret &&
        title->protect.empty()) {
      record::ListQuery query;
      query.type = target->name;
      query.filters.push_back({title->name, record::Filter::Op::eq, {text}});
      MW_ASSIGN(const record::Page page, store_.list(finder, query));
      std::vector<RecordId> named;
      for (const auto& record : page.records) {
        if (may_name(record.id)) named.push_back(record.id);
      }
      if (named.size() == 1) return std::variant<FieldValue, CellFault>(FieldValue(named[0]));
      if (named.size() > 1)
        return fault("not_found", fmt::format("唯一的{}：同名的不止一个，请填编号", target->label.zh),
                     fmt::format("one {}: several are called so, give the code", target->label.en));
    }
    const auto id = parse_record_id(text);
    if (id && may_name(*id)) return std::variant<FieldValue, CellFault>(FieldValue(*id));
  }
  return fault("not_found", fmt::format("已登记的{}的编号或名称", target ? target->label.zh : field.target),
               fmt::format("the code or name of a known {}", target ? target->label.en : field.target));
}

}  // namespace mineward::ledger
