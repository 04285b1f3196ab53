#include "app/simulator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/simulator_effects.h"
#include "app/simulator_mine.h"
#include "app/simulator_people.h"
#include "base/text.h"

namespace mineward::app {
namespace {

constexpr Millis kDay = 24h;
constexpr Millis kStatisticPeriod = 5min;
constexpr Millis kStatePeriod = 60s;    ///< of stations and position readers
constexpr Millis kHeldBack = 40min;     ///< how late the late files come
constexpr Millis kLongestEffect = 24h;  ///< how far back an effect that still matters may have begun
constexpr double kLooseLimit = 1.5;

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

const Effect* find_effect(const std::vector<const Effect*>& all, EffectKind kind, EventTime at) {
  for (const Effect* e : all) {
    if (e->kind == kind && e->holds(at)) return e;
  }
  return nullptr;
}

}  // namespace

struct Simulator::Impl {
  Region region;
  SimulatorOptions options;
  std::vector<SimMine> mines;  ///< in the order of the region
  std::vector<SimCrew> crews;  ///< likewise
  std::vector<bool> real;      ///< has the longwall face instead of simulated points

  std::vector<Effect> effects(EventTime from, EventTime to) const {
    std::vector<Effect> out;
    if (!options.incidents) return out;
    const std::int64_t first =
        std::max<std::int64_t>(floor_div((from - options.begin).count(), kDay.count()) - 1, 0);
    for (std::int64_t day = first; options.begin + kDay * day < to; ++day) {
      for (Effect& e : effects_of_day(mines, options.seed, options.begin, day)) {
        if (e.begin < to) out.push_back(std::move(e));
      }
    }
    return out;
  }

  // ---- one simulated mine at one tick ----

  struct Tick {
    const SimMine& mine;
    const std::vector<const Effect*>& effects;
    EventTime at;
    ArrivalTime sent;
  };

  static UploadFile file_of(const Tick& t, const char* type, const std::string& header,
                            const std::vector<std::string>& records) {
    return {t.sent, upload_name(t.mine.name.code, type, t.at), upload_text(header, records)};
  }

  /// With the limit that somebody loosened, while it is loosened.
  static UploadFile definitions(const Tick& t) {
    const Effect* edit = find_effect(t.effects, EffectKind::limit_edit, t.at);
    std::vector<std::string> records;
    for (const SimPoint& p : t.mine.points) {
      PointDefinition d = p.def;
      if (edit != nullptr && edit->tag == p.tag) d.alarm_high = d.alarm_clear = kLooseLimit;
      records.push_back(cddy_record(d, t.at));
    }
    return file_of(t, "CDDY", cddy_header(t.mine.name, t.at), records);
  }

  static UploadFile stations(const Tick& t, bool definition) {
    std::vector<std::string> records;
    for (std::size_t i = 0; i < t.mine.stations.size(); ++i) {
      records.push_back(definition
                            ? upload_record({t.mine.stations[i], kStationPlaces[i], "", "", ""})
                            : upload_record({t.mine.stations[i], "0", "1", format_beijing(t.at.utc_ms)}));
    }
    return file_of(t, definition ? "FZDY" : "FZSS", plain_header(t.mine.name, t.at), records);
  }

  static UploadFile samples(const Tick& t) {
    std::vector<std::string> records;
    for (const SimPoint& p : t.mine.points) {
      const SimReading r = reading_of(t.mine, p, t.at, t.effects);
      records.push_back(cdss_record(p.def, r.value, r.state, t.at));
    }
    return file_of(t, "CDSS", plain_header(t.mine.name, t.at), records);
  }

  std::optional<UploadFile> switches(const Tick& t) const {
    std::vector<std::string> records;
    for (const SimPoint& p : t.mine.points) {
      if (p.def.value_type != "KG") continue;
      const double now = reading_of(t.mine, p, t.at, t.effects).value;
      const double before = reading_of(t.mine, p, t.at - options.sample_period, t.effects).value;
      if (now != before) records.push_back(kgbh_record(p.def, now != 0, t.at));
    }
    if (records.empty()) return std::nullopt;
    return file_of(t, "KGBH", plain_header(t.mine.name, t.at), records);
  }

  struct Summary {
    double max = 0, min = 0, sum = 0;
    EventTime max_at{}, min_at{};
    int count = 0;
    void add(double v, EventTime at) {
      if (count == 0 || v > max) max = v, max_at = at;
      if (count == 0 || v < min) min = v, min_at = at;
      sum += v;
      ++count;
    }
    double mean() const { return sum / count; }
  };

  Summary summary(const Tick& t, const SimPoint& p, EventTime from) const {
    Summary s;
    for (EventTime at = from; at <= t.at; at = at + options.sample_period)
      s.add(reading_of(t.mine, p, at, t.effects).value, at);
    return s;
  }

  UploadFile statistics(const Tick& t) const {
    std::vector<std::string> records;
    const EventTime from = t.at - kStatisticPeriod + options.sample_period;
    for (const SimPoint& p : t.mine.points) {
      if (p.def.value_type != "MN") continue;
      const Summary s = summary(t, p, from);
      const auto n = [&](double v) { return number_text(v, 2); };
      const auto time = [](EventTime at) { return format_beijing(at.utc_ms); };
      records.push_back(upload_record(
          {p.def.code, p.def.type_name, p.def.place.substr(0, p.def.place.find('&')), p.def.unit, time(from),
           time(t.at), n(s.max), time(s.max_at), n(s.min), time(s.min_at), n(s.mean()), time(t.at)}));
    }
    return file_of(t, "TJSJ", plain_header(t.mine.name, t.at), records);
  }

  /// What the mine itself reports: every point over its own alarm limit, re-sent at every tick, once more
  /// with its end.
  std::optional<UploadFile> abnormal(const Tick& t) const {
    std::vector<std::string> records;
    for (const SimPoint& p : t.mine.points) {
      if (!p.def.alarm_high || p.shape == Shape::cutting) continue;
      const auto over = [&](EventTime at) {
        const SimReading r = reading_of(t.mine, p, at, t.effects);
        return (r.state & 5) == 1;  // alarm bit, no calibration bit
      };
      const bool now = over(t.at), before = over(t.at - options.sample_period);
      if (!now && !before) continue;
      const EventTime last = now ? t.at : t.at - options.sample_period;
      EventTime begin = last;
      while (last - begin < 2h && over(begin - options.sample_period)) begin = begin - options.sample_period;
      Summary s;
      for (EventTime at = begin; at <= last; at = at + options.sample_period)
        s.add(reading_of(t.mine, p, at, t.effects).value, at);
      const auto n = [&](double v) { return number_text(v, 2); };
      const auto time = [](EventTime at) { return format_beijing(at.utc_ms); };
      records.push_back(
          upload_record({p.def.code, p.def.type_name, p.def.place.substr(0, p.def.place.find('&')),
                         p.def.unit, "001", time(begin), now ? "" : time(t.at), n(s.max), time(s.max_at),
                         n(s.min), time(s.min_at), n(s.mean()), "", "", "", "", time(t.at)}));
    }
    if (records.empty()) return std::nullopt;
    return file_of(t, "YCBJ", plain_header(t.mine.name, t.at), records);
  }

  /// A limit edit is sent when it is made and when it is taken back.
  bool definitions_due(const Tick& t) const {
    if ((t.at - options.begin).count() % kDay.count() == 0) return true;
    return std::any_of(t.effects.begin(), t.effects.end(), [&](const Effect* e) {
      return e->kind == EffectKind::limit_edit && (e->begin == t.at || e->end == t.at);
    });
  }

  /// A CDSS of which every record lacks its last field.
  static std::string broken(const std::string& good) {
    std::string out;
    bool header = true;
    for (const std::string_view record : split(good, '~')) {
      if (record == "||") break;
      out += header ? record : record.substr(0, record.rfind(';'));
      out += '~';
      header = false;
    }
    return out + "||";
  }

  static void spoil(const Tick& t, UploadFile& cdss) {
    if (find_effect(t.effects, EffectKind::broken_file, t.at) != nullptr) cdss.bytes = broken(cdss.bytes);
    if (find_effect(t.effects, EffectKind::gbk_file, t.at) == nullptr) return;
    if (auto gbk = utf8_to_gb18030(cdss.bytes)) cdss.bytes = *std::move(gbk);
  }

  void add_mine(const Tick& t, std::vector<UploadFile>& out) const {
    const std::int64_t since = (t.at - options.begin).count();
    const auto add = [&](std::optional<UploadFile> f) {
      if (f) out.push_back(*std::move(f));
    };
    if (definitions_due(t)) {
      add(stations(t, true));
      add(definitions(t));
    }
    UploadFile cdss = samples(t);
    spoil(t, cdss);
    add(std::move(cdss));
    add(switches(t));
    add(abnormal(t));
    if (since % kStatePeriod.count() == 0) add(stations(t, false));
    if (since > 0 && since % kStatisticPeriod.count() == 0) add(statistics(t));
  }

  // ---- the longwall mine ----

  void add_longwall(EventTime at, ArrivalTime sent, std::vector<UploadFile>& out) const {
    const LongwallMapping& m = options.mapping;
    const std::int64_t since = (at - options.begin).count();
    const auto add = [&](UploadFile f) {
      f.sent = sent;
      out.push_back(std::move(f));
    };
    if (since % kDay.count() == 0) add(longwall_definitions(m, at));
    if (since % m.period.count() != 0) return;
    const auto row = static_cast<std::size_t>(since / m.period.count()) % options.longwall->rows.size();
    add(longwall_samples(*options.longwall, m, row, row + 1, at));
    if (auto changes = longwall_switches(*options.longwall, m, row, row + 1, at)) add(*std::move(changes));
  }

  // ---- people ----

  /// Everybody seen at this time, with what the effects do to them.
  static std::vector<SimPosition> positions(const SimCrew& crew, const std::vector<const Effect*>& effects,
                                            EventTime at) {
    std::vector<SimPosition> out;
    if (find_effect(effects, EffectKind::nobody, at) != nullptr) return out;
    for (const SimPerson& person : crew.people) {
      if (auto p = position_of(crew, person, at)) out.push_back(*p);
    }
    if (const Effect* e = find_effect(effects, EffectKind::over_headcount, at)) crowd(out, e->begin);
    if (const Effect* e = find_effect(effects, EffectKind::restricted_area, at)) stray(out, e->begin);
    if (find_effect(effects, EffectKind::sos, at) != nullptr) {
      for (SimPosition& p : out) {
        if (p.area != kFaceArea) continue;
        p.sos = true;
        break;
      }
    }
    if (const Effect* e = find_effect(effects, EffectKind::overtime, at)) stay_on(crew, out, *e, at);
    return out;
  }

  /// Workers crowd into the heading until 22 are there; leaders do not count in an area.
  static void crowd(std::vector<SimPosition>& all, EventTime since) {
    const auto counts = [](const SimPosition& p) { return p.flag == 1 && !p.person->leader; };
    auto in_heading = std::count_if(
        all.begin(), all.end(), [&](const SimPosition& p) { return counts(p) && p.area == kHeadingArea; });
    for (SimPosition& p : all) {
      if (in_heading >= 22) return;
      if (!counts(p) || (p.area != kFaceArea && p.area != kHaulage)) continue;
      p.area = kHeadingArea;
      p.area_since = since;
      ++in_heading;
    }
  }

  static void stray(std::vector<SimPosition>& all, EventTime since) {
    for (SimPosition& p : all) {
      if (p.flag != 1 || p.area != kHeadingArea) continue;
      p.area = kGoaf;
      p.area_since = since;
      return;
    }
  }

  /// One haulage worker of the shift that ended does not come up.
  static void stay_on(const SimCrew& crew, std::vector<SimPosition>& all, const Effect& e, EventTime at) {
    for (const SimPerson& person : crew.people) {
      if (person.work_area != kHaulage) continue;
      const SimStay stay = last_stay(crew, person, e.begin - 1h);
      if (!stay.at_work || stay.left < e.begin - 30min || stay.entered > e.begin) continue;
      std::erase_if(all, [&](const SimPosition& p) { return p.person == &person; });
      const bool out = at >= e.end - 2min;
      all.push_back({&person, out ? 2 : 1, stay.entered, out ? std::optional(e.end - 2min) : std::nullopt,
                     out ? kMouth : kHaulage, out ? e.end - 2min : stay.entered + 15min, false});
      return;
    }
  }

  void add_people(const SimCrew& crew, const std::vector<const Effect*>& effects, EventTime at,
                  ArrivalTime sent, std::vector<UploadFile>& out) const {
    const std::int64_t since = (at - options.begin).count();
    const auto add = [&](UploadFile f) {
      f.sent = sent;
      out.push_back(std::move(f));
    };
    if (since % kDay.count() == 0) {
      add(ryxx_file(crew, at));
      add(ryqy_file(crew, at));
      add(ryjz_file(crew, at));
    }
    if (since % kStatePeriod.count() == 0) add(jzss_file(crew, at));
    if (since % options.position_period.count() != 0) return;
    std::vector<std::string> records;
    for (const SimPosition& p : positions(crew, effects, at)) records.push_back(ryss_record(crew, p, at));
    add({sent, upload_name(crew.mine.code, "RYSS", at), upload_text(plain_header(crew.mine, at), records)});
  }

  // ---- all mines ----

  /// When the files of a tick arrive: a few seconds later, each mine in its own second; nothing during
  /// silence.
  static std::optional<ArrivalTime> arrival(std::size_t mine, const std::vector<const Effect*>& effects,
                                            EventTime at) {
    if (find_effect(effects, EffectKind::silence, at) != nullptr) return std::nullopt;
    const ArrivalTime usual{at.utc_ms + 2000 + static_cast<std::int64_t>(mine) * 1000};
    return find_effect(effects, EffectKind::late_files, at) != nullptr ? usual + kHeldBack : usual;
  }

  void add_tick(EventTime at, ArrivalTime from, ArrivalTime to,
                const std::vector<std::vector<const Effect*>>& effects, std::vector<UploadFile>& out) const {
    for (std::size_t i = 0; i < region.mines.size(); ++i) {
      const auto sent = arrival(i, effects[i], at);
      if (!sent || *sent < from || *sent >= to) continue;
      if (real[i]) {
        add_longwall(at, *sent, out);
      } else {
        add_mine({mines[i], effects[i], at, *sent}, out);
      }
      add_people(crews[i], effects[i], at, *sent, out);
    }
  }
};

Simulator::Simulator(Region region, SimulatorOptions options) {
  auto impl = std::make_unique<Impl>();
  impl->region = std::move(region);
  impl->options = std::move(options);
  for (const MineRow& m : impl->region.mines) {
    const MineName name{m.code, m.name};
    const bool real = m.profile == "longwall" && impl->options.longwall != nullptr &&
                      impl->options.mapping.mine.code == m.code;
    impl->real.push_back(real);
    impl->mines.push_back(make_sim_mine(name, impl->options.seed));
    impl->crews.push_back(make_sim_crew(name, impl->options.seed, impl->region.people));
  }
  impl_ = std::move(impl);
}

Simulator::~Simulator() = default;
Simulator::Simulator(Simulator&&) noexcept = default;

std::vector<UploadFile> Simulator::files(ArrivalTime from, ArrivalTime to) const {
  const std::int64_t period = impl_->options.sample_period.count();
  const std::int64_t begin = impl_->options.begin.utc_ms;
  const std::int64_t reach = kHeldBack.count() + 60000;  // late files were made that much earlier
  const std::int64_t first = std::max<std::int64_t>(floor_div(from.utc_ms - reach - begin, period), 0);

  const std::vector<Effect> all = impl_->effects({from.utc_ms - kLongestEffect.count()}, {to.utc_ms});
  std::vector<std::vector<const Effect*>> by_mine(impl_->region.mines.size());
  for (const Effect& e : all) by_mine[e.mine].push_back(&e);
  std::vector<UploadFile> out;
  for (std::int64_t t = begin + first * period; t < to.utc_ms; t += period)
    impl_->add_tick({t}, from, to, by_mine, out);
  std::stable_sort(out.begin(), out.end(),
                   [](const UploadFile& a, const UploadFile& b) { return a.sent < b.sent; });
  return out;
}

std::vector<Incident> Simulator::incidents(EventTime from, EventTime to) const {
  std::vector<Incident> out;
  for (const Effect& e : impl_->effects(from, to)) {
    for (const Incident& i : e.incidents) {
      if (i.begin >= from && i.begin < to) out.push_back(i);
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Incident& a, const Incident& b) { return a.begin < b.begin; });
  return out;
}

std::vector<SimulatedPlan> Simulator::plans(EventTime from, EventTime to) const {
  std::vector<SimulatedPlan> out;
  for (const Effect& e : impl_->effects(from, to)) {
    if (e.plan && e.begin >= from && e.begin < to) out.push_back(*e.plan);
  }
  return out;
}

}  // namespace mineward::app
