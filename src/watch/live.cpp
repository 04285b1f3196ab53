#include "watch/live.h"

namespace mineward::watch {

std::string values_message(const MineView& view, const feed::AcceptedUpload& upload) {
  std::map<PointKey, const history::Sample*> newest;
  for (const auto& row : upload.rows) {
    auto& s = newest[row.point];
    if (!s || row.sample.at >= s->at) s = &row.sample;
  }
  std::erase_if(newest, [&](const auto& x) { return !view.point(x.first); });
  if (newest.empty()) return {};
  EventTime at{};
  for (const auto& [key, s] : newest) at = std::max(at, s->at);
  std::string out;
  JsonWriter w(out);
  w.begin_object().member("kind", "values").member("mine", view.mine.text()).member("at", format_rfc3339(at));
  w.key("points").begin_array();
  for (const auto& [key, s] : newest) {
    w.begin_object().member("id", view.point(key)->id.text()).member("value", s->value);
    w.member("state", static_cast<int>(s->state)).member("at", format_rfc3339(s->at)).end_object();
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
