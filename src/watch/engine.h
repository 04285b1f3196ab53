/// The engine: all detectors of one mine and what they know. A batch passes through in event-time order.
///
/// Deterministic: the same uploads give the same changes with the same keys, however the samples were cut
/// into uploads. One thread at a time. Its whole state can be saved, loaded and copied back, so that a failed
/// commit leaves no trace.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "watch/detector.h"

namespace mineward::watch {

/// One upload as the engine sees it.
struct EngineInput {
  std::uint64_t seq = 0;
  std::string system;  ///< upload system, "aqjk"; empty = none
  std::span<const history::Row> rows;
  std::span<const feed::PointChange> changes;
  bool is_definition = false;  ///< a point definition file: limits are checked
  std::span<const feed::Position> positions;
  bool is_positions = false;
  bool stale = false;
  EventTime header_time{};
  ArrivalTime arrived{};
};

class Engine final : private LimitBook {
 public:
  /// Takes the rules of the catalog that apply to the mine (kind, jurisdiction, enabled).
  Engine(pack::CatalogPtr, std::shared_ptr<const MineView>);
  ~Engine() override;

  /// New registers. Limits that differ begin a new version at `since`.
  void set_view(std::shared_ptr<const MineView>, EventTime since);
  const MineView& view() const { return *view_; }
  /// Whether the view has the point; quicker than asking the view.
  bool knows(PointKey key) const {
    const Slot* slot = slots_.find(key);
    return (slot && slot->point) || view_->point(key);
  }
  std::shared_ptr<const MineView> shared_view() const { return view_; }

  std::vector<AlarmChange> apply(const EngineInput&);
  /// Silence. `counted_from`: when this process began to listen.
  /// Changes no state; adopt() does, once the changes are on disk.
  std::vector<AlarmChange> tick(ArrivalTime now, ArrivalTime counted_from);
  /// An event of `rule` that is on according to the records.
  void adopt(std::string_view rule, const std::string& subject, EventTime begin, pack::Grade grade);

  const Facts& facts() const { return facts_; }
  /// Newest upload that was applied; 0 = none.
  std::uint64_t seq() const { return seq_; }
  std::optional<ArrivalTime> last_arrival(const std::string& system) const;
  EffectiveLimits limits_at(const PointInfo&, EventTime);
  OwnLimits own_at(const PointInfo& p, EventTime at) { return own(p, at); }

  std::string save() const;
  /// State of rules that are gone is dropped; rules that are new start empty.
  Status load(std::string_view bytes);
  /// Takes over the state of an engine of the same mine and catalog. Two engines that only ever assign to
  /// each other: a detector that neither told anything since the last time is not copied.
  void assign(Engine& other);

 private:
  const EffectiveLimits& limits(const PointInfo&, EventTime) override;
  OwnLimits own(const PointInfo&, EventTime) override;
  void look_up_points();
  void forget_points();
  void apply_row(Context&, const history::Row&, ArrivalTime arrived);
  void apply_positions(Context&, const EngineInput&);
  /// `newest`: of the point, null when this sample is its first.
  Measured measure(const PointInfo&, const history::Sample&, const Facts::Latest* newest,
                   ArrivalTime arrived) const;
  Context context(std::vector<AlarmChange>& out);

  pack::CatalogPtr catalog_;
  std::shared_ptr<const MineView> view_;
  std::vector<std::unique_ptr<Detector>> detectors_;
  // Params of the quality gate (rule of detector "quality_gate").
  unsigned ignore_states_ = 0, calibration_states_ = 0;
  Millis late_window_, late_arrival_;
  double range_slack_ = 0;

  // State that is saved.
  std::uint64_t seq_ = 0;
  Facts facts_;
  using Versions = std::map<PointKey, std::vector<OwnLimits>>;
  /// Replaced, never altered: shared with copies of the engine.
  std::shared_ptr<const Versions> versions_ = std::make_shared<Versions>();
  std::map<std::string, ArrivalTime> arrivals_;

  /// What a sample of a point needs, found with one search. Follows from the view and the state above; empty
  /// until the next upload after either was replaced.
  struct Slot {
    const PointInfo* point = nullptr;
    const std::vector<OwnLimits>* versions = nullptr;
    std::vector<Detector*> listeners;
    bool limits_known = false;
    Date limits_on{};
    EventTime limits_version{};
    EffectiveLimits limits;
  };
  PointMap<Slot> slots_;
  /// What was asked for last: several rules ask for the same sample.
  struct {
    PointKey point = 0;
    EventTime at{};
    const Slot* slot = nullptr;
  } newest_limits_;
};

}  // namespace mineward::watch
