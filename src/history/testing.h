/// What the tests of this folder share.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "base/digest.h"
#include "base/log.h"
#include "history/history.h"

namespace mineward::history {

/// A temporary folder of its own for each test.
class TempFolder {
 public:
  TempFolder() {
    const std::filesystem::path in_memory(
        "/dev/shm");  // where a sync costs nothing, if there is such a place
    const auto parent =
        std::filesystem::exists(in_memory) ? in_memory : std::filesystem::temp_directory_path();
    std::string pattern = (parent / "mw_history_XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

/// The bytes of a "```hex <name>" section of a document; blanks and what follows ';' do not count.
inline std::string hex_section(const std::string& document, const std::string& name) {
  std::istringstream lines(read_text(std::string(MW_SOURCE_DIR) + "/" + document));
  std::string line;
  std::string digits;
  bool inside = false;
  while (std::getline(lines, line)) {
    if (line.starts_with("```")) {
      inside = line == "```hex " + name;
      continue;
    }
    for (const char c : line.substr(0, line.find(';'))) {
      if (inside && std::isxdigit(static_cast<unsigned char>(c))) digits += c;
    }
  }
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    out += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return out;
}

inline std::string hex_of(std::string_view bytes) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

/// A column of the real longwall readings (examples/longwall/), one row per 30 s.
inline std::vector<double> longwall(const std::string& column) {
  std::istringstream lines(read_text(std::string(MW_SOURCE_DIR) + "/examples/longwall/methane-train.arff"));
  std::string line;
  std::size_t columns = 0;
  std::size_t wanted = 999;
  bool data = false;
  std::vector<double> out;
  while (std::getline(lines, line)) {
    if (line.starts_with("@ATTRIBUTE '" + column + "'")) wanted = columns;
    if (line.starts_with("@ATTRIBUTE")) ++columns;
    if (line.starts_with("@DATA")) {
      data = true;
      continue;
    }
    if (!data || line.empty()) continue;
    std::istringstream fields(line);
    std::string field;
    for (std::size_t i = 0; i <= wanted; ++i) std::getline(fields, field, ',');
    out.push_back(std::stod(field));
  }
  return out;
}

/// gtest prints what went wrong.
#define MW_OK(expr)                                          \
  do {                                                       \
    const auto& mw_result = (expr);                          \
    ASSERT_TRUE(mw_result.ok()) << mw_result.error().text(); \
  } while (false)

}  // namespace mineward::history
