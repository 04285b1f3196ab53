#include "feed/intake.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/crash_point.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/text.h"
#include "feed/intake_work.h"

namespace mineward::feed {
namespace {

/// How often mines are read anew, quarantine is looked through, the journal is released.
constexpr Millis kRefreshEvery = std::chrono::seconds(30);

void count(const Receipt& receipt) {
  counter("feed_uploads_total", "Upload files by verdict",
          fmt::format("verdict=\"{}\"", name_of(receipt.verdict)))
      .add();
  if (!receipt.code.empty()) {
    counter("feed_upload_faults_total", "Refused or delayed upload files by error code",
            fmt::format("code=\"{}\"", receipt.code))
        .add();
  }
  static Counter& bad = counter("feed_bad_records_total", "Records left out because they could not be read");
  static Counter& held = counter("feed_quarantined_total", "Readings of unknown points put in quarantine");
  bad.add(static_cast<std::uint64_t>(receipt.bad_records));
  held.add(static_cast<std::uint64_t>(receipt.quarantined));
}

}  // namespace

Receipt IntakeImpl::accept(const Upload& upload) {
  Receipt receipt = take(upload);
  count(receipt);
  return receipt;
}

// ---- one upload
// ----------------------------------------------------------------------------------------------------

Receipt IntakeImpl::take(const Upload& upload) {
  const ArrivalTime arrived = clock_.now();
  if (upload.bytes.size() > options_.max_file_bytes) {
    return reject(upload, {},
                  Error{Errc::too_large,
                        fmt::format("found {} bytes, expected at most {}", upload.bytes.size(),
                                    options_.max_file_bytes),
                        {}},
                  arrived, nullptr);
  }
  static Histogram& seconds = histogram("feed_decode_seconds", "Time to decode one upload file");
  const Millis begin = clock_.monotonic();
  std::vector<Fault> refused;
  const auto decoded = decode(*catalog_, upload.name, upload.bytes, {}, &refused);
  seconds.observe(static_cast<double>((clock_.monotonic() - begin).count()) / 1000.0);
  if (decoded) return take_decoded(upload, *decoded, arrived);

  if (upload.may_grow && decoded.error().message.starts_with(name_of(Code::e_term)))
    return wait(upload, decoded.error());
  const auto name = parse_file_name(*catalog_, upload.name);
  std::optional<Mine>
      mine;  // so that the mine's people see the refusal; not for a sender who may not upload for it
  if (name) mine = mines_.find(name->mine).value_or(std::nullopt);
  if (mine && !store_.covers(upload.scope, mine->organisation).value_or(false)) mine.reset();
  return reject(upload, refused, decoded.error(), arrived, mine ? &*mine : nullptr);
}

Receipt IntakeImpl::take_decoded(const Upload& upload, const Decoded& decoded, ArrivalTime arrived) {
  auto mine = mines_.find(decoded.name_parts.mine);
  if (!mine) return wait(upload, mine.error());
  auto header_mine = mines_.find(decoded.mine);
  if (!header_mine) return wait(upload, header_mine.error());
  if (*mine && !upload.scope.everything) {  // the drop folder of the node itself may bring every mine
    auto covered = store_.covers(upload.scope, (*mine)->organisation);
    if (!covered) return wait(upload, covered.error());
    if (!*covered) mine->reset();  // told apart from an unknown mine by nobody
  }
  if (!*mine) {
    return refuse(upload, &decoded,
                  {Code::e_mine, 0, 0, fmt::format("mine code {} in the file name", decoded.name_parts.mine),
                   "a mine that this sender may upload for"},
                  arrived, nullptr);
  }
  const Mine& found = **mine;
  if (!*header_mine || (*header_mine)->id != found.id) {
    return refuse(upload, &decoded,
                  {Code::e_mine, 0, 1, fmt::format("mine code {} in the header", decoded.mine),
                   fmt::format("{} as in the file name, or an alias of it", decoded.name_parts.mine)},
                  arrived, &found);
  }
  const ArrivalTime latest = arrived + decoded.dialect->future_tolerance;
  if (decoded.header_time.utc_ms > latest.utc_ms) {
    return refuse(
        upload, &decoded,
        {Code::e_future, 0, 0, fmt::format("header time {}", format_beijing(decoded.header_time.utc_ms)),
         fmt::format("at most {}", format_beijing(latest.utc_ms))},
        arrived, &found);
  }
  MineState& state = state_of(found);
  const std::lock_guard lock(state.mine_mutex);
  Passage passage{.mine = found,
                  .state = state,
                  .batch = {},
                  .decoded = &decoded,
                  .unknown = {},
                  .released = {},
                  .entry = {},
                  .verdict = Verdict::accepted,
                  .stale = false,
                  .replayed = false,
                  .row_count = 0,
                  .faults = decoded.faults};
  passage.batch.arrived = arrived;
  return take_locked(upload, decoded, passage);
}

Receipt IntakeImpl::take_locked(const Upload& upload, const Decoded& decoded, Passage& p) {
  if (const auto ready = load(p.mine, p.state); !ready) return wait(upload, ready.error());
  if (const auto settled = settle_pending(p.mine, p.state); !settled) return wait(upload, settled.error());
  history::Batch& batch = p.batch;
  batch.mine = p.mine.code;
  batch.file_name = decoded.name;
  batch.sha256 = sha256_hex(upload.bytes);
  batch.file_type = decoded.layout->type;
  batch.header_time = decoded.header_time;
  p.entry.origin = upload.origin;

  const auto before = history_.accepted_hash(p.mine.code, decoded.name);
  if (before && *before == batch.sha256) return repeated(p);
  if (before) {
    bool known = false;  // this content came before the correction that is in force: a late redelivery
    const auto asked = store_.database().read([&](db::Connection& c) -> Status {
      MW_ASSIGN(known, was_accepted(c, p.mine.id, decoded.name, batch.sha256));
      return {};
    });
    if (!asked) return wait(upload, asked.error());
    if (known) return repeated(p);
  }
  const auto newest = p.state.newest.find(batch.file_type);
  p.stale = newest != p.state.newest.end() && batch.header_time < newest->second;
  if (is_samples(*decoded.layout)) {
    if (!build_samples(p)) {
      const auto first = std::find_if(p.faults.begin(), p.faults.end(),
                                      [](const Fault& f) { return f.code == Code::e_future; });
      Fault fault = *first;
      return refuse(upload, &decoded, std::move(fault), batch.arrived, &p.mine);
    }
    if (!p.unknown.empty()) batch.document = *decoded.text;
  } else {
    batch.document = *decoded.text;
    if (is_definition_of_points(decoded) && !p.stale) {
      if (const auto built = build_definition(p); !built) return wait(upload, built.error());
    }
  }
  p.verdict = before                      ? Verdict::correction
              : p.stale                   ? Verdict::stale
              : bad_records(p.faults) > 0 ? Verdict::partial
                                          : Verdict::accepted;
  if (before) {
    log_info("upload.corrected",
             {{"mine", p.mine.code}, {"file", decoded.name}, {"before", *before}, {"now", batch.sha256}});
  }

  SharedTransaction::Coming coming(together_);
  auto seq = history_.append(batch);
  if (!seq) return wait(upload, seq.error());
  batch.seq = *seq;
  crash_point(CrashPoint::intake_journalled_not_applied);
  // From here on the upload is on disk and will be acknowledged, whatever becomes of the transaction now.
  if (const auto applied = apply(p, &coming); !applied) {
    log_error("upload.apply_failed",
              {{"mine", p.mine.code}, {"seq", std::to_string(*seq)}, {"error", applied.error().text()}});
    p.state.pending = batch;
    p.state.loaded = false;
  }
  crash_point(CrashPoint::intake_applied_not_answered);
  return finish(p);
}

Receipt IntakeImpl::finish(const Passage& p) const {
  Receipt receipt;
  receipt.verdict = p.verdict;
  receipt.file_name = p.batch.file_name;
  receipt.mine = p.mine.code;
  receipt.file_type = p.batch.file_type;
  receipt.seq = p.batch.seq;
  receipt.records = p.decoded ? p.decoded->total_records : p.row_count;
  receipt.bad_records = bad_records(p.faults);
  receipt.quarantined = static_cast<int>(p.unknown.size());
  receipt.faults = p.faults;
  if (p.verdict == Verdict::stale) {
    receipt.code = name_of(Code::e_stale);
    receipt.message =
        "E_STALE found an older header time than that of the last accepted file of this type, kept for "
        "history only";
  } else if (!p.unknown.empty()) {
    receipt.code = name_of(Code::e_unknown_point);
    receipt.message = fmt::format(
        "E_UNKNOWN_POINT found {} readings of undefined points, expected a CDDY that defines them; they wait",
        p.unknown.size());
  } else if (p.verdict == Verdict::partial) {
    const auto bad =
        std::find_if(p.faults.begin(), p.faults.end(), [](const Fault& f) { return bad_records({f}) > 0; });
    receipt.code = name_of(bad->code);
    receipt.message = bad->text(p.batch.file_name);
  } else if (!p.faults.empty()) {
    receipt.code = name_of(p.faults.front().code);
    receipt.message = p.faults.front().text(p.batch.file_name);
  }
  return receipt;
}

// ---- what is kept in memory
// ----------------------------------------------------------------------------------------

MineState& IntakeImpl::state_of(const Mine& mine) {
  const std::lock_guard lock(states_mutex_);
  auto& state = states_[mine.id];
  if (!state) state = std::make_unique<MineState>();
  return *state;
}

Status IntakeImpl::load_points(const Mine& mine, MineState& state) {
  MW_ASSIGN(const auto points, records_of(store_, "point", mine.id));
  state.order.clear();
  state.points.clear();
  for (const auto& point : points) {
    MW_ASSIGN(const auto key, history_.point(mine.code, point.text("code")));
    state.points[point.text("code")] = {
        key, TrustedRange(point.number("range_low"), point.number("range_high"), options_.range_margin)};
  }
  return {};
}

Status IntakeImpl::load(const Mine& mine, MineState& state) {
  if (state.loaded) return {};
  MW_TRY(load_points(mine, state));
  state.newest.clear();
  MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(const auto newest, newest_headers(c, mine.id));
    for (const auto& n : newest) state.newest[n.file_type] = n.header_time;
    return {};
  }));
  state.people_loaded = false;
  state.loaded = true;
  return {};
}

// ---- building the batch
// --------------------------------------------------------------------------------------------

void IntakeImpl::add_sample(Passage& p, std::string_view code, history::Sample sample) {
  const std::size_t place = p.batch.rows.size();
  auto& order = p.state.order;
  if (place >= order.size() || order[place]->first != code) {
    const auto point = p.state.points.find(std::string(code));
    if (point == p.state.points.end()) {
      p.unknown.push_back({std::string(code), sample});
      return;
    }
    order.resize(std::max(order.size(), place + 1), &*point);
    order[place] = &*point;
  }
  const auto& known = order[place]->second;
  known.range.judge(sample);
  p.batch.rows.push_back({known.key, sample});
}

EventTime IntakeImpl::latest_sample(const Passage& p) const {
  return EventTime{std::max(p.batch.header_time.utc_ms, p.batch.arrived.utc_ms)} + options_.point_clock_skew;
}

/// False when too many readings lie in the future.
bool IntakeImpl::build_samples(Passage& p) {
  const EventTime latest = latest_sample(p);
  int future = 0;
  p.batch.rows.reserve(p.decoded->readings.size());
  for_each_sample(*p.decoded, [&](int index, std::string_view code, const history::Sample& sample) {
    if (sample.at <= latest) return add_sample(p, code, sample);
    ++future;
    p.faults.push_back({Code::e_future, index, 0, fmt::format("time {}", format_beijing(sample.at.utc_ms)),
                        fmt::format("at most {}", format_beijing(latest.utc_ms))});
  });
  return future == 0 || bad_records(p.faults) <= p.decoded->dialect->max_bad_share * p.decoded->total_records;
}

/// Readings that waited for the points of this file join its batch.
Status IntakeImpl::build_definition(Passage& p) {
  const auto definable = definable_points(*catalog_, *p.decoded);
  for (const auto& record : p.decoded->records) {
    const Cell* cell = record.cell("code");
    const std::string code(cell ? cell->text : std::string_view());
    if (p.state.points.contains(code) || !definable.contains(code)) continue;
    const auto number = [&](std::string_view name) {
      return record.cell(name) ? record.cell(name)->number : std::nullopt;
    };
    const TrustedRange range(number("range_low"), number("range_high"), options_.range_margin);
    MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
      MW_ASSIGN(auto waiting, quarantined(c, p.mine.id, code));
      if (waiting.empty()) return {};
      MW_ASSIGN(const auto key, history_.point(p.mine.code, code));
      for (auto& reading : waiting) {
        range.judge(reading.sample);
        p.batch.rows.push_back({key, reading.sample});
      }
      p.released.insert(code);
      return {};
    }));
  }
  return {};
}

Status IntakeImpl::tick() {
  {
    const std::lock_guard lock(tick_mutex_);
    const Millis now = clock_.monotonic();
    if (last_tick_ && now - *last_tick_ < kRefreshEvery) return {};
    last_tick_ = now;
  }
  MW_TRY(mines_.refresh());
  // Pending first: what they wait for must not be released from the journal.
  std::uint64_t safe = sink_.saved_seq();
  std::vector<MineState*> states;
  {
    const std::lock_guard lock(states_mutex_);
    for (auto& [id, state] : states_) states.push_back(state.get());
  }
  for (MineState* state : states) {
    const std::lock_guard lock(state->mine_mutex);
    if (!state->pending) continue;
    MW_ASSIGN(const auto mine, mines_.find(state->pending->mine));
    if (!mine || !settle_pending(*mine, *state)) safe = std::min(safe, state->pending->seq - 1);
  }
  MW_TRY(history_.release(std::min(safe, history_.last_seq())));
  crash_point(CrashPoint::intake_released);
  std::int64_t dropped = 0;
  const ArrivalTime now = clock_.now();
  MW_TRY(store_.write([&](record::Writer& w) -> Status {
    MW_ASSIGN(dropped, expire_quarantine(w.connection(), now - options_.quarantine_keep, now));
    return {};
  }));
  if (dropped > 0) {
    counter("feed_quarantine_dropped_total", "Readings dropped because their point was never defined")
        .add(static_cast<std::uint64_t>(dropped));
    log_warning("quarantine.dropped", {{"readings", std::to_string(dropped)}});
  }
  return {};
}

Result<std::unique_ptr<Intake>> open_intake(pack::CatalogPtr catalog, record::Store& store,
                                            history::History& history, Clock& clock, Sink& sink,
                                            IntakeOptions options) {
  MW_TRY(make_tables(store.database()));
  return std::unique_ptr<Intake>(
      std::make_unique<IntakeImpl>(std::move(catalog), store, history, clock, sink, options));
}

}  // namespace mineward::feed
