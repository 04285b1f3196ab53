// Undoing: what an import wrote is withdrawn or put back, as far as nobody has changed it since. Nothing is
// deleted: a withdrawn record stays with its reason.
#include <fmt/format.h>

#include <algorithm>
#include <climits>

#include "ledger/import_table.h"
#include "ledger/import_work.h"
#include "ledger/trouble.h"
#include "record/values.h"

namespace mineward::ledger {
namespace {

using pack::FieldType;
using record::Actor;
using record::Fields;
using record::FieldValue;
using record::Record;
using record::Refusal;
using record::Writer;

constexpr int kBatch = 200;

/// The step of a flow that ends a record as if it had not been; nullptr when the flow has none.
const pack::Transition* withdrawal(const pack::Workflow& flow, std::string_view state) {
  for (const auto& step : flow.transitions) {
    const pack::State* to = flow.state(step.to);
    const bool ends =
        to && to->final && (step.to == "withdrawn" || step.to == "cancelled" || step.to == "void");
    const bool here = std::find(step.from.begin(), step.from.end(), state) != step.from.end();
    if (ends && here && step.sign_off.empty()) return &step;
  }
  return nullptr;
}

const pack::Field* withdrawn_flag(const pack::RecordType& type) {
  for (const char* name : {"withdrawn", "removed", "disabled"}) {
    const pack::Field* field = type.field(name);
    if (field && field->type == FieldType::boolean) return field;
  }
  return nullptr;
}

/// The field that can be marked so that a withdrawn record does not keep its key from a corrected one.
const pack::Field* markable(const pack::RecordType& type, const std::vector<std::string>& set) {
  for (auto name = set.rbegin(); name != set.rend(); ++name) {
    const pack::Field* field = type.field(*name);
    if (field && field->type == FieldType::text && !field->system && field->protect.empty()) return field;
  }
  return nullptr;
}

pack::Label why_refused(const Refusal& refusal) {
  for (const auto& fault : refusal.faults) {
    if (!fault.words.zh.empty()) return fault.words;
  }
  const std::string text = refusal.faults.empty() ? refusal.error.message : refusal.faults[0].message;
  return {"系统不允许：" + text, text};
}

class Undo {
 public:
  Undo(const WorkSite& site, ImportView& view, const pack::RecordType& type)
      : site_(site),
        view_(view),
        type_(type),
        flow_(type.workflow.empty() ? nullptr : site.store.catalog().workflow(type.workflow)),
        reason_(fmt::format("撤销导入 #{}", view.id.value)),
        maker_(site.actor) {
    // Who made a record by mistake may withdraw it, whatever step or field that takes: in his name and scope.
    maker_.is_system = true;
  }

  Status run() {
    int below = INT_MAX;
    while (true) {
      std::vector<StoredRow> rows;
      MW_TRY(site_.store.database().read([&](db::Connection& c) -> Status {
        MW_ASSIGN(rows, rows_to_undo(c, view_.id, below, kBatch));
        return {};
      }));
      if (rows.empty()) return finish();
      if (site_.stop) return unavailable("the undo was stopped");
      MW_TRY(site_.store.write([&](Writer& w) -> Status {
        for (StoredRow& row : rows) MW_TRY(take_back(w, row));
        return {};
      }));
      below = rows.back().row.row;
      site_.done += static_cast<std::int64_t>(rows.size());
    }
  }

 private:
  Status take_back(Writer& w, StoredRow& row) {
    auto current = w.get(site_.actor, type_.name, row.row.record);
    pack::Label why;
    if (!current) {
      why = {"记录已不在您的管辖范围内", "the record is not in your scope any more"};
    } else if (current->version != row.version) {
      why = {fmt::format("导入后已被 {} 修改", current->updated_by),
             fmt::format("was changed by {} since the import", current->updated_by)};
    } else if (row.row.outcome == "created") {
      MW_ASSIGN(why, withdraw(w, *current));
      if (why.zh.empty()) row.row.undo = "withdrawn";
    } else {
      MW_ASSIGN(why, restore(w, *current));
      if (why.zh.empty()) row.row.undo = "restored";
    }
    row.row.faults.clear();
    if (row.row.undo.empty()) {
      row.row.undo = "kept";
      row.row.faults = {{row.row.row, {}, {}, "kept", std::move(why)}};
    }
    MW_TRY(forget_row(w.connection(), type_.name, row.row.record));
    return save_row(w.connection(), view_.id, row);
  }

  /// Why not, or nothing. An error is one of the database.
  Result<pack::Label> withdraw(Writer& w, const Record& record) {
    std::optional<record::Outcome<Record>> outcome;
    const pack::Transition* step = flow_ ? withdrawal(*flow_, record.state) : nullptr;
    const pack::Field* flag = withdrawn_flag(type_);
    if (type_.withdrawal == pack::Withdrawal::flag) {
      outcome = w.step(maker_, type_.name, record.id, record.version, pack::kWithdraw, {}, reason_);
    } else if (step) {
      outcome = w.step(maker_, type_.name, record.id, record.version, step->name, {}, reason_);
    } else if (flag) {
      outcome =
          w.update(maker_, type_.name, record.id, record.version, {{flag->name, FieldValue(true)}}, reason_);
    } else {
      return pack::Label{"这类记录没有作废的办法", "records of this kind cannot be withdrawn"};
    }
    if (const auto* refusal = std::get_if<Refusal>(&*outcome)) return failed(*refusal);
    if (type_.withdrawal != pack::Withdrawal::declared) return pack::Label{};  // its keys are free
    return free_keys(w, std::get<Record>(*outcome));
  }

  /// A withdrawn record keeps its fields, but a corrected file must be able to bring its key again.
  Result<pack::Label> free_keys(Writer& w, const Record& record) {
    Fields marked;
    for (const auto& set : type_.unique) {
      const pack::Field* field = markable(type_, set);
      if (!field || record.text(field->name).empty()) continue;
      marked[field->name] = fmt::format("{}~{}", record.text(field->name), view_.id.value);
    }
    if (marked.empty()) return pack::Label{};
    auto outcome = w.update(maker_, type_.name, record.id, record.version, marked, reason_);
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
      // It is withdrawn all the same; only its key stays taken.
      if (is_own_fault(refusal->error.code)) return refusal->error;
    }
    return pack::Label{};
  }

  Result<pack::Label> restore(Writer& w, const Record& record) {
    MW_ASSIGN(const auto history, site_.store.history(site_.actor, type_.name, record.id));
    Fields before;
    bool sealed = false;
    for (const auto& change : history) {
      if (change.version != record.version || !change.diff.object()) continue;
      for (const auto& [name, pair] : *change.diff.object()) {
        const pack::Field* field = type_.field(name);
        if (!field || field->system || !pair.array() || pair.array()->size() != 2) continue;
        sealed = sealed || !field->protect.empty();
        if (!field->protect.empty()) continue;
        MW_ASSIGN(before[name], record::value_from_json(field->type, pair.array()->front()));
      }
    }
    if (sealed)
      return pack::Label{"受保护的内容只存密文，无法自动还原", "protected fields cannot be put back"};
    auto outcome = w.update(site_.actor, type_.name, record.id, record.version, before, reason_);
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) return failed(*refusal);
    return pack::Label{};
  }

  static Result<pack::Label> failed(const Refusal& refusal) {
    if (is_own_fault(refusal.error.code)) return refusal.error;
    return why_refused(refusal);
  }

  Status finish() {
    view_.state = "undone";
    view_.finished_at = site_.clock.now();
    return site_.store.write([&](Writer& w) -> Status {
      MW_ASSIGN(view_.counts, count_rows(w.connection(), view_.id));
      Json detail = view_.counts;
      detail.set("import", view_.id.text());
      MW_TRY(w.note(site_.actor, "import_undo", type_.name, {}, detail));
      return forget_file(w.connection(), view_.id);
    });
  }

  const WorkSite& site_;
  ImportView& view_;
  const pack::RecordType& type_;
  const pack::Workflow* flow_;
  const std::string reason_;
  Actor maker_;
};

}  // namespace

std::string_view way_back(const pack::Catalog& catalog, const pack::RecordType& type) {
  const pack::Workflow* flow = type.workflow.empty() ? nullptr : catalog.workflow(type.workflow);
  if (flow && withdrawal(*flow, flow->initial().name)) return "step";
  return withdrawn_flag(type) ? "flag" : "none";
}

Status undo_rows(const WorkSite& site, ImportView& view) {
  const pack::RecordType* type = site.store.catalog().record_type(view.type);
  if (!type) return bad_input("there is no such record type any more");
  return Undo(site, view, *type).run();
}

}  // namespace mineward::ledger
