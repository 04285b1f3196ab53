/// ledger/: whole ledgers as XLSX, out and in.
///
/// Is for: a list as a spreadsheet, a template of each record type, and imports: checked by cell, looked at
/// before they are applied, known again when the same file comes twice, and taken back.
/// Never: works out a formula, drops a hidden row or an unknown column silently, writes past the store,
/// deletes a record, believes what a file says about its size. Start reading at: imports.h (the life of an
/// import), judge.h (how a row is known again), workbook.h (how an XLSX is read), export.h and
/// ledger_template.h (how one is written).
#pragma once

#include "ledger/export.h"
#include "ledger/imports.h"
#include "ledger/ledger_template.h"
