// `mineward form`: one form of one region and month, from the records or as it was filed.
#include <fmt/format.h>
#include <unistd.h>

#include "app/command_support.h"
#include "base/files.h"
#include "report/report.h"

namespace mineward::app {
namespace {

/// The filing unit's form; for a region whose regulator does not file it, the sum of the units below.
Result<report::Sheet> sheet_for(report::Forms& forms, const FormOptions& options) {
  const record::Actor actor = record::Actor::system("cli");
  MW_ASSIGN(const pack::Form* form, forms.form(options.form));
  MW_ASSIGN(const report::Month month, report::parse_month(options.month));
  MW_ASSIGN(const report::Unit unit, forms.unit_of_region(actor, options.region));
  if (options.summary || !report::Forms::files(*form, unit.level)) {
    MW_ASSIGN(const auto summary, forms.summary(actor, *form, unit.id, month));
    return report::sheet_of(summary);
  }
  MW_ASSIGN(auto page, forms.page(actor, *form, unit.id, month));
  if (options.now) {
    for (auto& [row, line] : page.cells) {
      for (auto& [column, cell] : line) cell.value = cell.now;
    }
  }
  return report::sheet_of(page);
}

Result<std::string> written(const report::Sheet& sheet, const std::string& format) {
  if (format == "csv") return report::form_csv(sheet);
  if (format == "xlsx") return report::form_xlsx(sheet);
  return report::form_json(sheet).dump() + "\n";
}

}  // namespace

int form(const FormOptions& options) {
  if (const auto month = report::parse_month(options.month); !month) return fail(month.error(), kWrongUse);
  if (options.format == "xlsx" && options.out.empty() && ::isatty(STDOUT_FILENO) == 1)
    return fail(bad_input("a spreadsheet is no text for a terminal; name a file with --out"), kWrongUse);
  const auto clock = system_clock();
  const auto node = open_existing_or_report(options.data, *clock);
  if (!node) return kFaults;
  report::Forms forms(node->catalog(), node->store(), node->clock());
  const auto sheet = sheet_for(forms, options);
  if (!sheet) return fail(sheet.error(), sheet.error().code == Errc::not_found ? kWrongUse : kFaults);
  const auto bytes = written(*sheet, options.format);
  if (!bytes) return fail(bytes.error());
  if (options.out.empty()) {
    std::cout << *bytes << std::flush;
    return std::cout ? kDone : kFaults;
  }
  if (const Status done = write_atomically(*system_files(), options.out, *bytes); !done)
    return fail(done.error());
  return kDone;
}

}  // namespace mineward::app
