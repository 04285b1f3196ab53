#include "duty/table.h"

#include <array>

#include <fmt/format.h>

#include "base/text.h"

namespace mineward::duty {
namespace {

constexpr std::size_t kRowsAtOnce = 5000;

const std::array<std::string, 13>& columns() {
  static const std::array<std::string, 13> kColumns = {
      "rule",   "subject",     "period", "period_end", "due",       "state", "progress",
      "needed", "unconfirmed", "level",  "met_at",     "next_turn", "owner"};
  return kColumns;
}

db::Value maybe(const std::optional<std::int64_t>& value) {
  return value ? db::Value(*value) : db::Value(db::Null{});
}

std::vector<db::Value> row_of(const pack::Catalog& catalog, const Duty& duty) {
  return {static_cast<std::int64_t>(duty.rule - catalog.duties.data()),
          duty.subject.value,
          duty.period.from,
          duty.period.to,
          duty.due,
          static_cast<std::int64_t>(duty.verdict.state),
          static_cast<std::int64_t>(duty.verdict.progress),
          static_cast<std::int64_t>(duty.needed),
          static_cast<std::int64_t>(duty.unconfirmed),
          static_cast<std::int64_t>(duty.verdict.level),
          maybe(duty.verdict.met_at),
          maybe(duty.verdict.next_turn),
          duty.owner.value};
}

constexpr std::string_view kIndexes[] = {"duty_owner", "duty_due", "duty_turn"};

}  // namespace

Status create_duty_tables(db::Connection& c) {
  const std::string_view tail = c.engine() == db::Engine::sqlite ? " WITHOUT ROWID" : "";
  MW_TRY(c.script(
      fmt::format("CREATE TABLE IF NOT EXISTS duty (rule BIGINT NOT NULL, subject BIGINT NOT NULL, period "
                  "BIGINT NOT NULL, period_end BIGINT NOT "
                  "NULL, due BIGINT NOT NULL, state BIGINT NOT NULL, progress BIGINT NOT NULL, needed BIGINT "
                  "NOT NULL, unconfirmed BIGINT NOT "
                  "NULL, level BIGINT NOT NULL, met_at BIGINT, next_turn BIGINT, owner BIGINT NOT NULL, "
                  "PRIMARY KEY (rule, subject, period)){};"
                  "CREATE TABLE IF NOT EXISTS duty_state (key TEXT PRIMARY KEY, value TEXT NOT NULL);",
                  tail)));
  return restore_indexes(c);
}

Status restore_indexes(db::Connection& c) {
  return c.script(
      "CREATE INDEX IF NOT EXISTS duty_owner ON duty (owner, due);"
      "CREATE INDEX IF NOT EXISTS duty_due ON duty (due, rule, subject, period);"
      "CREATE INDEX IF NOT EXISTS duty_turn ON duty (next_turn) WHERE next_turn IS NOT NULL;");
}

Status clear_duties(db::Connection& c) {
  for (const auto index : kIndexes) MW_TRY(c.script(fmt::format("DROP INDEX IF EXISTS {};", index)));
  auto cleared = c.execute(c.engine() == db::Engine::sqlite ? "DELETE FROM duty" : "TRUNCATE duty");
  if (!cleared) return std::move(cleared).error();
  return {};
}

Result<Stand> read_stand(db::Connection& c) {
  MW_ASSIGN(const db::Rows rows, c.query("SELECT key, value FROM duty_state"));
  Stand stand;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string key = rows.text(i, 0), value = rows.text(i, 1);
    if (key == "packs") stand.packs = value;
    const auto number = parse_integer(value);
    if (!number) continue;
    if (key == "seq") stand.seq = *number;
    if (key == "computed_at") stand.computed_at = *number;
    if (key == "horizon") stand.horizon = *number;
  }
  return stand;
}

Status write_stand(db::Connection& c, const Stand& stand) {
  const std::pair<std::string_view, std::string> values[] = {
      {"packs", stand.packs},
      {"seq", std::to_string(stand.seq)},
      {"computed_at", std::to_string(stand.computed_at)},
      {"horizon", std::to_string(stand.horizon)}};
  for (const auto& [key, value] : values) {
    MW_TRY(
        c.execute("INSERT INTO duty_state (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value "
                  "= EXCLUDED.value",
                  {std::string(key), value}));
  }
  return {};
}

Status DutyLoader::add(const Duty& duty) {
  rows_.push_back(row_of(catalog_, duty));
  return rows_.size() < kRowsAtOnce ? Status() : finish();
}

Status DutyLoader::finish() {
  if (rows_.empty()) return {};
  MW_TRY(c_.append("duty", columns(), rows_));
  rows_.clear();
  return {};
}

Status replace_duties(db::Connection& c, const pack::Catalog& catalog, std::size_t rule, RecordId subject,
                      const Span& begins, const std::vector<Duty>& duties) {
  MW_TRY(c.execute("DELETE FROM duty WHERE rule = $1 AND subject = $2 AND period >= $3 AND period < $4",
                   {static_cast<std::int64_t>(rule), subject.value, begins.from, begins.to}));
  constexpr std::size_t kWorthCopying = 50;
  if (duties.size() > kWorthCopying) {
    DutyLoader loader(c, catalog);
    for (const Duty& duty : duties) MW_TRY(loader.add(duty));
    return loader.finish();
  }
  for (const Duty& duty : duties) {
    MW_TRY(
        c.execute("INSERT INTO duty (rule, subject, period, period_end, due, state, progress, needed, "
                  "unconfirmed, level, met_at, "
                  "next_turn, owner) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
                  row_of(catalog, duty)));
  }
  return {};
}

Status delete_rule(db::Connection& c, std::size_t rule) {
  auto deleted = c.execute("DELETE FROM duty WHERE rule = $1", {static_cast<std::int64_t>(rule)});
  if (!deleted) return std::move(deleted).error();
  return {};
}

std::optional<Duty> duty_from_row(const pack::Catalog& catalog, std::span<const db::Value> row) {
  const auto integer = [&](std::size_t i) {
    const auto* v = std::get_if<std::int64_t>(&row[i]);
    return v ? *v : 0;
  };
  const auto optional = [&](std::size_t i) {
    const auto* v = std::get_if<std::int64_t>(&row[i]);
    return v ? std::optional(*v) : std::nullopt;
  };
  const auto rule = static_cast<std::size_t>(integer(0));
  if (rule >= catalog.duties.size()) return std::nullopt;
  Duty duty;
  duty.rule = &catalog.duties[rule];
  duty.subject = RecordId{integer(1)};
  duty.period = {integer(2), integer(3)};
  duty.due = integer(4);
  duty.verdict.state = kStates[static_cast<std::size_t>(integer(5)) % std::size(kStates)];
  duty.verdict.progress = static_cast<int>(integer(6));
  duty.needed = static_cast<int>(integer(7));
  duty.unconfirmed = static_cast<int>(integer(8));
  duty.verdict.level = static_cast<Level>(integer(9));
  duty.verdict.met_at = optional(10);
  duty.verdict.next_turn = optional(11);
  duty.owner = RecordId{integer(12)};
  return duty;
}

}  // namespace mineward::duty
