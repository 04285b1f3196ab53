/// Numbers with a check of their own. The good ones are the samples printed in the standards.
#include "record/formats.h"

#include <gtest/gtest.h>

namespace mineward::record {
namespace {

TEST(Formats, CreditCode) {
  EXPECT_EQ(format_fault("credit_code", "91350100M000100Y43"), "");  // GB 32100-2015, the sample of its annex
  EXPECT_NE(format_fault("credit_code", "91350100M000100Y44"), "");
  EXPECT_NE(format_fault("credit_code", "91350100M000100Y4"), "");
  EXPECT_NE(format_fault("credit_code", "9135O100M000100Y43"), "");  // the letter O
  EXPECT_NE(format_fault("credit_code", ""), "");
}

TEST(Formats, IdNumber) {
  EXPECT_EQ(format_fault("id_number", "11010519491231002X"), "");  // GB 11643-1999, its sample
  EXPECT_EQ(format_fault("id_number", "440524188001010014"),
            "the day of birth in it is no day");  // its other sample, of 1880
  EXPECT_NE(format_fault("id_number", "110105194912310021"), "");
  EXPECT_NE(format_fault("id_number", "11010519490231002X"), "");  // 31 February
  EXPECT_NE(format_fault("id_number", "11010519491231002x"), "");
}

TEST(Formats, Phone) {
  for (const char* good : {"13812345678", "0356-4221234", "010-62345678", "12350", "400-123-4567",
                           "+86 13812345678", "0356-4221234-801"})
    EXPECT_EQ(format_fault("phone", good), "") << good;
  for (const char* bad :
       {"", "1381234567", "23812345678a", "138 1234 5678", "<script>", "99999999999999999999999999999999"})
    EXPECT_NE(format_fault("phone", bad), "") << bad;
}

TEST(Formats, Division) {
  EXPECT_EQ(format_fault("division", "140522"), "");
  EXPECT_NE(format_fault("division", "160522"), "");
  EXPECT_NE(format_fault("division", "14052"), "");
  EXPECT_NE(format_fault("division", "14052a"), "");
}

TEST(Formats, AMaskLeavesTooLittleToKnowSomebody) {
  EXPECT_EQ(masked("11010519491231002X"), "110***********002X");
  EXPECT_EQ(masked("13812345678"), "138******78");
  EXPECT_EQ(masked("张三"), "*三");
  EXPECT_EQ(masked("张"), "*");
  EXPECT_EQ(masked(""), "");
}

}  // namespace
}  // namespace mineward::record
