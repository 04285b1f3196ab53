/// Papers as a pack describes them: which record becomes which paper, its words, its tables, its number.
/// Plain data; filled and drawn by paper/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pack/basics.h"

namespace mineward::pack {

/// A place of a text that is filled in: `{path}`, `{path|other}`, `{path:12}`, `{path;date}`.
struct PaperSlot {
  /// Tried in this order; the first that is set fills the place. A path is a field, a reference and a field
  /// behind it ("case.number"), or a choice and a column of its dictionary ("kind.short"). Also "state",
  /// "owner", "created_at", and the words of the paper: "@office", "@number", "@today", "@row".
  std::vector<std::string> paths;
  int width = 0;     ///< underlined and at least so many characters wide; 0 = only a blank is underlined
  std::string form;  ///< "", "date", "month", "time", "capital" (amount in words), "yes", "count"
};
/// One stretch of a text: words as they are, or a place.
struct PaperPiece {
  std::string words;
  std::optional<PaperSlot> slot;
};
struct PaperText {
  std::string source;  ///< as written in the pack
  std::vector<PaperPiece> pieces;
  bool empty() const { return source.empty(); }
};
/// Never fails: what it cannot read is told in `mistake` ("found ..., expected ...").
PaperText parse_paper_text(std::string_view source, std::string& mistake);

/// A number that is given once, without gaps, in the transaction of what it is given for.
struct Numbering {
  std::string step;              ///< of a record type: the step that gives it; empty for papers
  std::string field;             ///< of a record type: the text that takes it
  PaperText form;                ///< with {yyyy}, {MM}, {dd}, {seq}, {seq:DIGITS} besides paths
  std::vector<std::string> per;  ///< paths: a series of its own for each of their values, besides the form
  std::string sequence, year;    ///< integer fields that take the parts; may be empty
  Place place;
};

struct PaperColumn {
  std::string head;
  double width = 1;  ///< share of the width of the table
  PaperText text;
  std::string align;  ///< "left" (also empty), "center", "right"
};
/// Rows from records that refer to the record of the paper.
struct PaperTable {
  std::string of;    ///< record type of the rows; empty = the list itself (ledgers)
  std::string by;    ///< its reference
  std::string at;    ///< reference of the paper's record that `by` must equal; empty = the record itself
  Conditions when;   ///< which rows
  std::string sort;  ///< field; default: in order of entry
  std::vector<PaperColumn> columns;
  std::string empty;  ///< words when there are no rows
};

/// One part of the body, in order.
struct PaperBlock {
  enum class Kind {
    paragraph,   ///< first line indented, justified
    line,        ///< without indent
    center,      ///< in the middle
    heading,     ///< a bold line
    large,       ///< a large line in the middle
    note,        ///< small
    grid,        ///< a frame of label and value cells
    table,       ///< rows from records
    signatures,  ///< lines for signatures
    seal,        ///< name of the office with the place of its seal and the date
    page,        ///< a new page
  };
  Kind kind = Kind::paragraph;
  PaperText text;                            ///< of all kinds with words; of a seal: the office
  std::vector<std::vector<PaperText>> grid;  ///< cells; label, value, label, value ...
  std::vector<PaperText> lines;              ///< of signatures
  PaperText date;                            ///< of a seal
  PaperTable table;
  Conditions when;  ///< only for records like this
  Place place;
};

struct Paper {
  enum class Style {
    red_head,     ///< red name of the office, red line
    plain,        ///< title in the middle
    form,         ///< the same, with small margins, for tables
    certificate,  ///< a framed sheet
    ledger,       ///< a list, across
  };
  std::string name;
  Label label;
  std::string record;  ///< record type
  Conditions when;     ///< which records
  Style style = Style::plain;
  bool landscape = false;
  PaperText head, title, subtitle, number;
  PaperText office;                    ///< who issues it; empty = the head
  std::optional<Numbering> numbering;  ///< a number of the paper itself; not with `number`
  std::vector<PaperBlock> body;
  std::string copies;                ///< words at the foot: who keeps a copy
  std::string step;                  ///< step of the record that issues the paper
  std::vector<std::string> in;       ///< states in which it may be issued without a step; empty = any
  std::vector<std::string> void_in;  ///< states of the record in which what was issued holds no longer,
                                     ///< beside its withdrawal, which always ends it
  std::vector<std::string> roles;    ///< who may issue it; empty = who may take the step
  std::string keep_in;               ///< attachments field that keeps what was issued; may be empty
  Source source;
  std::string pack;
  Place place;
};

}  // namespace mineward::pack
