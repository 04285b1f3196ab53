#include "api/codec.h"

#include <fmt/format.h>

namespace mineward::api {

using record::Record;
using record::RecordId;

namespace {

Json count(std::int64_t n) { return Json(n); }
template <class T>
Json maybe(const std::optional<T>& v) {
  return v ? Json(*v) : Json();
}
Json seconds(Millis d) { return Json(d.count() / 1000); }
Json maybe_seconds(const std::optional<Millis>& d) { return d ? seconds(*d) : Json(); }

std::string_view type_name(pack::FieldType type) {
  using T = pack::FieldType;
  switch (type) {
    case T::text: return "text";
    case T::long_text: return "long_text";
    case T::integer: return "integer";
    case T::decimal: return "decimal";
    case T::money: return "money";
    case T::boolean: return "boolean";
    case T::date: return "date";
    case T::instant: return "instant";
    case T::choice: return "choice";
    case T::choices: return "choices";
    case T::reference: return "reference";
    case T::attachments: return "attachments";
  }
  return "text";
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json field_json(const pack::Field& f) {
  Json out;
  out.set("name", f.name).set("label", label_json(f.label)).set("type", type_name(f.type));
  out.set("required", f.required).set("system", f.system).set("personal", f.personal);
  out.set("searchable", f.searchable).set("unit", text_or_null(f.unit)).set("scale", f.scale);
  out.set("min", maybe(f.min)).set("max", maybe(f.max)).set("max_length", maybe(f.max_length));
  out.set("pattern", text_or_null(f.pattern)).set("dictionary", text_or_null(f.dictionary));
  out.set("target", text_or_null(f.target)).set("default_value", text_or_null(f.default_value));
  out.set("file_kinds", texts_json(f.file_kinds))
      .set("source", source_json(f.source))
      .set("help", label_json(f.help));
  out.set("format", text_or_null(f.format)).set("protect", text_or_null(f.protect));
  out.set("first_of", text_or_null(f.first_of));
  return out;
}

Json record_type_json(const pack::RecordType& t) {
  Json out, access;
  access.set("read", texts_json(t.access.read)).set("create", texts_json(t.access.create));
  access.set("update", texts_json(t.access.update));
  Json::Array fields;
  for (const auto& f : t.fields) {
    if (!f.secret) fields.push_back(field_json(f));
  }
  out.set("name", t.name).set("label", label_json(t.label)).set("system", t.system);
  out.set("owner_field", t.owner_field)
      .set("workflow", text_or_null(t.workflow))
      .set("title_field", t.title_field);
  out.set("list_fields", texts_json(t.list_fields)).set("access", std::move(access)).set("pack", t.pack);
  Json::Array raises;
  for (const auto& r : t.raises) {
    Json j;
    std::vector<std::string> taken_over;
    for (const auto& [there, here] : r.sets) taken_over.push_back(there);
    j.set("name", r.name)
        .set("record", r.record)
        .set("label", label_json(r.label))
        .set("sets", texts_json(taken_over))
        .set("each", text_or_null(r.each));
    raises.push_back(std::move(j));
  }
  out.set("fields", std::move(fields)).set("raises", std::move(raises));
  if (t.withdrawal == pack::Withdrawal::flag) {  // a step without a workflow
    Json step;
    step.set("name", std::string(pack::kWithdraw)).set("label", label_json({"作废", "Withdraw"}));
    step.set("from", Json(Json::Array{})).set("to", "").set("roles", texts_json(t.withdrawn_by));
    out.set("withdraw", step.set("reason_required", true).set("danger", "confirm"));
  }
  return out;
}

Json workflow_json(const pack::Workflow& w) {
  Json::Array states, transitions;
  for (const auto& s : w.states) {
    Json j;
    j.set("name", s.name).set("label", label_json(s.label)).set("initial", s.initial).set("final", s.final);
    states.push_back(std::move(j));
  }
  for (const auto& t : w.transitions) {
    Json j;
    j.set("name", t.name).set("label", label_json(t.label)).set("from", texts_json(t.from)).set("to", t.to);
    j.set("roles", texts_json(t.roles)).set("required", texts_json(t.required));
    j.set("editable", texts_json(t.editable)).set("evidence", texts_json(t.evidence));
    j.set("distinct_from", texts_json(t.distinct_from)).set("reason_required", t.reason_required);
    j.set("danger", text_or_null(t.danger)).set("source", source_json(t.source));
    Json::Array stages;
    for (const auto& s : t.sign_off) {
      Json stage;
      stage.set("name", s.name)
          .set("label", label_json(s.label))
          .set("roles", texts_json(s.roles))
          .set("count", s.count);
      stages.push_back(std::move(stage));
    }
    j.set("sign_off", std::move(stages)).set("return_to", text_or_null(t.return_to));
    transitions.push_back(std::move(j));
  }
  Json::Array clocks;
  for (const auto& c : w.clocks) {
    Json j;
    j.set("name", c.name)
        .set("label", label_json(c.label))
        .set("limit", pack::text_of(c.limit))
        .set("before", c.before);
    j.set("owed_by", texts_json(c.owed_by))
        .set("source", source_json(c.source))
        .set("unverified", c.source.unverified());
    clocks.push_back(std::move(j));
  }
  Json out;
  out.set("name", w.name).set("label", label_json(w.label)).set("clocks", std::move(clocks));
  out.set("states", std::move(states)).set("transitions", std::move(transitions));
  return out;
}

Json dictionary_json(const pack::Dictionary& d) {
  Json::Array entries;
  for (const auto& e : d.entries) {
    Json extra{Json::Object{}};
    for (const auto& [key, value] : e.extra) extra.set(key, value);
    Json j;
    j.set("code", e.code).set("label", label_json(e.label)).set("extra", std::move(extra));
    entries.push_back(std::move(j));
  }
  Json out;
  out.set("name", d.name).set("label", label_json(d.label)).set("entries", std::move(entries));
  return out;
}

std::string param_text(const pack::Param& param) {
  if (const auto* n = std::get_if<double>(&param)) {
    std::string out;
    append_json_number(out, *n);
    return out;
  }
  if (const auto* d = std::get_if<Millis>(&param)) return format_duration(*d);
  if (const auto* s = std::get_if<std::string>(&param)) return *s;
  return fmt::format("{}", fmt::join(std::get<std::vector<std::string>>(param), ", "));
}

Json validity(Json out, Date from, const std::optional<Date>& to) {
  out.set("valid_from", from.days == 0 ? Json() : Json(format_date(from)));
  out.set("valid_to", to ? Json(format_date(*to)) : Json());
  return out;
}

Json rule_json(const pack::AlarmRule& r) {
  Json params{Json::Object{}};
  for (const auto& [name, param] : r.params) params.set(name, param_text(param));
  Json::Array grades;
  for (const auto& [value, grade] : r.grade_by_peak) {
    Json g;
    g.set("value", value).set("grade", pack::name_of(grade));
    grades.push_back(std::move(g));
  }
  Json out;
  out.set("id", r.id).set("label", label_json(r.label)).set("detector", r.detector).set("enabled", r.enabled);
  out.set("params", std::move(params))
      .set("grade", pack::name_of(r.grade))
      .set("grade_by_peak", std::move(grades));
  out.set("reraise_after_s", seconds(r.reraise_after)).set("mine_kinds", texts_json(r.mine_kinds));
  out.set("suppress_if", texts_json(r.suppress_if)).set("advice", label_json(r.advice));
  out.set("source", source_json(r.source)).set("jurisdiction", r.jurisdiction).set("pack", r.pack);
  return validity(std::move(out), r.valid_from, r.valid_to);
}

template <class Items, class F>
Json list_of(const Items& items, F json) {
  Json::Array out;
  for (const auto& item : items) out.push_back(json(item));
  return Json(std::move(out));
}

}  // namespace

Json id_json(RecordId id) { return id ? Json(id.text()) : Json(); }

Json label_json(const pack::Label& label) {
  if (label.zh.empty() && label.en.empty()) return {};
  Json out;
  out.set("zh", label.zh).set("en", label.en);
  return out;
}

Json source_json(const pack::Source& source) {
  if (source.clause.empty() && source.text.empty() && source.confidence.empty()) return {};
  Json out;
  out.set("clause", source.clause).set("text", source.text).set("confidence", source.confidence);
  return out;
}

Json bound_json(const std::optional<pack::Bound>& bound) {
  if (!bound) return {};
  using Op = pack::Bound::Op;
  const char* op = bound->op == Op::ge ? ">=" : bound->op == Op::gt ? ">" : bound->op == Op::le ? "<=" : "<";
  Json out;
  out.set("op", op).set("value", bound->value);
  return out;
}

Json texts_json(const std::vector<std::string>& texts) {
  return list_of(texts, [](const std::string& t) { return Json(t); });
}

std::string RecordJson::title(std::string_view type, RecordId id) {
  if (!id) return {};
  const auto [slot, is_new] = titles_.try_emplace({std::string(type), id});
  if (!is_new) return slot->second;
  auto title = store_.title(actor_, type, id);
  if (title) slot->second = *title;
  return slot->second;
}

Json RecordJson::of(const Record& record, bool steps) {
  const pack::RecordType* type = store_.catalog().record_type(record.type);
  if (!type) return {};
  Json out = record::to_json(store_.catalog(), *type, record);
  out.set("title", title(record.type, record.id));
  Json labels{Json::Object{}};
  for (const auto& field : type->fields) {
    if (field.type != pack::FieldType::reference) continue;
    if (auto name = title(field.target, record.reference(field.name)); !name.empty())
      labels.set(field.name, name);
  }
  out.set("labels", std::move(labels));
  if (!steps) return out;
  out.set("steps", texts_json(store_.possible_steps(actor_, record)));
  Json blocked{Json::Object{}};
  for (const auto& step : store_.blocked_steps(actor_, record)) blocked.set(step.step, label_json(step.why));
  out.set("blocked", std::move(blocked));
  out.set("raises", texts_json(store_.possible_raises(actor_, record)));
  out.set("acts", store_.acts(actor_, record));
  const auto signing = store_.signing(actor_, record.type, record.id);
  out.set("signing", signing && *signing ? signing_json(record, **signing) : Json());
  Json::Array clocks;
  if (const auto views = store_.clocks(actor_, record.type, record.id)) {
    for (const auto& view : *views) clocks.push_back(clock_json(view));
  }
  return out.set("clocks", std::move(clocks));
}

Json RecordJson::signing_json(const Record& record, const record::Signing& signing) {
  Json::Array signatures;
  for (const auto& s : signing.signatures) signatures.push_back(signature_json(s));
  const auto mine = store_.may_sign(actor_, record.type, record.id);
  Json out;
  out.set("step", signing.step)
      .set("begun_by", signing.begun_by_name)
      .set("begun_at", format_rfc3339(signing.begun_at));
  out.set("signatures", std::move(signatures)).set("may_sign", mine && *mine);
  return out.set("may_withdraw", actor_.account && actor_.account == signing.begun_by);
}

Json signature_json(const record::Signed& s) {
  Json out;
  out.set("stage", s.stage).set("name", s.name).set("at", format_rfc3339(s.at)).set("agrees", s.agrees);
  return out.set("opinion", s.opinion);
}

Json clock_json(const record::ClockView& view) {
  const auto at = [](const std::optional<std::int64_t>& ms) {
    return ms ? Json(format_rfc3339(*ms)) : Json();
  };
  Json out;
  out.set("type", view.type).set("id", view.id.text()).set("clock", view.clock).set("state", view.state);
  out.set("started", at(view.started))
      .set("due", at(view.due))
      .set("half", at(view.half))
      .set("fifths", at(view.fifths));
  return out.set("ended", at(view.ended));
}

Json reminder_json(const record::Reminder& reminder) {
  Json out;
  out.set("seq", reminder.seq).set("type", reminder.type).set("id", reminder.id.text());
  out.set("clock", reminder.clock).set("stage", std::string(record::name_of_stage(reminder.stage)));
  return out.set("due", format_rfc3339(reminder.due)).set("at", format_rfc3339(reminder.at));
}

Json catalog_json(const pack::Catalog& c) {
  Json out;
  out.set("record_types", list_of(c.record_types, record_type_json));
  out.set("workflows", list_of(c.workflows, workflow_json));
  out.set("dictionaries", list_of(c.dictionaries, dictionary_json));
  out.set("roles", list_of(c.roles, [](const pack::Role& r) {
            Json j;
            return j.set("name", r.name).set("label", label_json(r.label)).set("level", r.level);
          }));
  out.set("rules", list_of(c.alarm_rules, [](const pack::AlarmRule& r) {
            Json j;
            return j.set("id", r.id).set("label", label_json(r.label)).set("advice", label_json(r.advice));
          }));
  return out;
}

Json packs_json(const pack::Catalog& c) {
  const auto in_pack = [](const auto& rows, const std::string& pack) {
    std::int64_t n = 0;
    for (const auto& row : rows) n += row.pack == pack ? 1 : 0;
    return n;
  };
  return list_of(c.packs, [&](const pack::PackHeader& p) {
    Json counts, j;
    counts.set("record_types", in_pack(c.record_types, p.name)).set("limits", in_pack(c.limits, p.name));
    counts.set("alarm_rules", in_pack(c.alarm_rules, p.name)).set("dialects", in_pack(c.dialects, p.name));
    j.set("name", p.name).set("version", p.version).set("label", label_json(p.label)).set("level", p.level);
    Json::Array documents, rules;
    for (const auto& document : c.documents) {
      if (document.pack == p.name) documents.emplace_back(document.id);
    }
    for (const auto& duty : c.duties) {
      if (duty.pack == p.name) rules.emplace_back(duty.id);
    }
    counts.set("clauses", in_pack(c.clauses, p.name)).set("duties", in_pack(c.duties, p.name));
    counts.set("forms", in_pack(c.forms, p.name));
    j.set("jurisdiction", p.jurisdiction).set("sha256", p.sha256).set("counts", std::move(counts));
    j.set("switchable", p.switchable).set("documents", std::move(documents)).set("rules", std::move(rules));
    return j;
  });
}

Json rules_json(const pack::Catalog& c) {
  Json out;
  out.set("rules", list_of(c.alarm_rules, rule_json));
  out.set("escalation", list_of(c.escalation, [](const pack::EscalationStep& s) {
            Json j;
            j.set("grade", s.grade == pack::Grade::none ? Json() : Json(pack::name_of(s.grade)));
            j.set("rule", text_or_null(s.rule)).set("to_level", s.to_level).set("after_s", seconds(s.after));
            return j.set("source", source_json(s.source));
          }));
  return out;
}

Json limits_json(const pack::Catalog& c) {
  Json out;
  out.set(
      "limits", list_of(c.limits, [](const pack::LimitRow& l) {
        Json j;
        j.set("id", l.id).set("gas", l.gas).set("role", l.role).set("where", label_json(l.where));
        j.set("keywords", texts_json(l.keywords)).set("alarm_text", l.alarm_text).set("cut_text", l.cut_text);
        j.set("restore_text", l.restore_text).set("unit", l.unit).set("floor", l.floor);
        j.set("mine_kind", l.mine_kind).set("source", source_json(l.source));
        j.set("jurisdiction", l.jurisdiction).set("pack", l.pack);
        return validity(std::move(j), l.valid_from, l.valid_to);
      }));
  return out;
}

Json change_json(const record::Change& c) {
  Json j;
  j.set("seq", c.seq)
      .set("type", c.type)
      .set("id", id_json(c.id))
      .set("version", c.version)
      .set("action", c.action);
  j.set("actor", c.actor).set("origin", c.origin).set("at", time_json(c.at)).set("reason", c.reason);
  return j.set("diff", c.diff).set("hash", c.hash);
}

Json concern_json(const watch::Concern& c) {
  Json j;
  j.set("mine", id_json(c.mine))
      .set("organisation", id_json(c.organisation))
      .set("code", c.code)
      .set("name", c.name);
  j.set("status", c.status).set("simulated", c.simulated).set("score", c.score).set("red", c.red);
  j.set("orange", c.orange).set("yellow", c.yellow).set("blue", c.blue).set("unanswered", c.unanswered);
  j.set("oldest_unanswered", time_json(c.oldest_unanswered)).set("overdue_hazards", c.overdue_hazards);
  j.set("open_hazards", c.open_hazards).set("people", c.people).set("quota", maybe(c.quota));
  j.set("silence_s", maybe_seconds(c.silence));
  return j.set("parts", list_of(c.parts, [](const auto& part) {
                 Json p;
                 return p.set("name", part.first).set("points", part.second);
               }));
}

Json underground_json(const watch::Underground& u) {
  Json j;
  j.set("mine", id_json(u.mine))
      .set("as_of", time_json(u.as_of))
      .set("people", u.people)
      .set("leaders", u.leaders);
  j.set("quota", maybe(u.quota));
  j.set("areas", list_of(u.areas, [](const watch::AreaCount& a) {
          Json r;
          r.set("area", id_json(a.area)).set("code", a.code).set("name", a.name).set("kind", a.kind);
          return r.set("people", a.people).set("quota", maybe(a.quota));
        }));
  return j.set(
      "persons", list_of(u.persons, [](const watch::Underground::Person& p) {
        Json r;
        r.set("card", p.card).set("name", p.name).set("area", p.area).set("area_id", id_json(p.area_id));
        return r.set("entered", time_json(p.entered)).set("is_leader", p.is_leader).set("sos", p.sos);
      }));
}

Json receipt_json(const feed::Receipt& r) {
  Json j;
  j.set("verdict", feed::name_of(r.verdict)).set("file_name", r.file_name).set("mine", r.mine);
  j.set("file_type", r.file_type).set("seq", static_cast<std::int64_t>(r.seq)).set("records", r.records);
  j.set("bad_records", r.bad_records)
      .set("quarantined", r.quarantined)
      .set("code", r.code)
      .set("message", r.message);
  return j.set("faults",
               list_of(r.faults, [&](const feed::Fault& fault) { return Json(fault.text(r.file_name)); }));
}

Json ledger_json(const feed::LedgerRow& r, const std::string& mine_name) {
  Json j;
  j.set("id", id_json(r.id))
      .set("mine", id_json(r.mine))
      .set("mine_name", mine_name)
      .set("mine_code", r.mine_code);
  j.set("file_name", r.file_name)
      .set("file_type", r.file_type)
      .set("system", r.system)
      .set("verdict", r.verdict);
  j.set("code", r.code).set("message", r.message).set("header_time", time_json(r.header_time));
  j.set("arrived", time_json(r.arrived)).set("records", r.records).set("bad_records", r.bad_records);
  return j.set("quarantined", r.quarantined).set("faults", texts_json(r.faults));
}

Json health_json(const feed::FeedHealth& h, const std::string& mine_name) {
  Json j;
  j.set("mine", id_json(h.mine))
      .set("mine_name", mine_name)
      .set("system", h.system)
      .set("last_file", h.last_file);
  j.set("last_arrival", time_json(h.last_arrival)).set("last_event", time_json(h.last_event));
  j.set("lag_s", maybe_seconds(h.lag)).set("accepted_today", count(h.accepted_today));
  j.set("rejected_today", count(h.rejected_today)).set("quarantined", count(h.quarantined));
  return j.set("gaps_today", count(h.gaps_today));
}

Json quarantine_json(const feed::QuarantineRow& r, const std::string& mine_name) {
  Json j;
  j.set("mine", id_json(r.mine))
      .set("mine_name", mine_name)
      .set("point_code", r.point_code)
      .set("reason", r.reason);
  j.set("readings", count(r.readings)).set("first", time_json(r.first)).set("last", time_json(r.last));
  return j.set("arrived", time_json(r.arrived));
}

}  // namespace mineward::api
