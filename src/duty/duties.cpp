// Duties: the engine behind a lock, and what is asked of it.
#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "duty/preview.h"
#include "duty/queries.h"

namespace mineward::duty {
namespace {

/// More cells than this are no matrix that a person reads; the filter has to be narrowed.
constexpr std::size_t kMostMatrixDuties = 200'000;

class DutiesImpl final : public Duties {
 public:
  DutiesImpl(pack::CatalogPtr catalog, record::Store& store, Clock& clock)
      : store_(store), catalog_(catalog), engine_(std::move(catalog), store, clock) {}

  Status open() { return engine_.open(); }
  const Calendar& calendar() const override { return engine_.calendar(); }

  Status catch_up() override {
    const std::scoped_lock lock(engine_mutex_);
    return engine_.catch_up();
  }
  Status recompute() override {
    const std::scoped_lock lock(engine_mutex_);
    return engine_.recompute();
  }

  Result<std::string> dump() override {
    std::string out;
    MW_TRY(reading([&](db::Connection& c) {
      return c.each(fmt::format("SELECT {} FROM duty d ORDER BY d.rule, d.subject, d.period", kDutyColumns),
                    {}, [&](std::span<const db::Value> row) {
                      for (const auto& cell : row) {
                        const auto* value = std::get_if<std::int64_t>(&cell);
                        out += value ? std::to_string(*value) : "-";
                        out += ' ';
                      }
                      out += '\n';
                      return true;
                    });
    }));
    return out;
  }

  Result<Page> list(const Actor& actor, const Filter& filter, int limit, const std::string& after,
                    bool descending) override {
    Page page;
    MW_TRY(reading([&](db::Connection& c) -> Status {
      MW_ASSIGN(page, list_duties(c, *catalog_, actor, filter, limit, after, descending));
      return {};
    }));
    return page;
  }

  Result<Summary> summary(const Actor& actor, const Filter& filter) override {
    Summary out;
    MW_TRY(reading([&](db::Connection& c) -> Status {
      MW_ASSIGN(out, summarise(c, *catalog_, actor, filter));
      return {};
    }));
    return out;
  }

  Result<std::map<Date, Counts>> by_day(const Actor& actor, const Filter& filter) override {
    std::map<Date, Counts> out;
    MW_TRY(reading([&](db::Connection& c) -> Status {
      MW_ASSIGN(out, count_by_day(c, *catalog_, actor, filter));
      return {};
    }));
    return out;
  }

  Result<Matrix> matrix(const Actor& actor, const Filter& filter) override {
    std::map<std::pair<std::string, RecordId>, std::map<const pack::DutyRule*, MatrixCell>> cells;
    std::map<RecordId, RecordId> owners;
    std::size_t seen = 0;
    MW_TRY(each(actor, filter, [&](const Duty& duty) {
      MatrixCell& cell = cells[{duty.rule->owed_by, duty.subject}][duty.rule];
      ++cell.counts[duty.verdict.state];
      cell.latest = duty;
      owners[duty.subject] = duty.owner;
      return ++seen <= kMostMatrixDuties;
    }));
    if (seen > kMostMatrixDuties)
      return bad_input(fmt::format("more than {} duties; take a shorter time or one mine", kMostMatrixDuties),
                       "from");
    Matrix out;
    for (const auto& rule : catalog_->duties) {
      const bool used = std::any_of(cells.begin(), cells.end(),
                                    [&](const auto& row) { return row.second.contains(&rule); });
      if (used) out.rules.push_back(&rule);
    }
    for (auto& [key, row] : cells) {
      Matrix::Row line{key.first, key.second, owners[key.second], {}};
      for (const auto* rule : out.rules) {
        const auto cell = row.find(rule);
        line.cells.push_back(cell == row.end() ? std::nullopt : std::optional(std::move(cell->second)));
      }
      out.rows.push_back(std::move(line));
    }
    return out;
  }

  Result<Detail> detail(const Actor& actor, std::string_view rule, RecordId subject,
                        std::int64_t period) override {
    Filter filter;
    filter.rule = rule;
    filter.subject = subject;
    Detail out;
    bool found = false;
    MW_TRY(each(actor, filter, [&](const Duty& duty) {
      found = duty.period.from == period;
      if (found) out.duty = duty;
      return !found;
    }));
    if (!found) return not_found(fmt::format("no duty {} of {} at {}", rule, subject.value, period));
    const std::scoped_lock lock(engine_mutex_);
    const auto index = static_cast<std::size_t>(out.duty.rule - catalog_->duties.data());
    MW_TRY(store_.database().read(
        [&](db::Connection& c) { return read_evidence(c, engine_.rules()[index], engine_.now(), out); }));
    const std::string& region = engine_.ground().region(out.duty.owner);
    for (const std::size_t other : engine_.regime().replaced(index, region, last_day(out.duty.period)))
      out.also_bound_by.push_back(&catalog_->duties[other]);
    return out;
  }

  Result<std::vector<Standing>> standing(const Actor& actor, std::string_view clause) override {
    Filter filter;
    filter.clause = clause;
    std::map<std::pair<std::string, RecordId>, Standing> by_subject;
    const std::int64_t now = engine_.now();
    MW_TRY(each(actor, filter, [&](const Duty& duty) {
      Standing& s = by_subject[{duty.rule->owed_by, duty.subject}];
      s.type = duty.rule->owed_by;
      s.subject = duty.subject;
      s.owner = duty.owner;
      ++s.counts[duty.verdict.state];
      // The newest that has begun: what is asked of it now.
      if (duty.period.from <= now) s.last = duty;
      return true;
    }));
    std::vector<Standing> out;
    for (auto& [key, s] : by_subject) out.push_back(std::move(s));
    return out;
  }

  Result<std::optional<std::int64_t>> due(std::string_view rule, RecordId subject,
                                          std::int64_t in_period) override {
    Filter filter;
    filter.rule = rule;
    filter.subject = subject;
    std::optional<std::int64_t> out;
    MW_TRY(each(Actor::system("system:duty"), filter, [&](const Duty& duty) {
      if (duty.period.from <= in_period && in_period < duty.period.to) out = duty.due;
      return !out;
    }));
    return out;
  }

  Result<Preview> preview(const Setting& setting, Date until) override {
    Preview out;
    const std::scoped_lock lock(engine_mutex_);
    MW_TRY(engine_.catch_up());
    MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
      MW_ASSIGN(out, preview_setting(c, engine_, setting, until));
      return {};
    }));
    return out;
  }

 private:
  /// Reads after everything committed before the call was taken in.
  Status reading(const std::function<Status(db::Connection&)>& work) {
    MW_TRY(catch_up());
    return store_.database().read(work);
  }
  Status each(const Actor& actor, const Filter& filter, const std::function<bool(const Duty&)>& take) {
    return reading([&](db::Connection& c) { return each_duty(c, *catalog_, actor, filter, take); });
  }

  record::Store& store_;
  const pack::CatalogPtr catalog_;
  std::mutex engine_mutex_;  // guards engine_
  Engine engine_;
};

}  // namespace

Result<std::unique_ptr<Duties>> open_duties(pack::CatalogPtr catalog, record::Store& store, Clock& clock) {
  auto duties = std::make_unique<DutiesImpl>(std::move(catalog), store, clock);
  MW_TRY(duties->open());
  return std::unique_ptr<Duties>(std::move(duties));
}

}  // namespace mineward::duty
