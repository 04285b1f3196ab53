/// Inside ledger/: which column of a sheet stands for which field. Columns are known by their header, never
/// by their place.
#pragma once

#include <string>
#include <vector>

#include "ledger/workbook.h"
#include "pack/catalog.h"

namespace mineward::ledger {

/// What a ledger has besides fields: the names stand in the hidden row, the labels in the header.
inline constexpr std::string_view kRowNumber = "#";
struct ProgramColumn {
  std::string_view name;
  pack::Label label;
};
/// "#", id, state, created_at, created_by, updated_at.
const std::vector<ProgramColumn>& program_columns();
const pack::Label& program_label(std::string_view name);

/// The text by which a row is told to be an example, in the column "#".
inline constexpr std::string_view kExampleZh = "示例", kExampleEn = "Example";
/// A hidden sheet of our own: A1 is kMarkText, A2 the record type.
inline constexpr std::string_view kMarkSheet = "_mineward", kMarkText = "mineward ledger 1";
/// Sheets of our own that hold no rows to import.
inline constexpr std::string_view kListSheet = "_lists", kAboutZh = "说明", kAboutEn = "About";

struct Column {
  enum class Use {
    value,       ///< taken into the record
    key,         ///< set by the program; tells which record is meant
    identity,    ///< the record's id
    row_number,  ///< counts the rows
    program,     ///< set by the program: not taken
    files,       ///< attachments: not taken
    unknown,     ///< stands for no field, or for two
  };
  int column = 0;
  std::string header;  ///< as written
  Use use = Use::unknown;
  const pack::Field* field = nullptr;  ///< of value, key, program (unless a program column) and files
};

struct Layout {
  int header_row = 0, first_row = 0;  ///< 1-based; the first row that can hold a record
  std::vector<Column> columns;        ///< by place

  const Column* at(int column) const;
};

/// Looks for the header in the first rows of a sheet: the row of names that our own sheets hide, else the row
/// with the most labels. bad_input when there is none.
Result<Layout> find_layout(const pack::RecordType& type, const std::vector<Row>& first_rows);

std::string_view name_of(Column::Use use);

}  // namespace mineward::ledger
