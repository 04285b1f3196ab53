/// Stories of the intake: a mine uploads, and afterwards this must be so on disk.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

#include "base/text.h"
#include "feed/intake_story_testing.h"
#include "feed/registers.h"
#include "feed/tables.h"

namespace mineward::feed::story {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
TEST_F(Story, AcknowledgedReadingsAreThereAfterReopening) {
  define({kA, kB});
  const Receipt receipt =
      send("CDSS", kT0, sample_line(kA, "0.42", kT0) + sample_line(kB, "-999999", kT0, "00010000"));
  EXPECT_EQ(receipt.verdict, Verdict::accepted) << receipt.message;
  EXPECT_EQ(receipt.records, 2);
  EXPECT_EQ(receipt.mine, kMine);
  ASSERT_THAT(sink.seen, SizeIs(2));
  EXPECT_THAT(sink.seen[1].rows, SizeIs(2));

  reopen();
  EXPECT_THAT(samples(kA), testing::ElementsAre(history::Sample{at(kT0), 0.42, 0}));
  EXPECT_THAT(samples(kB), testing::ElementsAre(history::Sample{at(kT0), std::nullopt, 16}));
  const auto rows = ledger();
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].file_name, name_for("CDSS", kT0));
  EXPECT_EQ(rows[0].verdict, "accepted");
  EXPECT_EQ(rows[0].system, "aqjk");
  EXPECT_EQ(rows[0].header_time, at(kT0));
  // The sink said nothing was saved, so it sees both again, but as replayed.
  ASSERT_THAT(sink.seen, SizeIs(2));
  EXPECT_TRUE(sink.seen[0].replayed && sink.seen[1].replayed);
  EXPECT_THAT(sink.seen[0].changes, SizeIs(2)) << "the changes of a definition file come back from its log";
  EXPECT_THAT(sink.seen[1].rows, SizeIs(2));
}

TEST_F(Story, TheSameFileTwiceIsADuplicate) {
  define({kA});
  send("CDSS", kT0, sample_line(kA, "0.42", kT0));
  const Receipt again = send("CDSS", kT0, sample_line(kA, "0.42", kT0));
  EXPECT_EQ(again.verdict, Verdict::duplicate);
  EXPECT_EQ(again.code, "E_DUP");
  EXPECT_THAT(sink.seen, SizeIs(2));
  EXPECT_THAT(samples(kA), SizeIs(1));
  reopen();
  EXPECT_EQ(send("CDSS", kT0, sample_line(kA, "0.42", kT0)).verdict, Verdict::duplicate)
      << "also after a restart";
}

TEST_F(Story, TheSameNameWithOtherContentIsACorrection) {
  define({kA});
  send("CDSS", kT0, sample_line(kA, "0.42", kT0));
  const Receipt other = send("CDSS", kT0, sample_line(kA, "0.43", kT0));
  EXPECT_EQ(other.verdict, Verdict::correction);
  EXPECT_THAT(samples(kA), testing::ElementsAre(history::Sample{at(kT0), 0.43, 0}));
  // The first content once more, by a sender that tries again: must not undo the correction.
  EXPECT_EQ(send("CDSS", kT0, sample_line(kA, "0.42", kT0)).verdict, Verdict::duplicate);
  EXPECT_THAT(samples(kA), testing::ElementsAre(history::Sample{at(kT0), 0.43, 0}));
}

TEST_F(Story, AnOlderFileIsKeptForHistoryOnly) {
  define({kA});
  send("CDSS", kT0, sample_line(kA, "0.42", kT0));
  const Receipt late = send("CDSS", "2026-09-22 23:30:00", sample_line(kA, "0.9", "2026-09-22 23:30:00"));
  EXPECT_EQ(late.verdict, Verdict::stale);
  EXPECT_EQ(late.code, "E_STALE");
  EXPECT_TRUE(sink.seen.back().stale);
  EXPECT_THAT(samples(kA), SizeIs(2));
  // An older definition does not touch the register.
  const Receipt old = send("CDDY", "2026-09-22 07:00:00", point_line(kA, "9.0;;;;9.0;;;"));
  EXPECT_EQ(old.verdict, Verdict::stale);
  EXPECT_EQ(only("point", "code", kA).number("alarm_high"), 1.0);
  EXPECT_THAT(sink.seen.back().changes, IsEmpty());
}

TEST_F(Story, UnknownPointsWaitForTheirDefinition) {
  define({kA});
  const Receipt receipt = send("CDSS", kT0, sample_line(kA, "0.42", kT0) + sample_line(kB, "0.50", kT0));
  EXPECT_EQ(receipt.verdict, Verdict::accepted);
  EXPECT_EQ(receipt.quarantined, 1);
  EXPECT_EQ(receipt.code, "E_UNKNOWN_POINT");
  send("CDSS", "2026-09-23 08:00:20", sample_line(kB, "0.51", "2026-09-23 08:00:20"));
  EXPECT_THAT(samples(kB), IsEmpty());
  reopen();
  const auto waiting = list_quarantine(*store, record::Actor::system("test"), mine);
  ASSERT_TRUE(waiting);
  ASSERT_THAT(*waiting, SizeIs(1));
  EXPECT_EQ((*waiting)[0].point_code, kB);
  EXPECT_EQ((*waiting)[0].readings, 2);
  EXPECT_EQ((*waiting)[0].first, at(kT0));

  define({kA, kB}, "2026-09-23 08:00:25");
  EXPECT_THAT(samples(kB), testing::ElementsAre(history::Sample{at(kT0), 0.50, 0},
                                                history::Sample{at("2026-09-23 08:00:20"), 0.51, 0}));
  EXPECT_THAT(sink.seen.back().rows, SizeIs(2)) << "the sink gets them with the definition";
  EXPECT_THAT(*list_quarantine(*store, record::Actor::system("test"), mine), IsEmpty());
  EXPECT_EQ(send("CDSS", "2026-09-23 08:00:28", sample_line(kB, "0.52", "2026-09-23 08:00:28")).quarantined,
            0);
}

TEST_F(Story, QuarantineThatRunsOutLeavesALedgerEntry) {
  send("CDSS", kT0, sample_line(kB, "0.50", kT0));
  ASSERT_TRUE(intake->tick());
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM upload_quarantine"), 1);
  clock.advance(std::chrono::hours(47));
  ASSERT_TRUE(intake->tick());
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM upload_quarantine"), 1);
  clock.advance(std::chrono::hours(2));
  ASSERT_TRUE(intake->tick());
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM upload_quarantine"), 0);
  const auto newest = ledger().at(0);
  EXPECT_EQ(newest.verdict, "quarantine_dropped");
  EXPECT_EQ(newest.code, "E_UNKNOWN_POINT");
  EXPECT_THAT(newest.faults, testing::ElementsAre(kB + ": 1 readings"));
}

TEST_F(Story, APartialFileKeepsItsGoodRecords) {
  define({kA, kB});
  std::string body;
  for (int i = 10; i < 19; ++i) body += sample_line(kA, "0.4", fmt::format("2026-09-23 07:59:{}", i));
  const Receipt receipt = send("CDSS", kT0, body + kB + ";too;few~");
  EXPECT_EQ(receipt.verdict, Verdict::partial);
  EXPECT_EQ(receipt.code, "E_FIELDS");
  EXPECT_EQ(receipt.bad_records, 1);
  EXPECT_THAT(samples(kA), SizeIs(9));
  EXPECT_THAT(ledger()[0].faults,
              testing::ElementsAre(HasSubstr(":10:0: E_FIELDS found 3 fields, expected 7 fields")));
}

// ---- the negative fixtures that need more than a decoder
// -------------------------------------------------------------

TEST_F(Story, NegativeFixtureTimeInTheFuture_E_FUTURE) {
  const std::string file = "620823009203_CDSS_20990923080000.txt";
  const Receipt receipt = upload(file, fixture("bad/" + file));
  EXPECT_EQ(receipt.verdict, Verdict::rejected);
  EXPECT_EQ(receipt.code, "E_FUTURE");
  EXPECT_THAT(
      receipt.message,
      StartsWith(
          file +
          ":0:0: E_FUTURE found header time 2099-09-23 08:00:00, expected at most 2026-09-23 08:05:30"));
}

TEST_F(Story, NegativeFixtureWrongMineCode_E_MINE) {
  const std::string file = "620823009203_CDSS_20260923080600.txt";
  clock.advance(std::chrono::minutes(10));
  const Receipt receipt = upload(file, fixture("bad/" + file));
  EXPECT_EQ(receipt.verdict, Verdict::rejected);
  EXPECT_EQ(receipt.code, "E_MINE");
}

TEST_F(Story, NegativeFixtureDuplicateFile_E_DUP) {
  const std::string file = "620823009203_CDSS_20260923080000.txt";
  EXPECT_EQ(upload(file, fixture("good/" + file)).verdict, Verdict::accepted);
  EXPECT_EQ(upload(file, fixture("good/" + file)).code, "E_DUP");
}

TEST_F(Story, NegativeFixtureNoTerminator_E_TERM) {
  const std::string file = "620823009203_CDSS_20260923080100.txt";
  const Receipt receipt = upload(file, fixture("bad/" + file));
  EXPECT_EQ(receipt.verdict, Verdict::rejected);
  EXPECT_EQ(receipt.code, "E_TERM");
  EXPECT_EQ(ledger().at(0).code, "E_TERM");
  EXPECT_EQ(ledger().at(0).mine, mine);
  EXPECT_THAT(sink.seen, IsEmpty());
}

TEST_F(Story, NegativeFixtureLooserLimit_marked_looser) {
  const std::string before = "620823009203_CDDY_20260923080000.txt",
                    after = "620823009203_CDDY_20260923081100.txt";
  EXPECT_EQ(upload(before, fixture("good/" + before)).verdict, Verdict::accepted);
  clock.advance(std::chrono::minutes(15));
  EXPECT_EQ(upload(after, fixture("bad/" + after)).verdict, Verdict::accepted);
  EXPECT_THAT(change_texts(), testing::ElementsAre("A01 limit alarm_high 1->1.5 looser",
                                                   "A01 limit alarm_high_clear 0.9->1.4 looser",
                                                   "A01 limit cut_high 1.5->2 looser"));
}

// ---- who may upload what
// ---------------------------------------------------------------------------------------------

TEST_F(Story, AForeignMineIsRefusedLikeAnUnknownOne) {
  const std::string foreign = name_for("CDSS", kT0, kForeign);
  const std::string unknown = name_for("CDSS", kT0, "999999999999");
  const Receipt a = upload(foreign, head(kT0, kForeign) + sample_line(kA, "1", kT0) + "||");
  const Receipt b = upload(unknown, head(kT0, "999999999999") + sample_line(kA, "1", kT0) + "||");
  EXPECT_EQ(a.verdict, Verdict::rejected);
  EXPECT_EQ(a.code, "E_MINE");
  EXPECT_EQ(b.code, "E_MINE");
  EXPECT_THAT(sink.seen, IsEmpty());
  record::Scope all;
  all.everything = true;
  EXPECT_EQ(upload(foreign, head(kT0, kForeign) + sample_line(kA, "1", kT0) + "||", all).verdict,
            Verdict::accepted);
}

TEST_F(Story, AnAliasIsTheSameMine) {
  define({kA});
  const Receipt receipt =
      upload(name_for("CDSS", kT0, kAlias), head(kT0, kMine) + sample_line(kA, "0.4", kT0) + "||");
  EXPECT_EQ(receipt.verdict, Verdict::accepted) << receipt.message;
  EXPECT_EQ(receipt.mine, kMine);
  EXPECT_THAT(samples(kA), SizeIs(1));
}

TEST_F(Story, PagesSeeOnlyTheirScope) {
  send("CDSS", kT0, sample_line(kB, "0.50", kT0));
  send("YCBJ", kT0, fmt::format("{};甲烷;T1;%CH4;001;2026-09-23 07:50:00;;1.1;;;;;;;;;~", kA));
  record::Actor own = record::Actor::system("own"), other = own;
  own.is_system = other.is_system = false;
  own.scope = {mine_organisation, false};
  other.scope = {foreign_organisation, false};
  const EvidenceQuery all{{}, "", at("2026-01-01 00:00:00"), at("2027-01-01 00:00:00"), 100};
  EXPECT_THAT(*list_uploads(*store, own, {}), SizeIs(2));
  EXPECT_THAT(*list_uploads(*store, other, {}), IsEmpty());
  EXPECT_THAT(*feed_health(*store, own, clock.now(), {}), SizeIs(1));
  EXPECT_THAT(*feed_health(*store, other, clock.now(), mine), IsEmpty());
  EXPECT_THAT(*list_quarantine(*store, own, {}), SizeIs(1));
  EXPECT_THAT(*list_quarantine(*store, other, mine), IsEmpty());
  EXPECT_THAT(*list_abnormal(*store, own, all), SizeIs(1));
  EXPECT_THAT(*list_abnormal(*store, other, all), IsEmpty());
  other.scope = {};
  EXPECT_THAT(*list_uploads(*store, other, {}), IsEmpty());
}

// ---- crashes and failures
// --------------------------------------------------------------------------------------------

TEST_F(Story, ACrashBetweenJournalAndTransactionIsMadeGoodOnce) {
  define({kA});
  sink.failures = 100;  // the transaction never commits, the journal has it
  const Receipt receipt = send("CDSS", kT0, sample_line(kA, "0.42", kT0) + sample_line(kB, "0.50", kT0));
  EXPECT_EQ(receipt.verdict, Verdict::accepted) << "the journal has it, so it is acknowledged";
  EXPECT_GT(sink.resets, 0);
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM upload WHERE file_type = 'CDSS'"), 0);

  reopen();
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM upload WHERE file_type = 'CDSS'"), 1);
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM upload_quarantine"), 1);
  EXPECT_THAT(samples(kA), SizeIs(1));
  ASSERT_THAT(sink.seen, SizeIs(2));
  EXPECT_TRUE(sink.seen[0].replayed);
  EXPECT_FALSE(sink.seen[1].replayed) << "its effects were not on disk";
  EXPECT_THAT(sink.seen[1].rows, SizeIs(1));

  reopen();
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM upload WHERE file_type = 'CDSS'"), 1);
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM sink_seen"), 2) << "one effect for each upload, over all restarts";
  EXPECT_EQ(send("CDSS", kT0, sample_line(kA, "0.42", kT0) + sample_line(kB, "0.50", kT0)).verdict,
            Verdict::duplicate);
}

TEST_F(Story, ADefinitionThatWasOnlyJournalledIsAppliedOnRecovery) {
  send("CDSS", kT0, sample_line(kA, "0.42", kT0));
  sink.failures = 100;
  EXPECT_EQ(send("CDDY", kT0, point_line(kA)).verdict, Verdict::accepted);
  EXPECT_THAT(records("point"), IsEmpty());
  reopen();
  EXPECT_THAT(records("point"), SizeIs(1));
  EXPECT_THAT(samples(kA), SizeIs(1));
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM upload_quarantine"), 0);
  EXPECT_THAT(sink.seen.back().rows, SizeIs(1));
}

TEST_F(Story, AFailedTransactionIsAppliedBeforeTheNextUpload) {
  define({kA});
  sink.failures = 3;  // both tries of the first upload, one of the next
  EXPECT_EQ(send("CDSS", kT0, sample_line(kA, "0.42", kT0)).verdict, Verdict::accepted);
  EXPECT_EQ(send("CDSS", "2026-09-23 08:00:10", sample_line(kA, "0.43", "2026-09-23 08:00:10")).verdict,
            Verdict::accepted);
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM upload WHERE file_type = 'CDSS'"), 2);
  ASSERT_THAT(sink.seen, SizeIs(3));
  EXPECT_EQ(sink.seen[1].rows.at(0).sample.value, 0.42);
  EXPECT_EQ(sink.seen[2].rows.at(0).sample.value, 0.43);
}

TEST_F(Story, WhileTheTransactionCannotBeMadeUploadsWait) {
  define({kA});
  sink.failures = 100;
  EXPECT_EQ(send("CDSS", kT0, sample_line(kA, "0.42", kT0)).verdict, Verdict::accepted);
  const std::uint64_t journalled = history->last_seq();
  EXPECT_EQ(send("CDSS", "2026-09-23 08:00:10", sample_line(kA, "0.43", "2026-09-23 08:00:10")).verdict,
            Verdict::waiting);
  EXPECT_EQ(history->last_seq(), journalled) << "not acknowledged, so not journalled";
  sink.saved = journalled;
  ASSERT_TRUE(intake->tick()) << "must not release what waits";
  sink.failures = 0;
  reopen();
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM upload WHERE file_type = 'CDSS'"), 1);
}

TEST_F(Story, WhatTheSinkHasSavedIsNotShownAgain) {
  define({kA});
  send("CDSS", kT0, sample_line(kA, "0.42", kT0));
  sink.saved = history->last_seq();
  reopen();
  EXPECT_THAT(sink.seen, IsEmpty());
}

TEST_F(Story, UploadsOfSeveralThreadsAreAllTaken) {
  define({kA});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5; ++i) {
        const std::string time = fmt::format("2026-09-23 07:{:02}:{:02}", 10 + t, i);
        send("CDSS", time, sample_line(kA, "0.4", time));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(samples(kA), SizeIs(20));
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM upload WHERE file_type = 'CDSS'"), 20);
}

// ---- readings
// --------------------------------------------------------------------------------------------------------

TEST_F(Story, OutOfRangeIsStoredAndMarked) {
  define({kA});  // range 0..4, margin 10 % of it
  const struct {
    const char *value, *second;
    bool bad;
  } cases[] = {{"4.4", "01", false},
               {"4.41", "02", true},
               {"-0.4", "03", false},
               {"-0.41", "04", true},
               {"", "05", false}};
  std::string body;
  for (const auto& c : cases)
    body += sample_line(kA, c.value, fmt::format("2026-09-23 08:00:{}", c.second), "1");
  send("CDSS", kT0, body);
  const auto stored = samples(kA);
  ASSERT_EQ(stored.size(), std::size(cases));
  for (std::size_t i = 0; i < stored.size(); ++i) {
    SCOPED_TRACE(cases[i].value);
    EXPECT_EQ(stored[i].state, cases[i].bad ? kBadQuality | 1 : 1);
  }
}

TEST_F(Story, ASmallPointClockSkewIsAllowed) {
  define({kA});
  std::string body;
  for (int i = 0; i < 9; ++i) body += sample_line(kA, "0.4", fmt::format("2026-09-23 08:00:0{}", i));
  const Receipt receipt = send(
      "CDSS", kT0,
      body + sample_line(kA, "0.4", "2026-09-23 08:01:30") + sample_line(kA, "0.4", "2026-09-23 08:01:31"));
  EXPECT_EQ(receipt.verdict, Verdict::partial);
  EXPECT_EQ(receipt.code, "E_FUTURE");
  EXPECT_THAT(samples(kA), SizeIs(10));
  EXPECT_EQ(send("CDSS", "2026-09-23 08:00:01", sample_line(kA, "0.4", "2026-09-23 09:00:00")).verdict,
            Verdict::rejected);
}

TEST_F(Story, SwitchChangesBecomeSamples) {
  define({kA});
  const Receipt receipt =
      upload(name_for("KGBH", kT0), "2026-09-23 08:00:00;2;~||" + kA + ";0;2026-09-23 07:59:31;~" + kA +
                                        ";1;2026-09-23 07:59:58;~||");
  EXPECT_EQ(receipt.verdict, Verdict::accepted) << receipt.message;
  EXPECT_THAT(samples(kA), testing::ElementsAre(history::Sample{at("2026-09-23 07:59:31"), 0.0, 0},
                                                history::Sample{at("2026-09-23 07:59:58"), 1.0, 0}));
  EXPECT_THAT(sink.seen.back().rows, SizeIs(2));
}

// ---- the mine's own evidence
// -----------------------------------------------------------------------------------------

TEST_F(Story, AbnormalRecordsAreUpdatedInPlace) {
  const auto line = [](const char* end, const char* peak, const char* time) {
    return fmt::format("{};甲烷;T1;%CH4;001;2026-09-23 07:50:00;{};{};2026-09-23 07:51:00;1.01;;1.06;;;;;{}~",
                       kA, end, peak, time);
  };
  send("YCBJ", "2026-09-23 07:51:00", line("", "1.12", "2026-09-23 07:51:00"));
  send("YCBJ", "2026-09-23 07:53:00", line("2026-09-23 07:52:30", "1.30", "2026-09-23 07:53:00"));
  send("YCBJ", "2026-09-23 07:52:00",
       line("", "1.20", "2026-09-23 07:52:00"));  // late: must not open it again
  const auto rows = list_abnormal(*store, record::Actor::system("test"),
                                  {mine, "", at("2026-09-23 00:00:00"), at("2026-09-24 00:00:00"), 10});
  ASSERT_TRUE(rows) << rows.error().text();
  ASSERT_THAT(*rows, SizeIs(1));
  EXPECT_EQ((*rows)[0].max, 1.30);
  EXPECT_EQ((*rows)[0].end, at("2026-09-23 07:52:30"));
  EXPECT_EQ((*rows)[0].kind, "001");
}

TEST_F(Story, StatisticsAreKept) {
  const std::string file = "620823009203_TJSJ_20260923080000.txt";
  EXPECT_EQ(upload(file, fixture("good/" + file)).verdict, Verdict::accepted);
  const auto rows = list_statistics(*store, record::Actor::system("test"),
                                    {mine, kA, at("2026-09-23 00:00:00"), at("2026-09-24 00:00:00"), 10});
  ASSERT_TRUE(rows) << rows.error().text();
  ASSERT_THAT(*rows, SizeIs(1));
  EXPECT_EQ((*rows)[0].mean, 0.42);
  EXPECT_EQ((*rows)[0].min_at, at("2026-09-23 07:55:40"));
}

// ---- health
// ----------------------------------------------------------------------------------------------------------

TEST_F(Story, HealthTellsLagAndSilences) {
  define({kA}, "2026-09-23 07:00:00");  // arrives 08:00:30
  const auto send_now = [&] {
    const std::string time = format_beijing(clock.now().utc_ms - 5000);
    EXPECT_EQ(send("CDSS", time, sample_line(kA, "0.4", time)).verdict, Verdict::accepted);
  };
  send_now();
  clock.advance(std::chrono::minutes(5));
  send_now();  // exactly 5 min: no silence
  clock.advance(std::chrono::minutes(6));
  send_now();  // one silence
  upload(name_for("CDSS", "2026-09-23 08:00:00"), "nonsense");
  const auto health = feed_health(*store, record::Actor::system("test"), clock.now(), mine);
  ASSERT_TRUE(health) << health.error().text();
  ASSERT_THAT(*health, SizeIs(1));
  const FeedHealth& h = (*health)[0];
  EXPECT_EQ(h.system, "aqjk");
  EXPECT_EQ(h.accepted_today, 4);
  EXPECT_EQ(h.rejected_today, 1);
  EXPECT_EQ(h.gaps_today, 1);
  EXPECT_EQ(h.lag, Millis(5000));
  clock.advance(std::chrono::minutes(6));
  EXPECT_EQ(feed_health(*store, record::Actor::system("test"), clock.now(), mine)->at(0).gaps_today, 2)
      << "the present one counts";
}

TEST_F(Story, TheLedgerPagesByKey) {
  for (int i = 0; i < 5; ++i) send("CDSS", fmt::format("2026-09-23 08:00:0{}", i), sample_line(kA, "1", kT0));
  LedgerQuery query;
  query.limit = 2;
  std::vector<std::string> names;
  for (int page = 0; page < 4; ++page) {
    const auto rows = list_uploads(*store, record::Actor::system("test"), query);
    ASSERT_TRUE(rows);
    for (const auto& row : *rows) names.push_back(row.file_name);
    if (rows->empty()) break;
    query.before = rows->back().id;
  }
  ASSERT_THAT(names, SizeIs(5));
  EXPECT_TRUE(std::is_sorted(names.rbegin(), names.rend()));
}

// ---- PostgreSQL
// ------------------------------------------------------------------------------------------------------

class OnPostgres : public Story {
 protected:
  OnPostgres() : Story(db::Engine::postgres) {}
};

/// Every statement of this folder once, on the other engine.
TEST_F(OnPostgres, ADayOfAMine) {
  const record::Actor everyone = record::Actor::system("test");
  define({kA});
  send("CDSS", kT0, sample_line(kA, "0.42", kT0) + sample_line(kB, "", kT0));
  EXPECT_EQ(send("CDSS", kT0, sample_line(kA, "0.42", kT0) + sample_line(kB, "", kT0)).verdict,
            Verdict::duplicate);
  EXPECT_EQ(send("CDSS", kT0, sample_line(kA, "0.43", kT0)).verdict, Verdict::correction);
  EXPECT_EQ(send("CDSS", kT0, sample_line(kA, "0.42", kT0) + sample_line(kB, "", kT0)).verdict,
            Verdict::duplicate);
  EXPECT_EQ(send("CDSS", "2026-09-22 08:00:00", sample_line(kB, "0.3", "2026-09-22 08:00:00")).verdict,
            Verdict::stale);
  EXPECT_THAT(*list_quarantine(*store, everyone, mine), SizeIs(1));
  define({kA, kB}, "2026-09-23 07:30:00");
  EXPECT_THAT(samples(kB), SizeIs(2));
  send("YCBJ", "2026-09-23 07:51:00", kA + ";甲烷;T1;%CH4;001;2026-09-23 07:50:00;;1.12;;;;;;;;;~");
  send("YCBJ", "2026-09-23 07:52:00",
       kA + ";甲烷;T1;%CH4;001;2026-09-23 07:50:00;2026-09-23 07:51:30;1.3;;;;;;;;;~");
  send("TJSJ", "2026-09-23 07:55:00", kA + ";甲烷;T1;%CH4;2026-09-23 07:50:00;;0.5;;0.3;;0.4;~");
  const EvidenceQuery query{mine, kA, at("2026-09-23 00:00:00"), at("2026-09-24 00:00:00"), 10};
  const auto abnormal = list_abnormal(*store, everyone, query);
  ASSERT_TRUE(abnormal) << abnormal.error().text();
  ASSERT_THAT(*abnormal, SizeIs(1));
  EXPECT_EQ(abnormal->at(0).max, 1.3);
  EXPECT_EQ(list_statistics(*store, everyone, query)->at(0).mean, 0.4);
  const auto health = feed_health(*store, everyone, clock.now(), mine);
  ASSERT_TRUE(health) << health.error().text();
  EXPECT_THAT(*health, SizeIs(1));
  record::Actor own = everyone;
  own.scope = {mine_organisation, false};
  EXPECT_THAT(*list_uploads(*store, own, {mine, "CDSS", "", {}, 10}), SizeIs(5));

  sink.failures = 100;
  send("CDSS", "2026-09-23 08:00:20",
       sample_line("62082300920301MN00010001Z99", "0.5", "2026-09-23 08:00:20"));
  reopen();
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM upload_quarantine"), 1);
  clock.advance(std::chrono::hours(50));
  ASSERT_TRUE(intake->tick());
  EXPECT_EQ(scalar("SELECT COUNT(*) FROM upload_quarantine"), 0);
  EXPECT_EQ(ledger().at(0).verdict, "quarantine_dropped");
}

}  // namespace
}  // namespace mineward::feed::story
