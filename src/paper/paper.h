/// paper/: records as papers: official documents, certificates, notices, cards and ledgers as PDF.
///
/// Is for: filling what a pack says about a paper from a record, setting it in pages, issuing it once with
/// its number and code, keeping what was issued, saying whether a paper is genuine. Never: knows a paper, a
/// record type or an office by name; changes a paper that was issued; issues one twice; prints what the one
/// who asks may not read. Start reading at: sheet.h (what a page shows), then fill.h (record to sheet),
/// press.h (sheet to PDF), papers.h (issuing and checking).
#pragma once

#include "paper/fill.h"
#include "paper/papers.h"
#include "paper/press.h"
#include "paper/sheet.h"
