/// Packs grow and shrink over stored records.
#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using ::testing::HasSubstr;

class MigrationTest : public RecordTest {
 protected:
  /// The catalog with one change of the hazard type (or of all).
  static pack::CatalogPtr changed(const std::function<void(Catalog&, RecordType&)>& change) {
    auto catalog = small_catalog();
    change(*catalog, *std::find_if(catalog->record_types.begin(), catalog->record_types.end(),
                                   [](const auto& t) { return t.name == "hazard"; }));
    return catalog;
  }
  static Field& at(RecordType& type, std::string_view name) {
    return *std::find_if(type.fields.begin(), type.fields.end(),
                         [&](const auto& f) { return f.name == name; });
  }
  static void erase(RecordType& type, std::string_view name) {
    std::erase_if(type.fields, [&](const auto& f) { return f.name == name; });
    std::erase(type.list_fields, name);
  }
};
MW_ON_BOTH_ENGINES(MigrationTest);

TEST_P(MigrationTest, TypesFieldsAndIndexesAreAdded) {
  const Record old = c().hazard(c().officer, c().mine_a, "甲烷");
  const auto grown = changed([](Catalog& catalog, RecordType& hazard) {
    hazard.fields.push_back(searchable(field("cause", FieldType::long_text)));
    hazard.fields.push_back(field("cousin", FieldType::reference, "visit"));
    hazard.fields.push_back(with_default(required(field("risk", FieldType::integer)), "3"));
    hazard.list_fields.push_back("risk");
    hazard.indexes.push_back({"level", "found_at"});
    auto visit = record_type("visit", "organisation", "hazard",
                             {required(field("organisation", FieldType::reference, "organisation")),
                              field("hazard", FieldType::reference, "hazard")});
    visit.access.create = {"officer"};
    catalog.record_types.push_back(visit);
    catalog.dictionaries[0].entries.push_back({"tiny", {"微小", "Tiny"}, {}, {}});
  });
  must(c().reopen(grown));
  const Record now = must(store().get(c().officer, "hazard", old.id));
  EXPECT_EQ(now.text("title"), "甲烷");
  EXPECT_EQ(now.fields.at("risk"),
            FieldValue(std::int64_t{3}));  // the default came in, with its line in the log
  EXPECT_EQ(now.version, 2);
  EXPECT_EQ(must(store().history(c().officer, "hazard", old.id)).back().action, "migrate");
  const Record visit = must(
      store().create(c().officer, "visit", {{"organisation", c().mine_a_organisation}, {"hazard", old.id}}));
  must(store().update(c().officer, "hazard", old.id, 2,
                      {{"cause", "风量不足"}, {"cousin", visit.id}, {"level", "tiny"}}));
  ListQuery q;
  q.words = "甲烷 风量";
  EXPECT_EQ(c().titles(c().officer, q).size(), 1u);  // words of old and new fields
  q = {};
  q.sort = "risk";
  EXPECT_EQ(c().titles(c().officer, q).size(), 1u);
  EXPECT_TRUE(must(store().verify()).ok);
  must(c().reopen(grown));  // and nothing is left to do
  EXPECT_EQ(must(store().get(c().officer, "hazard", old.id)).version, 3);
  EXPECT_EQ(faults(refused(store().create(
                c().officer, "visit", {{"organisation", c().mine_a_organisation}, {"hazard", RecordId{3}}}))),
            "hazard not_found");
}

TEST_P(MigrationTest, WhatWouldLoseDataIsRefusedWithItsCount) {
  for (int i = 0; i < 3; ++i) {
    c().hazard(c().officer, c().mine_a, "same title",
               {{"level", i ? "major" : "ordinary"},
                {"tags", std::vector<std::string>{"gas"}},
                {"people", std::int64_t{i}}});
  }
  const struct {
    const char* why;
    std::function<void(Catalog&, RecordType&)> change;
    const char* error;
  } cases[] = {
      {"field gone", [](Catalog&, RecordType& h) { erase(h, "people"); },
       "field hazard.people is gone but set in 3 records"},
      {"field of another type", [](Catalog&, RecordType& h) { at(h, "people").type = FieldType::text; },
       "field hazard.people has another type now but is set in 3 records"},
      {"same column, other meaning", [](Catalog&, RecordType& h) { at(h, "people").type = FieldType::money; },
       "field hazard.people has another type"},
      {"reference to another type", [](Catalog&, RecordType& h) { at(h, "mine").target = "region"; },
       "field hazard.mine has another type"},
      {"type gone",
       [](Catalog& c, RecordType&) {
         std::erase_if(c.record_types,
                       [](const auto& t) { return t.name == "hazard" || t.name == "remark"; });
       },
       "record type hazard is gone but has 3 records"},
      {"code gone",
       [](Catalog& c, RecordType&) {
         std::erase_if(c.dictionaries[0].entries, [](const auto& e) { return e.code == "major"; });
       },
       "code major of dictionary level is gone but stands in hazard.level of 2 records"},
      {"code of a list gone",
       [](Catalog& c, RecordType&) {
         std::erase_if(c.dictionaries[1].entries, [](const auto& e) { return e.code == "gas"; });
       },
       "code gas of dictionary tag is gone but stands in hazard.tags of 3 records"},
      {"another dictionary", [](Catalog&, RecordType& h) { at(h, "level").dictionary = "tag"; },
       "field hazard.level holds \"major\", which is no code of dictionary tag, in 2 records"},
      {"text becomes code",
       [](Catalog&, RecordType& h) {
         at(h, "title").type = FieldType::choice;
         at(h, "title").dictionary = "tag";
       },
       "field hazard.title holds \"same title\""},
      {"required without default",
       [](Catalog&, RecordType& h) { h.fields.push_back(required(field("cause", FieldType::text))); },
       "field hazard.cause is required now, has no fixed default and is unset in 3 records"},
      {"required with a default that depends on who asks",
       [](Catalog&, RecordType& h) {
         h.fields.push_back(with_default(required(field("seen", FieldType::instant)), "now"));
       },
       "field hazard.seen is required now"},
      {"optional becomes required", [](Catalog&, RecordType& h) { at(h, "depth").required = true; },
       "field hazard.depth is required now"},
      {"unique that is not",
       [](Catalog&, RecordType& h) {
         h.unique.push_back({"mine", "title"});
       },
       "fields mine, title of hazard must be unique now but repeat in 3 records"},
      {"state gone", [](Catalog& c, RecordType&) { c.workflows[0].states[0].name = "discovered"; },
       "record type hazard has 3 records in state \"found\""},
      {"owner changed", [](Catalog&, RecordType& h) { h.owner_field = "mine"; },
       "record type hazard has another owner now"},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.why);
    const Status done = c().reopen(changed(test.change));
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, Errc::conflict) << done.error().text();
    EXPECT_THAT(done.error().message, HasSubstr(test.error));
  }
  must(c().reopen(small_catalog()));  // nothing was half done
  EXPECT_EQ(c().titles(c().officer, {}).size(), 3u);
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(MigrationTest, AllReasonsAreGivenAtOnce) {
  c().hazard(c().officer, c().mine_a, "x", {{"people", std::int64_t{1}}});
  const Status done = c().reopen(changed([](Catalog&, RecordType& h) {
    erase(h, "people");
    at(h, "depth").required = true;
  }));
  EXPECT_THAT(done.error().message, HasSubstr("hazard.people is gone"));
  EXPECT_THAT(done.error().message, HasSubstr("hazard.depth is required"));
}

TEST_P(MigrationTest, WhatHoldsNoDataMayGo) {
  c().hazard(c().officer, c().mine_a, "x", {{"level", "major"}});
  must(c().reopen(changed([](Catalog& catalog, RecordType& h) {
    erase(h, "people");                     // never set
    at(h, "depth").type = FieldType::text;  // never set: may change its type
    h.unique.clear();
    std::erase_if(catalog.record_types, [](const auto& t) { return t.name == "remark"; });
    std::erase_if(catalog.dictionaries[0].entries, [](const auto& e) { return e.code == "ordinary"; });
    at(h, "level").type = FieldType::text;  // codes may become plain text
  })));
  must(store().create(c().officer, "hazard", {{"mine", c().mine_a}, {"title", "y"}, {"depth", "deep"}}));
  EXPECT_EQ(c().titles(c().officer, {}).size(), 2u);
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(MigrationTest, CatalogsThatCannotBeTablesAreRefused) {
  const struct {
    const char* why;
    std::function<void(Catalog&, RecordType&)> change;
    const char* error;
  } cases[] = {
      {"reserved column",
       [](Catalog&, RecordType& h) { h.fields.push_back(field("version", FieldType::text)); },
       "system column"},
      {"reserved table", [](Catalog&, RecordType& h) { h.name = "change_log"; }, "cannot be a table name"},
      {"name with a quote",
       [](Catalog&, RecordType& h) { h.fields.push_back(field("a\"b", FieldType::text)); },
       "cannot be a column name"},
      {"owner is no reference", [](Catalog&, RecordType& h) { h.owner_field = "title"; }, "is no reference"},
      {"target is not declared",
       [](Catalog&, RecordType& h) { h.fields.push_back(field("x", FieldType::reference, "ghost")); },
       "ghost"},
      {"pattern is no pattern", [](Catalog&, RecordType& h) { at(h, "title").pattern = "("; },
       "no regular expression"},
      {"default of another kind", [](Catalog&, RecordType& h) { at(h, "people").default_value = "many"; },
       "found \"many\""},
      {"number without counter", [](Catalog&, RecordType& h) { h.number_format = "YH-{yyyy}"; },
       "number format"},
      {"number with a strange word", [](Catalog&, RecordType& h) { h.number_format = "{week}-{seq:3}"; },
       "number format"},
      {"index on nothing", [](Catalog&, RecordType& h) { h.indexes.push_back({"ghost"}); }, "no field"},
  };
  for (const auto& test : cases) {
    const Status done = c().reopen(changed(test.change));
    ASSERT_FALSE(done.ok()) << test.why;
    EXPECT_THAT(done.error().text(), HasSubstr(test.error)) << test.why;
  }
}

}  // namespace
}  // namespace mineward::record::fixture
