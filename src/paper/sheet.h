/// A paper whose words are all there: what stands on its pages. Plain data, made by fill.h, set by press.h.
#pragma once

#include <string>
#include <vector>

#include "pack/paper.h"

namespace mineward::paper {

/// A stretch of words; underlined where it fills a place of a form.
struct Run {
  std::string text;
  int width = 0;  ///< underlined, and at least so many full-width characters long; 0 = not underlined
};
using Words = std::vector<Run>;

/// The words without underlines and blanks.
std::string plain(const Words& words);

struct Column {
  std::string head;
  double width = 1;  ///< share of the width of the table
  std::string align;
};

struct Part {
  pack::PaperBlock::Kind kind = pack::PaperBlock::Kind::paragraph;
  Words words;
  std::vector<std::vector<Words>> grid;
  std::vector<Words> lines;
  Words date;
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
  std::string empty;  ///< of a table without rows
};

struct Sheet {
  pack::Paper::Style style = pack::Paper::Style::plain;
  bool landscape = false;
  Words head, title, subtitle, number;
  std::string office;  ///< who issues it
  std::vector<Part> parts;
  std::string copies;
  bool draft = true;  ///< 草稿 across every page, no code
  std::string code;   ///< printed at the foot, "ABCD-EFGH-JKLM-NPQR"; empty = none
  std::string link;   ///< what the QR code says
  std::string made;   ///< RFC 3339, for the properties of the file
};

}  // namespace mineward::paper
