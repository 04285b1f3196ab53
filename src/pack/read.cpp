#include "base/text.h"
#include "pack/draft.h"
#include "pack/node_values.h"
#include "pack/schema.h"

namespace mineward::pack {

using namespace node_values;

namespace {

FieldType field_type(std::string_view name) {
  static constexpr std::pair<std::string_view, FieldType> kTypes[] = {
      {"text", FieldType::text},           {"long_text", FieldType::long_text},
      {"integer", FieldType::integer},     {"decimal", FieldType::decimal},
      {"money", FieldType::money},         {"boolean", FieldType::boolean},
      {"date", FieldType::date},           {"instant", FieldType::instant},
      {"choice", FieldType::choice},       {"choices", FieldType::choices},
      {"reference", FieldType::reference}, {"attachments", FieldType::attachments}};
  for (const auto& [known, type] : kTypes) {
    if (known == name) return type;
  }
  return FieldType::text;
}

Field read_field(const Node& node, const std::string& file) {
  Field f;
  f.name = text(node, "name");
  f.label = label(node, "label");
  f.type = field_type(text(node, "type"));
  f.required = flag(node, "required");
  f.system = flag(node, "system");
  f.secret = flag(node, "secret");
  f.personal = flag(node, "personal");
  f.searchable = flag(node, "searchable");
  f.unit = text(node, "unit");
  f.scale = integer(node, "scale").value_or(2);
  f.min = number(node, "min");
  f.max = number(node, "max");
  f.max_length = integer(node, "max_length");
  f.pattern = text(node, "pattern");
  f.dictionary = text(node, "dictionary");
  f.target = text(node, "target");
  f.default_value = text(node, "default");
  f.file_kinds = texts(node, "file_kinds");
  f.format = text(node, "format");
  f.first_of = text(node, "first_of");
  f.protect = text(node, "protect");
  f.reveal = texts(node, "reveal");
  f.source = source(node);
  f.help = label(node, "help");
  f.place = {file, node.line};
  if (!f.max_length && f.type == FieldType::text) f.max_length = 200;
  if (!f.max_length && f.type == FieldType::long_text) f.max_length = 20000;
  return f;
}

Raise read_raise(const Node& node, const std::string& file) {
  return {text(node, "name"),     text(node, "record"),          label(node, "label"),
          text_map(node, "sets"), texts(node, "roles"),          texts(node, "in"),
          text(node, "each"),     conditions(node, "each_when"), {file, node.line}};
}

Effect read_effect(const Node& node, const std::string& file) {
  return {text(node, "of"), text_map(node, "sets"), conditions(node, "when"), {file, node.line}};
}

Closing read_closing(const Node& node) {
  const Node* value = node.get("closed");
  return value ? Closing{conditions(*value, "when"), label(*value, "label"), texts(*value, "except")}
               : Closing{};
}

RecordRule read_check(const Node& node, const std::string& file) {
  using Rule = RecordRule::Rule;
  static constexpr std::pair<std::string_view, Rule> kRules[] = {
      {"order", Rule::order},           {"one_of", Rule::one_of},     {"sum_within", Rule::sum_within},
      {"single", Rule::single},         {"not_past", Rule::not_past}, {"within", Rule::within},
      {"not_future", Rule::not_future}, {"needs", Rule::needs},       {"same", Rule::same}};
  RecordRule c;
  c.rule = named(kRules, text(node, "rule"), c.rule);
  c.fields = texts(node, "fields");
  c.per = texts(node, "per");
  c.paths = texts(node, "paths");
  c.field = text(node, "field");
  c.table = text(node, "table");
  c.on = text(node, "on");
  c.least = text(node, "least");
  c.most = text(node, "most");
  c.where_there_is_a_row = flag(node, "where_there_is_a_row");
  c.record = text(node, "record");
  c.until = text(node, "until");
  c.match = text_map(node, "match");
  c.alike = conditions(node, "alike");
  c.from = text_map(node, "from");
  c.when = conditions(node, "when");
  c.label = label(node, "label");
  c.place = {file, node.line};
  return c;
}

Compute read_compute(const Node& node, const std::string& file) {
  using Rule = Compute::Rule;
  static constexpr std::pair<std::string_view, Rule> kRules[] = {
      {"decide", Rule::decide},     {"product", Rule::product},
      {"sum", Rule::sum},           {"difference", Rule::difference},
      {"quotient", Rule::quotient}, {"date_after", Rule::date_after},
      {"total", Rule::total}};
  Compute c;
  c.rule = named(kRules, text(node, "rule"), c.rule);
  c.table = text(node, "table");
  c.on = text(node, "on");
  c.from = text_map(node, "from");
  c.gives = text_map(node, "gives");
  c.into = text(node, "into");
  if (std::string one = text(node, "gives"); !one.empty()) c.gives.emplace(std::move(one), c.into);
  c.row = text(node, "row");
  c.provisional = text(node, "provisional");
  c.of = texts(node, "of");
  if (std::string one = text(node, "of"); !one.empty()) c.of.push_back(std::move(one));
  c.column = text(node, "column");
  c.plus_days = integer(node, "plus_days").value_or(0) - integer(node, "minus_days").value_or(0);
  c.plus_months = integer(node, "plus_months").value_or(0);
  c.times = number(node, "times").value_or(1);
  c.record = text(node, "record");
  c.match = text_map(node, "match");
  c.when = conditions(node, "when");
  c.add = text(node, "add");
  c.at = text(node, "at");
  c.since = text(node, "since");
  c.until = text(node, "until");
  c.place = {file, node.line};
  return c;
}

ClockRule read_clock(const Node& node, const std::string& file) {
  ClockRule c;
  c.name = text(node, "name");
  c.label = label(node, "label");
  c.starts = text(node, "starts");
  c.limit = parse_time_limit(text(node, "limit")).value_or(TimeLimit{});
  c.before = flag(node, "before");
  c.ends = text(node, "ends");
  c.ends_in = texts(node, "ends_in");
  c.pauses_in = texts(node, "pauses_in");
  c.extended_by = text(node, "extended_by");
  c.last_day_moves = flag(node, "last_day_moves");
  c.reminder = flag(node, "reminder");
  c.owed_by = texts(node, "owed_by");
  c.when = conditions(node, "when");
  c.source = source(node);
  c.place = {file, node.line};
  return c;
}

RecordType read_record(const Node& node, const std::string& file) {
  RecordType r;
  r.name = text(node, "name");
  r.label = label(node, "label");
  r.system = text(node, "system");
  r.owner_field = text(node, "owner");
  r.belongs_to = text(node, "belongs_to");
  r.workflow = text(node, "workflow");
  r.title_field = text(node, "title");
  r.list_fields = texts(node, "list");
  r.unique = lists(node, "unique");
  r.indexes = lists(node, "indexes");
  r.number_format = text(node, "number");
  r.numbers = items<Numbering>(node, "numbers", [&](const Node& n) { return read_numbering(n, file); });
  if (const Node* access = node.get("access")) {
    r.access = {texts(*access, "read"), texts(*access, "create"), texts(*access, "update")};
  }
  r.raises = items<Raise>(node, "raises", [&](const Node& n) { return read_raise(n, file); });
  r.checks = items<RecordRule>(node, "checks", [&](const Node& n) { return read_check(n, file); });
  r.computes = items<Compute>(node, "computes", [&](const Node& n) { return read_compute(n, file); });
  r.closed = read_closing(node);
  if (text(node, "withdrawal") == "none") r.withdrawal = Withdrawal::none;
  r.fields = items<Field>(node, "fields", [&](const Node& n) { return read_field(n, file); });
  r.place = {file, node.line};
  return r;
}

Transition read_transition(const Node& node, const std::string& file) {
  Transition t;
  t.name = text(node, "name");
  t.label = label(node, "label");
  t.from = texts(node, "from");
  t.to = text(node, "to");
  t.roles = texts(node, "roles");
  t.required = texts(node, "required");
  t.editable = texts(node, "editable");
  t.evidence = texts(node, "evidence");
  t.distinct_from = texts(node, "distinct_from");
  t.sets = text_map(node, "sets");
  t.changes = items<Effect>(node, "changes", [&](const Node& n) { return read_effect(n, file); });
  t.reason_required = flag(node, "reason_required");
  t.danger = text(node, "danger");
  t.sign_off = items<Signature>(node, "sign_off", [](const Node& n) {
    return Signature{text(n, "name"), label(n, "label"), texts(n, "roles"), integer(n, "count").value_or(1)};
  });
  t.when = conditions(node, "when");
  t.when_label = label(node, "when_label");
  t.return_to = text(node, "return_to");
  t.return_sets = text_map(node, "return_sets");
  t.hands_over = flag(node, "hands_over");
  t.by_subject = flag(node, "by_subject");
  t.source = source(node);
  t.place = {file, node.line};
  return t;
}

Workflow read_workflow(const Node& node, const std::string& file) {
  Workflow w;
  w.name = text(node, "name");
  w.label = label(node, "label");
  w.states = items<State>(node, "states", [](const Node& n) {
    return State{text(n, "name"), label(n, "label"), flag(n, "initial"), flag(n, "final")};
  });
  w.transitions =
      items<Transition>(node, "transitions", [&](const Node& n) { return read_transition(n, file); });
  w.clocks = items<ClockRule>(node, "clocks", [&](const Node& n) { return read_clock(n, file); });
  w.source = source(node);
  return w;
}

Dictionary read_dictionary(const Node& node, const std::string&) {
  Dictionary d;
  d.name = text(node, "name");
  d.label = label(node, "label");
  d.entries = items<DictionaryEntry>(node, "entries", [](const Node& n) {
    return DictionaryEntry{text(n, "code"), label(n, "label"), text_map(n, "extra"), source(n)};
  });
  return d;
}

Role read_role(const Node& node, const std::string&) {
  Role r;
  r.name = text(node, "name");
  r.label = label(node, "label");
  r.level = text(node, "level");
  const std::string administers = text(node, "administers");
  r.administers_system = administers == "system";
  r.administers_security = administers == "security";
  r.audits = administers == "audit";
  r.withdraws = flag(node, "withdraws");
  return r;
}

/// The text as printed, and the bound if it was given as one.
std::string bound_or_words(const Node& node, const std::string& key, BoundText& bound) {
  if (std::string printed = text(node, key); !printed.empty()) {
    bound = parse_bound(printed);
    return printed;
  }
  return text(node, key + "_words");
}

LimitRow read_limit(const Node& node, const std::string& file) {
  LimitRow row;
  row.id = text(node, "id");
  row.gas = text(node, "gas");
  row.role = text(node, "role");
  row.where = label(node, "where");
  row.keywords = texts(node, "keywords");
  BoundText alarm, cut, restore;
  row.alarm_text = bound_or_words(node, "alarm", alarm);
  row.cut_text = bound_or_words(node, "cut", cut);
  row.restore_text = bound_or_words(node, "restore", restore);
  row.alarm = alarm.first;
  row.alarm_low = alarm.low;
  row.cut = cut.first;
  row.restore = restore.first;
  row.unit = text(node, "unit");
  row.floor = flag(node, "floor");
  row.mine_kind = text(node, "mine_kind");
  row.source = source(node);
  row.valid_from = date(node, "valid_from").value_or(Date{});
  row.valid_to = date(node, "valid_to");
  row.jurisdiction = text(node, "jurisdiction");
  row.place = {file, node.line};
  return row;
}

Example read_example(const Node& node, const std::string& file) {
  return {text(node, "name"), text_map(node, "given"), text(node, "expect"), {file, node.line}};
}

Param read_param(const Node& node) {
  if (node.is_list()) return texts(node);
  if (!node.quoted) {
    if (const auto value = parse_number(node.text)) return *value;
  }
  // A quoted "5" stays a text; a duration always carries its unit.
  if (auto value = parse_duration(node.text); value.ok() && !parse_number(node.text)) return *value;
  return node.text;
}

AlarmRule read_alarm_rule(const Node& node, const std::string& file) {
  AlarmRule rule;
  rule.id = text(node, "id");
  rule.label = label(node, "label");
  rule.detector = text(node, "detector");
  rule.enabled = flag(node, "enabled", true);
  if (const Node* params = node.get("params")) {
    for (const auto& entry : params->entries) rule.params.emplace(entry.key, read_param(entry.value));
  }
  rule.grade = grade(node);
  if (const Node* steps = node.get("grade_by_peak")) {
    for (const auto& step : steps->items)
      rule.grade_by_peak.emplace_back(number(step, "at").value_or(0), grade(step));
  }
  rule.reraise_after = duration(node, "reraise_after").value_or(rule.reraise_after);
  rule.mine_kinds = texts(node, "mine_kinds");
  rule.suppress_if = texts(node, "suppress_if");
  rule.advice = label(node, "advice");
  rule.source = source(node);
  rule.valid_from = date(node, "valid_from").value_or(Date{});
  rule.valid_to = date(node, "valid_to");
  rule.jurisdiction = text(node, "jurisdiction");
  rule.examples = items<Example>(node, "examples", [&](const Node& n) { return read_example(n, file); });
  rule.place = {file, node.line};
  return rule;
}

EscalationStep read_escalation(const Node& node, const std::string& file) {
  EscalationStep step;
  step.grade = grade(node);
  step.rule = text(node, "rule");
  step.to_level = text(node, "to_level");
  step.after = duration(node, "after").value_or(Millis{0});
  step.source = source(node);
  step.place = {file, node.line};
  return step;
}

std::vector<std::vector<Column>> read_layouts(const Node& node, std::string_view key) {
  std::vector<std::vector<Column>> out;
  const Node* layouts = node.get(key);
  if (!layouts) return out;
  for (const auto& layout : layouts->items) {
    std::vector<Column> columns;
    for (const auto& item : layout.items) {
      if (item.is_map()) {
        columns.push_back({text(item, "name"),
                           parse_column_kind(text(item, "kind")).value_or(ColumnKind::text),
                           flag(item, "required")});
      } else {
        columns.push_back(parse_column(item.text).value_or(Column{}));
      }
    }
    out.push_back(std::move(columns));
  }
  return out;
}

FileLayout read_file_layout(const Node& node, const std::string& file) {
  FileLayout f;
  f.type = text(node, "type");
  f.label = label(node, "label");
  f.system = text(node, "system");
  f.reader = text(node, "reader");
  for (auto& columns : read_layouts(node, "headers")) f.headers.push_back({std::move(columns)});
  f.records = read_layouts(node, "records");
  f.empty_body_ok = flag(node, "empty_body_ok");
  f.period = duration(node, "period").value_or(Millis{0});
  f.source = source(node);
  f.place = {file, node.line};
  return f;
}

Dialect read_dialect(const Node& node, const std::string& file) {
  Dialect d;
  d.id = text(node, "id");
  d.label = label(node, "label");
  d.field_separator = text(node, "field_separator");
  d.record_end = text(node, "record_end");
  d.file_end = text(node, "file_end");
  d.number_sentinels = texts(node, "number_sentinels");
  d.limit_sentinels = texts(node, "limit_sentinels");
  d.time_sentinels = texts(node, "time_sentinels");
  d.max_bad_share = number(node, "max_bad_share").value_or(d.max_bad_share);
  d.future_tolerance = duration(node, "future_tolerance").value_or(d.future_tolerance);
  d.files = items<FileLayout>(node, "files", [&](const Node& n) { return read_file_layout(n, file); });
  d.place = {file, node.line};
  return d;
}

// ---- regulation

Document read_document(const Node& node, const std::string& file) {
  Document d;
  d.id = text(node, "id");
  d.title = label(node, "title");
  d.issuer = text(node, "issuer");
  d.jurisdiction = text(node, "jurisdiction");
  d.valid_from = date(node, "valid_from").value_or(Date{});
  d.valid_to = date(node, "valid_to");
  d.source = source(node);
  d.place = {file, node.line};
  return d;
}

Clause read_clause(const Node& node, const std::string& file) {
  Clause c;
  c.id = text(node, "id");
  c.document = text(node, "document");
  c.article = text(node, "article");
  c.text = label(node, "text");
  c.original = text(node, "original");
  c.kind = text(node, "kind");
  c.binds = texts(node, "binds");
  c.quantities = texts(node, "quantities");
  c.checkable = text(node, "checkable");
  c.system = text(node, "system");
  c.also = texts(node, "also");
  c.families = texts(node, "families");
  c.place = {file, node.line};
  return c;
}

/// "08:00" as minutes after midnight; -1 when it is none.
int clock_minutes(const std::string& text) {
  if (text.size() != 5 || text[2] != ':') return -1;
  const auto hours = parse_integer(text.substr(0, 2)), minutes = parse_integer(text.substr(3));
  if (!hours || !minutes || *hours < 0 || *hours > 23 || *minutes < 0 || *minutes > 59) return -1;
  return static_cast<int>(*hours * 60 + *minutes);
}

Climb read_climb(const Node& node) {
  return {text(node, "to"), duration(node, "after").value_or(Millis{0}), source(node)};
}

DutyRule read_duty(const Node& node, const std::string& file) {
  DutyRule r;
  r.id = text(node, "id");
  r.family = text(node, "family");
  r.label = label(node, "label");
  r.clause = text(node, "clause");
  r.owed_by = text(node, "owed_by");
  r.owed_when = conditions(node, "owed_when");
  r.overseen_by = text(node, "overseen_by");
  r.done_by = texts(node, "done_by");
  r.every = parse_period(text(node, "every")).value_or(Period::month);
  for (const auto& shift : texts(node, "shifts")) r.shifts.push_back(clock_minutes(shift));
  r.counts = text(node, "counts");
  r.of = text(node, "of");
  r.when = conditions(node, "when");
  r.at = text(node, "at");
  r.done = text(node, "done");
  if (r.done.empty()) r.done = "created_at";
  r.at_least = integer(node, "at_least");
  r.at_most = integer(node, "at_most");
  r.longer_than = duration(node, "longer_than");
  r.from = text(node, "from");
  r.to = text(node, "to");
  r.due = parse_due(text(node, "due")).value_or(Due{});
  r.late_for = duration(node, "late_for").value_or(Millis{0});
  r.climbs = items<Climb>(node, "climbs", read_climb);
  if (const Node* claims = node.get("claims")) {
    r.claims = {text(*claims, "record"), text(*claims, "of"), text(*claims, "at"),
                duration(*claims, "within").value_or(Millis{0})};
  }
  r.source = source(node);
  r.valid_from = date(node, "valid_from").value_or(Date{});
  r.valid_to = date(node, "valid_to");
  r.jurisdiction = text(node, "jurisdiction");
  r.examples = items<Example>(node, "examples", [&](const Node& n) { return read_example(n, file); });
  r.place = {file, node.line};
  return r;
}

std::vector<Date> dates(const Node& node, std::string_view key) {
  std::vector<Date> out;
  for (const auto& item : texts(node, key)) {
    if (const auto day = parse_date(item)) out.push_back(*day);
  }
  return out;
}

CalendarYear read_calendar(const Node& node, const std::string& file) {
  return {integer(node, "year").value_or(0),
          dates(node, "off"),
          dates(node, "worked"),
          source(node),
          {},
          {file, node.line}};
}

FormColumn read_form_column(const Node& node) {
  FormColumn c;
  c.number = integer(node, "number").value_or(0);
  c.group = text(node, "group");
  c.name = label(node, "name");
  c.sub = label(node, "sub");
  c.unit = text(node, "unit");
  if (const Node* indicator = node.get("indicator")) {
    c.indicator =
        Indicator{text(*indicator, "counts"), conditions(*indicator, "when"), text(*indicator, "at"),
                  text(*indicator, "unit"),   text(*indicator, "adds"),       flag(*indicator, "stock")};
  }
  c.share_of = integer(node, "share_of").value_or(0);
  c.share_in = integer(node, "share_in").value_or(0);
  c.decimals = integer(node, "decimals").value_or(0);
  c.divide_by = number(node, "divide_by").value_or(1);
  c.source = source(node);
  return c;
}

Form read_form(const Node& node, const std::string& file) {
  Form f;
  f.name = text(node, "name");
  f.label = label(node, "label");
  f.title = text(node, "title");
  f.clause = text(node, "clause");
  f.filed_by = texts(node, "filed_by");
  f.duty = text(node, "duty");
  f.columns = items<FormColumn>(node, "columns", read_form_column);
  f.rows = items<FormRow>(node, "rows", [](const Node& n) {
    return FormRow{text(n, "name"), label(n, "label"), date(n, "since"), flag(n, "since_year")};
  });
  f.narrative = label(node, "narrative");
  f.footer = items<Label>(node, "footer", [](const Node& n) { return Label{text(n, "zh"), text(n, "en")}; });
  f.note = text(node, "note");
  f.source = source(node);
  f.place = {file, node.line};
  return f;
}

/// Texts of one scalar or of a list.
std::vector<std::string> one_or_many(const Node& node) {
  return node.is_scalar() ? std::vector<std::string>{node.text} : texts(node);
}

TableRow read_table_row(const Node& node, const DecisionTable& table, const std::string& file) {
  TableRow row;
  row.id = text(node, "id");
  if (const Node* when = node.get("when")) {
    for (const auto& entry : when->entries) {
      const TableInput* input = table.input(entry.key);
      std::vector<std::string> words = one_or_many(entry.value);
      if (!input || !input->is_number) {
        row.when.emplace(entry.key, std::move(words));
        continue;
      }
      std::vector<Bound> bounds;
      for (const auto& word : words) {
        if (const auto bound = parse_bound(word); bound.first && !bound.low) bounds.push_back(*bound.first);
      }
      if (bounds.size() != words.size()) bounds.clear();  // the check of tables says so
      row.when.emplace(entry.key, std::move(bounds));
    }
  }
  for (auto& [name, value] : text_map(node, "gives")) row.gives.emplace(name, value);
  row.source = source(node);
  row.valid_from = date(node, "valid_from").value_or(Date{});
  row.valid_to = date(node, "valid_to");
  row.jurisdiction = text(node, "jurisdiction");
  row.place = {file, node.line};
  return row;
}

DecisionTable read_table(const Node& node, const std::string& file) {
  DecisionTable t;
  t.name = text(node, "name");
  t.label = label(node, "label");
  t.inputs = items<TableInput>(node, "inputs", [](const Node& n) {
    return TableInput{text(n, "name"), text(n, "kind") == "number", text(n, "unit"), text(n, "dictionary")};
  });
  t.outputs = items<TableOutput>(node, "outputs", [](const Node& n) {
    using Kind = TableOutput::Kind;
    const std::string kind = text(n, "kind");
    return TableOutput{text(n, "name"),
                       kind == "number" ? Kind::number
                       : kind == "code" ? Kind::code
                                        : Kind::text,
                       text(n, "dictionary"), text(n, "unit")};
  });
  t.worst = text(node, "pick") == "worst";
  t.order = texts(node, "order");
  t.lower_bound = text(node, "unknown") == "lower_bound";
  t.rows = items<TableRow>(node, "rows", [&](const Node& n) { return read_table_row(n, t, file); });
  t.examples = items<Example>(node, "examples", [&](const Node& n) { return read_example(n, file); });
  t.place = {file, node.line};
  return t;
}

template <class T, class Read>
void add_rows(const Node& root, std::string_view key, const std::string& file, std::size_t pack,
              std::vector<Row<T>>& out, Read read) {
  // A key that stands twice was reported; both lists are read, so that their rows are checked too.
  for (const auto& entry : root.entries) {
    if (entry.key != key) continue;
    for (const auto& item : entry.value.items) {
      if (item.is_map()) out.push_back({read(item, file), &item, pack, {file, item.line}});
    }
  }
}

}  // namespace

PackHeader read_header(const Node& node) {
  PackHeader h;
  h.name = text(node, "name");
  h.version = text(node, "version");
  h.label = label(node, "label");
  h.level = text(node, "level");
  h.jurisdiction = text(node, "jurisdiction");
  h.requires_packs = texts(node, "requires");
  h.switchable = flag(node, "switchable");
  return h;
}

void read_rows(const Node& root, const std::string& file, std::size_t pack, Draft& draft) {
  add_rows(root, "records", file, pack, draft.records, read_record);
  add_rows(root, "workflows", file, pack, draft.workflows, read_workflow);
  add_rows(root, "dictionaries", file, pack, draft.dictionaries, read_dictionary);
  add_rows(root, "roles", file, pack, draft.roles, read_role);
  add_rows(root, "limits", file, pack, draft.limits, read_limit);
  add_rows(root, "limit_examples", file, pack, draft.limit_examples, read_example);
  add_rows(root, "alarm_rules", file, pack, draft.alarm_rules, read_alarm_rule);
  add_rows(root, "escalation", file, pack, draft.escalation, read_escalation);
  add_rows(root, "dialects", file, pack, draft.dialects, read_dialect);
  add_rows(root, "documents", file, pack, draft.documents, read_document);
  add_rows(root, "clauses", file, pack, draft.clauses, read_clause);
  add_rows(root, "duties", file, pack, draft.duties, read_duty);
  add_rows(root, "calendar", file, pack, draft.calendar, read_calendar);
  add_rows(root, "forms", file, pack, draft.forms, read_form);
  add_rows(root, "tables", file, pack, draft.tables, read_table);
  add_rows(root, "papers", file, pack, draft.papers, read_paper);
}

}  // namespace mineward::pack
