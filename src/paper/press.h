/// Sets a sheet in pages and gives the PDF. Knows nothing of records.
#pragma once

#include <string>

#include "base/result.h"
#include "paper/sheet.h"

namespace mineward::paper {

/// Families to try in turn, separated by commas, as fontconfig names them. GB/T 9704 asks for FangSong in the
/// body and XiaoBiaoSong in titles, which are not free: where they are not installed the last one serves.
struct Fonts {
  std::string body = "FangSong_GB2312, FangSong, STFangsong, Noto Serif CJK SC";
  std::string title = "FZXiaoBiaoSong-B05S, STZhongsong, Noto Serif CJK SC";
  std::string table = "SimSun, STSong, Noto Serif CJK SC";
};

struct Printed {
  std::string pdf;
  int pages = 0;
};

/// The bytes of a PDF with embedded fonts; the same for the same sheet and fonts. `unavailable` when no font
/// has Chinese characters. Any thread; the first paper of a thread takes some 200 ms more, for the fonts.
Result<Printed> print(const Sheet&, const Fonts&);

}  // namespace mineward::paper
