// One program for all targets: `fuzz --target=NAME [libFuzzer's options] CORPUS...`; `fuzz --targets` lists
// them. libFuzzer overlooks options that begin with two dashes, and hands them on to the processes that it
// starts.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "base/log.h"
#include "target.h"

namespace {

const mineward::fuzz::Target* chosen = nullptr;

void choose(std::string_view name) {
  for (const auto& target : mineward::fuzz::targets()) {
    if (target.name == name) chosen = &target;
  }
}

}  // namespace

namespace mineward::fuzz {

void report_broken(const char* file, int line, const std::string& what) {
  std::fprintf(stderr, "%s:%d: broken: %s\n", file, line, what.c_str());
  std::abort();
}

}  // namespace mineward::fuzz

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  constexpr std::string_view kOption = "--target=";
  for (int i = 1; i < *count; ++i) {
    const std::string_view argument = (*arguments)[i];
    if (argument.starts_with(kOption)) choose(argument.substr(kOption.size()));
    if (argument == "--targets") {
      for (const auto& target : mineward::fuzz::targets()) std::printf("%s\n", target.name.c_str());
      std::exit(0);
    }
  }
  mineward::set_log_level(mineward::LogLevel::off);
  if (!chosen) {
    std::fprintf(stderr, "fuzz: expected --target=NAME with a name of --targets\n");
    std::exit(2);
  }
  chosen->run({});  // what a target sets up once (tables of 400 record types) is no part of an input's time
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen->run({reinterpret_cast<const char*>(data), size});
  return 0;
}
