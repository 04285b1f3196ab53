/// Inside feed/: the intake itself. One upload goes through intake.cpp (what it is, whether it is taken, its
/// batch), intake_apply.cpp (its transaction, and the same again after a crash) or intake_refusal.cpp.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "feed/intake.h"
#include "feed/people.h"
#include "feed/registers.h"
#include "feed/shared_transaction.h"
#include "feed/tables.h"

namespace mineward::feed {

using record::RecordId;

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

inline bool is_definition_of_points(const Decoded& d) { return d.layout->reader == "definition"; }
inline bool is_samples(const pack::FileLayout& layout) {
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

/// As the ledger keeps them.
std::vector<std::string> fault_texts(const std::vector<Fault>& faults, std::string_view file);

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

  Receipt accept(const Upload& upload) override;
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

}  // namespace mineward::feed
