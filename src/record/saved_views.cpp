#include "record/saved_views.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace mineward::record {
namespace {

/// The caller, with the right to touch records that no role may.
Actor keeper(Actor actor) {
  actor.is_system = true;
  return actor;
}

bool is_true(const Record& record, std::string_view field) {
  const auto found = record.fields.find(field);
  const bool* value = found == record.fields.end() ? nullptr : std::get_if<bool>(&found->second);
  return value && *value;
}

Refusal not_there(RecordId id) {
  return {not_found(fmt::format("there is no saved filter {}", id.value)), {}, {}};
}

Fields fields_of(const ViewChange& change) {
  Fields out;
  if (change.name) out["name"] = *change.name;
  if (change.query) out["query"] = *change.query;
  if (change.columns) out["columns"] = *change.columns;
  if (change.shared) out["shared"] = *change.shared;
  if (change.removed) out["removed"] = *change.removed;
  return out;
}

bool sees(const Actor& actor, const Record& view) {
  if (is_true(view, "removed")) return false;
  return view.reference("account") == actor.account ||
         (is_true(view, "shared") && view.reference("organisation") == actor.organisation);
}

/// Views of the type that match; at most a page, which is more than a person can choose from.
Result<std::vector<Record>> matching(Store& store, std::string_view type, Filter whose) {
  ListQuery query;
  query.type = "saved_view";
  query.filters = {{"record_type", Filter::Op::eq, {std::string(type)}},
                   {"removed", Filter::Op::eq, {"false"}},
                   std::move(whose)};
  query.limit = 200;
  MW_ASSIGN(Page page, store.list(Actor::system("system:views"), query));
  return std::move(page.records);
}

/// One's own of the same name, other than `self`.
Result<bool> has_twin(Store& store, const Actor& actor, std::string_view type, std::string_view name,
                      RecordId self) {
  MW_ASSIGN(const auto own, matching(store, type, {"account", Filter::Op::eq, {actor.account.text()}}));
  return std::any_of(own.begin(), own.end(),
                     [&](const Record& view) { return view.text("name") == name && view.id != self; });
}

Refusal twin_refused(const std::string& name) {
  return {conflict(fmt::format("there is a saved filter \"{}\" already", name)),
          {{"name", "not_unique", "another saved filter has this name", {}}},
          {}};
}

Result<std::optional<Record>> choice_of(Store& store, const Actor& actor, std::string_view type) {
  ListQuery query;
  query.type = "view_choice";
  query.filters = {{"account", Filter::Op::eq, {actor.account.text()}},
                   {"record_type", Filter::Op::eq, {std::string(type)}}};
  query.limit = 1;
  MW_ASSIGN(Page page, store.list(Actor::system("system:views"), query));
  if (page.records.empty()) return std::optional<Record>();
  return std::optional<Record>(std::move(page.records.front()));
}

}  // namespace

Result<std::vector<SavedView>> views_of(Store& store, const Actor& actor, std::string_view type) {
  MW_ASSIGN(auto records, matching(store, type, {"account", Filter::Op::eq, {actor.account.text()}}));
  MW_ASSIGN(const auto around,
            matching(store, type, {"organisation", Filter::Op::eq, {actor.organisation.text()}}));
  for (const Record& view : around) {
    if (sees(actor, view) && view.reference("account") != actor.account) records.push_back(view);
  }
  MW_ASSIGN(const auto choice, choice_of(store, actor, type));
  const RecordId chosen = choice ? choice->reference("view") : RecordId{};
  std::vector<SavedView> out;
  for (const Record& view : records) {
    const RecordId account = view.reference("account");
    out.push_back({view.id, view.version, view.text("name"), view.text("query"), view.text("columns"),
                   is_true(view, "shared"), account == actor.account, view.id == chosen, account});
  }
  std::sort(out.begin(), out.end(), [](const SavedView& a, const SavedView& b) {
    return std::tie(a.name, a.id) < std::tie(b.name, b.id);
  });
  return out;
}

Outcome<Record> add_view(Store& store, const Actor& actor, std::string_view type, const ViewChange& change) {
  if (!actor.account) return Refusal{forbidden("only an account can keep a filter"), {}, {}};
  const auto twin = has_twin(store, actor, type, change.name.value_or(""), {});
  if (!twin) return Refusal{twin.error(), {}, {}};
  if (*twin) return twin_refused(*change.name);
  Fields fields = fields_of(change);
  fields["record_type"] = std::string(type);
  return store.create(keeper(actor), "saved_view", fields);
}

Outcome<Record> change_view(Store& store, const Actor& actor, std::string_view type, RecordId id,
                            std::int64_t version, const ViewChange& change) {
  const auto view = store.get(Actor::system("system:views"), "saved_view", id);
  const bool own = view && view->reference("account") == actor.account && view->text("record_type") == type;
  if (!own) return not_there(id);
  const std::string name = change.name.value_or(view->text("name"));
  const auto twin = has_twin(store, actor, type, name, id);
  if (!twin) return Refusal{twin.error(), {}, {}};
  if (*twin && change.removed != true) return twin_refused(name);
  return store.update(keeper(actor), "saved_view", id, version, fields_of(change));
}

Outcome<Record> choose_view(Store& store, const Actor& actor, std::string_view type, RecordId id) {
  if (!actor.account) return Refusal{forbidden("only an account can choose a filter"), {}, {}};
  if (id) {
    const auto view = store.get(Actor::system("system:views"), "saved_view", id);
    if (!view || !sees(actor, *view) || view->text("record_type") != type) return not_there(id);
  }
  const auto choice = choice_of(store, actor, type);
  if (!choice) return Refusal{choice.error(), {}, {}};
  const FieldValue value = id ? FieldValue(id) : FieldValue();
  if (*choice) return store.update(keeper(actor), "view_choice", (*choice)->id, 0, {{"view", value}});
  return store.create(keeper(actor), "view_choice", {{"record_type", std::string(type)}, {"view", value}});
}

}  // namespace mineward::record
