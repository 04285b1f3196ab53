/// The watch: engines, one a mine, fed in the transaction of the intake; alarms, checkpoints, timers.
///
/// Locks: the database's writer first, then the mutex of one mine; never the other way round. apply() is
/// called inside the intake's transaction, save() and tick() open one before they touch a mine.
#include "watch/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <shared_mutex>
#include <utility>

#include "base/crash_point.h"
#include "base/log.h"
#include "base/metrics.h"
#include "watch/alarm_writer.h"
#include "watch/board.h"
#include "watch/escalation.h"
#include "watch/live.h"
#include "watch/mine_state.h"
#include "watch/state_table.h"
#include "watch/view_loader.h"

namespace mineward::watch {
namespace {

/// Uploads of a mine between two checkpoints: a restart replays at most so many for it. A checkpoint costs
/// one row of about a hundred kilobytes.
constexpr int kUploadsPerCheckpoint = 64;
/// Idle mines are saved so often, so that they do not hold back the journal.
constexpr Millis kSaveEvery = std::chrono::minutes(5);
/// Silence is looked for so often; the ladder of C-1 counts in minutes.
constexpr Millis kSilenceEvery = std::chrono::seconds(10);
/// Ticks come about once a second. More between two, or less than nothing: the clock was set, or we slept;
/// then silence is counted from now, because who was heard in between is not known. Else one wrong clock
/// would raise C-1 at every mine.
constexpr Millis kLongestPause = std::chrono::minutes(2);
/// Log entries looked at for changed registers in one pass; with more, all views are built anew.
constexpr int kLogPage = 500, kLogPages = 10;
/// Mines read at a time.
constexpr int kPage = 500;

EngineInput input_of(const feed::AcceptedUpload& u) {
  EngineInput in;
  in.seq = u.seq;
  const pack::FileLayout* layout = u.decoded ? u.decoded->layout : nullptr;
  if (layout) in.system = layout->system;
  in.is_definition = layout && layout->reader == "definition";
  in.rows = u.rows;
  in.changes = u.changes;
  in.positions = u.positions;
  in.is_positions = u.is_positions;
  in.stale = u.stale;
  if (u.decoded) in.header_time = u.decoded->header_time;
  in.arrived = u.arrived;
  return in;
}

class WatchOfMines final : public Watch {
 public:
  WatchOfMines(pack::CatalogPtr catalog, record::Store& store, history::History& history, Clock& clock)
      : catalog_(std::move(catalog)),
        store_(store),
        history_(history),
        counted_from_(clock.now()),
        escalation_(catalog_, store) {}

  Status open() {
    MW_TRY(store_.database().write([](db::Connection& c) { return create_state_table(c); }));
    {
      const std::lock_guard lock(applied_mutex_);
      applied_.start_after(history_.last_seq());
    }
    MW_ASSIGN(const auto newest, store_.log(watch_actor(), 0, 1));
    log_seen_ = newest.empty() ? 0 : newest.front().seq;
    std::vector<RecordId> known;
    MW_TRY(store_.database().read([&](db::Connection& c) { return saved_mines(c, known); }));
    for (RecordId mine : known) state_of(mine);  // their silence is watched from the start
    return escalation_.load();
  }

  // ---- Sink
  // ----------------------------------------------------------------------------------------------------

  /// Judges, when the view that is there will do: without the database, so that mines are judged side by
  /// side.
  void prepare(const feed::AcceptedUpload& u) override {
    MineState& state = state_of(u.mine);
    const std::lock_guard lock(state.mutex);
    if (!state.engine) return;
    if (state.in_flight) finish_flight(state);  // no reset() came: it was committed
    if (is_contained(state, u) || needs_view(state, u)) return;
    begin_flight(state, u);
    state.judged = state.engine->apply(input_of(u));
  }

  Status apply(record::Writer& writer, const feed::AcceptedUpload& u) override {
    MineState& state = state_of(u.mine);
    const std::lock_guard lock(state.mutex);
    MW_TRY(ensure_loaded(state, u.mine, writer.connection()));
    const bool prepared = state.in_flight && state.judged && state.flight_seq == u.seq;
    if (!prepared) {
      if (state.in_flight) finish_flight(state);  // no reset() came: it was committed
      if (is_contained(state, u)) return {};
      begin_flight(state, u);
      MW_TRY(refresh_view(state, u, writer.connection()));
      state.judged = state.engine->apply(input_of(u));
    }
    const std::vector<AlarmChange> changes = *std::exchange(state.judged, std::nullopt);
    for (const AlarmChange& c : changes) {
      MW_ASSIGN(auto written, write_change(writer, state.engine->view(), c, u.arrived));
      if (written) state.changed.push_back(*std::move(written));
    }
    if (state.unsaved + 1 >= kUploadsPerCheckpoint) {
      MW_TRY(write_state(writer.connection(), u.mine, {state.engine->seq(), state.engine->save()}));
      state.checkpointed = true;
    }
    return {};
  }

  void committed(const feed::AcceptedUpload& u, const feed::Receipt& receipt) override {
    MineState& state = state_of(u.mine);
    const std::lock_guard lock(state.mutex);
    const bool applied = state.in_flight && state.flight_seq == u.seq;
    if (applied) finish_flight(state);
    if (!applied) {
      note_applied(u.seq);  // it was contained in the state that was loaded
      return;
    }
    for (const auto& r : state.changed) escalation_.follow(r);
    tell(state, u, receipt);
    state.changed.clear();
  }

  void reset(RecordId mine) override {
    MineState& state = state_of(mine);
    const std::lock_guard lock(state.mutex);
    if (state.in_flight && state.before) state.engine->assign(*state.before);
    state.in_flight = false;
    state.judged.reset();
    state.checkpointed = false;
    state.view_stale = true;
    state.changed.clear();
  }

  std::uint64_t saved_seq() const override {
    if (replaying_) return 0;
    std::uint64_t safe = 0;
    {
      const std::lock_guard lock(applied_mutex_);
      safe = applied_.complete_to();
    }
    const std::shared_lock lock(mines_mutex_);
    for (const auto& [id, state] : mines_) {
      const std::lock_guard mine_lock(state->mutex);
      if (state->first_unsaved) safe = std::min(safe, *state->first_unsaved - 1);
      if (state->in_flight) safe = std::min(safe, state->flight_seq - 1);
    }
    return safe;
  }

  // ---- Watch
  // ---------------------------------------------------------------------------------------------------

  Status tick(ArrivalTime now) override {
    const std::lock_guard lock(tick_mutex_);
    if (replaying_) end_replay();
    if (last_tick_ && (now < *last_tick_ || now - *last_tick_ > kLongestPause))
      clock_was_set(*last_tick_, now);
    last_tick_ = now;
    MW_ASSIGN(const auto climbed, escalation_.tick(now));
    for (const auto& r : climbed) tell_alarm(r);
    if (last_silence_ && now - *last_silence_ < kSilenceEvery) return {};
    last_silence_ = now;
    MW_TRY(note_register_changes());
    MW_ASSIGN(const bool all, look_for_silence(now));
    if (!all) last_silence_.reset();  // again at the next tick
    if (!last_save_) last_save_ = now;
    if (now - *last_save_ < kSaveEvery) return {};
    last_save_ = now;
    return save();
  }

  Status save() override {
    return store_.database().write([&](db::Connection& c) -> Status {
      MW_ASSIGN(auto transaction, db::Transaction::begin(c));
      std::vector<std::pair<MineState*, std::uint64_t>> saved;
      for (auto& [id, state] : all_states()) {
        const std::lock_guard lock(state->mutex);
        if (!state->engine || !state->first_unsaved) continue;
        const Engine& engine = state->in_flight ? *state->before : *state->engine;
        if (engine.seq() < *state->first_unsaved) continue;
        MW_TRY(write_state(c, id, {engine.seq(), engine.save()}));
        saved.emplace_back(state, engine.seq());
      }
      if (!saved.empty()) crash_point(CrashPoint::watch_before_save_commit);
      MW_TRY(transaction.commit());
      if (!saved.empty()) crash_point(CrashPoint::watch_saved_not_noted);
      for (auto& [state, seq] : saved) {
        const std::lock_guard lock(state->mutex);
        if (state->first_unsaved && *state->first_unsaved > seq) continue;
        state->unsaved = state->engine->seq() > seq ? 1 : 0;
        state->first_unsaved = state->engine->seq() > seq ? std::optional(seq + 1) : std::nullopt;
      }
      return {};
    });
  }

  void set_listener(LiveListener listener, LiveInterest wanted) override {
    listener_ = std::move(listener);
    wanted_ = std::move(wanted);
  }

  Result<Underground> underground(const record::Actor& actor, RecordId mine) override {
    MW_ASSIGN(const record::Record record, store_.get(actor, "mine", mine));
    MineView view;
    People people;
    {
      MineState& state = state_of(mine);
      MW_TRY(load_outside(state, mine));
      const std::lock_guard lock(state.mutex);
      view = state.engine->view();
      people = state.engine->facts().people;
    }
    std::map<std::string, std::string> names;
    MW_TRY(
        store_.database().read([&](db::Connection& c) { return read_names(c, view.organisation, names); }));
    return count_underground(view, people, names);
  }

  Result<PointLimits> limits(const record::Actor& actor, RecordId point, EventTime at) override {
    MW_ASSIGN(const record::Record record, store_.get(actor, "point", point));
    const RecordId mine = record.reference("mine");
    MineState& state = state_of(mine);
    MW_TRY(load_outside(state, mine));
    const std::lock_guard lock(state.mutex);
    const MineView& view = state.engine->view();
    const auto key = history_.find_point(view.code, record.text("code"));
    const PointInfo* p = key ? view.point(*key) : nullptr;
    if (!p || p->id != point) return PointLimits{};  // never had a sample, or was removed
    return limits_for_drawing(state.engine->limits_at(*p, at), state.engine->own_at(*p, at));
  }

  Result<std::vector<MinePoints>> points(const record::Actor& actor, std::optional<RecordId> one) override {
    record::ListQuery any_point;  // refused when the role may not read points
    any_point.type = "point";
    any_point.limit = 1;
    MW_TRY(store_.list(actor, any_point));
    record::ListQuery query;
    query.type = "mine";
    query.limit = kPage;
    if (one) query.filters = {{"id", record::Filter::Op::eq, {one->text()}}};
    std::vector<MinePoints> out;
    do {
      MW_ASSIGN(const record::Page page, store_.list(actor, query));
      for (const record::Record& mine : page.records) {
        MineState& state = state_of(mine.id);
        MW_TRY(load_outside(state, mine.id));
        const std::lock_guard lock(state.mutex);
        MinePoints& found = out.emplace_back(MinePoints{mine.id, {}});
        for (const auto& [key, point] : state.engine->view().points) found.points.emplace_back(point.id, key);
      }
      query.after = page.next;
    } while (!query.after.empty());
    return out;
  }

  Result<std::vector<Concern>> board(const record::Actor& actor, ArrivalTime now) override {
    MW_ASSIGN(auto mines, read_concerns(store_, actor, now));
    for (Concern& c : mines) {
      MineState& state = state_of(c.mine);
      MW_TRY(load_outside(state, c.mine));
      const std::lock_guard lock(state.mutex);
      c.people = static_cast<int>(state.engine->facts().people.underground.size());
      if (const auto last = state.engine->last_arrival(kMonitoringSystem)) c.silence = now - *last;
    }
    rank_concerns(*catalog_, mines);
    return mines;
  }

 private:
  static constexpr const char* kMonitoringSystem = "aqjk";

  MineState& state_of(RecordId mine) {
    {
      const std::shared_lock lock(mines_mutex_);
      if (const auto it = mines_.find(mine); it != mines_.end()) return *it->second;
    }
    const std::unique_lock lock(mines_mutex_);
    auto& slot = mines_[mine];
    if (!slot) slot = std::make_unique<MineState>();
    return *slot;
  }

  std::vector<std::pair<RecordId, MineState*>> all_states() const {
    const std::shared_lock lock(mines_mutex_);
    std::vector<std::pair<RecordId, MineState*>> out;
    for (const auto& [id, state] : mines_) out.emplace_back(id, state.get());
    return out;
  }

  /// The caller holds the mine's mutex.
  Status ensure_loaded(MineState& state, RecordId mine, db::Connection& c) {
    if (state.engine) return {};
    MW_ASSIGN(const auto view, load_view(c, *catalog_, history_, mine));
    MW_ASSIGN(const auto saved, read_state(c, mine));
    auto engine = std::make_unique<Engine>(catalog_, view);
    if (saved) MW_TRY(engine->load(saved->bytes));
    MW_TRY(adopt_silence(c, *engine, mine));
    state.before = std::make_unique<Engine>(catalog_, view);
    state.engine = std::move(engine);
    return {};
  }

  /// Silence is raised by the timer, which is not replayed: what is on says the record.
  static Status adopt_silence(db::Connection& c, Engine& engine, RecordId mine) {
    MW_ASSIGN(const db::Rows rows, c.query("SELECT rule, subject, begin_at, grade FROM alarm WHERE mine = $1 "
                                           "AND cleared_at IS NULL AND point IS NULL",
                                           {mine.value}));
    for (std::size_t i = 0; i < rows.size(); ++i)
      engine.adopt(rows.text(i, 0), rows.text(i, 1), EventTime{rows.integer(i, 2)},
                   pack::parse_grade(rows.text(i, 3)).value_or(pack::Grade::none));
    return {};
  }

  /// Loads from outside a transaction: the database comes before the mine's mutex.
  Status load_outside(MineState& state, RecordId mine) {
    {
      const std::lock_guard lock(state.mutex);
      if (state.engine && !(state.view_stale && !state.in_flight)) return {};
    }
    return store_.database().read([&](db::Connection& c) -> Status {
      const std::lock_guard lock(state.mutex);
      if (!state.engine) return ensure_loaded(state, mine, c);
      if (!state.view_stale || state.in_flight) return {};
      MW_ASSIGN(auto view, load_view(c, *catalog_, history_, mine));
      return take_view(state, std::move(view), EventTime{});
    });
  }

  void begin_flight(MineState& state, const feed::AcceptedUpload& u) {
    state.before->assign(*state.engine);
    state.in_flight = true;
    state.checkpointed = false;
    state.flight_seq = u.seq;
    state.flight_replayed = u.replayed;
    state.judged.reset();
    state.changed.clear();
  }

  void note_applied(std::uint64_t seq) {
    const std::lock_guard lock(applied_mutex_);
    applied_.done(seq);
  }

  /// The intake recovers before anybody ticks; its replayed uploads are committed by then.
  void end_replay() {
    for (auto& [id, state] : all_states()) {
      const std::lock_guard lock(state->mutex);
      if (state->in_flight && state->flight_replayed) finish_flight(*state);
    }
    replaying_ = false;
  }

  void finish_flight(MineState& state) {
    state.in_flight = false;
    note_applied(state.flight_seq);
    if (state.checkpointed) {
      state.unsaved = 0;
      state.first_unsaved.reset();
    } else {
      ++state.unsaved;
      if (!state.first_unsaved) state.first_unsaved = state.flight_seq;
    }
  }

  /// The state that was loaded holds the upload already.
  static bool is_contained(const MineState& state, const feed::AcceptedUpload& u) {
    return u.seq != 0 && u.seq <= state.engine->seq();
  }

  static bool changes_registers(const feed::AcceptedUpload& u) {
    const pack::FileLayout* layout = u.decoded ? u.decoded->layout : nullptr;
    return !u.changes.empty() || (layout && (layout->reader == "definition" || layout->reader == "area"));
  }

  /// Registers changed, or a sample came of a point that the view does not know.
  static bool needs_view(const MineState& state, const feed::AcceptedUpload& u) {
    return state.view_stale || changes_registers(u) ||
           std::any_of(u.rows.begin(), u.rows.end(), [&](auto& row) {
             return !state.engine->knows(row.point) && !state.unknown.contains(row.point);
           });
  }

  Status refresh_view(MineState& state, const feed::AcceptedUpload& u, db::Connection& c) {
    if (!needs_view(state, u)) return {};
    MW_ASSIGN(auto view, load_view(c, *catalog_, history_, u.mine));
    const EventTime since = u.decoded && changes_registers(u) ? u.decoded->header_time : EventTime{};
    MW_TRY(take_view(state, std::move(view), since));
    for (const auto& row : u.rows)
      if (!state.engine->view().point(row.point)) state.unknown.insert(row.point);
    return {};
  }

  /// The rules of an engine follow from the mine's kind and region: when these change, a new engine takes the
  /// state over.
  Status take_view(MineState& state, std::shared_ptr<const MineView> view, EventTime since) {
    const MineView& old = state.engine->view();
    if (old.kind != view->kind || old.jurisdiction != view->jurisdiction) {
      auto engine = std::make_unique<Engine>(catalog_, view);
      auto before = std::make_unique<Engine>(catalog_, view);
      MW_TRY(engine->load(state.engine->save()));
      MW_TRY(before->load(state.before->save()));
      state.engine = std::move(engine);
      state.before = std::move(before);
    } else {
      state.engine->set_view(std::move(view), since);
    }
    state.view_stale = false;
    state.unknown.clear();
    return {};
  }

  /// Marks the mines whose registers people (or the intake) have changed since the last look.
  Status note_register_changes() {
    std::int64_t before = 0, newest = log_seen_;
    bool everything = false;
    for (int page = 0; page < kLogPages; ++page) {
      MW_ASSIGN(const auto entries, store_.log(watch_actor(), before, kLogPage));
      for (const auto& e : entries) {
        if (e.seq <= log_seen_) break;
        newest = std::max(newest, e.seq);
        everything |=
            e.type == "mine" || e.type == "planned_work" || e.type == "organisation" || e.type == "region";
        if (e.type == "point" || e.type == "area") changed_ids_.insert(e.id);
      }
      if (entries.empty() || entries.back().seq <= log_seen_ + 1) break;
      before = entries.back().seq;
      everything |= page + 1 == kLogPages;
    }
    log_seen_ = newest;
    for (auto& [id, state] : all_states()) {
      const std::lock_guard lock(state->mutex);
      if (!state->engine) continue;
      const MineView& view = state->engine->view();
      const auto named = [&](const auto& x) { return changed_ids_.contains(x.second.id); };
      if (everything || std::any_of(view.points.begin(), view.points.end(), named) ||
          std::any_of(view.areas.begin(), view.areas.end(), named))
        state->view_stale = true;
    }
    changed_ids_.clear();
    return {};
  }

  /// False when a mine was left out because an upload of it was under way.
  Result<bool> look_for_silence(ArrivalTime now) {
    bool all = true;
    for (auto& [id, state] : all_states()) {
      std::vector<AlarmChange> due;
      std::shared_ptr<const MineView> view;
      MW_TRY(load_outside(*state, id));
      {
        const std::lock_guard lock(state->mutex);
        if (state->in_flight) {
          all = false;
          continue;
        }
        due = state->engine->tick(now, counted_from_);
        view = state->engine->shared_view();
      }
      if (due.empty()) continue;
      std::vector<record::Record> written;
      MW_TRY(store_.write([&](record::Writer& writer) -> Status {
        written.clear();
        for (const AlarmChange& c : due) {
          MW_ASSIGN(auto r, write_change(writer, *view, c, now));
          if (r) written.push_back(*std::move(r));
        }
        return {};
      }));
      {
        const std::lock_guard lock(state->mutex);
        for (const AlarmChange& c : due) state->engine->adopt(c.rule->id, c.subject, c.begin, c.grade);
      }
      for (const auto& r : written) {
        escalation_.follow(r);
        tell_alarm(r);
      }
    }
    return all;
  }

  /// What is counted in our own time begins anew. The caller holds tick_mutex_.
  void clock_was_set(ArrivalTime before, ArrivalTime now) {
    log_warning("clock_was_set",
                {{"before", format_beijing(before.utc_ms)}, {"now", format_beijing(now.utc_ms)}});
    counted_from_ = now;
    last_silence_.reset();
    last_save_.reset();
    if (now < before) escalation_.clock_went_back(before - now);
  }

  void tell_alarm(const record::Record& r) {
    if (listener_)
      listener_({LiveEvent::Kind::alarm, r.reference("mine"), r.owner, alarm_message(*catalog_, r)});
  }

  void tell(const MineState& state, const feed::AcceptedUpload& u, const feed::Receipt& receipt) {
    static Counter& alarms = counter("watch_alarm_changes_total", "Alarm records made or changed by uploads");
    alarms.add(state.changed.size());
    if (!listener_) return;
    for (const auto& r : state.changed) tell_alarm(r);
    if (u.replayed) return;
    const MineView& view = state.engine->view();
    const auto push = [&](LiveEvent::Kind kind, auto message) {
      if (wanted_ && !wanted_(kind, u.mine, u.organisation)) return;
      if (std::string json = message(); !json.empty())
        listener_({kind, u.mine, u.organisation, std::move(json)});
    };
    if (!u.stale) push(LiveEvent::Kind::values, [&] { return values_message(view, u); });
    if (u.is_positions && !u.stale) {
      const int people = static_cast<int>(state.engine->facts().people.underground.size());
      push(LiveEvent::Kind::people, [&] { return people_message(view, people); });
    }
    push(LiveEvent::Kind::upload, [&] { return upload_message(view, u, receipt); });
  }

  pack::CatalogPtr catalog_;
  record::Store& store_;
  history::History& history_;
  ArrivalTime counted_from_;  ///< silence before this is not ours to judge; under tick_mutex_
  Escalation escalation_;
  LiveListener listener_;
  LiveInterest wanted_;
  std::atomic<bool> replaying_{true};

  mutable std::shared_mutex mines_mutex_;  // guards the map, not what it points to
  std::map<RecordId, std::unique_ptr<MineState>> mines_;
  mutable std::mutex applied_mutex_;  // guards applied_
  AppliedUploads applied_;
  std::mutex tick_mutex_;  // guards what follows
  std::optional<ArrivalTime> last_tick_, last_silence_, last_save_;
  std::int64_t log_seen_ = 0;
  std::set<RecordId> changed_ids_;
};

}  // namespace

Result<std::unique_ptr<Watch>> open_watch(pack::CatalogPtr catalog, record::Store& store,
                                          history::History& history, Clock& clock) {
  auto watch = std::make_unique<WatchOfMines>(std::move(catalog), store, history, clock);
  MW_TRY(watch->open());
  return std::unique_ptr<Watch>(std::move(watch));
}

}  // namespace mineward::watch
