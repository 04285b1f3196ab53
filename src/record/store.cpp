#include "record/store.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/crash_point.h"
#include "base/text.h"
#include "record/attachments.h"
#include "record/change_log.h"
#include "record/clocks.h"
#include "record/confidential.h"
#include "record/csv.h"
#include "record/links.h"
#include "record/list_way.h"
#include "record/protect.h"
#include "record/read.h"
#include "record/rising_ids.h"
#include "record/schema.h"
#include "record/scope.h"
#include "record/selection.h"
#include "record/sign_off.h"
#include "record/steps.h"
#include "record/totals.h"
#include "record/vault.h"
#include "record/verify.h"
#include "record/withdrawal.h"
#include "record/write.h"

namespace mineward::record {
namespace {

class StoreImpl final : public Store {
 public:
  StoreImpl(std::unique_ptr<RisingIds> ids, std::unique_ptr<Vault> vault, Context context,
            db::Database& database)
      : ids_(std::move(ids)), vault_(std::move(vault)), context_(std::move(context)), database_(database) {}

  const pack::Catalog& catalog() const override { return context_.model.catalog(); }
  db::Database& database() override { return database_; }

  Status migrate_tables() {
    MW_TRY(in_transaction([&](db::Connection& c) -> Status {
      MW_TRY(migrate(c, context_));
      MW_ASSIGN(const RecordId newest, newest_record_id(c, context_.model));
      ids_->start_after(newest);
      MW_TRY(bring_totals(c, context_));
      return {};
    }));
    if (database_.engine() != db::Engine::sqlite) return {};  // PostgreSQL gathers statistics by itself
    return database_.write([](db::Connection& c) { return c.script("PRAGMA optimize"); });
  }

  Status write(const std::function<Status(Writer&)>& work) override {
    return in_transaction([&](db::Connection& c) -> Status {
      WriterImpl writer(context_, c);
      MW_TRY(work(writer));
      return writer.finish();
    });
  }

  Outcome<Record> create(const Actor& actor, std::string_view type, const Fields& fields,
                         std::string_view reason) override {
    return one_write([&](Writer& w) { return w.create(actor, type, fields, reason); });
  }
  Outcome<Record> update(const Actor& actor, std::string_view type, RecordId id, std::int64_t version,
                         const Fields& fields, std::string_view reason) override {
    return one_write([&](Writer& w) { return w.update(actor, type, id, version, fields, reason); });
  }
  Outcome<Record> step(const Actor& actor, std::string_view type, RecordId id, std::int64_t version,
                       std::string_view transition, const Fields& fields, std::string_view reason) override {
    return one_write([&](Writer& w) { return w.step(actor, type, id, version, transition, fields, reason); });
  }

  Outcome<Record> sign(const Actor& actor, std::string_view type, RecordId id, std::int64_t version,
                       bool agrees, std::string_view opinion) override {
    return one_write([&](Writer& w) { return w.sign(actor, type, id, version, agrees, opinion); });
  }
  Outcome<Record> raise(const Actor& actor, std::string_view type, RecordId id, std::string_view name,
                        const Fields& fields) override {
    return one_write([&](Writer& w) { return w.raise(actor, type, id, name, fields); });
  }
  Outcome<RaisedEach> raise_each(const Actor& actor, std::string_view type, RecordId id,
                                 std::string_view name, const Fields& fields) override {
    return one_write([&](Writer& w) { return w.raise_each(actor, type, id, name, fields); });
  }

  Result<std::optional<Signing>> signing(const Actor& actor, std::string_view type, RecordId id) override {
    return of_record<std::optional<Signing>>(actor, type, id,
                                             [](db::Connection& c, const TypeModel&, const Record& record) {
                                               return load_signing(c, record.type, record.id);
                                             });
  }
  Result<std::vector<Signed>> signatures(const Actor& actor, std::string_view type, RecordId id) override {
    return of_record<std::vector<Signed>>(actor, type, id,
                                          [](db::Connection& c, const TypeModel&, const Record& record) {
                                            return all_signatures(c, record.type, record.id);
                                          });
  }
  Result<std::vector<WaitingRecord>> signings(const Actor& actor, int limit) override {
    if (limit < 1 || limit > 500) return bad_input(fmt::format("limit is {}, 1 to 500 expected", limit));
    return reading<std::vector<WaitingRecord>>(
        [&](db::Connection& c) { return waiting_for(c, context_, actor, limit); });
  }
  Result<bool> may_sign(const Actor& actor, std::string_view type, RecordId id) override {
    return of_record<bool>(
        actor, type, id,
        [&](db::Connection& c, const TypeModel& model, const Record& record) -> Result<bool> {
          MW_ASSIGN(const auto signing, load_signing(c, record.type, record.id));
          return signing && could_sign(actor, model, *signing);
        });
  }
  Result<std::vector<Link>> links(const Actor& actor, std::string_view type, RecordId id) override {
    return of_record<std::vector<Link>>(actor, type, id,
                                        [&](db::Connection& c, const TypeModel&, const Record& record) {
                                          return links_of(c, context_, actor, record);
                                        });
  }
  Result<std::vector<ClockView>> clocks(const Actor& actor, std::string_view type, RecordId id) override {
    return of_record<std::vector<ClockView>>(
        actor, type, id, [&](db::Connection& c, const TypeModel& model, const Record& record) {
          return clocks_of(c, model, record.id, context_.clock.now().utc_ms);
        });
  }
  Result<std::vector<ClockView>> clocks(const Actor& actor, const ClockQuery& query) override {
    return reading<std::vector<ClockView>>([&](db::Connection& c) {
      return list_clocks(c, context_, actor, query, context_.clock.now().utc_ms);
    });
  }

  std::vector<std::string> possible_raises(const Actor& actor, const Record& record) override {
    std::vector<std::string> out;
    const TypeModel* type = context_.model.find(record.type);
    if (!type) return out;
    // About what is closed for good nothing new is begun from its own page.
    const pack::Closing& closed = type->type->closed;
    if (!closed.when.empty() && fits(*type->type, closed.when, record)) return out;
    for (const auto& raise : type->type->raises) {
      const TypeModel* target = context_.model.find(raise.record);
      const bool here =
          raise.in.empty() || std::find(raise.in.begin(), raise.in.end(), record.state) != raise.in.end();
      const bool allowed = actor.is_system || (target && has_role(actor, target->type->access.create) &&
                                               (raise.roles.empty() || has_role(actor, raise.roles)));
      if (here && allowed) out.push_back(raise.name);
    }
    return out;
  }

  Result<Record> get(const Actor& actor, std::string_view type_name, RecordId id) override {
    return reading<Record>([&](db::Connection& c) -> Result<Record> {
      MW_ASSIGN(const TypeModel* type, context_.model.type(type_name));
      MW_TRY(may_read(actor, *type));
      MW_ASSIGN(Record record, visible_record(c, actor, *type, id));
      MW_TRY(hide_confidential(c, context_.model, actor, record));
      return record;
    });
  }

  Result<Page> list(const Actor& actor, const ListQuery& query) override {
    return reading<Page>([&](db::Connection& c) { return list_records(c, context_, actor, query); });
  }

  Status each(const Actor& actor, const ListQuery& query,
              const std::function<Status(const Record&)>& take) override {
    return database_.read([&](db::Connection& c) -> Status {
      MW_TRY(begin_snapshot(c));
      ListQuery page_query = query;
      page_query.limit = 500;
      page_query.after.clear();
      page_query.count_total = false;
      while (true) {
        MW_ASSIGN(const Page page, list_records(c, context_, actor, page_query));
        for (const Record& record : page.records) MW_TRY(take(record));
        if (page.next.empty()) return {};
        page_query.after = page.next;
      }
    });
  }

  Result<std::optional<Record>> find(const Actor& actor, std::string_view type,
                                     const Fields& equals) override {
    return reading<std::optional<Record>>(
        [&](db::Connection& c) { return WriterImpl(context_, c, true).find(actor, type, equals); });
  }

  std::optional<Refusal> trial(const Actor& actor, std::string_view type, RecordId id, std::int64_t version,
                               const Fields& fields) override {
    std::optional<Refusal> out;
    const Status read = database_.read([&](db::Connection& c) -> Status {
      WriterImpl writer(context_, c, true);
      auto outcome =
          id ? writer.update(actor, type, id, version, fields, {}) : writer.create(actor, type, fields, {});
      if (auto* refusal = std::get_if<Refusal>(&outcome)) out = std::move(*refusal);
      return {};
    });
    if (!read) return refuse(read.error());
    return out;
  }

  Result<Record> get_as_of(const Actor& actor, std::string_view type_name, RecordId id,
                           ArrivalTime at) override {
    return reading<Record>([&](db::Connection& c) -> Result<Record> {
      MW_ASSIGN(const TypeModel* type, context_.model.type(type_name));
      MW_TRY(may_read(actor, *type));
      MW_TRY(visible_record(c, actor, *type, id));
      MW_ASSIGN(const auto changes, record_history(c, type->name(), id));
      auto record = rebuild(*type, changes, at);
      if (!record) return not_found(fmt::format("{} {} was not there yet", type->name(), id.value));
      strip_secrets(actor, *type, *record);
      MW_TRY(hide_confidential(c, context_.model, actor, *record));
      return *std::move(record);
    });
  }

  Result<std::vector<Change>> history(const Actor& actor, std::string_view type_name, RecordId id) override {
    return reading<std::vector<Change>>([&](db::Connection& c) -> Result<std::vector<Change>> {
      MW_ASSIGN(const TypeModel* type, context_.model.type(type_name));
      MW_TRY(may_read(actor, *type));
      MW_TRY(visible_record(c, actor, *type, id));
      MW_ASSIGN(auto changes, record_history(c, type->name(), id));
      MW_TRY(hide_in(c, actor, changes));
      return changes;
    });
  }

  Result<std::vector<Change>> log(const Actor& actor, std::int64_t before, int limit) override {
    if (limit < 1 || limit > 500) return bad_input(fmt::format("limit is {}, 1 to 500 expected", limit));
    const bool auditor = std::any_of(actor.roles.begin(), actor.roles.end(), [&](const auto& name) {
      const pack::Role* role = catalog().role(name);
      return role && role->audits;
    });
    if (!actor.is_system && !auditor) return forbidden("the change log is for auditors");
    return reading<std::vector<Change>>([&](db::Connection& c) -> Result<std::vector<Change>> {
      MW_ASSIGN(auto changes, read_log(c, actor.scope, before, limit));
      MW_TRY(hide_in(c, actor, changes));
      return changes;
    });
  }

  std::vector<BlockedStep> blocked_steps(const Actor& actor, const Record& record) override {
    std::vector<BlockedStep> out;
    const TypeModel* type = context_.model.find(record.type);
    if (!type || !type->workflow) return out;
    for (const auto& step : type->workflow->transitions) {
      if (cannot_be_met(*type, step, record)) out.push_back({step.name, step.when_label});
    }
    if (out.empty()) return out;  // as of most records: the database is not asked
    const auto possible = possible_steps(actor, record);
    std::erase_if(out, [&](const BlockedStep& b) {
      return std::find(possible.begin(), possible.end(), b.step) == possible.end();
    });
    return out;
  }

  bool acts(const Actor& actor, const Record& record) override {
    const TypeModel* type = context_.model.find(record.type);
    if (!type) return false;
    if (!type->belongs_to) return true;
    const auto covered =
        reading<bool>([&](db::Connection& c) { return acts_in_scope(c, actor, *type, record); });
    return covered && *covered;
  }

  std::vector<std::string> possible_steps(const Actor& actor, const Record& record) override {
    std::vector<std::string> out;
    const TypeModel* type = context_.model.find(record.type);
    const bool flagged = type && type->type->withdrawal == pack::Withdrawal::flag;
    if (!type || (!type->workflow && !flagged)) return out;
    const auto covered = reading<bool>([&](db::Connection& c) { return in_scope(c, actor, *type, record); });
    if (!covered || !*covered) return out;
    if (type->signs) {  // while a step waits for signatures no other can be taken
      const auto waits = reading<bool>([&](db::Connection& c) -> Result<bool> {
        MW_ASSIGN(const auto signing, load_signing(c, record.type, record.id));
        return signing.has_value();
      });
      if (!waits || *waits) return out;
    }
    const bool acts = this->acts(actor, record);
    if (acts && flagged && !is_withdrawn(*type, record) &&
        (actor.is_system || has_role(actor, type->type->withdrawn_by)))
      out.emplace_back(pack::kWithdraw);
    if (!type->workflow) return out;
    for (const auto& step : type->workflow->transitions) {
      const bool from_here = std::find(step.from.begin(), step.from.end(), record.state) != step.from.end();
      if (from_here && (acts || step.by_subject) && (actor.is_system || has_role(actor, step.roles)))
        out.push_back(step.name);
    }
    return out;
  }

  Result<std::vector<SearchHit>> search(const Actor& actor, std::string_view words, int limit) override {
    if (limit < 1 || limit > 500) return bad_input(fmt::format("limit is {}, 1 to 500 expected", limit));
    return reading<std::vector<SearchHit>>([&](db::Connection& c) -> Result<std::vector<SearchHit>> {
      std::vector<SearchHit> hits;
      if (trim(words).empty()) return hits;
      for (const auto& [name, type] : context_.model.types()) {
        if (type.search_table.empty() || !may_read(actor, type)) continue;
        ListQuery query;
        query.type = name;
        query.words = words;
        query.limit = limit;
        MW_ASSIGN(const Page page, list_records(c, context_, actor, query));
        for (const auto& record : page.records) {
          MW_ASSIGN(std::string title, title_of(c, context_, type, record.id));
          hits.push_back({name, record.id, std::move(title)});
        }
      }
      // Newest first over all types: ids grow with time.
      std::sort(hits.begin(), hits.end(), [](const auto& a, const auto& b) { return a.id > b.id; });
      if (hits.size() > static_cast<std::size_t>(limit)) hits.resize(static_cast<std::size_t>(limit));
      return hits;
    });
  }

  Result<std::string> title(const Actor& actor, std::string_view type_name, RecordId id) override {
    return reading<std::string>([&](db::Connection& c) -> Result<std::string> {
      MW_ASSIGN(const TypeModel* type, context_.model.type(type_name));
      MW_ASSIGN(const std::optional<Record> record, load_record(c, *type, id));
      bool seen = false;
      if (record && type->sealed) {  // its name tells that it exists: for readers only
        if (may_read(actor, *type)) {
          MW_ASSIGN(seen, in_scope(c, actor, *type, *record));
        }
      } else if (record) {
        MW_ASSIGN(seen, may_name(c, actor, record->owner));
      }
      if (!seen) return no_such_record(*type, id);
      return title_of(c, context_, *type, id);
    });
  }

  Result<bool> covers(const Scope& scope, RecordId organisation) override {
    return reading<bool>([&](db::Connection& c) { return record::covers(c, scope, organisation); });
  }
  Result<std::vector<RecordId>> organisations_in(const Scope& scope) override {
    return reading<std::vector<RecordId>>(
        [&](db::Connection& c) { return record::organisations_in(c, scope); });
  }

  Result<std::string> export_csv(const Actor& actor, const ListQuery& query) override {
    std::int64_t rows = 0;
    MW_ASSIGN(std::string csv, reading<std::string>([&](db::Connection& c) -> Result<std::string> {
                MW_TRY(begin_snapshot(c));
                return export_records(c, context_, actor, query, &rows);
              }));
    MW_TRY(write([&](Writer& w) {
      return w.note(actor, "export", query.type, RecordId{}, Json(Json::Object{{"rows", rows}}));
    }));
    return csv;
  }

  Result<ImportReport> import_csv(const Actor& actor, std::string_view type, std::string_view csv,
                                  bool keep_good) override {
    std::optional<Result<ImportReport>> result;
    const Error roll_back = bad_input("import has faults");
    Status done = write([&](Writer& w) -> Status {
      result = import_records(w, context_, actor, type, csv, keep_good);
      if (!*result) return result->error();
      if (!(*result)->faults.empty() && !keep_good) return roll_back;
      const ImportReport& report = **result;
      if (report.created + report.updated == 0) return {};
      return w.note(actor, "import", type, RecordId{},
                    Json(Json::Object{{"created", report.created}, {"updated", report.updated}}));
    });
    const bool rolled_back_on_purpose = result && *result && !(*result)->faults.empty() && !keep_good;
    if (!done && !rolled_back_on_purpose) return std::move(done).error();
    return *std::move(result);
  }

  Result<StoredFile> attach(const Actor& actor, std::string_view name, std::string_view bytes) override {
    return store_file(database_, context_, actor, name, bytes);
  }
  Result<std::pair<StoredFile, std::string>> attachment(const Actor& actor,
                                                        std::string_view sha256) override {
    return read_file(database_, context_, actor, sha256);
  }

  Status tend() override {
    // An index of a large table takes a while: then it is somebody else's turn. What a quarter of a second
    // makes is one transaction: after each, every connection reads the tables' descriptions anew.
    constexpr Millis kAtOnce{250};
    const Millis until = context_.clock.monotonic() + kAtOnce;
    for (const auto& [name, type] : context_.model.types()) {
      if (has_grown(context_, type) && context_.clock.monotonic() < until) MW_TRY(widen_until(type, until));
    }
    return {};
  }

  Result<VerifyReport> verify() override {
    return reading<VerifyReport>([&](db::Connection& c) -> Result<VerifyReport> {
      MW_TRY(begin_snapshot(c));
      MW_ASSIGN(VerifyReport report, verify_log(c, context_.model));
      MW_TRY(verify_beside(c, context_, report));
      return report;
    });
  }

 private:
  Status widen_until(const TypeModel& type, Millis until) {
    std::size_t made = 0;
    bool done = false;
    MW_TRY(database_.write([&](db::Connection& c) -> Status {
      made = type.size->made;
      MW_ASSIGN(db::Transaction transaction, db::Transaction::begin(c));
      do {
        MW_ASSIGN(done, widen(c, type, made));
        if (!done) ++made;
      } while (!done && context_.clock.monotonic() < until);
      return transaction.commit();
    }));
    type.size->made = made;
    if (done) type.size->wide = true;
    return {};
  }

  Status in_transaction(const std::function<Status(db::Connection&)>& work) {
    return database_.write([&](db::Connection& c) -> Status {
      MW_ASSIGN(db::Transaction transaction, db::Transaction::begin(c));
      MW_TRY(lock_log(c));
      MW_TRY(work(c));
      crash_point(CrashPoint::record_before_commit);
      MW_TRY(transaction.commit());
      crash_point(CrashPoint::record_committed_not_answered);
      return {};
    });
  }

  /// What of the log the actor may see of the values.
  Status hide_in(db::Connection& c, const Actor& actor, std::vector<Change>& changes) {
    for (auto& change : changes) {
      change.diff = hidden(change.diff);
      if (const TypeModel* type = context_.model.find(change.type))
        MW_TRY(hide_confidential(c, context_.model, actor, *type, change.diff));
    }
    return {};
  }

  /// One state of the database for several queries; the read ends it.
  static Status begin_snapshot(db::Connection& c) {
    return c.script(c.engine() == db::Engine::sqlite ? "BEGIN"
                                                     : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  }

  template <class Work, class Made = std::invoke_result_t<Work, Writer&>>
  Made one_write(Work work) {
    std::optional<Made> outcome;
    Status done = write([&](Writer& w) -> Status {
      outcome = work(w);
      if (const auto* refusal = std::get_if<Refusal>(&*outcome)) return refusal->error;
      return {};
    });
    if (outcome && std::holds_alternative<Refusal>(*outcome)) return *std::move(outcome);
    if (!done) return refuse(std::move(done).error());
    return *std::move(outcome);
  }

  /// Something about one record that the actor may see.
  template <class T>
  Result<T> of_record(
      const Actor& actor, std::string_view type_name, RecordId id,
      const std::function<Result<T>(db::Connection&, const TypeModel&, const Record&)>& work) {
    return reading<T>([&](db::Connection& c) -> Result<T> {
      MW_ASSIGN(const TypeModel* type, context_.model.type(type_name));
      MW_TRY(may_read(actor, *type));
      MW_ASSIGN(const Record record, visible_record(c, actor, *type, id));
      return work(c, *type, record);
    });
  }

  template <class T>
  Result<T> reading(const std::function<Result<T>(db::Connection&)>& work) {
    std::optional<Result<T>> result;
    MW_TRY(database_.read([&](db::Connection& c) -> Status {
      result = work(c);
      if (!*result) return result->error();
      return {};
    }));
    return *std::move(result);
  }

  const std::unique_ptr<RisingIds> ids_;
  const std::unique_ptr<Vault> vault_;
  const Context context_;
  db::Database& database_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_store(pack::CatalogPtr catalog, db::Database& database, Files& files,
                                          Clock& clock, IdMaker& ids, StoreOptions options) {
  MW_ASSIGN(Model model, Model::make(std::move(catalog)));
  auto rising = std::make_unique<RisingIds>(ids);
  std::unique_ptr<Vault> vault;
  if (!options.key_file.empty()) {
    const auto random = system_random();
    MW_ASSIGN(const Vault opened, Vault::open(files, *random, options.key_file));
    vault = std::make_unique<Vault>(opened);
  }
  model.use(vault.get());
  pack::Calendar calendar(model.catalog());
  Context context{std::move(model),
                  files,
                  clock,
                  *rising,
                  std::move(options),
                  std::move(calendar),
                  std::make_shared<Estimates>()};
  auto store = std::make_unique<StoreImpl>(std::move(rising), std::move(vault), std::move(context), database);
  MW_TRY(store->migrate_tables());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace mineward::record
