/// Which clauses the packs carry, and how.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "pack/catalog.h"

namespace mineward::duty {

/// One row of a pack that stands for a clause.
struct Carrier {
  enum class What { duty, form, alarm_rule, limit, workflow, table, record };
  What what = What::duty;
  std::string name;  ///< id of the duty, name of the form ...
  pack::Label label;
};
std::string_view name_of(Carrier::What what);

/// Clause id -> what carries it. A clause is carried when something that runs stands for it (duty, form,
/// alarm rule, limit, workflow, decision table); a field or a code that only names it makes it recorded.
class Coverage {
 public:
  explicit Coverage(const pack::Catalog& catalog);
  const std::vector<Carrier>& of(const std::string& clause) const;
  bool carried(const std::string& clause) const;
  bool recorded(const std::string& clause) const { return !of(clause).empty() && !carried(clause); }

 private:
  void add(const pack::Source& source, Carrier carrier);
  void add(const std::string& clause, Carrier carrier);
  std::map<std::string, std::vector<Carrier>> carriers_;
};

/// The text that `mineward pack coverage` prints: documents and systems with clauses carried, recorded, not;
/// then what each of the forty systems keeps; then every carried clause with what carries it.
std::string coverage_text(const pack::Catalog& catalog);

}  // namespace mineward::duty
