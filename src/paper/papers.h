/// Which papers a record may become, issuing them, and telling whether one is genuine. Safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "paper/press.h"
#include "record/store.h"

namespace mineward::paper {

struct Settings {
  Fonts fonts;
  /// Where the public reaches this node, without a slash at the end; the QR code leads to
  /// `<public_url>/verify/<code>`. Empty: it holds the code alone.
  std::string public_url;
};

/// What stands in the way of issuing.
enum class Bar {
  none,
  issued,  ///< it was issued before
  state,   ///< not in this state of the record
  role,    ///< none of the actor's roles may
  hidden,  ///< it prints protected fields that the actor may not see
};
std::string_view name_of(Bar bar);

struct Offer {
  const pack::Paper* paper = nullptr;
  Bar bar = Bar::none;
};

/// A paper as it was issued (record issued_paper).
struct Issued {
  RecordId id;
  std::string paper;   ///< name in the pack
  std::string title;   ///< as printed
  std::string number;  ///< as printed; may be empty
  std::string office;  ///< as printed
  std::string code;    ///< "ABCD-EFGH-JKLM-NPQR"
  std::string sha256;  ///< of the PDF
  Date issued_on{};
  ArrivalTime issued_at{};
  RecordId issued_by;
  std::int64_t pages = 0;
};

/// All that anybody is told about a code.
struct Genuine {
  std::string office, title, number;
  Date issued_on{};
  std::optional<Date> void_since;  ///< day on which its record was voided or withdrawn; none: it holds
  std::optional<bool> same_file;   ///< whether the bytes shown are those issued; none: no bytes were shown
};

class Papers {
 public:
  Papers(record::Store& store, Clock& clock, Random& random, Settings settings)
      : store_(store), clock_(clock), random_(random), settings_(std::move(settings)) {}

  /// The papers that fit a record which the actor has read, and whether he may issue them now.
  Result<std::vector<Offer>> offers(const record::Actor&, const record::Record&);
  /// Those of the record that were issued, oldest first.
  Result<std::vector<Issued>> issued(const record::Record&);

  /// The PDF that was issued; else a draft of what would be, marked 草稿. `not_found`: no such paper of it.
  /// `forbidden`: what was issued prints protected fields that the actor may not see.
  Result<Printed> pdf(const record::Actor&, const record::Record&, std::string_view paper);
  /// Takes the step that issues the paper if the record stands before it, gives the number, draws and keeps
  /// the paper: all or nothing. A second time is a conflict.
  record::Outcome<Issued> issue(const record::Actor&, std::string_view type, RecordId, std::int64_t version,
                                std::string_view paper);
  /// As Writer::step; a step that issues a paper issues it.
  record::Outcome<record::Record> step(record::Writer&, const record::Actor&, std::string_view type, RecordId,
                                       std::int64_t version, std::string_view step, const record::Fields&,
                                       std::string_view reason);

  /// What was issued of these records, which the actor has read, as one ZIP; a paper that prints protected
  /// fields which he may not see is left out. `not_found`: nothing is left.
  Result<std::string> issued_zip(const record::Actor&, const std::vector<record::Record>&);

  /// The list as a ledger.
  Result<Printed> ledger(const record::Actor&, record::ListQuery);

  /// nullopt for a code that was never given. `bytes`: the file that somebody holds.
  Result<std::optional<Genuine>> check(std::string_view code, std::optional<std::string_view> bytes);

 private:
  Result<std::optional<Issued>> find_issued(record::Writer&, const record::Record&, std::string_view paper);
  Result<const pack::Paper*> paper_of(const record::Record&, std::string_view name) const;
  bool sees_all(const record::Actor&, const pack::Paper&) const;
  Bar bar(const record::Actor&, const record::Record&, const pack::Paper&, bool was_issued) const;
  record::Outcome<Issued> keep(record::Writer&, const record::Actor&, const pack::Paper&, record::Record&);
  Result<Sheet> sheet(const record::Actor&, const pack::Paper&, const record::Record&, std::string number);
  Result<std::optional<Date>> void_since(const record::Record& entry);
  std::string new_code();

  record::Store& store_;
  Clock& clock_;
  Random& random_;
  const Settings settings_;
};

/// A code as people type it: without spaces and hyphens, in capitals, O and I read as 0 and 1; nullopt when
/// it is none.
std::optional<std::string> normal_code(std::string_view typed);

}  // namespace mineward::paper
