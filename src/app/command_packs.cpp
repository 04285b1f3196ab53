// `mineward pack check` and `mineward pack test`.
#include <fmt/format.h>

#include "app/command_support.h"
#include "duty/coverage.h"
#include "duty/duty.h"
#include "pack/load.h"

namespace mineward::app {
namespace {

std::vector<std::string> folders_of(const PackOptions& options) {
  return options.folders.empty() ? pack_folders({}) : options.folders;
}

}  // namespace

int pack_check(const PackOptions& options) {
  const pack::LoadOutcome outcome = pack::load_catalog(folders_of(options));
  for (const auto& mistake : outcome.mistakes) std::cout << mistake.text() << "\n";
  if (!outcome.catalog) {
    std::cerr << outcome.mistakes.size() << " mistakes\n";
    return kFaults;
  }
  const pack::Catalog& c = *outcome.catalog;
  for (const auto& pack : c.packs)
    std::cout << fmt::format("{} {} {}\n", pack.name, pack.version, pack.sha256);
  std::cerr << fmt::format(
      "no mistakes: {} packs, {} record types, {} workflows, {} dictionaries, {} limits, {} alarm rules, {} "
      "dialects, {} documents, {} clauses, {} duties, {} forms\n",
      c.packs.size(), c.record_types.size(), c.workflows.size(), c.dictionaries.size(), c.limits.size(),
      c.alarm_rules.size(), c.dialects.size(), c.documents.size(), c.clauses.size(), c.duties.size(),
      c.forms.size());
  return kDone;
}

int pack_test(const PackOptions& options) {
  const pack::CatalogPtr catalog = load_packs_or_report(folders_of(options));
  if (!catalog) return kFaults;
  int passed = 0;
  std::size_t failed = 0;
  for (const pack::ExampleOutcome& outcome :
       {pack::run_limit_examples(*catalog), watch::run_rule_examples(catalog),
        duty::run_duty_examples(*catalog), pack::run_table_examples(*catalog)}) {
    passed += outcome.passed;
    failed += outcome.failed.size();
    for (const auto& mistake : outcome.failed) std::cout << mistake.text() << "\n";
  }
  std::cout << fmt::format("{} passed, {} failed\n", passed, failed);
  return failed == 0 ? kDone : kFaults;
}

int pack_coverage(const PackOptions& options) {
  const pack::CatalogPtr catalog = load_packs_or_report(folders_of(options));
  if (!catalog) return kFaults;
  std::cout << duty::coverage_text(*catalog);
  return kDone;
}

}  // namespace mineward::app
