#include "services/route53/dataplane/answer.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "codec/dns_rdata.h"

namespace landfall::route53 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

RecordSetSnapshot rr(std::string name, std::string type, std::vector<std::string> values, int64_t ttl = 300) {
  return {.name = std::move(name), .type = std::move(type), .ttl = ttl, .values = std::move(values)};
}

RecordSetSnapshot alias(std::string name, std::string type, std::string target, bool in_zone) {
  RecordSetSnapshot out = rr(std::move(name), std::move(type), {}, 0);
  out.alias = AliasSnapshot{std::move(target), in_zone, true};
  return out;
}

ZoneSnapshot zone(std::string id, std::string name, std::vector<RecordSetSnapshot> sets) {
  ZoneSnapshot out{.id = std::move(id), .name = name, .record_sets = std::move(sets)};
  out.record_sets.push_back(
      rr(name, "SOA", {"ns-1.awsdns-1.com. hostmaster.amazon.com. 1 7200 900 1209600 86400"}, 900));
  out.record_sets.push_back(rr(name, "NS", {"ns-1.awsdns-1.com."}, 172800));
  return out;
}

// "answer www.example.com. A 300 192.0.2.1"
std::string text(const AnswerRecord& r) {
  const char* sections[] = {"answer", "authority", "additional"};
  return fmt::format("{} {} {} {} {}", sections[static_cast<int>(r.section)], dns::to_text(r.owner),
                     dns::type_name(r.type), r.ttl, dns::rdata_to_text(r.type, r.rdata));
}

struct Said {
  std::string rcode;
  bool authoritative;
  std::vector<std::string> records;
};

dns::Query query(std::string_view name, std::string_view type) {
  dns::Query q{.has_question = true, .name = dns::Name::from_text(name).value()};
  q.lower_name = q.name.lower();
  q.type = type == "ANY" ? dns::Type::ANY : dns::type_from_name(type).value();
  return q;
}

Said said(const Answer& answer) {
  Said out{std::string(dns::rcode_name(answer.rcode)), answer.authoritative, {}};
  for (const AnswerRecord& r : answer.records) out.records.push_back(text(r));
  return out;
}

constexpr char kSoa[] =
    "authority example.com. SOA 900 ns-1.awsdns-1.com. hostmaster.amazon.com. 1 7200 900 1209600 86400";

class AnswerTest : public testing::Test {
 protected:
  void put(const ZoneSnapshot& snapshot) { tables_.put_zone(Zone::compile(snapshot).value()); }
  void put(const NameSnapshot& snapshot) { ASSERT_TRUE(tables_.put_name(snapshot)); }

  Said ask(std::string_view name, std::string_view type, uint64_t random = 0) {
    dns::Query q = query(name, type);
    Answer out;
    answer(q, tables_, {.random = random, .region = "us-east-1"}, out);
    return said(out);
  }

  Said ask_resolver(std::string_view name, std::string_view type, std::string vpc = "vpc-1") {
    dns::Query q = query(name, type);
    Answer out;
    ResolverView view{.tables = &tables_,
                      .vpc_id = std::move(vpc),
                      .networks = {{0x0a000000, 16}},
                      .endpoint_address = 0xa9fea9fc};
    resolve(q, view, 0, out);
    return said(out);
  }

  Tables tables_;
};

TEST_F(AnswerTest, GivesRecordsOfTheNameAndTypeInTheLettersOfTheQuestion) {
  put(zone("Z1", "example.com.", {rr("www.example.com.", "A", {"192.0.2.1"})}));
  Said s = ask("WwW.example.COM", "A");
  EXPECT_EQ(s.rcode, "NOERROR");
  EXPECT_TRUE(s.authoritative);
  EXPECT_THAT(s.records, ElementsAre("answer WwW.example.COM. A 300 192.0.2.1"));
}

TEST_F(AnswerTest, RefusesNamesOfNoZone) {
  put(zone("Z1", "example.com.", {}));
  EXPECT_EQ(ask("example.org", "A").rcode, "REFUSED");
  EXPECT_EQ(ask("com", "A").rcode, "REFUSED");
  EXPECT_EQ(ask("notexample.com", "A").rcode, "REFUSED");
  EXPECT_FALSE(ask("example.org", "A").authoritative);
}

TEST_F(AnswerTest, TellsNoDataFromNoNameAndGivesTheSoaWithItsLesserTtl) {
  put(zone("Z1", "example.com.", {rr("a.b.example.com.", "A", {"192.0.2.1"})}));
  Said no_type = ask("a.b.example.com", "AAAA");
  EXPECT_EQ(no_type.rcode, "NOERROR");
  EXPECT_THAT(no_type.records, ElementsAre(kSoa));
  Said empty_non_terminal = ask("b.example.com", "A");
  EXPECT_EQ(empty_non_terminal.rcode, "NOERROR");
  EXPECT_THAT(empty_non_terminal.records, ElementsAre(kSoa));
  Said no_name = ask("c.example.com", "A");
  EXPECT_EQ(no_name.rcode, "NXDOMAIN");
  EXPECT_TRUE(no_name.authoritative);
  EXPECT_THAT(no_name.records, ElementsAre(kSoa));
}

// The zone and questions of RFC 4592 section 2.2.1.
TEST_F(AnswerTest, SynthesizesFromWildcardsAsRfc4592Shows) {
  put(zone("Z1", "example.",
           {rr("*.example.", "TXT", {"\"this is a wildcard\""}, 3600),
            rr("*.example.", "MX", {"10 host1.example."}, 3600),
            rr("sub.*.example.", "TXT", {"\"this is not a wildcard\""}, 3600),
            rr("host1.example.", "A", {"192.0.2.1"}, 3600),
            rr("_ssh._tcp.host1.example.", "SRV", {"0 0 22 host1.example."}, 3600),
            rr("_ssh._tcp.host2.example.", "SRV", {"0 0 22 host2.example."}, 3600),
            rr("subdel.example.", "NS", {"ns.example.com."}, 3600)}));
  EXPECT_THAT(ask("host3.example", "MX").records,
              ElementsAre("answer host3.example. MX 3600 10 host1.example."));
  EXPECT_EQ(ask("host3.example", "A").rcode, "NOERROR");
  EXPECT_THAT(ask("foo.bar.example", "TXT").records,
              ElementsAre("answer foo.bar.example. TXT 3600 \"this is a wildcard\""));
  EXPECT_EQ(ask("host1.example", "MX").rcode, "NOERROR");  // exists: no wildcard
  EXPECT_EQ(ask("sub.*.example", "MX").rcode, "NOERROR");
  EXPECT_EQ(ask("_telnet._tcp.host1.example", "SRV").rcode, "NXDOMAIN");  // closest encloser is _tcp.host1
  EXPECT_EQ(ask("ghost.*.example", "MX").rcode, "NXDOMAIN");
  Said cut = ask("host.subdel.example", "A");
  EXPECT_FALSE(cut.authoritative);
  EXPECT_THAT(cut.records, ElementsAre("authority subdel.example. NS 3600 ns.example.com."));
}

TEST_F(AnswerTest, FollowsCnamesWithinTheZoneOnly) {
  put(zone(
      "Z1", "example.com.",
      {rr("a.example.com.", "CNAME", {"B.example.com"}), rr("b.example.com.", "CNAME", {"c.example.com"}),
       rr("c.example.com.", "A", {"192.0.2.3"}), rr("gone.example.com.", "CNAME", {"nothing.example.com"}),
       rr("out.example.com.", "CNAME", {"www.example.org"}),
       rr("loop.example.com.", "CNAME", {"loop.example.com"})}));
  put(zone("Z2", "example.org.", {rr("www.example.org.", "A", {"192.0.2.9"})}));
  EXPECT_THAT(ask("a.example.com", "A").records, ElementsAre("answer a.example.com. CNAME 300 B.example.com.",
                                                             "answer B.example.com. CNAME 300 c.example.com.",
                                                             "answer c.example.com. A 300 192.0.2.3"));
  EXPECT_THAT(ask("a.example.com", "CNAME").records,
              ElementsAre("answer a.example.com. CNAME 300 B.example.com."));
  Said gone = ask("gone.example.com", "A");
  EXPECT_EQ(gone.rcode, "NXDOMAIN");  // RFC 6604
  EXPECT_THAT(gone.records, ElementsAre("answer gone.example.com. CNAME 300 nothing.example.com.", kSoa));
  EXPECT_THAT(ask("out.example.com", "A").records,
              ElementsAre("answer out.example.com. CNAME 300 www.example.org."));
  EXPECT_EQ(ask("loop.example.com", "A").records.size(), 1u);
}

TEST_F(AnswerTest, DelegatesWithGlue) {
  put(zone("Z1", "example.com.",
           {rr("sub.example.com.", "NS", {"ns.sub.example.com", "ns.example.net"}),
            rr("ns.sub.example.com.", "A", {"192.0.2.53"})}));
  for (const char* name : {"sub.example.com", "www.sub.example.com", "ns.sub.example.com"}) {
    Said s = ask(name, "A");
    EXPECT_EQ(s.rcode, "NOERROR");
    EXPECT_FALSE(s.authoritative) << name;
    EXPECT_THAT(s.records, ElementsAre("authority sub.example.com. NS 300 ns.sub.example.com.",
                                       "authority sub.example.com. NS 300 ns.example.net.",
                                       "additional ns.sub.example.com. A 300 192.0.2.53"));
  }
  EXPECT_TRUE(ask("sub.example.com", "DS").authoritative);
  EXPECT_THAT(ask("sub.example.com", "DS").records, ElementsAre(kSoa));
}

TEST_F(AnswerTest, PrefersTheMostSpecificZone) {
  put(zone("Z1", "example.com.", {rr("www.sub.example.com.", "A", {"192.0.2.1"})}));
  put(zone("Z2", "sub.example.com.", {rr("www.sub.example.com.", "A", {"192.0.2.2"})}));
  EXPECT_THAT(ask("www.sub.example.com", "A").records,
              ElementsAre("answer www.sub.example.com. A 300 192.0.2.2"));
  tables_.remove_zone("Z2");
  EXPECT_THAT(ask("www.sub.example.com", "A").records,
              ElementsAre("answer www.sub.example.com. A 300 192.0.2.1"));
}

TEST_F(AnswerTest, FollowsAliasesToNamesOfAwsAndToRecordsOfTheZone) {
  put(zone("Z1", "example.com.",
           {alias("example.com.", "A", "my-alb-1.us-east-1.elb.amazonaws.com", false),
            alias("www.example.com.", "A", "example.com", true),
            alias("www.example.com.", "AAAA", "example.com", true)}));
  EXPECT_THAT(ask("example.com", "A").records, ElementsAre(kSoa));  // nothing there yet
  put(NameSnapshot{.name = "my-alb-1.us-east-1.elb.amazonaws.com",
                   .addresses = {"127.77.1.1", "127.77.1.2"}});
  EXPECT_THAT(ask("example.com", "A").records, UnorderedElementsAre("answer example.com. A 60 127.77.1.1",
                                                                    "answer example.com. A 60 127.77.1.2"));
  EXPECT_EQ(ask("example.com", "A", 0).records[0], ask("example.com", "A", 1).records[1]);
  EXPECT_THAT(ask("www.example.com", "A").records,
              UnorderedElementsAre("answer www.example.com. A 60 127.77.1.1",
                                   "answer www.example.com. A 60 127.77.1.2"));
  EXPECT_THAT(ask("www.example.com", "AAAA").records, ElementsAre(kSoa));
  EXPECT_THAT(ask("My-Alb-1.us-east-1.elb.amazonaws.com", "A").records.size(), 2u);
  tables_.remove_name("my-alb-1.us-east-1.elb.amazonaws.com");
  EXPECT_EQ(ask("my-alb-1.us-east-1.elb.amazonaws.com", "A").rcode, "REFUSED");
}

TEST_F(AnswerTest, AnswersAnyWithTheHinfoOfRfc8482) {
  put(zone("Z1", "example.com.", {rr("www.example.com.", "A", {"192.0.2.1"})}));
  EXPECT_THAT(ask("www.example.com", "ANY").records,
              ElementsAre("answer www.example.com. HINFO 3600 \"RFC8482\" \"\""));
  EXPECT_EQ(ask("nothing.example.com", "ANY").rcode, "NXDOMAIN");
}

TEST_F(AnswerTest, ChoosesAmongWeightedSetsInProportion) {
  auto one = rr("www.example.com.", "A", {"192.0.2.1"}), three = rr("www.example.com.", "A", {"192.0.2.3"}),
       none = rr("www.example.com.", "A", {"192.0.2.9"});
  one.set_identifier = "one";
  one.weight = 1;
  three.set_identifier = "three";
  three.weight = 3;
  none.set_identifier = "none";
  none.weight = 0;
  put(zone("Z1", "example.com.", {one, three, none}));
  std::map<std::string, int> count;
  for (uint64_t i = 0; i < 400; ++i) {
    Said s = ask("www.example.com", "A", i);
    ASSERT_EQ(s.records.size(), 1u);
    ++count[s.records[0]];
  }
  EXPECT_EQ(count["answer www.example.com. A 300 192.0.2.1"], 100);
  EXPECT_EQ(count["answer www.example.com. A 300 192.0.2.3"], 300);
  EXPECT_EQ(count.size(), 2u);
}

TEST_F(AnswerTest, FailsOverWhenThePrimarysTargetIsNotHealthyAndBackWhenNoneIs) {
  auto primary = alias("www.example.com.", "A", "p.elb.amazonaws.com", false),
       secondary = rr("www.example.com.", "A", {"192.0.2.2"});
  primary.failover = "PRIMARY";
  secondary.failover = "SECONDARY";
  put(zone("Z1", "example.com.", {secondary, primary}));
  NameSnapshot name{.name = "p.elb.amazonaws.com", .addresses = {"192.0.2.1"}};
  put(name);
  EXPECT_THAT(ask("www.example.com", "A").records, ElementsAre("answer www.example.com. A 60 192.0.2.1"));
  name.healthy = false;
  put(name);
  EXPECT_THAT(ask("www.example.com", "A").records, ElementsAre("answer www.example.com. A 300 192.0.2.2"));
}

TEST_F(AnswerTest, FollowsHealthChecksOfFailoverWeightedAndMultivalueRecords) {
  auto primary = rr("f.example.com.", "A", {"192.0.2.1"}),
       secondary = rr("f.example.com.", "A", {"192.0.2.2"});
  primary.failover = "PRIMARY";
  primary.health_check = "hc";
  secondary.failover = "SECONDARY";
  auto one = rr("w.example.com.", "A", {"192.0.2.3"}), other = rr("w.example.com.", "A", {"192.0.2.4"});
  one.weight = other.weight = 1;
  one.health_check = "hc";
  auto first = rr("m.example.com.", "A", {"192.0.2.5"}), second = rr("m.example.com.", "A", {"192.0.2.6"});
  first.multivalue = second.multivalue = true;
  first.health_check = "hc";
  put(zone("Z1", "example.com.", {primary, secondary, one, other, first, second}));
  EXPECT_THAT(ask("f.example.com", "A").records, ElementsAre("answer f.example.com. A 300 192.0.2.1"));
  EXPECT_EQ(ask("m.example.com", "A").records.size(), 2u);
  tables_.set_health("hc", false);
  EXPECT_THAT(ask("f.example.com", "A").records, ElementsAre("answer f.example.com. A 300 192.0.2.2"));
  for (uint64_t random = 0; random < 4; ++random)
    EXPECT_THAT(ask("w.example.com", "A", random).records,
                ElementsAre("answer w.example.com. A 300 192.0.2.4"));
  EXPECT_THAT(ask("m.example.com", "A").records, ElementsAre("answer m.example.com. A 300 192.0.2.6"));
  tables_.set_health("hc", true);
  EXPECT_THAT(ask("f.example.com", "A").records, ElementsAre("answer f.example.com. A 300 192.0.2.1"));
}

TEST_F(AnswerTest, GivesUpToEightMultivalueRecords) {
  std::vector<RecordSetSnapshot> sets;
  for (int i = 1; i <= 10; ++i) {
    sets.push_back(rr("www.example.com.", "A", {fmt::format("192.0.2.{}", i)}));
    sets.back().multivalue = true;
  }
  put(zone("Z1", "example.com.", sets));
  std::set<std::string> seen;
  for (uint64_t i = 0; i < 10; ++i) {
    Said s = ask("www.example.com", "A", i);
    EXPECT_EQ(s.records.size(), 8u);
    seen.insert(s.records.begin(), s.records.end());
  }
  EXPECT_EQ(seen.size(), 10u);
}

TEST_F(AnswerTest, LatencyTakesThisRegionAndGeolocationTheDefaultLocation) {
  auto here = rr("l.example.com.", "A", {"192.0.2.1"}), there = rr("l.example.com.", "A", {"192.0.2.2"});
  here.region = "us-east-1";
  there.region = "eu-west-1";
  auto all = rr("g.example.com.", "A", {"192.0.2.3"}), europe = rr("g.example.com.", "A", {"192.0.2.4"});
  all.geo = "*";
  europe.geo = "EU";
  auto only = rr("h.example.com.", "A", {"192.0.2.4"});
  only.geo = "EU";
  put(zone("Z1", "example.com.", {there, here, europe, all, only}));
  EXPECT_THAT(ask("l.example.com", "A").records, ElementsAre("answer l.example.com. A 300 192.0.2.1"));
  EXPECT_THAT(ask("g.example.com", "A").records, ElementsAre("answer g.example.com. A 300 192.0.2.3"));
  EXPECT_THAT(ask("h.example.com", "A").records, ElementsAre(kSoa));
}

TEST_F(AnswerTest, RefusesTransfersAndOtherClasses) {
  put(zone("Z1", "example.com.", {}));
  dns::Query q = query("example.com", "A");
  Answer out;
  q.type = dns::Type::AXFR;
  answer(q, tables_, {}, out);
  EXPECT_EQ(out.rcode, dns::Rcode::refused);
  out.clear();
  q.type = dns::Type::TXT;
  q.klass = 3;
  answer(q, tables_, {}, out);
  EXPECT_EQ(out.rcode, dns::Rcode::refused);
}

TEST_F(AnswerTest, PrivateZonesAreForResolversOfTheirVpcsOnly) {
  ZoneSnapshot inside = zone("Z1", "example.com.", {rr("www.example.com.", "A", {"10.0.0.1"})});
  inside.is_private = true;
  inside.vpc_ids = {"vpc-1"};
  put(inside);
  put(zone("Z2", "example.com.",
           {rr("www.example.com.", "A", {"192.0.2.1"}), rr("x.example.com.", "A", {"192.0.2.2"})}));
  EXPECT_THAT(ask("www.example.com", "A").records, ElementsAre("answer www.example.com. A 300 192.0.2.1"));
  EXPECT_THAT(ask_resolver("www.example.com", "A").records,
              ElementsAre("answer www.example.com. A 300 10.0.0.1"));
  EXPECT_THAT(ask_resolver("www.example.com", "A", "vpc-2").records,
              ElementsAre("answer www.example.com. A 300 192.0.2.1"));
  // AWS: a private zone that matches is the only one asked.
  EXPECT_EQ(ask_resolver("x.example.com", "A").rcode, "NXDOMAIN");
  EXPECT_EQ(ask_resolver("x.example.com", "A", "").rcode, "NOERROR");
}

TEST_F(AnswerTest, TheResolverFollowsChainsThroughEverythingItKnows) {
  put(zone("Z1", "example.com.",
           {rr("db.example.com.", "CNAME", {"mydb.abc.us-east-1.rds.amazonaws.com"}),
            rr("away.example.com.", "CNAME", {"www.iana.org"})}));
  put(NameSnapshot{.name = "mydb.abc.us-east-1.rds.amazonaws.com", .addresses = {"10.0.3.4"}, .ttl = 5});
  EXPECT_THAT(ask_resolver("db.example.com", "A").records,
              ElementsAre("answer db.example.com. CNAME 300 mydb.abc.us-east-1.rds.amazonaws.com.",
                          "answer mydb.abc.us-east-1.rds.amazonaws.com. A 5 10.0.3.4"));
  Said away = ask_resolver("away.example.com", "A");
  EXPECT_EQ(away.rcode, "NXDOMAIN");
  EXPECT_THAT(away.records, ElementsAre("answer away.example.com. CNAME 300 www.iana.org."));
}

TEST_F(AnswerTest, ANameHasOtherAddressesInsideItsVpc) {
  put(NameSnapshot{.name = "a.us-east-1.elb.amazonaws.com",
                   .addresses = {"127.77.1.1"},
                   .vpc_id = "vpc-1",
                   .vpc_addresses = {"10.0.1.9"}});
  put(NameSnapshot{.name = "env.us-east-1.elasticbeanstalk.com", .cname = "a.us-east-1.elb.amazonaws.com"});
  EXPECT_THAT(ask_resolver("a.us-east-1.elb.amazonaws.com", "A").records,
              ElementsAre("answer a.us-east-1.elb.amazonaws.com. A 60 10.0.1.9"));
  EXPECT_THAT(ask_resolver("env.us-east-1.elasticbeanstalk.com", "A").records,
              ElementsAre("answer env.us-east-1.elasticbeanstalk.com. A 60 10.0.1.9"));
  EXPECT_THAT(ask_resolver("a.us-east-1.elb.amazonaws.com", "A", "vpc-2").records,
              ElementsAre("answer a.us-east-1.elb.amazonaws.com. A 60 127.77.1.1"));
}

TEST_F(AnswerTest, InsideAVpcS3AndItsEndpointsHaveAddressesOfTheirOwn) {
  ResolverView view{
      .tables = &tables_, .vpc_id = "vpc-1", .endpoint_address = 0xa9fea9fc, .s3_address = 0xa9fea9fb};
  view.endpoint_names["ec2.us-east-1.amazonaws.com."] = {0x0a000105, 0x0a000205};
  const auto addresses = [&](std::string_view name) {
    const dns::Query q = query(name, "A");  // the answer leads into it
    Answer out;
    resolve(q, view, 0, out);
    return said(out).records;
  };
  for (const char* name :
       {"s3.us-east-1.amazonaws.com", "b.s3.amazonaws.com", "a.b.s3.us-east-1.amazonaws.com",
        "s3-us-west-2.amazonaws.com", "b.s3-website-us-east-1.amazonaws.com"})
    EXPECT_THAT(addresses(name), ElementsAre("answer " + std::string(name) + ". A 60 169.254.169.251"));
  for (const char* name : {"sts.us-east-1.amazonaws.com", "iam.amazonaws.com", "ss3.us-east-1.amazonaws.com"})
    EXPECT_THAT(addresses(name), ElementsAre("answer " + std::string(name) + ". A 60 169.254.169.252"));
  EXPECT_EQ(addresses("EC2.us-east-1.amazonaws.com").size(), 2u);
  EXPECT_EQ(addresses("ec2.eu-west-1.amazonaws.com").size(), 1u);
  view.endpoint_names["*.s3.us-east-1.amazonaws.com."] = {0x0a000106};
  EXPECT_THAT(addresses("a.b.s3.us-east-1.amazonaws.com"),
              ElementsAre("answer a.b.s3.us-east-1.amazonaws.com. A 60 10.0.1.6"));
  EXPECT_THAT(addresses("s3.us-east-1.amazonaws.com"),
              ElementsAre("answer s3.us-east-1.amazonaws.com. A 60 169.254.169.251"));
}

TEST_F(AnswerTest, TheResolverKnowsEndpointsAddressNamesAndLocalhost) {
  EXPECT_THAT(ask_resolver("s3.us-east-1.amazonaws.com", "A").records,
              ElementsAre("answer s3.us-east-1.amazonaws.com. A 60 169.254.169.252"));
  EXPECT_EQ(ask_resolver("s3.us-east-1.amazonaws.com", "AAAA").rcode, "NOERROR");
  EXPECT_THAT(ask_resolver("s3.us-east-1.amazonaws.com", "AAAA").records, IsEmpty());
  EXPECT_EQ(ask_resolver("nosuchdb.us-east-1.rds.amazonaws.com", "A").rcode, "NXDOMAIN");
  EXPECT_THAT(ask_resolver("rds.us-east-1.amazonaws.com", "A").records.size(), 1u);
  EXPECT_THAT(ask_resolver("ip-10-0-1-5.ec2.internal", "A").records,
              ElementsAre("answer ip-10-0-1-5.ec2.internal. A 60 10.0.1.5"));
  EXPECT_THAT(ask_resolver("5.1.0.10.in-addr.arpa", "PTR").records,
              ElementsAre("answer 5.1.0.10.in-addr.arpa. PTR 60 ip-10-0-1-5.ec2.internal."));
  EXPECT_EQ(ask_resolver("ip-10-1-1-5.ec2.internal", "A").rcode, "NXDOMAIN");  // another network
  EXPECT_EQ(ask_resolver("ip-10-0-1.ec2.internal", "A").rcode, "NXDOMAIN");
  EXPECT_EQ(ask_resolver("ip-10-0-1-500.ec2.internal", "A").rcode, "NXDOMAIN");
  EXPECT_THAT(ask_resolver("localhost", "A").records, ElementsAre("answer localhost. A 60 127.0.0.1"));
  EXPECT_EQ(ask_resolver("www.iana.org", "A").rcode, "NXDOMAIN");
}

// RFC 1034 section 3.6.2, RFC 2181 section 5.5.
TEST_F(AnswerTest, ALoopOfCnamesIsShownOnceAndIsAFailureOfTheResolvers) {
  put(zone(
      "Z1", "example.com.",
      {rr("a.example.com.", "CNAME", {"b.example.com"}), rr("b.example.com.", "CNAME", {"C.example.com"}),
       rr("c.example.com.", "CNAME", {"b.example.com"}),
       rr("self.example.com.", "CNAME", {"SELF.example.com"}),
       rr("over.example.com.", "CNAME", {"back.example.org"})}));
  put(zone("Z2", "example.org.", {rr("back.example.org.", "CNAME", {"over.example.com"})}));
  EXPECT_THAT(ask("a.example.com", "A").records,
              ElementsAre("answer a.example.com. CNAME 300 b.example.com.",
                          "answer b.example.com. CNAME 300 C.example.com.",
                          "answer C.example.com. CNAME 300 b.example.com."));
  EXPECT_THAT(ask("self.example.com", "A").records.size(), 1u);
  for (const char* name : {"a.example.com", "self.example.com", "over.example.com"}) {
    EXPECT_EQ(ask(name, "A").rcode, "NOERROR");
    EXPECT_EQ(ask_resolver(name, "A").rcode, "SERVFAIL") << name;
    EXPECT_THAT(ask_resolver(name, "A").records, IsEmpty()) << name;
  }
}

TEST_F(AnswerTest, AChainTooLongToFollowIsAFailureOfTheResolversAndNotHalfAnAnswer) {
  ZoneSnapshot chain = zone("Z1", "example.com.", {});
  for (int i = 0; i <= kMaxChain; ++i)
    chain.record_sets.push_back(
        rr(fmt::format("c{}.example.com.", i), "CNAME", {fmt::format("c{}.example.com", i + 1)}));
  chain.record_sets.push_back(rr(fmt::format("c{}.example.com.", kMaxChain + 1), "A", {"192.0.2.1"}));
  put(chain);
  EXPECT_EQ(ask_resolver("c0.example.com", "A").rcode, "SERVFAIL");
  EXPECT_EQ(ask("c0.example.com", "A").records.size(), static_cast<size_t>(kMaxChain));  // its client goes on
  const Said whole = ask_resolver("c2.example.com", "A");
  EXPECT_EQ(whole.records.back(), fmt::format("answer c{}.example.com. A 300 192.0.2.1", kMaxChain + 1));
}

TEST_F(AnswerTest, AChainThatEndsBelowACutShowsTheWayThere) {
  put(zone("Z1", "example.com.",
           {rr("to.example.com.", "CNAME", {"www.sub.example.com"}),
            rr("sub.example.com.", "NS", {"ns.sub.example.com"}),
            rr("ns.sub.example.com.", "A", {"192.0.2.53"})}));
  const Said referred = ask("to.example.com", "A");
  EXPECT_TRUE(referred.authoritative);  // of the first owner: RFC 1035 section 4.1.1
  EXPECT_THAT(referred.records, ElementsAre("answer to.example.com. CNAME 300 www.sub.example.com.",
                                            "authority sub.example.com. NS 300 ns.sub.example.com.",
                                            "additional ns.sub.example.com. A 300 192.0.2.53"));
}

// RFC 4035 section 3.1.4.1.
TEST_F(AnswerTest, DsOfAChildIsAnsweredAsItsParentIfBothAreHere) {
  const std::string digest(64, 'a');
  put(zone("Z1", "example.com.",
           {rr("sub.example.com.", "NS", {"ns.sub.example.com"}),
            rr("sub.example.com.", "DS", {"1 13 2 " + digest})}));
  put(zone("Z2", "sub.example.com.", {}));
  put(zone("Z3", "apart.example.com.", {}));  // its parent knows nothing of it
  EXPECT_EQ(ask("sub.example.com", "DS").records.size(), 1u);
  EXPECT_TRUE(ask("sub.example.com", "DS").records[0].starts_with("answer sub.example.com. DS 300 1 13 2"));
  EXPECT_TRUE(ask("apart.example.com", "DS").records[0].starts_with("authority apart.example.com. SOA"));
  EXPECT_TRUE(
      ask("example.com", "DS").records[0].starts_with("authority example.com. SOA"));  // has no parent
}

TEST_F(AnswerTest, ANameOfAwssWithoutTheTypeSaysSoWithAnSoa) {
  put(NameSnapshot{.name = "lb.us-east-1.elb.amazonaws.com", .addresses = {"127.77.1.1"}});
  for (const Said& said : {ask("lb.us-east-1.elb.amazonaws.com", "AAAA"),
                           ask_resolver("lb.us-east-1.elb.amazonaws.com", "AAAA")}) {
    EXPECT_EQ(said.rcode, "NOERROR");
    EXPECT_THAT(said.records, ElementsAre("authority us-east-1.elb.amazonaws.com. SOA 60 ns-1.awsdns-00.com. "
                                          "awsdns-hostmaster.amazon.com. 1 7200 900 1209600 60"));
  }
}

// RFC 8020 section 2: a resolver that is told NXDOMAIN of "com." may take it that nothing is below.
TEST_F(AnswerTest, TheResolverDoesNotDenyNamesThatOthersAreBelow) {
  for (const char* name : {".", "com", "amazonaws.com", "arpa", "internal"})
    EXPECT_EQ(ask_resolver(name, "A").rcode, "NOERROR") << name;
  EXPECT_EQ(ask_resolver("org", "A").rcode, "NXDOMAIN");
  put(zone("Z1", "a.b.example.org.", {}));
  ZoneSnapshot inside = zone("Z2", "corp.test.", {});
  inside.is_private = true;
  inside.vpc_ids = {"vpc-1"};
  put(inside);
  put(NameSnapshot{.name = "lb.us-east-1.elb.amazonaws.com", .addresses = {"127.77.1.1"}});
  for (const char* name : {"org", "example.org", "b.example.org", "test", "us-east-1.elb.amazonaws.com"})
    EXPECT_EQ(ask_resolver(name, "A").rcode, "NOERROR") << name;
  EXPECT_EQ(ask_resolver("c.example.org", "A").rcode, "NXDOMAIN");
  EXPECT_EQ(ask_resolver("test", "A", "vpc-2").rcode, "NXDOMAIN");  // a private zone is its VPC's business
  inside.vpc_ids = {"vpc-2"};
  put(inside);
  put(zone("Z1", "a.b.example.org.", {}));
  EXPECT_EQ(ask_resolver("test", "A").rcode, "NXDOMAIN");
  EXPECT_EQ(ask_resolver("test", "A", "vpc-2").rcode, "NOERROR");
  tables_.remove_zone("Z1");
  tables_.remove_zone("Z2");
  tables_.remove_name("lb.us-east-1.elb.amazonaws.com");
  for (const char* name : {"org", "b.example.org", "us-east-1.elb.amazonaws.com"})
    EXPECT_EQ(ask_resolver(name, "A").rcode, "NXDOMAIN") << name;
  EXPECT_EQ(ask_resolver("test", "A", "vpc-2").rcode, "NXDOMAIN");
}

TEST(ZoneCompile, RefusesADocumentThatIsBroken) {
  EXPECT_FALSE(Zone::compile({.id = "Z", .name = "example.com."}));  // no SOA
  EXPECT_FALSE(Zone::compile(zone("Z", "example.com.", {rr("www.example.com.", "A", {"x"})})));
  EXPECT_FALSE(Zone::compile(zone("Z", "example.com.", {rr("www.example.org.", "A", {"192.0.2.1"})})));
}

}  // namespace
}  // namespace landfall::route53
