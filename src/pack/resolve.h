/// What needs more than one object at a time: names that must be there, workflows that can be walked, lower
/// packs that may only tighten.
#pragma once

#include "pack/draft.h"

namespace mineward::pack {

/// Checks the draft and makes the catalog of it. With mistakes in the report the catalog is of no use.
Catalog resolve(Draft& draft, Report& report);

/// The parts of resolve().
void check_packs(const Draft& draft, Report& report);
void check_records(const Draft& draft, const Catalog& catalog, Report& report);
void check_workflows(const Draft& draft, const Catalog& catalog, Report& report);
void check_limits(const Draft& draft, const Catalog& catalog, Report& report);
void check_alarm_rules(const Draft& draft, const Catalog& catalog, Report& report);
void check_dialects(const Draft& draft, Report& report);
void check_clauses(const Draft& draft, const Catalog& catalog, Report& report);
void check_duties(const Draft& draft, const Catalog& catalog, Report& report);
void check_forms(const Draft& draft, const Catalog& catalog, Report& report);
void check_tables(const Draft& draft, const Catalog& catalog, Report& report);
void check_record_rules(const Draft& draft, const Catalog& catalog, Report& report);
/// That no total comes back to where it began.
void check_totals(const Draft& draft, const Catalog& catalog, Report& report);
void check_papers(const Draft& draft, const Catalog& catalog, Report& report);
void check_calendar(const Draft& draft, Report& report);

}  // namespace mineward::pack
