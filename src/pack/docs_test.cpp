// docs/packs.md carries the table of shapes that the loader checks against. UPDATE_GOLDEN=1 rewrites that
// part.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "pack/schema.h"

namespace mineward::pack {
namespace {

const char kBegin[] = "<!-- reference: begin -->\n";
const char kEnd[] = "<!-- reference: end -->\n";

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string kind(const Key& key) {
  std::string out(name_of(key.kind));
  if (!key.choices.empty()) {
    out += ": ";
    for (std::size_t i = 0; i < key.choices.size(); ++i) out += (i ? ", " : "") + std::string(key.choices[i]);
  }
  if (key.shape)
    out += fmt::format(" [{}](#{})", key.shape->title, [&] {
      std::string anchor(key.shape->title);
      for (char& c : anchor) c = c == ' ' ? '-' : c;
      return anchor;
    }());
  return out;
}

std::string reference() {
  std::string out;
  for (const Shape* shape : all_shapes()) {
    out += fmt::format(
        "\n### {}\n\n{}\n\n| key | kind | needed | meaning | example |\n| --- | --- | --- | --- | --- |\n",
        shape->title, shape->meaning);
    for (const auto& key : shape->keys) {
      out +=
          fmt::format("| `{}` | {} | {} | {} | {} |\n", key.name, cell(kind(key)), key.required ? "yes" : "",
                      cell(key.meaning), key.example.empty() ? "" : fmt::format("`{}`", cell(key.example)));
    }
  }
  return out + "\n";
}

TEST(Docs, DescribeEveryKey) {
  const std::string path = std::string(MW_SOURCE_DIR) + "/docs/packs.md";
  std::ifstream in(path, std::ios::binary);
  std::stringstream buffer;
  buffer << in.rdbuf();
  std::string text = buffer.str();
  const auto begin = text.find(kBegin), end = text.find(kEnd);
  ASSERT_NE(begin, std::string::npos) << "docs/packs.md has lost its reference marker";
  ASSERT_NE(end, std::string::npos);
  const auto from = begin + sizeof(kBegin) - 1;
  if (std::getenv("UPDATE_GOLDEN")) {
    std::ofstream(path, std::ios::binary) << text.replace(from, end - from, reference());
    return;
  }
  EXPECT_EQ(text.substr(from, end - from), reference())
      << "run pack_test with UPDATE_GOLDEN=1 and read the difference";
}

TEST(Docs, EveryKeySaysWhatItIs) {
  for (const Shape* shape : all_shapes()) {
    EXPECT_FALSE(shape->meaning.empty()) << shape->title;
    for (const auto& key : shape->keys) {
      EXPECT_FALSE(key.meaning.empty()) << shape->title << "." << key.name;
      EXPECT_FALSE(key.example.empty()) << shape->title << "." << key.name;
      const bool nests = key.kind == Kind::object || key.kind == Kind::objects;
      EXPECT_EQ(key.shape != nullptr, nests) << shape->title << "." << key.name;
    }
  }
}

}  // namespace
}  // namespace mineward::pack
