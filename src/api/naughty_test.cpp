/// The big list of naughty strings as the text of hazards: made through the API, read back byte for byte,
/// found, exported, and imported again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <cstdio>

#include "api/bad_input_testing.h"

namespace mineward::api {
namespace {

using testing::Answer;
using testing::encoded;
using testing::Session;
using testing::World;

std::vector<std::string> naughty_strings() {
  const auto files = system_files();
  const auto text = files->read(std::string(MW_SOURCE_DIR) + "/tests/data/naughty-strings/blns.json");
  const auto list = parse_json(*text);
  std::vector<std::string> out;
  for (const auto& item : *list->array()) out.push_back(*item.string());
  return out;
}

/// The first run of ASCII letters and digits that no other letter touches, as a person would type it; empty =
/// none.
std::string word_of(const std::string& text) {
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    if (!is_word(text[begin]) || (begin > 0 && (is_word(text[begin - 1]) || !is_ascii(text[begin - 1]))))
      continue;
    std::size_t end = begin;
    while (end < text.size() && is_word(text[end])) ++end;
    if (end == text.size() || is_ascii(text[end])) return text.substr(begin, end - begin);
  }
  return {};
}

/// RFC 4180, for this test only: rows of cells.
std::vector<std::vector<std::string>> cells_of(const std::string& csv) {
  std::vector<std::vector<std::string>> rows(1);
  std::string cell;
  bool quoted = false;
  for (std::size_t i = csv.starts_with("\xEF\xBB\xBF") ? 3 : 0; i < csv.size(); ++i) {
    const char c = csv[i];
    if (quoted && c == '"' && csv.substr(i + 1, 1) == "\"") {
      cell += csv[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (quoted || (c != ',' && c != '\r' && c != '\n')) {
      cell += c;
    } else if (c != '\r') {
      rows.back().push_back(std::exchange(cell, {}));
      if (c == '\n') rows.emplace_back();
    }
  }
  return rows;
}

/// What a spreadsheet takes for a formula: the list of OWASP, with the wide forms that it takes in Chinese
/// too.
bool is_formula(const std::string& cell) {
  for (const char* first : {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}) {
    if (!cell.starts_with(first)) continue;
    char* end = nullptr;
    std::strtod(cell.c_str(), &end);
    const bool is_number = cell.find_first_not_of("+-.0123456789eE") == std::string::npos && *end == '\0';
    return !is_number;
  }
  return false;
}

class Naughty : public ::testing::Test {
 protected:
  Answer ask(const std::string& method, const std::string& target, const std::string& body = {},
             const std::string& type = "application/json") {
    return asker.ask(method, target, session, body, type);
  }
  Answer make(const std::string& field, const std::string& text) {
    Json fields;
    fields.set("title", "naughty")
        .set("origin", "self_check")
        .set("level", "ordinary")
        .set("mine", world.here.mine.text());
    fields.set(field, text);
    Json body;
    return ask("POST", "/api/v1/records/hazard", body.set("fields", std::move(fields)).dump());
  }

  World world{testing::unlimited()};
  Session session = world.sign_in("aqya");
  testing::Asker asker{world};
  const std::vector<std::string> strings = naughty_strings();
};

/// As a title: one line, 1 to 200 characters. What that rule refuses is refused by the name of the field; all
/// else comes back as it went in and is found by its own words.
TEST_F(Naughty, TitlesComeBackByteForByteAndAreFound) {
  int kept = 0, refused = 0, found = 0;
  for (const auto& text : strings) {
    SCOPED_TRACE(text.substr(0, 80));
    const Answer made = make("title", text);
    const auto answer = parse_json(made.body);
    ASSERT_TRUE(answer) << made.body;
    if (made.status != 201) {
      ++refused;
      ASSERT_EQ(made.status, 400) << made.body;
      const Json& fault = (*answer)["error"]["faults"].array()->front();
      EXPECT_EQ(fault.text("field"), "title");
      if (text.empty()) {
        EXPECT_EQ(fault.text("code"), "required");
      } else {
        EXPECT_EQ(fault.text("code"), "too_long") << made.body;
      }
      continue;
    }
    ++kept;
    const std::string id(answer->text("id"));
    const auto again = parse_json(ask("GET", "/api/v1/records/hazard/" + id).body);
    ASSERT_TRUE(again);
    EXPECT_EQ((*again)["fields"].text("title"), text);
    EXPECT_EQ(again->text("title"), text);
    EXPECT_EQ(ask("GET", "/api/v1/search?limit=100&q=" + encoded(text)).status, 200);
    EXPECT_EQ(ask("GET", "/api/v1/records/hazard?limit=500&q=" + encoded(text)).status, 200);
    EXPECT_EQ(ask("GET", "/api/v1/options/hazard?q=" + encoded(text)).status, 200);
    const Answer equal = ask("GET", "/api/v1/records/hazard?limit=500&f.title.contains=" + encoded(text));
    EXPECT_THAT(equal.body, ::testing::HasSubstr("\"id\":\"" + id + "\"")) << "found as a part of itself";
    if (const std::string word = word_of(text); !word.empty()) {
      const Answer by_word = ask("GET", "/api/v1/records/hazard?limit=500&q=" + word);
      EXPECT_THAT(by_word.body, ::testing::HasSubstr("\"id\":\"" + id + "\"")) << "by its word " << word;
      ++found;
    }
  }
  std::printf("%zu strings as titles: %d kept, %d refused by name, %d found by their own word\n",
              strings.size(), kept, refused, found);
  EXPECT_EQ(strings.size(), 515u);
  EXPECT_EQ(kept + refused, 515);
  EXPECT_EQ(refused, 6) << "one is empty, five are longer than a title";
  EXPECT_GT(found, 300);
}

/// As a description, where all of them fit but the empty one; then out as CSV, read by another reader, and
/// back in.
TEST_F(Naughty, ExportsCarryNoFormulaAndComeBackUnchanged) {
  std::map<std::string, std::string> by_id;
  for (const auto& text : strings) {
    const Answer made = make("description", text);
    ASSERT_EQ(made.status, 201) << text << made.body;
    by_id[std::string(parse_json(made.body)->text("id"))] = text;
  }
  const Answer out = ask("GET", "/api/v1/records/hazard/export.csv");
  ASSERT_EQ(out.status, 200);
  const auto rows = cells_of(out.body);
  const auto& head = rows.front();
  const auto column =
      static_cast<std::size_t>(std::find(head.begin(), head.end(), "description") - head.begin());
  ASSERT_LT(column, head.size());
  int seen = 0, guarded = 0;
  for (const auto& row : rows) {
    for (const auto& cell : row) EXPECT_FALSE(is_formula(cell)) << cell;
    if (row.empty() || !by_id.contains(row[0])) continue;
    ++seen;
    const std::string& text = by_id[row[0]];
    ASSERT_LT(column, row.size());
    const std::string& cell = row[column];
    const bool is_guarded = cell != text;
    guarded += is_guarded;
    EXPECT_EQ(cell, (is_guarded ? "'" : "") + text);
  }
  EXPECT_EQ(seen, 515);
  std::printf("%d strings exported, %d guarded\n", seen, guarded);
  EXPECT_GT(guarded, 10);
  const Answer back = ask("POST", "/api/v1/records/hazard/import", out.body, "text/csv");
  const auto report = parse_json(back.body);
  ASSERT_TRUE(report) << back.body;
  EXPECT_EQ((*report)["updated"], Json(0))
      << "what comes back is what went out: " << back.body.substr(0, 2000);
  EXPECT_EQ((*report)["created"], Json(0));
}

/// As names and words everywhere else that takes text from a caller.
TEST_F(Naughty, AreOnlyTextWhereverTheyAreGiven) {
  for (const auto& text : strings) {
    SCOPED_TRACE(text.substr(0, 80));
    Json credentials;
    credentials.set("name", text).set("password", text);
    const Answer sign_in = ask("POST", "/api/v1/session", credentials.dump());
    EXPECT_TRUE(sign_in.status == 401 || sign_in.status == 400 || sign_in.status == 429) << sign_in.status;
    const std::string e = encoded(text);
    for (const std::string& target :
         {"/api/v1/records/hazard/" + e, "/api/v1/records/" + e, "/api/v1/clauses/" + e,
          "/api/v1/clauses?words=" + e, "/api/v1/records/hazard?f.title=" + e,
          "/api/v1/records/hazard?sort=" + e, "/api/v1/attachments/" + e, "/api/v1/forms/" + e, "/" + e}) {
      const Answer answer = ask("GET", target);
      EXPECT_TRUE(answer.status >= 200 && answer.status < 500) << answer.status << " " << target;
    }
  }
}

}  // namespace
}  // namespace mineward::api
