#include "api/accounts.h"

#include <gtest/gtest.h>

namespace mineward::api {
namespace {

constexpr PasswordCost kCheap{1, 8192};

TEST(Passwords, AreKeptAsArgon2id) {
  const auto hash = hash_password("correct horse", kCheap);
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hash->starts_with("$argon2id$"));
  EXPECT_TRUE(password_matches(*hash, "correct horse"));
  EXPECT_FALSE(password_matches(*hash, "correct horsE"));
  EXPECT_FALSE(password_matches("", "correct horse"));
  EXPECT_NE(*hash, *hash_password("correct horse", kCheap)) << "salted";
}

TEST(Passwords, FollowTheRules) {
  const struct {
    const char* password;
    bool fine;
    const char* why;
  } cases[] = {
      {"a long enough one", true, ""},
      {"甲乙丙丁戊己庚辛壬癸", true, "ten characters"},
      {"short", false, "too short"},
      {"甲乙丙丁", false, "four characters, twelve bytes"},
      {"my DdY1 password", false, "the account name"},
      {"aaaaaaaaaaaaaaa", false, "one character"},
      {"\xff\xfe no utf-8 at all", false, "no UTF-8"},
  };
  for (const auto& c : cases) EXPECT_EQ(check_password("ddy1", c.password).ok(), c.fine) << c.why;
  EXPECT_FALSE(check_password("x", std::string(300, 'a') + "b"));
  const auto random = system_random();
  const std::string made = make_password(*random);
  EXPECT_TRUE(check_password("admin", made));
  EXPECT_NE(made, make_password(*random));
}

}  // namespace
}  // namespace mineward::api
