// Applying: the rows in small transactions, each with its entries in the change log and its line in the list
// of the import, so that what is written can be told, gone on with and taken back.
#include <fmt/format.h>

#include <unordered_set>

#include "base/log.h"
#include "ledger/import_table.h"
#include "ledger/import_work.h"
#include "ledger/judge.h"
#include "ledger/trouble.h"

namespace mineward::ledger {
namespace {

using record::Record;
using record::Refusal;
using record::Writer;

bool is_of_machine(const Error& error) { return is_own_fault(error.code); }

class Application {
 public:
  Application(const WorkSite& site, ImportView& view, const pack::RecordType& type, const Workbook& workbook,
              const Survey& found, bool skip_faulty)
      : site_(site),
        view_(view),
        type_(type),
        workbook_(workbook),
        found_(found),
        skip_faulty_(skip_faulty),
        judge_(site.store, site.actor, type, found, view.options) {}

  Status run() {
    MW_TRY(site_.store.database().read([&](db::Connection& c) -> Status {
      MW_ASSIGN(const auto rows, written_rows(c, view_.id));
      written_.insert(rows.begin(), rows.end());
      return {};
    }));
    CellReader cells(site_.store, site_.actor, workbook_, view_.options.kept_values);
    RowReader reader(workbook_, found_, view_.options, cells);
    Status read = reader.read(0, [&](ParsedRow& row) { return take(row); });
    if (!read && !stopped_) return read;
    if (!stopped_) MW_TRY(flush());
    return finish();
  }

 private:
  struct Waiting {
    int row = 0;
    Judged judged;
  };

  Status take(const ParsedRow& row) {
    ++site_.done;
    if (written_.contains(row.number)) return {};
    MW_ASSIGN(Judged judged, judge_.judge(row, false));
    if (judged.fate != Fate::unchanged) waiting_.push_back({row.number, std::move(judged)});
    if (waiting_.size() < static_cast<std::size_t>(site_.limits.batch)) return {};
    MW_TRY(flush());
    if (site_.stop && !stopped_) stop({"已按要求停止", "stopped as asked"});
    return stopped_ ? conflict("stopped") : Status();
  }

  void stop(pack::Label why) {
    stopped_ = true;
    view_.trouble = std::move(why);
  }

  Status flush() {
    if (waiting_.empty()) return {};
    Status done = write(waiting_);
    // One row may spoil the transaction of all: alone it spoils its own.
    for (std::size_t i = 0; !done && i < waiting_.size() && !stopped_; ++i) {
      const Status single = write(std::span(&waiting_[i], 1));
      if (!single && is_of_machine(single.error())) return single;
      if (!single) MW_TRY(refuse(waiting_[i].row, single.error()));
      if (i + 1 == waiting_.size()) done = {};
    }
    waiting_.clear();
    return stopped_ ? Status() : done;
  }

  Status write(std::span<const Waiting> rows) {
    return site_.store.write([&](Writer& w) -> Status {
      for (const Waiting& one : rows) MW_TRY(write_row(w, one));
      return {};
    });
  }

  Status write_row(Writer& w, const Waiting& one) {
    const Judged& judged = one.judged;
    StoredRow line{{one.row, "refused", {}, {}, judged.faults}, 0};
    if (judged.fate != Fate::faulty) {
      const std::string reason = fmt::format("导入 #{} 第 {} 行", view_.id.value, one.row);
      const bool fresh = judged.fate == Fate::fresh;
      auto outcome =
          fresh ? w.create(site_.actor, type_.name, judged.fields, reason)
                : w.update(site_.actor, type_.name, judged.record, judged.version, judged.fields, reason);
      if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
        if (is_of_machine(refusal->error)) return refusal->error;
        line.row.faults = judge_.faults_of(*refusal, one.row);
      } else {
        const Record& record = std::get<Record>(outcome);
        if (!fresh && record.version == judged.version) return {};  // it said what was stored already
        line.row.outcome = fresh ? "created" : "updated";
        line.row.record = record.id;
        line.version = record.version;
        if (!judged.digest.empty())
          MW_TRY(remember_row(w.connection(), type_.name, judged.digest, record.id));
      }
    }
    if (line.row.outcome == "refused" && !skip_faulty_ && !stopped_)
      stop({fmt::format("第 {} 行未被接受，已停止；已写入的行可以撤销", one.row),
            fmt::format("row {} was refused: stopped; what is written can be taken back", one.row)});
    return save_row(w.connection(), view_.id, line);
  }

  Status refuse(int row, const Error& error) {
    const StoredRow line{{row, "refused", {}, {}, {{row, {}, {}, "conflict", words_of(error)}}}, 0};
    return site_.store.write([&](Writer& w) { return save_row(w.connection(), view_.id, line); });
  }

  Status finish() {
    view_.state = stopped_ ? "stopped" : "applied";
    if (!stopped_) view_.trouble = {};
    view_.finished_at = site_.clock.now();
    return site_.store.write([&](Writer& w) -> Status {
      MW_ASSIGN(view_.counts, count_rows(w.connection(), view_.id));
      Json detail = view_.counts;
      detail.set("import", view_.id.text()).set("sha256", view_.sha256);
      MW_TRY(w.note(site_.actor, "import", type_.name, {}, detail));
      return stopped_ ? Status() : forget_file(w.connection(), view_.id);
    });
  }

  const WorkSite& site_;
  ImportView& view_;
  const pack::RecordType& type_;
  const Workbook& workbook_;
  const Survey& found_;
  const bool skip_faulty_;
  Judge judge_;
  std::unordered_set<int> written_;
  std::vector<Waiting> waiting_;
  bool stopped_ = false;
};

}  // namespace

Status apply_file(const WorkSite& site, const std::string& bytes, bool skip_faulty, ImportView& view) {
  const pack::RecordType* type = site.store.catalog().record_type(view.type);
  if (!type) return bad_input("there is no such record type any more");
  MW_ASSIGN(const Workbook workbook, Workbook::open(bytes));
  MW_ASSIGN(const Survey found, survey(workbook, *type, view.options));
  site.total = found.rows;
  return Application(site, view, *type, workbook, found, skip_faulty).run();
}

}  // namespace mineward::ledger
