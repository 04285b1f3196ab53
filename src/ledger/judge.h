/// Inside ledger/: what a row of a file would do to the records.
#pragma once

#include <set>
#include <string>
#include <unordered_map>

#include "ledger/row_reader.h"

namespace mineward::ledger {

enum class Fate { fresh, changed, unchanged, faulty };
std::string_view name_of(Fate fate);

struct Judged {
  Fate fate = Fate::faulty;
  record::RecordId record;   ///< of changed and unchanged
  std::int64_t version = 0;  ///< of changed: what was seen
  record::Fields fields;     ///< of fresh: all; of changed: those that differ
  std::string digest;        ///< of fresh rows without a key: by which the same row is known again
  std::vector<Fault> faults;
};

/// Tells rows that are there already from new ones, in this order: by the record's id, by a unique set of
/// fields that the row fills, by the digest of a row that was imported before. Remembers the rows of one
/// file, so that none is in it twice. One thread.
class Judge {
 public:
  Judge(record::Store& store, const record::Actor& actor, const pack::RecordType& type, const Survey& survey,
        const Options& options);

  /// `try_out`: whether the store would take the row is found out too. An error is one of the database.
  Result<Judged> judge(const ParsedRow& row, bool try_out);
  /// The faults of a refused write, at their cells.
  std::vector<Fault> faults_of(const record::Refusal& refusal, int row) const;

 private:
  struct Known {
    std::optional<record::Record> record;
    record::RecordId same;  ///< an earlier import made this of the very same row
    std::string digest;
  };
  Result<Known> look_for(const ParsedRow& row, std::vector<Fault>& faults);
  Result<bool> by_keys(const ParsedRow& row, Known& known, std::vector<Fault>& faults);
  Status add_more_faults(const ParsedRow& row, std::vector<Fault>& faults);
  bool note(const std::string& key, int row, std::vector<Fault>& faults);
  void compare(const ParsedRow& row, const record::Record& record, Judged& out) const;
  std::string digest_of(const ParsedRow& row) const;
  std::string cell_of(std::string_view field, int row) const;

  record::Store& store_;
  const record::Actor& actor_;
  const pack::RecordType& type_;
  const Survey& survey_;
  const Options& options_;
  std::unordered_map<std::string, int> seen_;  ///< identity of a row -> its number
};

}  // namespace mineward::ledger
