#include "net/admission.h"

#include <gtest/gtest.h>

namespace landfall::net {
namespace {

const AdmissionRule kEverybody{.cidr = "0.0.0.0/0"};

AdmissionRules open() { return {.groups = {kEverybody}, .acl_in = {kEverybody}, .acl_out = {kEverybody}}; }

TEST(Admission, WithoutARuleNobodyIsAdmitted) {
  EXPECT_TRUE(Admission(open()).admits("127.0.0.1", 40'000, 80));
  AdmissionRules rules = open();
  rules.groups.clear();
  EXPECT_FALSE(Admission(rules).admits("127.0.0.1", 40'000, 80));
  rules = open();
  rules.acl_in.clear();
  EXPECT_FALSE(Admission(rules).admits("127.0.0.1", 40'000, 80));
  rules = open();
  rules.acl_out.clear();
  EXPECT_FALSE(Admission(rules).admits("127.0.0.1", 40'000, 80));
}

TEST(Admission, AnyRuleOfTheGroupsAdmitsByAddressAndPort) {
  AdmissionRules rules = open();
  rules.groups = {{.cidr = "203.0.113.0/24", .first_port = 443, .last_port = 443},
                  {.cidr = "198.51.100.7/32", .first_port = 80, .last_port = 81}};
  const Admission admission(rules);
  EXPECT_TRUE(admission.admits("203.0.113.255", 40'000, 443));
  EXPECT_FALSE(admission.admits("203.0.112.255", 40'000, 443));
  EXPECT_FALSE(admission.admits("203.0.113.1", 40'000, 80));
  EXPECT_TRUE(admission.admits("198.51.100.7", 40'000, 80));
  EXPECT_TRUE(admission.admits("198.51.100.7", 40'000, 81));
  EXPECT_FALSE(admission.admits("198.51.100.7", 40'000, 82));
  EXPECT_FALSE(admission.admits("198.51.100.8", 40'000, 80));
}

TEST(Admission, TheFirstEntryOfTheAclThatMatchesDecides) {
  AdmissionRules rules = open();
  rules.acl_in = {{.allow = false, .cidr = "192.0.2.0/24"}, kEverybody};
  EXPECT_FALSE(Admission(rules).admits("192.0.2.9", 40'000, 80));
  EXPECT_TRUE(Admission(rules).admits("192.0.3.9", 40'000, 80));
  std::swap(rules.acl_in[0], rules.acl_in[1]);
  EXPECT_TRUE(Admission(rules).admits("192.0.2.9", 40'000, 80));
}

TEST(Admission, AnswersHaveToPassTheAclToTheClientsPort) {
  AdmissionRules rules = open();
  rules.acl_out = {{.cidr = "0.0.0.0/0", .first_port = 1024, .last_port = 65'535}};
  EXPECT_TRUE(Admission(rules).admits("192.0.2.9", 1024, 80));
  EXPECT_FALSE(Admission(rules).admits("192.0.2.9", 1023, 80));
}

TEST(Admission, WhatIsNoAddressIsNotAdmittedAndNoCidrMatchesNothing) {
  EXPECT_FALSE(Admission(open()).admits("", 40'000, 80));
  EXPECT_FALSE(Admission(open()).admits("::1", 40'000, 80));
  for (const char* cidr : {"", "0.0.0.0/33", "0.0.0.0/", "0.0.0.0/-1", "0.0.0/0", "::/0", "0.0.0.0/0x"}) {
    AdmissionRules rules = open();
    rules.groups = {{.cidr = cidr}};
    EXPECT_FALSE(Admission(rules).admits("127.0.0.1", 40'000, 80)) << cidr;
  }
}

}  // namespace
}  // namespace landfall::net
