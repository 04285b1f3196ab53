/// Inside duty/: who can owe something: the subjects of all duties with their past, and where they are.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "duty/duty.h"
#include "record/timeline.h"

namespace mineward::duty {

struct Subject {
  RecordId id;
  std::vector<record::Version> versions;  ///< oldest first, never empty; only the fields that duties look at

  RecordId owner() const { return versions.back().record.owner; }
  std::int64_t since() const { return versions.front().from.utc_ms; }
  /// What it was like at an instant, by entry time; nullptr before it was entered.
  const record::Record* at(std::int64_t utc_ms) const;
};

/// One thread at a time. Borrows the catalog.
class Ground {
 public:
  explicit Ground(const pack::Catalog& catalog);

  Status load(db::Connection&);
  Status reload_regions(db::Connection&);
  Status reload(db::Connection&, const std::string& type, RecordId);

  const std::map<RecordId, Subject>& of(const std::string& type) const;
  const Subject* find(const std::string& type, RecordId) const;
  /// Region code of an organisation; empty when it is not known.
  const std::string& region(RecordId organisation) const;
  /// Fields of a subject type that duties look at.
  const std::vector<std::string>& fields(const std::string& type) const { return types_.at(type).fields; }

 private:
  struct Type {
    const pack::RecordType* type = nullptr;
    std::vector<std::string> fields;
    std::vector<const pack::Conditions*> conditions;  ///< of its duties
    std::map<RecordId, Subject> subjects;
  };
  /// Kept only if it fits some duty in some version: most persons owe nothing.
  static void keep(Type& type, RecordId id, std::vector<record::Version> versions);

  std::map<std::string, Type> types_;
  std::map<RecordId, std::string> regions_;
};

}  // namespace mineward::duty
