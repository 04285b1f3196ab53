/// What the stories of the intake share: two points of a mine, and a definition of points with one call.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/text.h"
#include "feed/intake_testing.h"

namespace mineward::feed::story {

inline const std::string kA = "62082300920301MN00010001A01";
inline const std::string kB = "62082300920301MN00010001A02";
inline constexpr std::string_view kT0 = "2026-09-23 08:00:00";

inline EventTime at(std::string_view text) { return *parse_beijing_time(text); }

class Story : public IntakeTest {
 protected:
  explicit Story(db::Engine engine = db::Engine::sqlite) : IntakeTest(engine) {}
  void define(const std::vector<std::string>& codes, std::string_view time = "2026-09-23 07:00:00") {
    std::string body;
    for (const auto& code : codes) body += point_line(code);
    const Receipt receipt = send("CDDY", time, body);
    EXPECT_EQ(receipt.verdict, Verdict::accepted) << receipt.message;
  }
  std::vector<std::string> change_texts() const {
    std::vector<std::string> out;
    for (const auto& c : sink.seen.back().changes) {
      out.push_back(fmt::format("{} {} {} {}->{}{}", c.point_code.substr(c.point_code.size() - 3), c.kind,
                                c.field, c.old_value, c.new_value, c.looser ? " looser" : ""));
    }
    return out;
  }
};

}  // namespace mineward::feed::story
