// Lists by query string and cursor, and imports of tables, against a small store on SQLite.
#include <filesystem>
#include <memory>
#include <set>

#include "api/http.h"
#include "api/list_query.h"
#include "base/text.h"
#include "catalog.h"
#include "db/db.h"
#include "record/store.h"
#include "target.h"

namespace mineward::fuzz {
namespace {

using record::Actor;
using record::Fields;
using record::RecordId;

/// A store over the file records.db of a folder.
class Country {
 public:
  /// A region, an organisation, a mine and a dozen hazards.
  Country() {
    std::filesystem::copy_file(made_once(), file());
    open();
  }
  Country(const Country&) = delete;
  Country& operator=(const Country&) = delete;
  record::Store& store() { return *store_; }
  const Actor& actor() const { return root_; }
  std::int64_t count(const std::string& type) {
    record::ListQuery query;
    query.type = type;
    query.count_total = true;
    const auto page = store_->list(root_, query);
    return page ? page->total.value_or(-1) : -1;
  }

 private:
  struct Empty {};
  explicit Country(Empty) { open(); }

  /// The tables of 400 record types take seconds under the sanitizers, which an input's time must not hold:
  /// they are made before the first input, and copied then.
  static const std::string& made_once() {
    static Country first{Empty{}};
    static const std::string path = [] {
      first.fill();
      first.close();
      return first.file();
    }();
    return path;
  }
  std::string file() const { return scratch_.path() + "/records.db"; }
  void open() {
    database_ = value(db::open_database("sqlite:" + file(), 1));
    store_ = value(
        record::open_store(packs(), *database_, *files_, clock_, ids_, {scratch_.path() + "/files", 4096}));
  }
  /// The last connection takes the log into the file.
  void close() {
    store_.reset();
    database_.reset();
  }
  void fill() {
    const RecordId region = make("region", {{"code", "140525"}, {"name", "泽州县"}});
    const RecordId organisation =
        make("organisation", {{"code", "o1"}, {"name", "煤业"}, {"region", region}});
    const RecordId mine =
        make("mine", {{"code", "140525000001"}, {"name", "一号煤矿"}, {"organisation", organisation}});
    for (int i = 0; i < 12; ++i) {
      Fields fields = {{"title", "隐患 T" + std::to_string(i % 5)},
                       {"mine", mine},
                       {"organisation", organisation},
                       {"found_at", EventTime{1'768'176'000'000 + i / 2 * 60'000}}};
      if (i % 3 != 0) fields["money"] = std::int64_t{i % 4 * 10'050};
      if (i % 2 != 0) fields["deadline"] = Date{20'500 + i % 3};
      make("hazard", std::move(fields));
    }
  }
  template <class T>
  static T value(Result<T> result) {
    if (!result) report_broken(__FILE__, __LINE__, result.error().text());
    return *std::move(result);
  }
  RecordId make(const std::string& type, Fields fields) {
    // What the packs require besides, with the first code of its dictionary.
    for (const auto& field : packs()->record_type(type)->fields) {
      if (!field.required || field.type != pack::FieldType::choice || fields.contains(field.name)) continue;
      fields[field.name] = packs()->dictionary(field.dictionary)->entries.front().code;
    }
    auto made = store_->create(root_, type, fields);
    if (const auto* refusal = std::get_if<record::Refusal>(&made)) {
      std::string text = type + ": " + refusal->error.text();
      for (const auto& fault : refusal->faults) text += " " + fault.field + " " + fault.message;
      report_broken(__FILE__, __LINE__, text);
      return {};
    }
    return std::get<record::Record>(made).id;
  }

  Scratch scratch_;
  std::unique_ptr<Files> files_ = system_files();
  ManualClock clock_{ArrivalTime{1'768'176'000'000}};
  IdMaker ids_{clock_, 1};
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<record::Store> store_;
  const Actor root_ = Actor::system("system:fuzz");
};

}  // namespace

/// A query string of a list of hazards. Whatever it asks, paging shows each record once and stops.
MW_FUZZ_TARGET(list) {
  static Country country;
  api::Request request;
  request.target = "/hazard?" + std::string(input);
  if (!api::parse_target(request)) return;
  auto query = api::list_query_of(request, "hazard");
  if (!query) {
    check_error(query.error());
    return;
  }
  query->count_total = true;
  auto page = country.store().list(country.actor(), *query);
  if (!page) {
    check_error(page.error());
    MW_FUZZ_CHECK(page.error().code == Errc::bad_input, page.error().text());
    return;
  }
  const bool from_start = query->after.empty();
  std::set<RecordId> seen;
  const std::int64_t total = page->total.value_or(-1);
  while (true) {
    MW_FUZZ_CHECK(page->records.size() <= static_cast<std::size_t>(query->limit));
    for (const auto& record : page->records)
      MW_FUZZ_CHECK(seen.insert(record.id).second, "a record comes twice");
    if (page->next.empty()) break;
    MW_FUZZ_CHECK(!page->records.empty());
    query->after = page->next;
    page = country.store().list(country.actor(), *query);
    MW_FUZZ_CHECK(page.ok(), page.error().text());
    if (!page) return;
  }
  if (from_start) {
    MW_FUZZ_CHECK(static_cast<std::int64_t>(seen.size()) == total,
                  std::to_string(seen.size()) + " of " + std::to_string(total));
  }
}

/// First byte: whether good rows are kept; first line: a type; the rest: the table.
MW_FUZZ_TARGET(import) {
  static std::unique_ptr<Country> country;
  static int uses = 0;
  if (!country || ++uses % 2000 == 0) {
    country.reset();
    country = std::make_unique<Country>();
  }
  Input in(input);
  const bool keep_good = in.byte() % 2 == 1;
  std::string type(in.line());
  if (!packs()->record_type(type)) type = "region";
  if (in.rest().size() > 8192) return;
  const std::int64_t before = country->count(type);
  const auto report = country->store().import_csv(country->actor(), type, in.rest(), keep_good);
  const std::int64_t after = country->count(type);
  if (!report) {
    check_error(report.error());
    MW_FUZZ_CHECK(report.error().code == Errc::bad_input || report.error().code == Errc::forbidden,
                  report.error().text());
    MW_FUZZ_CHECK(before == after);
    return;
  }
  for (const auto& fault : report->faults) check_text(fault.message);
  MW_FUZZ_CHECK(after == before + report->created, std::to_string(after) + " - " + std::to_string(before) +
                                                       ", " + std::to_string(report->created));
  if (!keep_good && !report->faults.empty()) MW_FUZZ_CHECK(after == before, "half a table was kept");
}

}  // namespace mineward::fuzz
