// Every committed input, also of every fault that fuzzing once found, through the same functions as under
// libFuzzer.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/log.h"
#include "target.h"

namespace mineward::fuzz {

void report_broken(const char* file, int line, const std::string& what) {
  GTEST_MESSAGE_AT_(file, line, what.c_str(), ::testing::TestPartResult::kNonFatalFailure);
}

/// For gtest's messages.
void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> inputs_of(const std::string& target) {
  std::vector<fs::path> out;
  for (const char* kind : {"corpus", "regressions"}) {
    const fs::path folder = fs::path(MW_SOURCE_DIR) / "tests/fuzz" / kind / target;
    if (!fs::exists(folder)) continue;
    for (const auto& entry : fs::directory_iterator(folder)) out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

class FuzzInputs : public ::testing::TestWithParam<Target> {};

TEST_P(FuzzInputs, DoNoHarm) {
  set_log_level(LogLevel::off);
  const auto inputs = inputs_of(GetParam().name);
  EXPECT_GE(inputs.size(), 3u) << "the corpus of " << GetParam().name << " is missing";
  for (const auto& path : inputs) {
    SCOPED_TRACE(path.lexically_relative(MW_SOURCE_DIR).string());
    GetParam().run(read(path));
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzInputs, ::testing::ValuesIn(targets()),
                         [](const auto& info) { return info.param.name; });

TEST(FuzzFolders, BelongToTargets) {
  for (const char* kind : {"corpus", "regressions"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(MW_SOURCE_DIR) / "tests/fuzz" / kind)) {
      const std::string name = entry.path().filename().string();
      const auto& all = targets();
      EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Target& t) { return t.name == name; }))
          << kind << "/" << name << " belongs to no target";
    }
  }
}

}  // namespace
}  // namespace mineward::fuzz
