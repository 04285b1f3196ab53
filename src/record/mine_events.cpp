#include "record/mine_events.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "record/scope_where.h"
#include "record/values.h"

namespace mineward::record {
namespace {

constexpr const char* kEventColumns = "seq, type, id, version, action, actor, origin, at, reason, diff";

MineEvent event_of(const pack::Catalog& catalog, const db::Rows& rows, std::size_t i) {
  MineEvent event;
  Change& change = event.change;
  change.seq = rows.integer(i, 0);
  change.type = rows.text(i, 1);
  change.id = RecordId{rows.integer(i, 2)};
  change.version = rows.integer(i, 3);
  change.action = rows.text(i, 4);
  change.actor = rows.text(i, 5);
  change.origin = rows.text(i, 6);
  change.at = ArrivalTime{rows.integer(i, 7)};
  change.reason = rows.text(i, 8);
  const pack::RecordType* type = catalog.record_type(change.type);
  if (type) event.system = type->system;
  const auto diff = parse_json(rows.text(i, 9));
  if (!diff || !type) return event;
  if (const Json::Array* pair = (*diff)["state"].array(); pair && pair->size() == 2) {
    if ((*pair)[0].string()) event.state_before = *(*pair)[0].string();
    if ((*pair)[1].string()) event.state_after = *(*pair)[1].string();
  }
  event.happened_at = happened_at(*type, *diff, change.at.utc_ms);
  return event;
}

/// Types of the systems asked for that the actor may read.
std::vector<const pack::RecordType*> types_of(const pack::Catalog& catalog, const Actor& actor,
                                              const EventQuery& query) {
  std::vector<const pack::RecordType*> out;
  for (const auto& type : catalog.record_types) {
    const bool asked = query.systems.empty() || std::find(query.systems.begin(), query.systems.end(),
                                                          type.system) != query.systems.end();
    if (asked && reads_type(actor, type)) out.push_back(&type);
  }
  return out;
}

/// The last log number entered before an instant; entry times rise with the numbers.
Result<std::int64_t> last_before(db::Connection& c, std::int64_t at) {
  MW_ASSIGN(const db::Rows head, c.query("SELECT seq FROM log_head WHERE one = 1", {}));
  std::int64_t low = 0, high = head.empty() ? 0 : head.integer(0, 0);
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    MW_ASSIGN(const db::Rows row, c.query("SELECT at FROM change_log WHERE seq = $1", {middle}));
    if (!row.empty() && row.integer(0, 0) < at) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

/// Reads one page.
class Walk {
 public:
  Walk(db::Connection& c, const pack::Catalog& catalog, const Actor& actor, const EventQuery& query,
       RecordId owner)
      : c_(c), catalog_(catalog), actor_(actor), query_(query), owner_(owner) {}

  Result<EventPage> read() {
    MW_TRY(bounds());
    MW_ASSIGN(owners_, ScopeOwners::read(c_, actor_.scope));
    EventPage page;
    const auto types = types_of(catalog_, actor_, query_);
    MW_TRY(of_its_organisation(types, page));
    MW_TRY(drop_other_mines(page));
    for (const auto* type : types) MW_TRY(of_a_regulator(*type, page));
    std::sort(page.events.begin(), page.events.end(),
              [](const MineEvent& a, const MineEvent& b) { return a.change.seq > b.change.seq; });
    // A line of a regulator older than the last line looked at belongs to a later page.
    std::erase_if(page.events, [&](const MineEvent& e) { return page.next > 0 && e.change.seq < page.next; });
    const auto most = static_cast<std::size_t>(query_.limit);
    if (page.events.size() > most) {
      page.events.resize(most);
      page.next = page.events.back().change.seq;
      page.searched_to = page.events.back().change.at.utc_ms;
    }
    return page;
  }

 private:
  Status bounds() {
    below_ = query_.before > 0 ? query_.before : INT64_MAX;
    if (query_.to) {
      MW_ASSIGN(const std::int64_t last, last_before(c_, *query_.to));
      below_ = std::min(below_, last + 1);
    }
    if (query_.from) {
      MW_ASSIGN(above_, last_before(c_, *query_.from));
    }
    return {};
  }

  /// Lines of the records that belong to the mine's organisation: one walk along (owner, seq).
  Status of_its_organisation(const std::vector<const pack::RecordType*>& types, EventPage& page) {
    std::vector<std::string> names;
    for (const auto* type : types) names.push_back(type->name);
    ScopeWhere where({owner_.value, below_, above_});
    const std::string window = fmt::format(
        "SELECT {} FROM change_log WHERE owner = $1 AND seq < $2 AND seq > $3 ORDER BY seq DESC LIMIT {}",
        kEventColumns, kMostLookedAt);
    const std::string wanted = where.any_of("type", names);
    MW_ASSIGN(const db::Rows rows,
              c_.query(fmt::format(
                           "SELECT {} FROM ({}) AS few WHERE version > 0 AND {}{} ORDER BY seq DESC LIMIT {}",
                           kEventColumns, window, wanted, of_kind(""), query_.limit + 1),
                       where.params));
    const auto most = static_cast<std::size_t>(query_.limit);
    for (std::size_t i = 0; i < rows.size() && i < most; ++i)
      page.events.push_back(event_of(catalog_, rows, i));
    if (rows.size() > most) {
      page.next = page.events.back().change.seq;
      page.searched_to = page.events.back().change.at.utc_ms;
      return {};
    }
    MW_ASSIGN(const db::Rows end,
              c_.query(fmt::format(
                           "SELECT seq, at FROM change_log WHERE owner = $1 AND seq < $2 AND seq > $3 ORDER "
                           "BY seq DESC LIMIT 1 OFFSET {}",
                           kMostLookedAt - 1),
                       {owner_.value, below_, above_}));
    if (end.empty()) return {};
    page.next = end.integer(0, 0);
    page.searched_to = end.integer(0, 1);
    return {};
  }

  /// An organisation may have several mines: what names another one is not this mine's.
  Status drop_other_mines(EventPage& page) {
    MW_ASSIGN(const db::Rows mines, c_.query("SELECT id FROM mine WHERE owner = $1 LIMIT 2", {owner_.value}));
    if (mines.size() < 2) return {};
    std::map<std::string, std::vector<db::Value>> by_type;
    for (const auto& event : page.events) by_type[event.change.type].emplace_back(event.change.id.value);
    std::set<std::pair<std::string, RecordId>> strangers;
    for (const auto& [name, ids] : by_type) {
      const pack::RecordType* type = catalog_.record_type(name);
      if (!type || !type->field("mine")) continue;
      ScopeWhere where({query_.mine.value});
      std::vector<std::string> marks;
      for (const auto& id : ids) marks.push_back(where.bind(id));
      MW_ASSIGN(const db::Rows rows, c_.query(fmt::format("SELECT id FROM {} WHERE mine <> $1 AND id IN ({})",
                                                          db::identifier(name), join(marks, ", ")),
                                              where.params));
      for (std::size_t i = 0; i < rows.size(); ++i) strangers.emplace(name, RecordId{rows.integer(i, 0)});
    }
    std::erase_if(page.events, [&](const MineEvent& e) {
      return strangers.contains({e.change.type, e.change.id});
    });
    return {};
  }

  /// Lines of records that a regulator owns and that name the mine: few, found by their reference.
  Status of_a_regulator(const pack::RecordType& type, EventPage& page) {
    for (const auto& field : type.fields) {
      if (field.type != pack::FieldType::reference || field.target != "mine") continue;
      ScopeWhere where({query_.mine.value, type.name, below_, above_, owner_.value});
      const std::string seen = where.within(owners_, "t.owner");
      MW_ASSIGN(
          const db::Rows rows,
          c_.query(fmt::format("SELECT l.seq, l.type, l.id, l.version, l.action, l.actor, l.origin, l.at, "
                               "l.reason, l.diff FROM {} t JOIN change_log l ON l.type = $2 AND l.id = t.id "
                               "WHERE t.{} = $1 AND t.owner <> $5 AND l.owner <> $5 AND l.version > 0 AND "
                               "l.seq < $3 AND l.seq > $4 AND {}{} ORDER BY l.seq DESC LIMIT {}",
                               db::identifier(type.name), db::identifier(field.name), seen, of_kind("l."),
                               query_.limit + 1),
                   where.params));
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::int64_t seq = rows.integer(i, 0);
        const bool there = std::any_of(page.events.begin(), page.events.end(),
                                       [&](const MineEvent& e) { return e.change.seq == seq; });
        if (!there) page.events.push_back(event_of(catalog_, rows, i));
      }
    }
    return {};
  }

  /// `prefix` tells the log's own columns from those of a record's table.
  std::string of_kind(std::string_view prefix) const {
    if (!query_.main_only) return "";
    return fmt::format(" AND ({0}action = 'create' OR {0}action LIKE 'step:%')", prefix);
  }

  db::Connection& c_;
  const pack::Catalog& catalog_;
  const Actor& actor_;
  const EventQuery& query_;
  const RecordId owner_;
  ScopeOwners owners_;
  std::int64_t below_ = INT64_MAX, above_ = 0;
};

}  // namespace

std::optional<std::int64_t> happened_at(const pack::RecordType& type, const Json& diff,
                                        std::int64_t entered_at) {
  for (const auto kind : {pack::FieldType::instant, pack::FieldType::date}) {
    for (const auto& field : type.fields) {
      if (field.type != kind || field.secret || !field.protect.empty()) continue;
      const Json::Array* pair = diff[field.name].array();
      if (!pair || pair->size() != 2) continue;
      const auto value = value_from_json(kind, (*pair)[1]);
      const auto at = value && is_set(*value) ? moment_of(*value) : std::nullopt;
      if (at && *at <= entered_at) return at;
    }
  }
  return std::nullopt;
}

Result<EventPage> mine_events(Store& store, const Actor& actor, const EventQuery& query) {
  if (query.limit < 1 || query.limit > 500)
    return bad_input(fmt::format("limit is {}, 1 to 500 expected", query.limit));
  MW_ASSIGN(const Record mine, store.get(actor, "mine", query.mine));
  std::optional<EventPage> page;
  MW_TRY(store.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(page, Walk(c, store.catalog(), actor, query, mine.owner).read());
    return {};
  }));
  return *std::move(page);
}

}  // namespace mineward::record
