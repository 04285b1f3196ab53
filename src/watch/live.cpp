#include "watch/live.h"

#include <algorithm>

namespace mineward::watch {

namespace {

/// Instants as text; of those in one upload nearly all are the same.
class TimeText {
 public:
  const std::string& of(EventTime at) {
    if (text_.empty() || at != at_) text_ = format_rfc3339(at);
    at_ = at;
    return text_;
  }

 private:
  EventTime at_{};
  std::string text_;
};

/// The newest row of each point, by key; of two with the same time the later counts.
std::vector<const history::Row*> newest_rows(const std::vector<history::Row>& rows) {
  std::vector<const history::Row*> out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(&row);
  const auto by_key_and_time = [](const history::Row* a, const history::Row* b) {
    return a->point != b->point ? a->point < b->point : a->sample.at < b->sample.at;
  };
  if (!std::is_sorted(out.begin(), out.end(), by_key_and_time))
    std::stable_sort(out.begin(), out.end(), by_key_and_time);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < out.size(); ++i)
    if (i + 1 == out.size() || out[i + 1]->point != out[i]->point) out[kept++] = out[i];
  out.resize(kept);
  return out;
}

}  // namespace

std::string values_message(const MineView& view, const feed::AcceptedUpload& upload) {
  std::vector<std::pair<const PointInfo*, const history::Sample*>> newest;
  EventTime at{};
  for (const history::Row* row : newest_rows(upload.rows)) {
    const PointInfo* point = view.point(row->point);
    if (!point) continue;
    newest.emplace_back(point, &row->sample);
    at = std::max(at, row->sample.at);
  }
  if (newest.empty()) return {};
  TimeText time;
  std::string out;
  out.reserve(128 + newest.size() * 90);
  JsonWriter w(out);
  w.begin_object().member("kind", "values").member("mine", view.mine.text()).member("at", time.of(at));
  w.key("points").begin_array();
  for (const auto& [point, s] : newest) {
    w.begin_object().member("id", point->id.text()).member("value", s->value);
    w.member("state", static_cast<int>(s->state)).member("at", time.of(s->at)).end_object();
  }
  w.end_array().end_object();
  return out;
}

std::string people_message(const MineView& view, int people) {
  std::string out;
  JsonWriter w(out);
  w.begin_object()
      .member("kind", "people")
      .member("mine", view.mine.text())
      .member("people", people)
      .end_object();
  return out;
}

std::string upload_message(const MineView& view, const feed::AcceptedUpload& upload, const feed::Receipt& r) {
  std::string out;
  JsonWriter w(out);
  w.begin_object().member("kind", "upload").member("mine", view.mine.text()).key("row").begin_object();
  w.member("seq", static_cast<std::int64_t>(r.seq))
      .member("mine", view.mine.text())
      .member("mine_name", view.name);
  w.member("mine_code", r.mine).member("file_name", r.file_name).member("file_type", r.file_type);
  const pack::FileLayout* layout = upload.decoded ? upload.decoded->layout : nullptr;
  w.member("system", layout ? layout->system : std::string());
  w.member("verdict", feed::name_of(r.verdict)).member("code", r.code).member("message", r.message);
  if (upload.decoded) w.member("header_time", format_rfc3339(upload.decoded->header_time));
  w.member("arrived", format_rfc3339(upload.arrived)).member("records", r.records);
  w.member("bad_records", r.bad_records).member("quarantined", r.quarantined).end_object().end_object();
  return out;
}

}  // namespace mineward::watch
