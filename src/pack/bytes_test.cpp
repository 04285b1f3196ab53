// Whatever the bytes of a pack are, loading ends with mistakes or a catalog.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "pack/testing.h"
#include "pack/tree.h"

namespace mineward::pack {
namespace {

/// One small file of each kind from the repository: what mutations start from.
const std::vector<std::string>& seeds() {
  static const std::vector<std::string> texts = [] {
    std::vector<std::string> out;
    for (const char* name :
         {"/packs/core/roles.yaml", "/packs/core/records/hazard.yaml", "/packs/national/escalation.yaml",
          "/packs/core/dictionaries/register.yaml", "/examples/packs/neighbour_county/limits.yaml"}) {
      std::ifstream in(std::string(MW_SOURCE_DIR) + name, std::ios::binary);
      std::stringstream text;
      text << in.rdbuf();
      EXPECT_FALSE(text.str().empty()) << name;
      out.push_back(text.str());
    }
    return out;
  }();
  return texts;
}

LoadOutcome load_text(const std::string& text) {
  TempPacks packs;
  packs.write("base/pack.yaml", "pack: {name: base, version: \"1\", label: {zh: 基, en: B}, level: core}\n");
  packs.write("base/all.yaml", text);
  return packs.load();
}

/// A mistake or a catalog, never both, never neither; and every mistake can be shown.
void check_outcome(const LoadOutcome& outcome) {
  RC_ASSERT((outcome.catalog != nullptr) == outcome.mistakes.empty());
  for (const auto& mistake : outcome.mistakes) {
    RC_ASSERT(!mistake.message.empty());
    RC_ASSERT(!mistake.place.file.empty());
    RC_ASSERT(mistake.message.find("expected") != std::string::npos);
  }
}

/// A change that mostly leaves good YAML: a line or a word goes, comes twice, or takes the place of another.
void change_words(std::string& text) {
  const bool lines = *rc::gen::arbitrary<bool>();
  const char* const ends = lines ? "\n" : " ,{}[]\n";
  std::vector<std::pair<std::size_t, std::size_t>> spans;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.size(), text.find_first_of(ends, at));
    if (end > at) spans.emplace_back(at, end - at);
    at = end + 1;
  }
  if (spans.empty()) return;
  // By an arbitrary number, since inRange() keeps to the front of the file while sizes are small.
  const auto pick = [&] { return spans[*rc::gen::arbitrary<std::uint32_t>() * 2654435761u % spans.size()]; };
  const auto [at, length] = pick();
  const auto [from, size] = pick();
  const std::string other = text.substr(from, size);
  switch (*rc::gen::inRange(0, 4)) {
    case 0: text.erase(at, length + (lines && at + length < text.size() ? 1 : 0)); break;
    case 1: text.insert(at, text.substr(at, length) + (lines ? "\n" : ", ")); break;
    case 2: text.replace(at, length, other); break;
    default:
      text.replace(
          at, length,
          *rc::gen::element<std::string>("[]", "{}", "[x]", "{a: b}", "1", "\"\"", "~", "true", "Ünï"));
      break;
  }
}

RC_GTEST_PROP(Bytes, MutatedPacksNeverCrash, ()) {
  std::string text = *rc::gen::elementOf(seeds());
  const int changes = *rc::gen::inRange(1, 6);
  static const std::vector<std::string> kPieces = {
      "{",        "}",       "[",    "]",        ":",
      ": ",       "- ",      "\n",   "\n  ",     "\"",
      "'",        "&a ",     "*a",   "!!x ",     "|",
      ">",        "#",       "~",    "null",     "012",
      "yes",      "\t",      "\xff", "\xe4\xb8", std::string(1, '\0'),
      "name",     "fields:", "? ",   "---\n",    "...\n",
      "%YAML 9\n"};
  for (int i = 0; i < changes; ++i) {
    if (*rc::gen::arbitrary<bool>()) {
      change_words(text);
      continue;
    }
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
    const auto length = std::min<std::size_t>(*rc::gen::inRange<std::size_t>(0, 40), text.size() - at);
    switch (*rc::gen::inRange(0, 4)) {
      case 0: text.erase(at, length); break;
      case 1: text.insert(at, *rc::gen::elementOf(kPieces)); break;
      case 2: text.insert(at, text.substr(at, length)); break;
      default: text.replace(at, length, *rc::gen::elementOf(kPieces)); break;
    }
  }
  check_outcome(load_text(text));
}

RC_GTEST_PROP(Bytes, AnyBytesNeverCrash, (const std::string& text)) { check_outcome(load_text(text)); }

TEST(Bytes, AreRefusedWithTheirPlace) {
  const struct {
    const char* why;
    std::string text;
    std::vector<std::string> want;
  } cases[] = {
      {"not UTF-8",
       "roles: []\nlimits: \xb2\xe2",
       {"base/all.yaml:2: found byte 0xb2 at offset 18, expected UTF-8"}},
      {"binary",
       std::string("roles:\0[]", 9),
       {"base/all.yaml:1: found control character 0x00, expected text"}},
      {"an end mark of old",
       "roles: []\n\x04",
       {"base/all.yaml:2: found control character 0x04, expected text"}},
      {"an escape that the library writes as a single byte",
       "roles:\n  - {name: x, label: {zh: \"a\\N\", en: y}, level: any}\n",
       {"base/all.yaml:2: found the escape \\_ or \\N, expected \\u00a0 or \\u0085"}},
      {"two documents",
       "roles: []\n---\nroles: []\n",
       {"base/all.yaml:1: found more than one YAML document in the file, expected one"}},
      {"an alias",
       "roles: *x\n",
       {"base/all.yaml:1: found YAML that cannot be read (the referenced anchor is not defined, column 8), "
        "expected well-formed YAML"}},
      {"an open list",
       "roles: [\n",
       {"base/all.yaml:2: found YAML that cannot be read (end of sequence flow not found, column 1), "
        "expected well-formed YAML"}},
      {"a list at the top",
       "[1]\n",
       {"base/all.yaml:1: found a list, expected a pack file with keys (pack, records, workflows, "
        "dictionaries, roles, limits, limit_examples, alarm_rules, escalation, "
        "dialects, documents, clauses, duties, calendar, forms, tables, papers)"}},
      {"only a comment", "# nothing\n", {}},
      {"nothing", "", {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_THAT(mistakes_of(c.text), testing::ElementsAreArray(c.want));
  }
}

TEST(Bytes, DeepNestingIsRefused) {
  for (const std::string& open :
       {std::string("["), std::string("{a: "), std::string("- "), std::string("? ")}) {
    SCOPED_TRACE(open);
    std::string text = "roles: ";
    for (int i = 0; i < 20000; ++i) text += open;
    EXPECT_FALSE(mistakes_of(text).empty());
  }
}

TEST(Bytes, ManyAliasesCannotBlowUp) {
  std::string text = "a: &a [x, x]\n";
  for (char c = 'b'; c < 'z'; ++c)
    text += std::string(1, c) + ": &" + c + " [*" + static_cast<char>(c - 1) + ", *" +
            static_cast<char>(c - 1) + "]\n";
  EXPECT_FALSE(mistakes_of(text).empty());
}

TEST(Bytes, TooLargeAFileIsRefused) {
  EXPECT_THAT(mistakes_of(std::string(5 * 1024 * 1024, '#')),
              testing::ElementsAre("base/all.yaml:1: found 5242880 bytes, expected at most 4194304"));
}

TEST(Tree, KeepsScalarsAsWritten) {
  Report report;
  const Node node = parse_yaml("a: 012\nb: yes\nc: \"1\"\nd: ~\ne: 0x1F\n", "f", report);
  EXPECT_EQ(report.count(), 0u);
  EXPECT_EQ(node.get("a")->text, "012");
  EXPECT_EQ(node.get("b")->text, "yes");
  EXPECT_TRUE(node.get("c")->quoted);
  EXPECT_FALSE(node.get("a")->quoted);
  EXPECT_EQ(node.get("d")->kind, Node::Kind::null);
  EXPECT_EQ(node.get("e")->text, "0x1F");
  EXPECT_EQ(node.line_of("e"), 5);
}

}  // namespace
}  // namespace mineward::pack
