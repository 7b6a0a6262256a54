#include "aws/session_token.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace landfall::aws {
namespace {

TokenKeyring ring(std::initializer_list<const char*> ids) {
  TokenKeyring keyring;
  for (const char* id : ids) keyring.keys.push_back({id, Secret(std::string(31, 'k') + id[0])});
  return keyring;
}

SessionClaims claims() {
  SessionClaims c;
  c.access_key_id = "ASIAEXAMPLE";
  c.secret_access_key = Secret("secret");
  c.account = "123456789012";
  c.role_arn = "arn:aws:iam::123456789012:role/app";
  c.role_id = "AROAEXAMPLE";
  c.session_name = "i-0123";
  c.issued = {1'700'000'000'000};
  c.expires = {1'700'003'600'000};
  c.session_policy = "{}";
  c.session_policy_arns = {"arn:aws:iam::aws:policy/ReadOnlyAccess"};
  c.tags = {{"team", "red"}, {"", ""}};
  return c;
}

}  // namespace

TEST(SessionToken, OpensWhatItSealedAlsoAfterAKeyRotation) {
  SeededRandom random(1);
  const std::string token = seal_session(claims(), ring({"a"}), random).value();
  auto opened = open_session(token, ring({"b", "a"}));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(opened->secret_access_key.reveal(), "secret");
  EXPECT_EQ(opened->kind, policy::PrincipalKind::assumed_role);
  EXPECT_EQ(opened->role_arn, claims().role_arn);
  EXPECT_EQ(opened->session_name, "i-0123");
  EXPECT_EQ(opened->expires, claims().expires);
  EXPECT_EQ(opened->session_policy_arns, claims().session_policy_arns);
  EXPECT_EQ(opened->tags, claims().tags);
  EXPECT_EQ(open_session(token, ring({"b"})).error(), TokenProblem::unknown_key);
}

TEST(SessionToken, RefusesEveryFlippedBit) {
  SeededRandom random(1);
  const std::string raw = from_base64(seal_session(claims(), ring({"a"}), random).value()).value();
  for (size_t i = 0; i < raw.size(); ++i) {
    std::string other = raw;
    other[i] ^= 0x10;
    EXPECT_FALSE(open_session(to_base64(other), ring({"a"}))) << i;
  }
  for (size_t i = 0; i < raw.size(); ++i)
    EXPECT_FALSE(open_session(to_base64(raw.substr(0, i)), ring({"a"}))) << i;
}

TEST(SessionToken, HasOneTextOnly) {
  SeededRandom random(1);
  int padded = 0;
  for (size_t extra = 0; extra < 3; ++extra) {
    aws::SessionClaims c = claims();
    c.session_name = std::string(6 + extra, 'n');
    std::string token = seal_session(c, ring({"a"}), random).value();
    if (!token.ends_with('=')) continue;
    ++padded;
    ASSERT_TRUE(open_session(token, ring({"a"})));
    char& last = token[token.find('=') - 1];
    last = last == 'B' ? 'C' : static_cast<char>(last + 1);  // bits that padding leaves over, among others
    EXPECT_FALSE(open_session(token, ring({"a"}))) << token;
  }
  EXPECT_EQ(padded, 2);
}

TEST(SessionToken, RefusesGarbageAndAForeignKeyOfTheSameName) {
  SeededRandom random(1);
  EXPECT_EQ(open_session("not base64!", ring({"a"})).error(), TokenProblem::malformed);
  EXPECT_EQ(open_session("", ring({"a"})).error(), TokenProblem::malformed);
  const std::string token = seal_session(claims(), ring({"a"}), random).value();
  TokenKeyring other = ring({"a"});
  other.keys[0].key = Secret(std::string(32, 'z'));
  EXPECT_EQ(open_session(token, other).error(), TokenProblem::forged);
  EXPECT_FALSE(seal_session(claims(), TokenKeyring{}, random));
}

}  // namespace landfall::aws
