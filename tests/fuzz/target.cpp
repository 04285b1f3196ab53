#include "target.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/text.h"

namespace mineward::fuzz {
namespace {

std::vector<Target>& registry() {
  static std::vector<Target> all;
  return all;
}

}  // namespace

Registered::Registered(const char* name, void (*run)(std::string_view)) {
  auto& all = registry();
  const auto behind = std::find_if(all.begin(), all.end(), [&](const Target& t) { return t.name > name; });
  all.insert(behind, {name, run});
}

const std::vector<Target>& targets() { return registry(); }

void check_text(std::string_view text) {
  MW_FUZZ_CHECK(!text.empty());
  MW_FUZZ_CHECK(is_utf8(text), std::string(text));
}

void check_error(const Error& error) {
  check_text(error.message);
  check_text(error.text());
}

std::uint8_t Input::byte() {
  if (left_.empty()) return 0;
  const auto value = static_cast<std::uint8_t>(left_[0]);
  left_.remove_prefix(1);
  return value;
}

std::uint64_t Input::number() {
  std::uint64_t value = 0;
  const std::size_t size = std::min(left_.size(), sizeof value);
  std::memcpy(&value, left_.data(), size);
  left_.remove_prefix(size);
  return value;
}

std::string_view Input::line() {
  const std::size_t end = left_.find('\n');
  const std::string_view out = left_.substr(0, end);
  left_.remove_prefix(end == std::string_view::npos ? left_.size() : end + 1);
  return out;
}

Scratch::Scratch() {
  // The script that runs us gives a place which it empties when we have crashed.
  const char* given = getenv("MW_FUZZ_SCRATCH");
  const bool memory = access("/dev/shm", W_OK) == 0;
  const std::filesystem::path parent = given    ? std::filesystem::path(given)
                                       : memory ? std::filesystem::path("/dev/shm")
                                                : std::filesystem::temp_directory_path();
  std::string pattern = (parent / "mw-fuzz-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) abort();
  path_ = pattern;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Scratch::write(const std::string& name, std::string_view content) const {
  const std::filesystem::path path = std::filesystem::path(path_) / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
  return path.string();
}

void Scratch::clear() const {
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    std::filesystem::remove_all(entry.path());
}

}  // namespace mineward::fuzz
