#include "watch/alarm_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace mineward::watch {
namespace {

using record::Fields;
using record::Record;

constexpr std::size_t kTitle = 200, kPlace = 300, kSource = 500, kShort = 200;

Result<Record> taken(record::Outcome<Record> outcome) {
  if (auto* record = std::get_if<Record>(&outcome)) return std::move(*record);
  auto& refusal = std::get<record::Refusal>(outcome);
  Error error = std::move(refusal.error);
  for (const auto& f : refusal.faults) error.message += fmt::format("; {}: {}", f.field, f.message);
  return std::move(error).in("alarm record");
}

void put_text(Fields& f, const char* name, const std::string& text, std::size_t longest) {
  if (!text.empty()) f[name] = clipped(text, longest);
}

/// What may rise while the event lasts.
void put_figures(Fields& f, const AlarmChange& c) {
  if (c.samples > 0) f["samples"] = c.samples;
  if (c.peak) {
    f["peak"] = *c.peak;
    f["peak_at"] = c.peak_at;
  }
  if (c.mean) f["mean"] = *c.mean;
}

void put_grade(Fields& f, const AlarmChange& c) {
  f["grade"] = std::string(pack::name_of(c.grade));
  f["planned"] = c.planned;
}

Fields new_alarm(const MineView& view, const AlarmChange& c, ArrivalTime now) {
  Fields f;
  put_figures(f, c);
  put_grade(f, c);
  f["event_key"] = c.key;
  const std::string& where = c.place.empty() ? c.subject : c.place;
  f["title"] = clipped(where == "mine" ? c.rule->label.zh : c.rule->label.zh + " " + where, kTitle);
  f["organisation"] = view.organisation;
  f["mine"] = view.mine;
  f["rule"] = c.rule->id;
  if (c.point) f["point"] = c.point;
  if (c.area) f["area"] = c.area;
  put_text(f, "subject", c.subject, kPlace);
  put_text(f, "place", c.place, kPlace);
  put_text(f, "unit", c.unit, kShort);
  put_text(f, "limit_text", c.limit_text, kShort);
  put_text(f, "limit_source", c.limit_source, kSource);
  put_text(f, "clause", c.rule->source.clause, kSource);
  put_text(f, "evidence", c.evidence, 10 * kSource);
  if (c.limit_value) f["limit_value"] = *c.limit_value;
  f["begin_at"] = c.begin;
  f["raised_at"] = EventTime{now.utc_ms};
  f["late"] = c.late;
  return f;
}

pack::Grade grade_of(const Record& r) {
  return pack::parse_grade(r.text("grade")).value_or(pack::Grade::none);
}

/// The samples of an event come in order: a peak that is not newer than the record's was written before.
Result<std::optional<Record>> write_peak(record::Writer& writer, const Record& there, const AlarmChange& c,
                                         const Fields& figures) {
  const auto known = there.time("peak_at");
  if (!c.peak || (known && c.peak_at <= *known)) return std::optional<Record>();
  MW_ASSIGN(Record now_is,
            taken(writer.update(watch_actor(), "alarm", there.id, 0, figures, wording::peak_rose().text())));
  return std::optional(std::move(now_is));
}

}  // namespace

std::string clipped(const std::string& text, std::size_t n) {
  if (text.size() <= n) return text;  // a code point has at least one byte
  const auto points = to_code_points(text);
  return points.size() <= n ? text : to_utf8(std::u32string_view(points).substr(0, n));
}

const record::Actor& watch_actor() {
  static const record::Actor actor = record::Actor::system("system:watch");
  return actor;
}

Result<std::optional<Record>> write_change(record::Writer& writer, const MineView& view, const AlarmChange& c,
                                           ArrivalTime now) {
  using Kind = AlarmChange::Kind;
  MW_ASSIGN(const std::optional<Record> there, writer.find(watch_actor(), "alarm", {{"event_key", c.key}}));
  if (!there && c.kind == Kind::peak) return std::optional<Record>();
  if (!there) {
    Fields fields = new_alarm(view, c, now);
    if (c.kind == Kind::clear) fields["cleared_at"] = c.end.value_or(c.at);
    MW_ASSIGN(Record made, taken(writer.create(watch_actor(), "alarm", fields)));
    return std::optional(std::move(made));
  }
  if (c.kind == Kind::raise || there->time("cleared_at")) return std::optional<Record>();
  Fields fields;
  put_figures(fields, c);
  if (c.kind == Kind::peak) return write_peak(writer, *there, c, fields);
  put_grade(fields, c);
  if (grade_of(*there) > c.grade) fields.erase("grade");  // only upward
  if (c.kind == Kind::clear) {
    fields["cleared_at"] = c.end.value_or(c.at);
  } else {
    if (grade_of(*there) >= c.grade && there->flag("planned") == c.planned) return std::optional<Record>();
    if (!c.evidence.empty())
      fields["evidence"] = clipped(
          there->text("evidence") + "\n" + format_beijing(c.at.utc_ms) + " " + c.evidence, 10 * kSource);
  }
  const Said said = c.kind == Kind::clear
                        ? wording::cleared()
                        : wording::regraded(grade_of(*there), std::max(grade_of(*there), c.grade));
  MW_ASSIGN(Record now_is, taken(writer.update(watch_actor(), "alarm", there->id, 0, fields, said.text())));
  return std::optional(std::move(now_is));
}

std::string alarm_message(const pack::Catalog& catalog, const Record& r) {
  std::string out;
  JsonWriter w(out);
  w.begin_object()
      .member("kind", "alarm")
      .key("alarm")
      .value(record::to_json(catalog, *catalog.record_type("alarm"), r));
  w.end_object();
  return out;
}

}  // namespace mineward::watch
