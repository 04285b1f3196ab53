/// The money of a penalty case as the packs work it out, against cases worked by hand: surcharge of 3 % a day
/// (行政处罚法 72), at most the fine, not while a review or suit runs (73); instalments (66).
#include <array>

#include "pack/load.h"
#include "record/making_testing.h"
#include "record/template_testing.h"

namespace mineward::record::fixture {
namespace {

class CaseMoney : public ::testing::Test {
 protected:
  static pack::CatalogPtr packs() {
    static const pack::CatalogPtr loaded = [] {
      const std::array<std::string, 1> folders = {std::string(MW_SOURCE_DIR) + "/packs"};
      auto outcome = pack::load_catalog(folders);
      for (const auto& mistake : outcome.mistakes) ADD_FAILURE() << mistake.text();
      return outcome.catalog;
    }();
    return loaded;
  }

  void SetUp() override {
    copy_template(packs(), folder.path() + "/m.db");
    database = must(db::open_database("sqlite:" + folder.path() + "/m.db"));
    store = must(open_store(packs(), *database, *files, clock, ids,
                            {folder.path() + "/files", 1 << 20, 2000, folder.path() + "/protected.key"}));
    maker = std::make_unique<Maker>(*store, *packs(), clock);
    maker->region_and_organisations();
    officer = maker->person("enforcement_officer");
    head = maker->person("department_head");
    the_case = maker->known("penalty_case");
  }

  static FieldValue yuan(double amount) { return static_cast<std::int64_t>(std::llround(amount * 100)); }
  static FieldValue day(const char* text) { return *parse_date(text); }
  /// Money as it is written: "33333.33"; "none" when it is not known.
  static std::string money(const Record& record, const char* field) {
    const auto found = record.fields.find(field);
    const auto* fen = found == record.fields.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
    return fen ? fmt::format("{}{}.{:02}", *fen < 0 ? "-" : "", std::abs(*fen) / 100, std::abs(*fen) % 100)
               : "none";
  }

  Fields surcharge(double principal, const char* due, const char* until, std::int64_t stayed) const {
    return {{"case", the_case},
            {"principal", yuan(principal)},
            {"due_on", day(due)},
            {"until_on", day(until)},
            {"stayed_days", stayed}};
  }

  db::TestFolder folder;
  std::unique_ptr<Files> files = system_files();
  ManualClock clock{ArrivalTime{parse_time("2026-08-10T08:00:00+08:00")->utc_ms}};
  IdMaker ids{clock, 1};
  std::unique_ptr<db::Database> database;
  std::unique_ptr<Store> store;
  std::unique_ptr<Maker> maker;
  Actor officer, head;
  RecordId the_case;
};

TEST_F(CaseMoney, SurchargeByTheDay) {
  const struct {
    const char* why;
    double principal;
    const char *due, *until;
    std::int64_t stayed;
    const char* reckoned;
  } cases[] = {
      {"8 to 18 June are 10 days: 100 000 x 0.03 x 10", 100000, "2026-06-08", "2026-06-18", 0, "30000.00"},
      {"paid on the day itself", 100000, "2026-06-08", "2026-06-08", 0, "0.00"},
      {"one day: 100 000 x 0.03", 100000, "2026-06-08", "2026-06-09", 0, "3000.00"},
      {"22 of June, 31 of July, 7 of August are 60: more than the fine", 30000, "2026-06-08", "2026-08-07", 0,
       "54000.00"},
      {"40 days, 15 of them under review: 200 000 x 0.03 x 25", 200000, "2026-06-08", "2026-07-18", 15,
       "150000.00"},
      {"33 333.33 x 0.03 x 7 = 6 999.9993", 33333.33, "2026-06-08", "2026-06-15", 0, "7000.00"},
      {"over the turn of a leap year: 28 February to 1 March 2028 are 2 days", 50000, "2028-02-28",
       "2028-03-01", 0, "3000.00"},
      {"before the law of 15 July 2021 no rate is known", 100000, "2021-07-14", "2021-07-24", 0, "none"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const Record made =
        must(store->create(officer, "late_surcharge", surcharge(c.principal, c.due, c.until, c.stayed)));
    EXPECT_EQ(money(made, "reckoned"), c.reckoned);
  }
}

TEST_F(CaseMoney, SurchargeIsAtMostTheFineAndAtMostWhatIsReckoned) {
  const auto decided = [&](const char* until, double charged) {
    const Record made =
        must(store->create(officer, "late_surcharge", surcharge(30000, "2026-06-08", until, 0)));
    return store->step(head, "late_surcharge", made.id, made.version, "decide", {{"charged", yuan(charged)}});
  };
  EXPECT_EQ(must(decided("2026-08-07", 30000)).state, "decided");  // 54 000 reckoned, 30 000 is the fine
  EXPECT_EQ(faults(refused(decided("2026-08-07", 30000.01))), "principal rule");
  EXPECT_EQ(must(decided("2026-06-18", 9000)).state, "decided");  // 10 days: 9 000
  EXPECT_EQ(faults(refused(decided("2026-06-18", 9000.01))), "reckoned rule");
  EXPECT_EQ(faults(refused(
                store->create(officer, "late_surcharge", surcharge(30000, "2026-06-08", "2026-06-18", 11)))),
            "late_days rule, reckoned rule")
      << "no more days off than days late";
  EXPECT_EQ(faults(refused(
                store->create(officer, "late_surcharge", surcharge(30000, "2026-06-08", "2026-06-07", 0)))),
            "until_on rule, late_days rule, reckoned rule");
}

TEST_F(CaseMoney, InstalmentsAddUpToTheFine) {
  const struct {
    double amount;
    std::int64_t parts;
    const char *each, *rest, *last;
  } cases[] = {
      {60000, 12, "5000.00", "0.00", "5000.00"},
      {100000, 3, "33333.33", "0.01", "33333.34"},   // 3 x 33 333.33 = 99 999.99
      {200000, 7, "28571.43", "-0.01", "28571.42"},  // 28 571.428...; 7 x 28 571.43 = 200 000.01
      {500000, 6, "83333.33", "0.02", "83333.35"},   // 6 x 83 333.33 = 499 999.98
      {50000, 1, "50000.00", "0.00", "50000.00"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.amount);
    Fields fields = maker->fields_of(*packs()->record_type("payment_deferral"));
    fields["amount"] = yuan(c.amount);
    fields["instalments"] = c.parts;
    fields["kind"] = std::string("instalments");
    fields["until"] = day("2027-08-10");
    const Record made = must(store->create(officer, "payment_deferral", fields));
    EXPECT_EQ(money(made, "each"), c.each);
    EXPECT_EQ(money(made, "rest"), c.rest);
    EXPECT_EQ(money(made, "last"), c.last);
  }
  Fields none = maker->fields_of(*packs()->record_type("payment_deferral"));
  none["kind"] = std::string("instalments");
  none["until"] = day("2027-08-10");
  EXPECT_EQ(faults(refused(store->create(officer, "payment_deferral", none))), "instalments rule");
}

// Three instalments of 100 000: the first in time, the second 12 days late and in part, the third not yet.
TEST_F(CaseMoney, AnInstalmentThatIsLateIsSurchargedByItself) {
  Fields fields = maker->fields_of(*packs()->record_type("payment_deferral"));
  fields["case"] = the_case;
  fields["amount"] = yuan(100000);
  fields["instalments"] = std::int64_t{3};
  fields["kind"] = std::string("instalments");
  fields["until"] = day("2026-09-08");
  const Record asked = must(store->create(officer, "payment_deferral", fields));
  const Record granted = must(store->step(head, "payment_deferral", asked.id, asked.version, "grant",
                                          {{"opinion", std::string("同意分三期")}}));
  const auto instalment = [&](const char* raise, Fields given) {
    return must(store->raise(officer, "payment_deferral", granted.id, raise, given));
  };
  const Record first =
      instalment("instalment", {{"instalment", std::int64_t{1}}, {"due_on", day("2026-07-08")}});
  const Record second =
      instalment("instalment", {{"instalment", std::int64_t{2}}, {"due_on", day("2026-07-29")}});
  const Record third = instalment("last_instalment", {});
  EXPECT_EQ(money(first, "due"), "33333.33");
  EXPECT_EQ(money(third, "due"), "33333.34");
  EXPECT_EQ(third.fields.at("due_on"), day("2026-09-08"));
  EXPECT_EQ(third.number("instalment"), 3);

  const std::string receipt = must(store->attach(officer, "r.pdf", "%PDF-1.7 receipt")).sha256;
  const auto paid = [&](const Record& payment, double amount, const char* on) {
    return store->step(officer, "payment", payment.id, payment.version, "report",
                       {{"paid", yuan(amount)},
                        {"paid_on", day(on)},
                        {"receipt_number", std::string("0001")},
                        {"receipt", std::vector<std::string>{receipt}}});
  };
  const Record in_time = must(paid(first, 33333.33, "2026-07-08"));
  EXPECT_EQ(money(in_time, "unpaid"), "0.00");
  EXPECT_EQ(in_time.number("late_days"), 0);
  EXPECT_EQ(faults(refused(paid(second, 33333.34, "2026-08-10"))), "due rule") << "not more than is due";
  const Record late = must(paid(second, 20000, "2026-08-10"));
  EXPECT_EQ(money(late, "unpaid"), "13333.33");
  EXPECT_EQ(late.number("late_days"), 12);  // 2 of July, 10 of August

  const Record surcharge = must(store->raise(officer, "payment", late.id, "surcharge", {}));
  EXPECT_EQ(money(surcharge, "principal"), "33333.33");
  EXPECT_EQ(surcharge.number("counted_days"), 12);
  EXPECT_EQ(money(surcharge, "reckoned"), "12000.00");  // 33 333.33 x 0.03 x 12 = 11 999.9988
}

}  // namespace
}  // namespace mineward::record::fixture
