/// tests/fuzz/: throws bytes at everything that reads bytes from outside or from the disk.
///
/// One function a target, made with MW_FUZZ_TARGET. It must come back in moderate time and memory whatever
/// the input is, and it checks what must hold besides "no crash": round trips, nothing invented, errors that
/// can be shown. The same functions run under libFuzzer (libfuzzer_main.cpp, clang only) and, once over every
/// committed input, in the ordinary tests (regression_test.cpp). Start reading at: text.cpp, the smallest.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mineward::fuzz {

struct Target {
  std::string name;
  void (*run)(std::string_view input);
};

/// All targets, by name.
const std::vector<Target>& targets();
struct Registered {
  Registered(const char* name, void (*run)(std::string_view));
};
#define MW_FUZZ_TARGET(name)                                                     \
  static void fuzz_##name(std::string_view);                                     \
  static const mineward::fuzz::Registered registered_##name(#name, fuzz_##name); \
  static void fuzz_##name(std::string_view input)

/// What a broken check does: libFuzzer's program stops and keeps the input, the test fails and goes on.
void report_broken(const char* file, int line, const std::string& what);
#define MW_FUZZ_CHECK(condition, ...)     \
  ((condition)                            \
       ? void()                           \
       : ::mineward::fuzz::report_broken( \
             __FILE__, __LINE__, std::string(#condition) __VA_OPT__(+": " + std::string(__VA_ARGS__))))

/// An error text that is shown or logged: it says something, and it is valid UTF-8.
void check_text(std::string_view text);
void check_error(const Error& error);

/// Takes an input apart: the front holds the small choices, the rest is the text.
class Input {
 public:
  explicit Input(std::string_view bytes) : left_(bytes) {}
  std::uint8_t byte();
  std::uint64_t number();   ///< 8 bytes, or what is left
  std::string_view line();  ///< up to the next LF, which is dropped
  std::string_view rest() const { return left_; }
  bool empty() const { return left_.empty(); }

 private:
  std::string_view left_;
};

/// A folder in memory that is removed when the program ends; one for each process.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }
  std::string write(const std::string& name, std::string_view content) const;
  void clear() const;

 private:
  std::string path_;
};

}  // namespace mineward::fuzz
