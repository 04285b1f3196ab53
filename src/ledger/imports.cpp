#include "ledger/imports.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "base/digest.h"
#include "base/log.h"
#include "ledger/import_table.h"
#include "ledger/import_work.h"
#include "ledger/trouble.h"
#include "ledger/workbook.h"

namespace mineward::ledger {
namespace {

using record::Actor;
using record::Outcome;
using record::RecordId;
using record::Refusal;

enum class Work { check, apply, undo };

struct Task {
  RecordId import;
  Work work = Work::check;
  bool skip_faulty = false;
  Actor actor;
};

std::string_view running_state(Work work) {
  return work == Work::check ? "checking" : work == Work::apply ? "applying" : "undoing";
}

Refusal file_refusal(const Error& error) {
  const pack::Label words = words_of(error);
  return {Error{error.code, words.en, {}}, {{"file", "bad_file", words.en, words}}, std::nullopt};
}

std::int64_t number(const Json& json, std::string_view outer, std::string_view inner) {
  const auto* value = json[outer][inner].integer();
  return value ? *value : 0;
}

class ImportsImpl final : public Imports {
 public:
  ImportsImpl(record::Store& store, Clock& clock, ImportLimits limits)
      : store_(store), clock_(clock), limits_(limits), worker_([this] { loop(); }) {}

  ~ImportsImpl() override {
    {
      const std::scoped_lock lock(tasks_mutex_);
      ending_ = true;
      stop_ = true;
      tasks_.clear();
    }
    tasks_changed_.notify_all();
    worker_.join();
  }

  Outcome<ImportView> begin(const Actor& actor, std::string_view type_name, std::string_view file_name,
                            std::string bytes, const Options& options) override {
    const pack::RecordType* type = store_.catalog().record_type(type_name);
    const auto refuse = [](Error error) { return Refusal{std::move(error), {}, std::nullopt}; };
    if (!type) return refuse(not_found(fmt::format("there is no record type '{}'", clipped(type_name))));
    if (!may_import(actor, *type))
      return refuse(forbidden(fmt::format("none of your roles may create or change {}", type->name)));
    if (bytes.size() > limits_.file_bytes)
      return file_refusal(trouble(fmt::format("文件超过 {} MB", limits_.file_bytes >> 20),
                                  fmt::format("the file is larger than {} MB", limits_.file_bytes >> 20),
                                  Errc::too_large));
    // Here and now: whoever chose a wrong file shall not wait for his turn to be told.
    if (const auto opened = Workbook::open(bytes); !opened) return file_refusal(opened.error());
    StoredImport stored{make_view(type->name, file_name, bytes, options), actor.account};
    const Status done = store_.write([&](record::Writer& w) -> Status {
      MW_ASSIGN(stored.view.id, insert_import(w.connection(), stored, bytes));
      return {};
    });
    if (!done) return refuse(done.error());
    if (Status queued = enqueue({stored.view.id, Work::check, false, actor}); !queued)
      return refuse(std::move(queued).error());
    return stored.view;
  }

  Result<ImportView> get(const Actor& actor, RecordId id) override {
    MW_ASSIGN(StoredImport stored, stored_import(actor, id));
    add_progress(stored.view);
    return std::move(stored.view);
  }

  Result<std::vector<ImportView>> list(const Actor& actor, std::string_view type, int limit) override {
    if (limit < 1 || limit > 100) return bad_input(fmt::format("limit is {}, 1 to 100 expected", limit));
    std::vector<ImportView> out;
    MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
      MW_ASSIGN(auto stored, list_imports(c, actor.account, type, limit));
      for (auto& one : stored) out.push_back(std::move(one.view));
      return {};
    }));
    for (auto& view : out) add_progress(view);
    return out;
  }

  Result<std::vector<ImportRow>> rows(const Actor& actor, RecordId id, int after, int limit,
                                      std::string_view outcome) override {
    if (limit < 1 || limit > 500) return bad_input(fmt::format("limit is {}, 1 to 500 expected", limit));
    MW_TRY(stored_import(actor, id));
    std::vector<ImportRow> out;
    MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
      MW_ASSIGN(auto rows, list_rows(c, id, after, limit, outcome));
      for (auto& row : rows) out.push_back(std::move(row.row));
      return {};
    }));
    return out;
  }

  Status check(const Actor& actor, RecordId id, const Options& options) override {
    return order({id, Work::check, false, actor}, [&](ImportView& view) -> Status {
      if (view.state == "interrupted" ? view.phase != "checking"
                                      : view.state != "checked" && view.state != "refused")
        return wrong_state(view);
      view.options = options;
      return {};
    });
  }

  Status apply(const Actor& actor, RecordId id, bool skip_faulty) override {
    return order({id, Work::apply, skip_faulty, actor}, [&](ImportView& view) -> Status {
      const bool goes_on =
          view.state == "stopped" || (view.state == "interrupted" && view.phase == "applying");
      if (!goes_on && view.state != "checked") return wrong_state(view);
      if (const auto* open = view.preview["undecided"].array(); open && !open->empty())
        return conflict("there is something to decide first: " + view.preview["undecided"].dump());
      if (!skip_faulty && number(view.preview, "counts", "faulty") > 0)
        return conflict("there are faulty rows: mend them, or choose to import the good ones only");
      return {};
    });
  }

  Status undo(const Actor& actor, RecordId id) override {
    return order({id, Work::undo, false, actor}, [&](ImportView& view) -> Status {
      const bool goes_on =
          view.state == "interrupted" && (view.phase == "undoing" || view.phase == "applying");
      if (!goes_on && view.state != "applied" && view.state != "stopped") return wrong_state(view);
      return {};
    });
  }

  Status discard(const Actor& actor, RecordId id) override {
    {
      const std::scoped_lock lock(tasks_mutex_);
      if (running_ == id) {
        stop_ = true;  // behind the running batch
        return {};
      }
    }
    MW_TRY(stored_import(actor, id));
    return store_.write([&](record::Writer& w) -> Status {
      MW_ASSIGN(auto stored, find_import(w.connection(), id, actor.account));
      if (!stored) return no_import(id);
      ImportView& view = stored->view;
      if (view.state != "checked" && view.state != "refused" && view.state != "interrupted")
        return wrong_state(view);
      view.state = "discarded";
      view.finished_at = clock_.now();
      MW_TRY(save_import(w.connection(), view));
      return forget_file(w.connection(), id);
    });
  }

  void wait() override {
    std::unique_lock lock(tasks_mutex_);
    tasks_changed_.wait(lock, [this] { return tasks_.empty() && !running_; });
  }

 private:
  static Error no_import(RecordId id) { return not_found(fmt::format("there is no import {}", id.value)); }
  static Error wrong_state(const ImportView& view) {
    return conflict(fmt::format("import {} is {}: not possible now", view.id.value, view.state));
  }

  ImportView make_view(const std::string& type, std::string_view file_name, const std::string& bytes,
                       const Options& options) const {
    ImportView view;
    view.type = type;
    view.state = "checking";
    view.file_name = clipped(file_name, 120);
    view.sha256 = sha256_hex(bytes);
    view.bytes = static_cast<std::int64_t>(bytes.size());
    view.created_at = clock_.now();
    view.options = options;
    return view;
  }

  Result<StoredImport> stored_import(const Actor& actor, RecordId id) {
    std::optional<StoredImport> found;
    MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
      MW_ASSIGN(found, find_import(c, id, actor.account));
      return {};
    }));
    if (!found) return no_import(id);
    return *std::move(found);
  }

  void add_progress(ImportView& view) {
    const std::scoped_lock lock(tasks_mutex_);
    if (running_ != view.id) return;
    view.done = done_;
    view.total = total_;
  }

  /// Puts work in order when the state allows it; the state says from then on that it runs.
  Status order(Task task, const std::function<Status(ImportView&)>& allow) {
    MW_TRY(stored_import(task.actor, task.import));
    MW_TRY(store_.write([&](record::Writer& w) -> Status {
      MW_ASSIGN(auto stored, find_import(w.connection(), task.import, task.actor.account));
      if (!stored) return no_import(task.import);
      MW_TRY(allow(stored->view));
      stored->view.state = running_state(task.work);
      stored->view.phase.clear();
      stored->view.done = stored->view.total = 0;
      stored->view.finished_at.reset();
      return save_import(w.connection(), stored->view);
    }));
    return enqueue(std::move(task));
  }

  /// Full: the import is left as interrupted, so that the same order can be given again.
  Status enqueue(Task task) {
    const Task copy{task.import, task.work, false, {}};
    {
      const std::scoped_lock lock(tasks_mutex_);
      if (!ending_ && tasks_.size() < limits_.waiting) {
        tasks_.push_back(std::move(task));
        tasks_changed_.notify_all();
        return {};
      }
    }
    MW_TRY(interrupt(copy.import, copy.work, {"等待的导入太多", "too many imports are waiting"}));
    return unavailable("too many imports are waiting: try again later");
  }

  Status interrupt(RecordId id, Work work, pack::Label why) {
    return store_.write([&](record::Writer& w) -> Status {
      Json words;
      words.set("zh", why.zh).set("en", why.en);
      MW_TRY(w.connection().execute(
          "UPDATE ledger_import SET state = 'interrupted', phase = $2, trouble = $3 WHERE id = $1",
          {id.value, std::string(running_state(work)), words.dump()}));
      return {};
    });
  }

  void loop() {
    while (true) {
      Task task;
      {
        std::unique_lock lock(tasks_mutex_);
        running_ = {};
        tasks_changed_.notify_all();
        tasks_changed_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
        if (ending_) return;
        task = std::move(tasks_.front());
        tasks_.pop_front();
        running_ = task.import;
        stop_ = false;
        done_ = total_ = 0;
      }
      finish(task, attempt(task));
    }
  }

  Status attempt(const Task& task) {
    try {
      return run(task);
    } catch (const std::exception& e) {  // the boundary of a worker: memory, a library
      return unavailable(e.what());
    }
  }

  void finish(const Task& task, const Status& done) {
    if (done) return;
    log_error("ledger_import", {{"import", task.import.text()}, {"error", done.error().text()}});
    const Status noted =
        interrupt(task.import, task.work, {"处理中断，可以继续", "interrupted; it can be gone on with"});
    if (!noted) log_error("ledger_import", {{"import", task.import.text()}, {"error", noted.error().text()}});
  }

  Status run(const Task& task) {
    MW_ASSIGN(StoredImport stored, stored_import(task.actor, task.import));
    ImportView& view = stored.view;
    const WorkSite site{store_, clock_, limits_, task.actor, done_, total_, stop_};
    if (task.work == Work::undo) {
      total_ = number_of_written(view);
      MW_TRY(undo_rows(site, view));
    } else {
      std::string bytes;
      MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
        MW_ASSIGN(bytes, import_file(c, task.import));
        return {};
      }));
      MW_TRY(task.work == Work::check ? check_file(site, bytes, view)
                                      : apply_file(site, bytes, task.skip_faulty, view));
    }
    view.done = done_;
    view.total = total_;
    return store_.write([&](record::Writer& w) { return save_import(w.connection(), view); });
  }

  static std::int64_t number_of_written(const ImportView& view) {
    const auto* created = view.counts["created"].integer();
    const auto* updated = view.counts["updated"].integer();
    return (created ? *created : 0) + (updated ? *updated : 0);
  }

  record::Store& store_;
  Clock& clock_;
  const ImportLimits limits_;
  std::mutex tasks_mutex_;  // guards what follows
  std::condition_variable tasks_changed_;
  std::deque<Task> tasks_;
  RecordId running_;
  bool ending_ = false;
  std::atomic<std::int64_t> done_{0}, total_{0};
  std::atomic<bool> stop_{false};
  std::thread worker_;  // last: it works with all of the above
};

}  // namespace

bool may_import(const Actor& actor, const pack::RecordType& type) {
  const auto has = [&](const std::vector<std::string>& roles) {
    return std::any_of(roles.begin(), roles.end(),
                       [&](const auto& role) { return role == "*" || actor.roles.contains(role); });
  };
  return actor.is_system || has(type.access.create) || has(type.access.update);
}

Result<std::unique_ptr<Imports>> open_imports(record::Store& store, Clock& clock, ImportLimits limits) {
  MW_TRY(store.database().write([&](db::Connection& c) -> Status {
    MW_TRY(create_import_tables(c));
    return recover_imports(c, clock.now());
  }));
  return std::unique_ptr<Imports>(std::make_unique<ImportsImpl>(store, clock, limits));
}

}  // namespace mineward::ledger
