#include "app/demo_month.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "app/month_schedule.h"
#include "app/month_trips.h"
#include "app/simulator_mine.h"
#include "base/text.h"
#include "record/selection.h"

namespace mineward::app {
namespace {

using record::Actor;
using record::Fields;
using record::FieldValue;
using record::Record;
using record::RecordId;

constexpr const char* kPhotoName = "example-photo.png";

/// A record of a routine at one occasion, from its entry on.
struct Thread {
  const Routine* routine = nullptr;
  std::string mine;  ///< name; empty = none
  EventTime planned{};
  std::uint64_t seed = 0;
  std::optional<Record> record;
};

struct Event {
  ArrivalTime at{};
  std::size_t thread = 0;
  const StoryStep* step = nullptr;   ///< none = the record is entered
  const UploadFile* file = nullptr;  ///< instead: a file arrives
};

struct MineActors {
  RecordId mine, organisation;
};

class MonthPlayer {
 public:
  MonthPlayer(Node& node, ReplayClock& clock, const Region& region, const MonthStory& story,
              std::uint64_t seed)
      : node_(node), clock_(clock), region_(region), story_(story), seed_(seed) {}

  Status play(ArrivalTime from, ArrivalTime to) {
    MW_TRY(load_region());
    MW_ASSIGN(files_, trip_files(story_, region_, from, to, seed_));
    MW_TRY(plan(from, to));
    for (const UploadFile& file : files_) {
      if (file.sent < to) events_.push_back({file.sent, 0, nullptr, &file});
    }
    std::stable_sort(events_.begin(), events_.end(),
                     [](const Event& a, const Event& b) { return a.at < b.at; });
    for (const Event& event : events_) {
      clock_.set(event.at);
      if (event.file) {
        MW_TRY(offer(*event.file));
      } else if (Status done = happen(event); !done) {
        const Thread& thread = threads_[event.thread];
        const int line = event.step ? event.step->line : thread.routine->line;
        return std::move(done).error().in(fmt::format("{}:{} {} {} {}", story_.file, line,
                                                      thread.routine->name, thread.mine,
                                                      format_beijing(event.at.utc_ms)));
      }
    }
    return {};
  }

 private:
  // ---- who is there

  Result<std::vector<Record>> all(const char* type) {
    std::vector<Record> out;
    record::ListQuery query;
    query.type = type;
    query.limit = 500;
    do {
      MW_ASSIGN(auto page, node_.store().list(Actor::system("system:demo"), query));
      std::move(page.records.begin(), page.records.end(), std::back_inserter(out));
      query.after = page.next;
    } while (!query.after.empty());
    return out;
  }

  Status load_region() {
    MW_ASSIGN(const auto regions, all("region"));
    for (const Record& r : regions) regions_[r.text("code")] = r.id;
    MW_ASSIGN(const auto mines, all("mine"));
    for (const Record& m : mines) mines_[m.text("name")] = {m.id, m.reference("organisation")};
    MW_ASSIGN(const auto accounts, all("account"));
    for (const Record& a : accounts) {
      const auto roles = a.fields.find("roles");
      const auto* codes =
          roles == a.fields.end() ? nullptr : std::get_if<std::vector<std::string>>(&roles->second);
      Actor actor;
      actor.account = a.id;
      actor.name = a.text("name");
      if (codes) actor.roles = {codes->begin(), codes->end()};
      actor.organisation = a.reference("organisation");
      actor.scope.root = actor.organisation;
      actor.origin = "demo";
      actors_[actor.name] = std::move(actor);
    }
    return {};
  }

  /// The account of that name, or the first of the mine with that role.
  Result<const Actor*> actor(const std::string& by, const std::string& mine) const {
    if (const auto found = actors_.find(by); found != actors_.end()) return &found->second;
    const auto at = mines_.find(mine);
    for (const auto& [name, actor] : actors_) {
      if (at != mines_.end() && actor.organisation == at->second.organisation && actor.roles.contains(by))
        return &actor;
    }
    return not_found(fmt::format("found no account \"{}\" and no such role at \"{}\"", by, mine));
  }

  // ---- what will happen

  Status plan(ArrivalTime from, ArrivalTime to) {
    for (const Routine& routine : story_.routines) {
      const std::vector<std::string> nowhere = {""};
      for (const std::string& mine : routine.mines.empty() ? nowhere : routine.mines)
        MW_TRY(plan_at(routine, mine, from, to));
    }
    return {};
  }

  Status plan_at(const Routine& routine, const std::string& mine, ArrivalTime from, ArrivalTime to) {
    const std::uint64_t own = seed_ ^ hash_text(routine.name + mine);
    const bool chance = !story_.exact.contains(mine);
    const auto when = occasions(routine.when, own, from, to);
    MW_TRY(exceptions_met(story_.file, routine.exceptions, mine, when, from, to));
    for (const Occasion& occasion : when) {
      const auto day = static_cast<std::uint64_t>(occasion.at.utc_ms);
      const StoryException* e = exception_of(routine.exceptions, mine, occasion);
      if (e ? e->skipped : chance && hash_unit(own, day, 1) < routine.skipped_share) continue;
      Millis late = e ? e->late : Millis(0);
      if (!e && chance && hash_unit(own, day, 2) < routine.late_share) late = routine.late;
      ArrivalTime at = ArrivalTime{occasion.at.utc_ms} + late;
      if (at >= to) continue;
      threads_.push_back({&routine, mine, occasion.at, own ^ (day * 0x9E3779B97F4A7C15ull), {}});
      const std::size_t thread = threads_.size() - 1;
      events_.push_back({at, thread, nullptr, nullptr});
      bool goes_on = true;
      for (std::size_t i = 0; i < routine.steps.size() && goes_on; ++i) {
        const StoryStep& step = routine.steps[i];
        goes_on = !chance || hash_unit(own, day, 10 + i) < step.share;
        if (goes_on) goes_on = add_step(thread, step, at, to);
      }
      for (std::size_t i = 0; e && goes_on && i < e->then.size(); ++i)
        goes_on = add_step(thread, e->then[i], at, to);
    }
    return {};
  }

  /// False when it would come after the end of the play.
  bool add_step(std::size_t thread, const StoryStep& step, ArrivalTime& at, ArrivalTime to) {
    at = at + step.after;
    if (at >= to) return false;
    events_.push_back({at, thread, &step, nullptr});
    return true;
  }

  // ---- what happens

  Status offer(const UploadFile& file) {
    const feed::Receipt receipt =
        node_.intake().accept({file.name, file.bytes, "demo", record::Scope{{}, true}});
    if (receipt.verdict == feed::Verdict::accepted) return {};
    return bad_input(
        fmt::format("found the verdict {}, expected accepted: {}", name_of(receipt.verdict), receipt.message),
        file.name);
  }

  Status happen(const Event& event) {
    Thread& thread = threads_[event.thread];
    const Routine& routine = *thread.routine;
    const pack::RecordType* type = node_.catalog()->record_type(routine.record);
    if (!type) return not_found("found no record type " + routine.record);
    MW_ASSIGN(const Actor* by, actor(event.step ? event.step->by : routine.by, thread.mine));
    if (!event.step) {
      MW_ASSIGN(Fields fields, values(routine.fields, *type, thread, *by));
      set_mine(fields, *type, thread.mine);
      MW_ASSIGN(thread.record, taken(node_.store().create(*by, routine.record, fields)));
      newest_[{routine.record, thread.mine}] = thread.record->id;
      newest_[{routine.record, by->organisation.text()}] = thread.record->id;
      return {};
    }
    if (!record::fits(*type, event.step->when, *thread.record)) return {};
    if (event.step->sign) return sign(thread, *by, *event.step);
    MW_ASSIGN(const Fields fields, values(event.step->fields, *type, thread, *by));
    Actor who = *by;
    who.is_system = is_programs_own(*type, event.step->step);
    MW_ASSIGN(thread.record,
              taken(node_.store().step(who, routine.record, thread.record->id, thread.record->version,
                                       event.step->step, fields, event.step->reason)));
    return {};
  }

  Status sign(Thread& thread, const Actor& by, const StoryStep& step) {
    MW_ASSIGN(thread.record, taken(node_.store().sign(by, thread.routine->record, thread.record->id,
                                                      thread.record->version, true, step.reason)));
    return {};
  }

  /// Steps that no role may take are taken by the program for the person, as the API does.
  bool is_programs_own(const pack::RecordType& type, const std::string& step) const {
    const pack::Workflow* flow = node_.catalog()->workflow(type.workflow);
    const pack::Transition* transition = flow ? flow->transition(step) : nullptr;
    return transition && transition->roles.empty();
  }

  static Result<Record> taken(record::Outcome<Record> outcome) {
    if (auto* record = std::get_if<Record>(&outcome)) return std::move(*record);
    auto& refusal = std::get<record::Refusal>(outcome);
    for (const auto& fault : refusal.faults)
      refusal.error.message += fmt::format("; {}: {} {}", fault.field, fault.code, fault.message);
    return std::move(refusal.error);
  }

  /// Whatever stands in a mine carries it, and belongs to its organisation.
  void set_mine(Fields& fields, const pack::RecordType& type, const std::string& mine) const {
    const auto found = mines_.find(mine);
    if (found == mines_.end()) return;
    if (type.field("mine")) fields.try_emplace("mine", found->second.mine);
    if (type.field("organisation")) fields.try_emplace("organisation", found->second.organisation);
  }

  // ---- values

  Result<Fields> values(const StoryFields& told, const pack::RecordType& type, const Thread& thread,
                        const Actor& by) {
    Fields out;
    for (const auto& [name, value] : told) {
      const pack::Field* field = type.field(name);
      if (!field) return bad_input(fmt::format("found the field {}, expected one of {}", name, type.name));
      auto made = resolve(value, *field, thread, by);
      if (!made) return std::move(made).error().in(fmt::format("line {}, {}", value.line, name));
      if (record::is_set(*made)) out[name] = *std::move(made);
    }
    return out;
  }

  Result<FieldValue> resolve(const StoryValue& v, const pack::Field& field, const Thread& thread,
                             const Actor& by) {
    using Kind = StoryValue::Kind;
    const double drawn = hash_unit(thread.seed, hash_text(field.name));
    switch (v.kind) {
      case Kind::text: return from_text(v.text, field);
      case Kind::pick:
        return from_text(v.choices[static_cast<std::size_t>(drawn * static_cast<double>(v.choices.size()))],
                         field);
      case Kind::day: {
        Date date = china_date(thread.planned.utc_ms);
        date.days += v.days;
        return FieldValue(date);
      }
      case Kind::time: return FieldValue(thread.planned + v.shift);
      case Kind::number:
        return FieldValue(v.from + static_cast<std::int64_t>(drawn * static_cast<double>(v.to - v.from + 1)));
      case Kind::mine: return reference(mines_.at(thread.mine).mine);
      case Kind::person: return person(v.text, thread.mine);
      case Kind::account: {
        MW_ASSIGN(const Actor* actor, this->actor(v.text, thread.mine));
        return reference(actor->account);
      }
      case Kind::region: return reference(regions_.at(v.text));
      case Kind::own: return reference(by.organisation);
      case Kind::last: {
        auto found = newest_.find({v.text, thread.mine});
        if (found == newest_.end()) found = newest_.find({v.text, by.organisation.text()});
        return found == newest_.end() ? FieldValue() : FieldValue(found->second);
      }
      case Kind::photo: {
        MW_ASSIGN(const record::StoredFile stored, node_.store().attach(by, kPhotoName, story_.photo));
        return FieldValue(std::vector<std::string>{stored.sha256});
      }
    }
    return FieldValue();
  }

  static Result<FieldValue> reference(RecordId id) { return FieldValue(id); }

  Result<FieldValue> person(const std::string& post, const std::string& mine) {
    const auto key = std::pair(post, mine);
    if (const auto known = people_.find(key); known != people_.end()) return FieldValue(known->second);
    record::ListQuery query;
    query.type = "person";
    query.filters = {{"mine", record::Filter::Op::eq, {mines_.at(mine).mine.text()}},
                     {"post", record::Filter::Op::eq, {post}}};
    query.sort = "card";
    query.descending = false;
    query.limit = 1;
    MW_ASSIGN(const record::Page page, node_.store().list(Actor::system("system:demo"), query));
    if (page.records.empty())
      return not_found(fmt::format("found nobody with the post {} at {}", post, mine));
    people_[key] = page.records.front().id;
    return FieldValue(page.records.front().id);
  }

  static Result<FieldValue> from_text(const std::string& text, const pack::Field& field) {
    using Type = pack::FieldType;
    const auto wrong = [&](const char* expected) {
      return bad_input(fmt::format("found \"{}\", expected {}", text, expected));
    };
    switch (field.type) {
      case Type::text:
      case Type::long_text:
      case Type::choice: return FieldValue(text);
      case Type::choices:
      case Type::attachments: {
        std::vector<std::string> items;
        for (const auto part : split(text, ';')) items.emplace_back(trim(part));
        return FieldValue(std::move(items));
      }
      case Type::integer:
        if (const auto n = parse_integer(text)) return FieldValue(*n);
        return wrong("a whole number");
      case Type::money:  // whole yuan
        if (const auto n = parse_integer(text)) return FieldValue(*n * 100);
        return wrong("a whole number of yuan");
      case Type::decimal:
        if (const auto n = parse_number(text)) return FieldValue(*n);
        return wrong("a number");
      case Type::boolean:
        if (text == "true" || text == "false") return FieldValue(text == "true");
        return wrong("true or false");
      case Type::date: {
        MW_ASSIGN(const Date date, parse_date(text));
        return FieldValue(date);
      }
      case Type::instant: {
        MW_ASSIGN(const EventTime time, parse_time(text));
        return FieldValue(time);
      }
      case Type::reference: return wrong("{...} for a reference");
    }
    return wrong("a value");
  }

  Node& node_;
  ReplayClock& clock_;
  const Region& region_;
  const MonthStory& story_;
  const std::uint64_t seed_;
  std::map<std::string, RecordId> regions_;                         // by code
  std::map<std::string, MineActors> mines_;                         // by name
  std::map<std::string, Actor> actors_;                             // by account name
  std::map<std::pair<std::string, std::string>, RecordId> people_;  // by post and mine
  std::map<std::pair<std::string, std::string>, RecordId> newest_;  // by type and mine, or organisation
  std::vector<UploadFile> files_;
  std::vector<Thread> threads_;
  std::vector<Event> events_;
};

}  // namespace

Status play_month(Node& node, ReplayClock& clock, const Region& region, const MonthStory& story,
                  ArrivalTime from, ArrivalTime to, std::uint64_t seed) {
  return MonthPlayer(node, clock, region, story, seed).play(from, to);
}

ArrivalTime month_before(ArrivalTime now) {
  using namespace std::chrono;
  const year_month_day today(sys_days(days(china_date(now.utc_ms).days)));
  const sys_days first = sys_days(year_month_day(today.year(), today.month(), day(1)) - months(1));
  return {start_of_day_ms(Date{static_cast<std::int32_t>(first.time_since_epoch().count())})};
}

}  // namespace mineward::app
