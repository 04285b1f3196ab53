// The examples in the packs, and the eight acceptance vectors of monitoring.md 3.3, through the real engine.
#include <gtest/gtest.h>

#include "watch/catalog_testing.h"

namespace mineward::watch {
namespace {

using testing::national;
using testing::told;

TEST(PackRules, EveryExampleHolds) {
  const auto outcome = run_rule_examples(national());
  for (const auto& f : outcome.failed) ADD_FAILURE() << f.text();
  EXPECT_GT(outcome.passed, 100);
}

TEST(PackRules, EveryRuleHasADetectorAndAnEmptyCase) {
  for (const auto& rule : national()->alarm_rules) {
    SCOPED_TRACE(rule.id);
    if (rule.detector == "quality_gate" || rule.detector == "concern") continue;
    EXPECT_NE(make_detector(rule), nullptr) << "no detector is called " << rule.detector;
    EXPECT_GE(rule.examples.size(), 3u);
    bool silent = false;
    for (const auto& e : rule.examples) silent |= e.expect.empty();
    EXPECT_TRUE(silent) << "no example in which it stays silent";
  }
}

TEST(AcceptanceVector, V1_TwoSamplesOverRaiseYellowAndCalibrationNothing) {
  const std::string point = "0001 T0 alarm=1.0 clear=1.0 cut=1.5 restore=1.0";
  EXPECT_EQ(told({{"point", point}, {"samples", "0=0.9 30=1.05 60=1.05"}}), "G-1:60+yellow");
  EXPECT_EQ(told({{"point", point}, {"samples", "0=0.9 30=1.05 60=1.05"}}, "G-2"), "");
  for (const char* state : {"4", "5"}) {
    const std::string bit = std::string("0=0.5 400=1.05/") + state + " 430=1.05/" + state;
    EXPECT_EQ(told({{"point", point}, {"samples", bit}}, "G-1"), "") << "state " << state;
    EXPECT_EQ(told({{"point", point}, {"plan", "calibration 0..1h"}, {"samples", bit}}), "")
        << "planned, state " << state;
  }
}

TEST(AcceptanceVector, V2_FeedStillOnTenSecondsAfterTheCutIsRed) {
  const std::map<std::string, std::string> given = {{"point_p", "0001 T1 relation=D-b&K-k"},
                                                    {"point_b", "1009"},
                                                    {"point_k", "1011"},
                                                    {"samples_p", "0=0.5 10=1.6 20=1.6"}};
  auto on = given, off = given;
  on["samples_k"] = "0=1 10=1 20=1";
  off["samples_k"] = "0=1 10=1 15=0 20=0";
  EXPECT_EQ(told(on, "G-3"), "20+red");
  EXPECT_EQ(told(off, "G-3"), "");
  EXPECT_EQ(told(on, "G-2"), "20+orange");
}

TEST(AcceptanceVector, V3_ASingleSpikeIsAPulseAndNothingElse) {
  EXPECT_EQ(told({{"point", "0001 T1 alarm=1.0 cut=1.5"}, {"samples", "0=8.0 30=0.2"}}), "T-7:30+blue");
  EXPECT_EQ(told({{"point", "0001 T1 alarm=1.0 cut=1.5"}, {"samples", "0=0.2 30=8.0 60=0.2 90=0.2"}}),
            "T-7:60+blue");
}

TEST(AcceptanceVector, V4_FourBlueOfAnItemAreOneYellow) {
  std::map<std::string, std::string> given = {{"mine", "kind=tailings"}};
  for (const char* name : {"a", "b", "c", "d"}) {
    given[std::string("point_") + name] = "0021 levels=5,10,15,20";
    given[std::string("samples_") + name] = "0=6";
  }
  EXPECT_EQ(told(given, "GB39496"), "0+blue 0^yellow");
  given.erase("samples_d");
  EXPECT_EQ(told(given, "GB39496"), "0+blue");
}

TEST(AcceptanceVector, V5_FanStoppedAndGasRisingIsRed) {
  const std::map<std::string, std::string> given = {{"point_f", "1001 area=H1"},
                                                    {"point_g", "0001 T1 area=H1"},
                                                    {"samples_f", "0=0"},
                                                    {"samples_g", "0=0.4 720=0.6"}};
  EXPECT_EQ(told(given), "G-7:720+red");
}

TEST(AcceptanceVector, V6_EmptyPositionsAtAProducingMineAreP9AndNotC1) {
  const std::map<std::string, std::string> given = {
      {"point_f", "1001 area=H1"}, {"samples_f", "0=1"}, {"people", "0: c1@a; 60:"}, {"ticks", "120"}};
  EXPECT_EQ(told(given), "P-9:60+orange");
}

TEST(AcceptanceVector, V7_ARaisedAlarmLimitInTheReturnCornerIsT6) {
  const std::map<std::string, std::string> given = {
      {"point", "0001 T0 alarm=1.0 clear=1.0 cut=1.5 restore=1.0"}, {"define_60", "p alarm=1.5"}};
  EXPECT_EQ(told(given, "T-6"), "60+orange 60-");
  EXPECT_EQ(told(given, "THR_LOOSE"), "60+orange") << "and it is looser than the national floor";
}

TEST(AcceptanceVector, V8_CarbonMonoxideWithAndWithoutReportedBlasting) {
  // 87 ppm from 10:46:21 to 10:54:47: 8 min 26 s.
  const std::string samples = "0..506/22=87 516..20m/30=5";
  EXPECT_EQ(told({{"point", "0004"}, {"plan", "blasting 0..30m"}, {"samples", samples}}),
            "G-11:198+blue/planned G-11:516-");
  EXPECT_EQ(told({{"point", "0004"}, {"samples", samples}}), "G-11:198+yellow G-11:516-");
}

}  // namespace
}  // namespace mineward::watch
