#include "record/verify.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "record/change_log.h"
#include "record/clocks.h"
#include "record/sign_off.h"

namespace mineward::record {
namespace {

constexpr int kPage = 500;

/// One verification: what it has found so far.
class Findings {
 public:
  explicit Findings(VerifyReport& report) : report_(report) {}
  bool none() const { return report_.ok; }
  void add(std::int64_t seq, std::string message) {
    report_.ok = false;
    report_.first_bad_seq = seq;
    report_.message = std::move(message);
  }
  /// The log tells of `logged` things, the table holds `stored` of them.
  void compare_counts(std::string_view what, std::int64_t stored, std::int64_t logged) {
    if (none() && stored != logged)
      add(report_.entries + 1, fmt::format("{} {} are stored, the log tells of {}", stored, what, logged));
  }

 private:
  VerifyReport& report_;
};

Result<std::int64_t> rows_in(db::Connection& c, std::string_view table) {
  MW_ASSIGN(const db::Rows rows, c.query(fmt::format("SELECT count(*) FROM {}", table)));
  return rows.integer(0, 0);
}

// ---- signatures

/// "decide by anna at 5: made", and a line each signature.
struct Round {
  std::string head;
  std::vector<std::string> signatures;
  std::string outcome;

  std::string text() const { return fmt::format("{}: {}\n{}", head, outcome, join(signatures, "\n")); }
};

std::string head_of(std::string_view step, std::string_view by, std::int64_t at) {
  return fmt::format("{} by {} at {}", step, by, at);
}

std::string signature_text(std::string_view stage, std::string_view name, std::int64_t at, bool agrees,
                           std::string_view opinion) {
  return fmt::format("{} by {} at {} {} \"{}\"", stage, name, at, agrees ? "agrees" : "refuses", opinion);
}

/// What a log line says of a signature; null: nothing.
const Json& signature_in(const Change& change) {
  static const Json nothing;
  const auto* pair = change.diff["#signature"].array();
  return pair && pair->size() == 2 ? (*pair)[1] : nothing;
}

/// The rounds of one record as its log lines tell them; nullopt: a signature stands outside of any.
std::optional<std::vector<Round>> logged_rounds(const std::vector<Change>& history) {
  std::vector<Round> out;
  for (const Change& change : history) {
    const std::size_t colon = change.action.find(':');
    const std::string_view kind = std::string_view(change.action).substr(0, colon);
    if (kind == "begin")
      out.push_back({head_of(change.action.substr(colon + 1), change.actor, change.at.utc_ms), {}, {}});
    const Json& signature = signature_in(change);
    if (!signature.object()) continue;
    if (out.empty() || !out.back().outcome.empty()) return std::nullopt;
    const bool* agrees = signature["agrees"].boolean();
    out.back().signatures.push_back(signature_text(signature.text("stage"), change.actor, change.at.utc_ms,
                                                   agrees && *agrees, change.reason));
    if (kind == "step") out.back().outcome = "made";
    if (kind == "return") out.back().outcome = "returned";
  }
  return out;
}

Result<std::vector<Round>> stored_rounds(db::Connection& c, const std::string& type, RecordId id) {
  std::vector<Round> out;
  MW_ASSIGN(const db::Rows heads, c.query("SELECT round, step, name, begun_at, outcome FROM record_signing "
                                          "WHERE type = $1 AND id = $2 ORDER BY round",
                                          {type, id.value}));
  MW_ASSIGN(
      const db::Rows signatures,
      c.query("SELECT round, stage, name, at, agrees, opinion FROM record_signature WHERE type = $1 AND "
              "id = $2 ORDER BY round, place",
              {type, id.value}));
  std::size_t next = 0;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    Round round{head_of(heads.text(i, 1), heads.text(i, 2), heads.integer(i, 3)), {}, heads.text(i, 4)};
    for (; next < signatures.size() && signatures.integer(next, 0) == heads.integer(i, 0); ++next)
      round.signatures.push_back(signature_text(signatures.text(next, 1), signatures.text(next, 2),
                                                signatures.integer(next, 3), signatures.integer(next, 4) == 1,
                                                signatures.text(next, 5)));
    out.push_back(std::move(round));
  }
  return out;
}

class SignatureComparison {
 public:
  SignatureComparison(db::Connection& c, Findings& findings) : c_(c), findings_(findings) {}

  Status run() {
    MW_ASSIGN(const db::Rows types,
              c_.query("SELECT DISTINCT type FROM change_log WHERE action LIKE 'begin:%'"));
    for (std::size_t i = 0; i < types.size() && findings_.none(); ++i) MW_TRY(compare_type(types.text(i, 0)));
    if (!findings_.none()) return {};
    MW_ASSIGN(const std::int64_t rounds, rows_in(c_, "record_signing"));
    findings_.compare_counts("rounds of signatures", rounds, rounds_);
    MW_ASSIGN(const std::int64_t signatures, rows_in(c_, "record_signature"));
    findings_.compare_counts("signatures", signatures, signatures_);
    return {};
  }

 private:
  Status compare_type(const std::string& type) {
    std::int64_t last = INT64_MIN;
    while (findings_.none()) {
      MW_ASSIGN(
          const db::Rows ids,
          c_.query(fmt::format("SELECT DISTINCT id FROM change_log WHERE type = $1 AND id > $2 AND action "
                               "LIKE 'begin:%' ORDER BY id LIMIT {}",
                               kPage),
                   {type, last}));
      for (std::size_t i = 0; i < ids.size() && findings_.none(); ++i)
        MW_TRY(compare_record(type, RecordId{ids.integer(i, 0)}));
      if (ids.size() < kPage) return {};
      last = ids.integer(ids.size() - 1, 0);
    }
    return {};
  }

  Status compare_record(const std::string& type, RecordId id) {
    MW_ASSIGN(const std::vector<Change> history, record_history(c_, type, id));
    MW_ASSIGN(const std::vector<Round> stored, stored_rounds(c_, type, id));
    const auto logged = logged_rounds(history);
    const std::int64_t seq = history.back().seq;
    if (!logged) {
      findings_.add(seq, fmt::format("{} {} is signed outside of any round of signatures", type, id.value));
      return {};
    }
    for (std::size_t i = 0; i < std::max(stored.size(), logged->size()); ++i) {
      if (i < stored.size() && i < logged->size() && stored[i].text() == (*logged)[i].text()) continue;
      findings_.add(seq,
                    fmt::format("the signatures of {} {} are not those of its log: round {} is stored as "
                                "\"{}\", logged as \"{}\"",
                                type, id.value, i + 1, i < stored.size() ? stored[i].text() : "",
                                i < logged->size() ? (*logged)[i].text() : ""));
      return {};
    }
    rounds_ += static_cast<std::int64_t>(stored.size());
    for (const Round& round : stored) signatures_ += static_cast<std::int64_t>(round.signatures.size());
    return {};
  }

  db::Connection& c_;
  Findings& findings_;
  std::int64_t rounds_ = 0, signatures_ = 0;
};

// ---- links

Status compare_link(db::Connection& c, const db::Rows& rows, std::size_t i, Findings& findings) {
  const std::int64_t seq = rows.integer(i, 0);
  const auto made = parse_json(rows.text(i, 5));
  const auto id = made ? parse_record_id(made->text("id")) : std::nullopt;
  if (!id) return corrupt("what was raised has no id", fmt::format("change_log seq {}", seq));
  const std::string kind = rows.text(i, 3).substr(std::string_view("raise:").size());
  const std::string from = rows.text(i, 1), to(made->text("type"));
  MW_ASSIGN(
      const db::Rows link,
      c.query("SELECT by_name FROM record_link WHERE from_type = $1 AND from_id = $2 AND to_type = $3 AND "
              "to_id = $4 AND kind = $5",
              {from, rows.integer(i, 2), to, id->value, kind}));
  const std::string what =
      fmt::format("{} {} was raised from {} {}", to, id->value, from, rows.integer(i, 2));
  if (link.empty()) {
    findings.add(seq, what + ": the link is missing");
  } else if (link.text(0, 0) != rows.text(i, 4)) {
    findings.add(seq, fmt::format("{} by {}, the link says {}", what, rows.text(i, 4), link.text(0, 0)));
  }
  return {};
}

Status compare_links(db::Connection& c, Findings& findings) {
  std::int64_t last = 0, links = 0;
  while (true) {
    MW_ASSIGN(
        const db::Rows rows,
        c.query(fmt::format("SELECT seq, type, id, action, actor, diff FROM change_log WHERE seq > $1 AND "
                            "action LIKE 'raise:%' ORDER BY seq LIMIT {}",
                            kPage),
                {last}));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      MW_TRY(compare_link(c, rows, i, findings));
      if (!findings.none()) return {};
    }
    links += static_cast<std::int64_t>(rows.size());
    if (rows.size() < kPage) break;
    last = rows.integer(rows.size() - 1, 0);
  }
  MW_ASSIGN(const std::int64_t stored, rows_in(c, "record_link"));
  findings.compare_counts("links", stored, links);
  return {};
}

// ---- clocks

Status compare_clocks(db::Connection& c, const Context& context, const TypeModel& type, Findings& findings) {
  return each_unfinished(c, type, [&](const Record& record) -> Result<bool> {
    MW_ASSIGN(const bool fit, clocks_fit(c, context.calendar, type, record));
    if (fit) return true;
    MW_ASSIGN(const db::Rows newest, c.query("SELECT max(seq) FROM change_log WHERE type = $1 AND id = $2",
                                             {type.name(), record.id.value}));
    findings.add(newest.integer(0, 0), fmt::format("the clocks of {} {} are not those that it gives",
                                                   type.name(), record.id.value));
    return false;
  });
}

}  // namespace

Status verify_beside(db::Connection& c, const Context& context, VerifyReport& report) {
  Findings findings(report);
  if (findings.none()) MW_TRY(SignatureComparison(c, findings).run());
  if (findings.none()) MW_TRY(compare_links(c, findings));
  for (const auto& [name, type] : context.model.types()) {
    if (findings.none()) MW_TRY(compare_clocks(c, context, type, findings));
  }
  return {};
}

}  // namespace mineward::record
