#include "feed/intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <unordered_map>

#include "base/crash_point.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/text.h"
#include "feed/people.h"
#include "feed/registers.h"
#include "feed/shared_transaction.h"
#include "feed/tables.h"

namespace mineward::feed {
namespace {

using record::RecordId;

/// How often mines are read anew, quarantine is looked through, the journal is released.
constexpr Millis kRefreshEvery = std::chrono::seconds(30);

/// Marks a value outside its range by more than the margin.
struct TrustedRange {
  std::optional<double> low, high;
  TrustedRange(std::optional<double> range_low, std::optional<double> range_high, double margin) {
    if (!range_low || !range_high || *range_low >= *range_high) return;
    low = *range_low - (*range_high - *range_low) * margin;
    high = *range_high + (*range_high - *range_low) * margin;
  }
  TrustedRange() = default;
  void judge(history::Sample& sample) const {
    if (low && sample.value && (*sample.value < *low || *sample.value > *high)) sample.state |= kBadQuality;
  }
};

/// A point that is defined: what the hot path needs to know of it.
struct KnownPoint {
  history::PointKey key = 0;
  TrustedRange range;
};

/// Everything the intake keeps in memory of one mine. Owned by whoever holds its mutex.
struct MineState {
  std::mutex mine_mutex;  // guards everything below; held while an upload of this mine is taken in
  bool loaded = false;
  bool people_loaded = false;
  std::unordered_map<std::string, KnownPoint> points;
  /// Which of them the rows of the newest sample file were, one by one: the next file mostly lists the same.
  std::vector<const std::pair<const std::string, KnownPoint>*> order;
  std::map<std::string, EventTime, std::less<>> newest;  // header time by file type
  TripBook trips;
  /// Journalled, but its transaction failed: applied again before anything else of this mine is taken.
  std::optional<history::Batch> pending;
};

/// An upload between decoding and commit.
struct Passage {
  const Mine& mine;
  MineState& state;
  history::Batch batch;
  const Decoded* decoded = nullptr;  ///< null: samples only, from the journal
  std::vector<QuarantinedReading> unknown;
  std::set<std::string> released;  ///< codes whose quarantine ends with this definition file
  LedgerEntry entry;
  Verdict verdict = Verdict::accepted;
  bool stale = false;
  bool replayed = false;  ///< its transaction had been committed before
  int row_count = 0;      ///< of the journal entry, when there is nothing decoded
  std::vector<Fault> faults;
};

/// One try at the transaction of an upload.
struct Attempt {
  Passage& passage;
  AcceptedUpload accepted;
  TripBook trips;
};

bool is_definition_of_points(const Decoded& d) { return d.layout->reader == "definition"; }
bool is_samples(const pack::FileLayout& layout) {
  return layout.reader == "sample" || layout.reader == "switch_change";
}

/// Calls `sample(record index, point code, sample)` for everything that a CDSS or KGBH file measured.
template <class F>
void for_each_sample(const Decoded& d, F sample) {
  for (const auto& r : d.readings) sample(r.index, r.point, history::Sample{r.at, r.value, r.state});
  for (const auto& record : d.records) {
    const Cell* point = record.cell("point");
    const Cell* value = record.cell("value");
    const Cell* time = record.cell("time");
    if (point && value && time && time->time)
      sample(record.index, point->text, history::Sample{*time->time, value->number, 0});
  }
}

std::vector<std::string> fault_texts(const std::vector<Fault>& faults, std::string_view file) {
  std::vector<std::string> out;
  for (const auto& fault : faults) out.push_back(fault.text(file));
  return out;
}

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

class IntakeImpl final : public Intake {
 public:
  IntakeImpl(pack::CatalogPtr catalog, record::Store& store, history::History& history, Clock& clock,
             Sink& sink, IntakeOptions options)
      : catalog_(std::move(catalog)),
        store_(store),
        history_(history),
        clock_(clock),
        sink_(sink),
        options_(options),
        mines_(store),
        together_(store) {}

  Receipt accept(const Upload& upload) override {
    Receipt receipt = take(upload);
    count(receipt);
    return receipt;
  }
  Status recover() override;
  Status tick() override;

 private:
  Receipt take(const Upload& upload);
  Receipt take_decoded(const Upload& upload, const Decoded& decoded, ArrivalTime arrived);
  Receipt take_locked(const Upload& upload, const Decoded& decoded, Passage& passage);
  Receipt reject(const Upload& upload, const std::vector<Fault>& faults, const Error& error,
                 ArrivalTime arrived, const Mine* mine);
  Receipt refuse(const Upload& upload, const Decoded* decoded, Fault fault, ArrivalTime arrived,
                 const Mine* mine);
  static Receipt wait(const Upload& upload, const Error& error);
  Receipt finish(const Passage& passage) const;
  Receipt repeated(const Passage& passage);

  MineState& state_of(const Mine& mine);
  Status load(const Mine& mine, MineState& state);
  Status load_points(const Mine& mine, MineState& state);
  Status settle_pending(const Mine& mine, MineState& state);

  bool build_samples(Passage& passage);
  void add_sample(Passage& passage, std::string_view code, history::Sample sample);
  Status build_definition(Passage& passage);
  Status apply(Passage& passage, SharedTransaction::Coming* coming = nullptr);
  Attempt attempt_of(Passage& passage) const;
  Status write(record::Writer& writer, Attempt& attempt);
  Status name_points(const Passage& passage);
  Status write_once(record::Writer& writer, Passage& passage, AcceptedUpload& accepted, TripBook& trips);
  Status apply_registers(record::Writer& writer, Passage& passage, AcceptedUpload& accepted);
  Status reapply(const Mine& mine, MineState& state, const history::Batch& batch);
  Status check_journal_reaches_records();
  void restore_unknown(Passage& passage);
  EventTime latest_sample(const Passage& passage) const;

  pack::CatalogPtr catalog_;
  record::Store& store_;
  history::History& history_;
  Clock& clock_;
  Sink& sink_;
  IntakeOptions options_;
  MineDirectory mines_;
  std::mutex states_mutex_;  // guards states_ (the map, not the states)
  std::map<RecordId, std::unique_ptr<MineState>> states_;
  SharedTransaction together_;  // one for uploads of different mines
  std::mutex tick_mutex_;       // guards last_tick_
  std::optional<Millis> last_tick_;
};

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

// ---- what is not taken
// ---------------------------------------------------------------------------------------------

Receipt IntakeImpl::wait(const Upload& upload, const Error& error) {
  Receipt receipt;
  receipt.verdict = Verdict::waiting;
  receipt.file_name = upload.name;
  receipt.message = error.text();
  if (error.message.starts_with("E_")) receipt.code = error.message.substr(0, error.message.find(' '));
  if (is_disk_full(error)) receipt.code = kDiskFullCode;
  return receipt;
}

Receipt IntakeImpl::reject(const Upload& upload, const std::vector<Fault>& faults, const Error& error,
                           ArrivalTime arrived, const Mine* mine) {
  Receipt receipt;
  receipt.verdict = Verdict::rejected;
  receipt.file_name = upload.name;
  receipt.faults = faults;
  receipt.bad_records = bad_records(faults);
  receipt.message = error.text();
  if (error.message.starts_with("E_")) receipt.code = error.message.substr(0, error.message.find(' '));
  LedgerEntry entry;
  if (mine) {
    entry.mine = mine->id;
    entry.organisation = mine->organisation;
    entry.mine_code = receipt.mine = mine->code;
  }
  if (const auto name = parse_file_name(*catalog_, upload.name)) {
    entry.file_type = receipt.file_type = name->type;
    if (!mine) entry.mine_code = name->mine;
    for (const auto& dialect : catalog_->dialects) {
      if (const auto* file = dialect.file(name->type); file && entry.system.empty())
        entry.system = file->system;
    }
  }
  entry.file_name = upload.name.substr(0, 200);
  entry.verdict = name_of(receipt.verdict);
  entry.code = receipt.code;
  entry.message = receipt.message;
  entry.sha256 = sha256_hex(upload.bytes);
  entry.origin = upload.origin;
  entry.arrived = arrived;
  entry.bad_records = receipt.bad_records;
  entry.faults = fault_texts(faults, upload.name);
  if (!is_utf8(entry.file_name)) entry.file_name = "(no text)";
  const auto noted = store_.write([&](record::Writer& w) { return add_to_ledger(w.connection(), entry); });
  if (!noted) log_error("upload.ledger_failed", {{"file", entry.file_name}, {"error", noted.error().text()}});
  return receipt;
}

Receipt IntakeImpl::refuse(const Upload& upload, const Decoded* decoded, Fault fault, ArrivalTime arrived,
                           const Mine* mine) {
  const Error error =
      bad_input(fmt::format("{} found {}, expected {}", name_of(fault.code), fault.found, fault.expected),
                fmt::format("{}:{}:{}", upload.name, fault.record, fault.field));
  std::vector<Fault> faults = decoded ? decoded->faults : std::vector<Fault>{};
  faults.push_back(std::move(fault));
  Receipt receipt = reject(upload, faults, error, arrived, mine);
  receipt.records = decoded ? decoded->total_records : 0;
  return receipt;
}

Receipt IntakeImpl::repeated(const Passage& p) {
  Receipt receipt;
  receipt.verdict = Verdict::duplicate;
  receipt.file_name = p.batch.file_name;
  receipt.mine = p.mine.code;
  receipt.file_type = p.batch.file_type;
  receipt.records = p.decoded->total_records;
  receipt.code = name_of(Code::e_dup);
  receipt.message =
      "E_DUP found a file that was accepted before with the same name and content, expected a new one; "
      "nothing was done";
  LedgerEntry entry = p.entry;
  entry.mine = p.mine.id;
  entry.organisation = p.mine.organisation;
  entry.mine_code = p.mine.code;
  entry.file_name = p.batch.file_name;
  entry.file_type = p.batch.file_type;
  entry.system = p.decoded->layout->system;
  entry.verdict = name_of(receipt.verdict);
  entry.code = receipt.code;
  entry.message = receipt.message;
  entry.sha256 = p.batch.sha256;
  entry.header_time = p.batch.header_time;
  entry.arrived = p.batch.arrived;
  entry.records = receipt.records;
  const auto noted = store_.write([&](record::Writer& w) { return add_to_ledger(w.connection(), entry); });
  if (!noted) log_error("upload.ledger_failed", {{"file", entry.file_name}, {"error", noted.error().text()}});
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

// ---- the transaction
// -----------------------------------------------------------------------------------------------

Status IntakeImpl::apply_registers(record::Writer& writer, Passage& p, AcceptedUpload& accepted) {
  const std::string_view reader = p.decoded->layout->reader;
  const std::string_view type = reader == "definition" ? "point" : register_type(reader);
  if (type.empty()) return {};
  const RegisterContext context{*catalog_, store_, p.mine, *p.decoded, bad_records(p.faults) == 0};
  MW_ASSIGN(const auto stored, records_of(store_, type, p.mine.id));
  MW_ASSIGN(auto change, type == "point" ? apply_points(writer, context, stored)
                                         : apply_register(writer, context, stored));
  accepted.changes = std::move(change.changes);
  for (auto& fault : change.faults) p.faults.push_back(std::move(fault));
  if (bad_records(p.faults) > 0 && p.verdict == Verdict::accepted) p.verdict = Verdict::partial;
  return {};
}

Status IntakeImpl::write_once(record::Writer& writer, Passage& p, AcceptedUpload& accepted, TripBook& trips) {
  db::Connection& c = writer.connection();
  const std::string_view reader =
      p.decoded ? std::string_view(p.decoded->layout->reader) : std::string_view();
  if (p.decoded && !p.stale) MW_TRY(apply_registers(writer, p, accepted));
  if (reader == "position" && !p.stale)
    MW_TRY(trips.apply(writer, p.mine, p.batch.file_name, accepted.positions));
  if (reader == "statistic" || reader == "abnormal")
    MW_TRY(keep_evidence(c, p.mine.id, p.mine.organisation, *p.decoded));

  LedgerEntry& e = p.entry;
  e.seq = p.batch.seq;
  e.mine = p.mine.id;
  e.organisation = p.mine.organisation;
  e.mine_code = p.mine.code;
  e.file_name = p.batch.file_name;
  e.file_type = p.batch.file_type;
  for (const auto& dialect : catalog_->dialects) {
    if (const auto* file = dialect.file(p.batch.file_type); file && e.system.empty()) e.system = file->system;
  }
  e.sha256 = p.batch.sha256;
  e.header_time = p.batch.header_time;
  e.arrived = p.batch.arrived;
  e.stale = p.stale;
  const Receipt receipt = finish(p);
  e.verdict = name_of(receipt.verdict);
  e.code = receipt.code;
  e.message = receipt.message;
  e.records = receipt.records;
  e.bad_records = receipt.bad_records;
  e.quarantined = receipt.quarantined;
  e.faults = fault_texts(receipt.faults, p.batch.file_name);
  MW_TRY(add_to_ledger(c, e));
  MW_TRY(quarantine(c, e, p.unknown));
  for (const auto& code : p.released) MW_TRY(release_quarantine(c, p.mine.id, code));
  return {};
}

/// Gives the points of a definition file their keys before anybody looks at them: a rule that judges
/// definitions must see the same points now and when the file is replayed after a crash.
Status IntakeImpl::name_points(const Passage& p) {
  for (const auto& code : definable_points(*catalog_, *p.decoded)) MW_TRY(history_.point(p.mine.code, code));
  return {};
}

Attempt IntakeImpl::attempt_of(Passage& p) const {
  const bool about_people = p.decoded && p.decoded->layout->reader == "position";
  Attempt attempt{.passage = p, .accepted = {}, .trips = {}};
  AcceptedUpload& accepted = attempt.accepted;
  accepted.seq = p.batch.seq;
  accepted.mine_code = p.mine.code;
  accepted.mine = p.mine.id;
  accepted.organisation = p.mine.organisation;
  accepted.decoded = p.decoded;
  accepted.rows = std::move(p.batch.rows);
  accepted.stale = p.stale;
  accepted.arrived = p.batch.arrived;
  accepted.replayed = p.replayed;
  accepted.is_positions = about_people;
  if (about_people) {
    accepted.positions = read_positions(*p.decoded);
    attempt.trips = p.state.trips;
  }
  return attempt;
}

Status IntakeImpl::write(record::Writer& writer, Attempt& attempt) {
  Passage& p = attempt.passage;
  if (!p.replayed) MW_TRY(write_once(writer, p, attempt.accepted, attempt.trips));
  if (p.decoded && is_definition_of_points(*p.decoded)) {
    MW_TRY(name_points(p));
    if (p.replayed && !p.stale) {
      MW_ASSIGN(attempt.accepted.changes, logged_changes(writer.connection(), p.mine.id, p.batch.file_name));
    }
  }
  return sink_.apply(writer, attempt.accepted);
}

Status IntakeImpl::apply(Passage& p, SharedTransaction::Coming* coming) {
  const std::string_view reader =
      p.decoded ? std::string_view(p.decoded->layout->reader) : std::string_view();
  if (reader == "position" && !p.state.people_loaded) {
    MW_TRY(p.state.trips.load(*catalog_, store_, p.mine));
    p.state.people_loaded = true;
  }
  const auto faults = p.faults;
  const LedgerEntry entry = p.entry;
  const Verdict verdict = p.verdict;
  Status last;
  for (const bool alone : {false, true}) {  // one that fails takes the others along: each again by itself
    Attempt attempt = attempt_of(p);
    if (!p.replayed && p.decoded && is_samples(*p.decoded->layout)) sink_.prepare(attempt.accepted);
    const SharedTransaction::Work work = [&](record::Writer& writer) { return write(writer, attempt); };
    last = alone ? store_.write(work) : together_.run(work, coming);
    if (last) {
      if (reader == "position") p.state.trips = std::move(attempt.trips);
      auto& newest = p.state.newest[p.batch.file_type];
      newest = std::max(newest, p.batch.header_time);
      if (reader == "definition" && !p.stale) p.state.loaded = false;
      if (reader == "person" || reader == "area") p.state.people_loaded = false;
      if (!p.replayed) sink_.committed(attempt.accepted, finish(p));
      return {};
    }
    sink_.reset(p.mine.id);
    p.batch.rows = std::move(attempt.accepted.rows);
    p.faults = faults;
    p.verdict = verdict;
    p.entry = entry;
  }
  return last;
}

// ---- after a crash or a failed transaction
// -------------------------------------------------------------------------

/// Which readings of a journalled sample file were unknown: those that are not among its rows.
void IntakeImpl::restore_unknown(Passage& p) {
  std::set<std::pair<history::PointKey, std::int64_t>> kept;
  for (const auto& row : p.batch.rows) kept.emplace(row.point, row.sample.at.utc_ms);
  const EventTime latest = latest_sample(p);
  for_each_sample(*p.decoded, [&](int, std::string_view code, const history::Sample& sample) {
    const auto key = history_.find_point(p.mine.code, code);
    const bool known = key && kept.contains({*key, sample.at.utc_ms});
    if (!known && sample.at <= latest) p.unknown.push_back({std::string(code), sample});
  });
}

Status IntakeImpl::reapply(const Mine& mine, MineState& state, const history::Batch& batch) {
  std::optional<Applied> applied;
  MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(applied, find_applied(c, batch.seq));
    return {};
  }));
  if (applied && batch.seq <= sink_.saved_seq()) return {};
  MW_TRY(load(mine, state));
  Passage p{.mine = mine,
            .state = state,
            .batch = batch,
            .decoded = nullptr,
            .unknown = {},
            .released = {},
            .entry = {},
            .verdict = Verdict::accepted,
            .stale = false,
            .replayed = applied.has_value(),
            .row_count = static_cast<int>(batch.rows.size()),
            .faults = {}};
  std::optional<Decoded> decoded;
  if (!batch.document.empty()) {
    auto again = decode(*catalog_, batch.file_name, batch.document);
    if (!again) {
      // The packs have changed since: the samples still count, the document stays in the journal's backup
      // only.
      log_error("upload.document_unreadable",
                {{"mine", mine.code}, {"seq", std::to_string(batch.seq)}, {"error", again.error().text()}});
    } else {
      decoded = *std::move(again);
      p.decoded = &*decoded;
      p.faults = decoded->faults;
    }
  }
  const auto newest = state.newest.find(batch.file_type);
  p.stale = applied ? applied->stale : newest != state.newest.end() && batch.header_time < newest->second;
  p.verdict = p.stale ? Verdict::stale : bad_records(p.faults) > 0 ? Verdict::partial : Verdict::accepted;
  p.entry.origin = "journal";
  if (!p.replayed && p.decoded && is_samples(*p.decoded->layout)) restore_unknown(p);
  if (!p.replayed && p.decoded && is_definition_of_points(*p.decoded) && !p.stale && !batch.rows.empty()) {
    p.released = definable_points(*catalog_, *p.decoded);
  }
  return apply(p);
}

Status IntakeImpl::settle_pending(const Mine& mine, MineState& state) {
  if (!state.pending) return {};
  MW_TRY(reapply(mine, state, *state.pending));
  log_info("upload.applied_late", {{"mine", mine.code}, {"seq", std::to_string(state.pending->seq)}});
  state.pending.reset();
  return load(mine, state);
}

/// The journal is synced before a transaction begins, so records never know an upload that the journal lacks,
/// unless the disk lied about a sync or one of the two comes from another backup. New uploads would get its
/// number again.
Status IntakeImpl::check_journal_reaches_records() {
  std::uint64_t known = 0;
  MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(known, last_applied(c));
    return {};
  }));
  if (known <= history_.last_seq()) return {};
  return corrupt(
      fmt::format("the records know upload {}, but the journal of the samples ends at {}: acknowledged "
                  "readings are gone, or records and samples are of different backups; restore both from "
                  "one backup",
                  known, history_.last_seq()));
}

Status IntakeImpl::recover() {
  MW_TRY(check_journal_reaches_records());
  MW_TRY(mines_.refresh());
  int done = 0;
  MW_TRY(history_.replay(0, [&](const history::Batch& batch) -> Status {
    MW_ASSIGN(const auto mine, mines_.find(batch.mine));
    if (!mine) {
      log_error("upload.mine_gone", {{"mine", batch.mine}, {"seq", std::to_string(batch.seq)}});
      return {};
    }
    MineState& state = state_of(*mine);
    const std::lock_guard lock(state.mine_mutex);
    ++done;
    return reapply(*mine, state, batch);
  }));
  if (done > 0) log_info("intake.recovered", {{"batches", std::to_string(done)}});
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

}  // namespace

Result<std::unique_ptr<Intake>> open_intake(pack::CatalogPtr catalog, record::Store& store,
                                            history::History& history, Clock& clock, Sink& sink,
                                            IntakeOptions options) {
  MW_TRY(make_tables(store.database()));
  return std::unique_ptr<Intake>(
      std::make_unique<IntakeImpl>(std::move(catalog), store, history, clock, sink, options));
}

}  // namespace mineward::feed
