/// Ids after a restart at which the clock reads less than before.
#include <set>

#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

class RisingIdsTest : public RecordTest {};
MW_ON_BOTH_ENGINES(RisingIdsTest);

TEST_P(RisingIdsTest, StayUniqueAndRisingAfterARestartWithTheClockSetBack) {
  for (const Millis back : {Millis(0), Millis(500), Millis(3'600'000)}) {
    std::set<RecordId> before;
    for (int i = 0; i < 20; ++i) {
      before.insert(c().hazard(c().worker, c().mine_a, "before").id);
      c().clock.advance(Millis(1));
    }
    c().clock.set(c().clock.now() - back);
    IdMaker fresh(c().clock, 1);  // a new process knows nothing of the ids before
    c().store.reset();
    c().store = must(open_store(small_catalog(), *c().database, *c().files, c().clock, fresh,
                                {c().database.folder().path() + "/files", 4096}));
    RecordId last = *before.rbegin();
    for (int i = 0; i < 20; ++i) {
      const RecordId made = c().hazard(c().worker, c().mine_a, "after").id;
      EXPECT_GT(made, last);
      EXPECT_EQ(made.value >> 12 & 1023, 1) << "the node's number stays in the id";
      last = made;
      c().clock.advance(Millis(1));
    }
    c().clock.advance(back);
    c().open();
  }
  EXPECT_TRUE(must(store().verify()).ok);
}

}  // namespace
}  // namespace mineward::record::fixture
