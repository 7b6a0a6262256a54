// What the DNS's RFCs ask of a server, query bytes to answer bytes; tests are named after the section.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "services/route53/dataplane/respond.h"

namespace landfall::route53 {
namespace {

using ::testing::SizeIs;

constexpr size_t kQueryLimitBytes = 65535;

std::string u16(unsigned value) { return {static_cast<char>(value >> 8), static_cast<char>(value)}; }

// "www.example.com" in wire form, letters as they are.
std::string wire_name(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t dot = std::min(text.find('.'), text.size());
    out += static_cast<char>(dot);
    out += text.substr(0, dot);
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return out + '\0';
}

struct Opt {
  unsigned size = 1232, version = 0;
  std::string options;
  bool dnssec_ok = false;
};

std::string header(unsigned questions, unsigned additionals = 0, unsigned flags = 0x0100) {
  return u16(7) + u16(flags) + u16(questions) + u16(0) + u16(0) + u16(additionals);
}
std::string question(std::string_view name, dns::Type type, unsigned klass = 1) {
  return wire_name(name) + u16(static_cast<unsigned>(type)) + u16(klass);
}
std::string opt(const Opt& o) {
  return std::string(1, '\0') + u16(41) + u16(o.size) + std::string(1, '\0') + static_cast<char>(o.version) +
         u16(o.dnssec_ok ? 0x8000 : 0) + u16(static_cast<unsigned>(o.options.size())) + o.options;
}
std::string plain(std::string_view name, dns::Type type) { return header(1) + question(name, type); }
std::string with_opt(std::string_view name, dns::Type type, const Opt& o = {}) {
  return header(1, 1) + question(name, type) + opt(o);
}

class DnsWire : public ::testing::Test {
 protected:
  DnsWire() {
    ZoneSnapshot zone{.id = "Z1", .name = "example.com."};
    const auto add = [&](std::string name, std::string type, std::vector<std::string> values) {
      zone.record_sets.push_back(
          {.name = std::move(name), .type = std::move(type), .ttl = 60, .values = std::move(values)});
    };
    add("example.com.", "SOA", {"ns.example.com. h.example.com. 1 2 3 4 5"});
    add("example.com.", "NS", {"ns.example.com."});
    add("www.example.com.", "A", {"192.0.2.1", "192.0.2.2"});
    add("*.wild.example.com.", "TXT", {"\"synthesized\""});
    add("*.alias.example.com.", "CNAME", {"www.example.com."});
    add("here.alias.example.com.", "A", {"192.0.2.3"});
    add("deep.a.b.wild.example.com.", "A", {"192.0.2.4"});
    // 15 strings of 255 octets in one record: 3,840 octets of data.
    std::string long_text;
    for (int i = 0; i < 15; ++i)
      long_text += (i == 0 ? "\"" : " \"") + std::string(255, static_cast<char>('a' + i)) + "\"";
    add("txt.example.com.", "TXT", {long_text});
    std::vector<std::string> many;
    for (int i = 0; i < 800; ++i)
      many.push_back(fmt::format("10 mail-{:03}.a-rather-long-label-for-a-host.example.com.", i));
    add("mail.example.com.", "MX", many);
    std::vector<std::string> huge;  // 70 records of 1,000 octets
    for (int i = 0; i < 70; ++i)
      huge.push_back(fmt::format("\"{0:03}{1}\" \"{1}\" \"{1}\" \"{1}\"", i, std::string(249, 'h')));
    add("huge.example.com.", "TXT", huge);
    std::vector<std::string> servers, some;
    for (int i = 0; i < 30; ++i) some.push_back(fmt::format("192.0.2.{}", i));
    add("some.example.com.", "A", some);
    for (int i = 0; i < 20; ++i) {
      servers.push_back(fmt::format("ns{}.sub.example.com.", i));
      add(servers.back(), "A", {fmt::format("198.51.100.{}", i)});
    }
    add("sub.example.com.", "NS", servers);
    tables_.put_zone(Zone::compile(zone).value());
  }

  std::string ask_bytes(const std::string& query, Transport transport = Transport::udp) {
    const size_t size = respond({reinterpret_cast<const uint8_t*>(query.data()), query.size()}, transport,
                                *responder_, scratch_, out_);
    return {reinterpret_cast<const char*>(out_.data()), size};
  }
  dns::Message ask(const std::string& query, Transport transport = Transport::udp) {
    const std::string bytes = ask_bytes(query, transport);
    auto message = dns::parse_message({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
    EXPECT_TRUE(message) << message.error().message;
    return message ? *message : dns::Message{};
  }
  static size_t count(const dns::Message& message, dns::Type type) {
    return static_cast<size_t>(
        std::ranges::count_if(message.records, [type](const dns::Record& r) { return r.type == type; }));
  }

  Tables tables_;
  std::unique_ptr<Responder> responder_ = authoritative_responder(tables_, "us-east-1");
  Answer scratch_;
  std::vector<uint8_t> out_ = std::vector<uint8_t>(kQueryLimitBytes);
};

TEST_F(DnsWire, Rfc1035_4_1_1_EchoesIdAndRecursionDesiredAndIsNoResolver) {
  for (unsigned flags : {0u, 0x0100u}) {
    const std::string bytes = ask_bytes(header(1, 0, flags) + question("www.example.com", dns::Type::A));
    EXPECT_EQ(bytes.substr(0, 2), u16(7));
    EXPECT_EQ(bytes.substr(2, 2), u16(0x8400 | flags));  // QR, AA
  }
}

TEST_F(DnsWire, Rfc1035_4_1_1_OtherThanOneQuestionIsAFormatError) {
  EXPECT_EQ(ask(header(0)).rcode, dns::Rcode::format_error);
  EXPECT_EQ(
      ask(header(2) + question("www.example.com", dns::Type::A) + question("a.example.com", dns::Type::A))
          .rcode,
      dns::Rcode::format_error);
}

TEST_F(DnsWire, Rfc1035_4_1_4_NamesThatPointAtThemselvesForwardOrInALoopAreFormatErrors) {
  const std::string tail = u16(1) + u16(1);
  for (const std::string& name :
       {std::string("\xc0\x0c", 2), std::string("\xc0\x0e", 2), std::string("\1a\xc0\x0c", 4),
        std::string("\1a\xc0\x10\1b\xc0\x0c", 8), std::string("\xc0\x00", 2), std::string("\xff\xff", 2),
        std::string("\x40", 1) + "a", std::string("\x80", 1)}) {
    const std::string answer = ask_bytes(header(1) + name + tail);
    ASSERT_GE(answer.size(), 12u);
    EXPECT_EQ(answer[3] & 0xf, 1) << ::testing::PrintToString(name);
  }
}

TEST_F(DnsWire, Rfc1035_2_3_4_ANameOf255OctetsIsAnsweredAndALongerOneIsAFormatError) {
  std::string longest;
  while (longest.size() + 64 < 240) longest += std::string(63, 'a') + ".";
  longest += std::string(253 - longest.size() - 12, 'b') + ".example.com";
  ASSERT_EQ(wire_name(longest).size(), 255u);
  EXPECT_EQ(ask(plain(longest, dns::Type::A)).rcode, dns::Rcode::name_error);
  EXPECT_EQ(ask_bytes(plain("c" + longest, dns::Type::A)).at(3) & 0xf, 1);
}

TEST_F(DnsWire, Rfc1035_4_2_1_PlainUdpHoldsAtMost512Octets) {
  const std::string bytes = ask_bytes(plain("mail.example.com", dns::Type::MX));
  EXPECT_LE(bytes.size(), 512u);
  const dns::Message cut = ask(plain("mail.example.com", dns::Type::MX));
  EXPECT_TRUE(cut.truncated);
  EXPECT_EQ(count(cut, dns::Type::MX), 0u);  // RFC 2181 section 9: no part of a set
}

TEST_F(DnsWire, Rfc1035_4_2_2_TcpHoldsWhatUdpCouldNot) {
  const std::string bytes = ask_bytes(plain("mail.example.com", dns::Type::MX), Transport::tcp);
  EXPECT_GT(bytes.size(), 0x4000u);  // beyond what a compression pointer reaches
  const dns::Message whole = ask(plain("mail.example.com", dns::Type::MX), Transport::tcp);
  EXPECT_FALSE(whole.truncated);
  EXPECT_EQ(count(whole, dns::Type::MX), 800u);
  std::set<std::string> exchanges;
  for (const dns::Record& record : whole.records)
    exchanges.insert(dns::to_text(std::string_view(record.rdata).substr(2)));
  EXPECT_THAT(exchanges, SizeIs(800));
  EXPECT_TRUE(exchanges.contains("mail-799.a-rather-long-label-for-a-host.example.com."));
}

TEST_F(DnsWire, Rfc1035_3_3_14_ALargeTextGoesOverTcpWholeAndIsTruncatedOverUdp) {
  EXPECT_TRUE(
      ask(with_opt("txt.example.com", dns::Type::TXT, {.size = 4096})).truncated);  // we send 1,232 at most
  const dns::Message whole = ask(plain("txt.example.com", dns::Type::TXT), Transport::tcp);
  ASSERT_EQ(count(whole, dns::Type::TXT), 1u);
  EXPECT_EQ(whole.records[0].rdata.size(), 15u * 256);
}

TEST_F(DnsWire, Rfc1034_4_3_2_AuthorityThatDoesNotFitTruncates) {
  const dns::Message cut = ask(plain("www.sub.example.com", dns::Type::A));
  EXPECT_TRUE(cut.truncated);  // glue is needed to go on (RFC 9471)
  const dns::Message whole = ask(plain("www.sub.example.com", dns::Type::A), Transport::tcp);
  EXPECT_FALSE(whole.truncated);
  EXPECT_FALSE(whole.authoritative);
  EXPECT_EQ(count(whole, dns::Type::NS), 20u);
  EXPECT_EQ(count(whole, dns::Type::A), 20u);
}

TEST_F(DnsWire, Rfc2181_5_2_RecordsOfASetHaveOneTtl) {
  const dns::Message all = ask(plain("www.example.com", dns::Type::A));
  ASSERT_EQ(all.records.size(), 2u);
  EXPECT_EQ(all.records[0].ttl, all.records[1].ttl);
}

TEST_F(DnsWire, Rfc4343_QuestionAndOwnersComeBackInTheLettersThatWereSent) {  // "0x20"
  const std::string query = plain("wWw.ExAmPlE.cOm", dns::Type::A);
  const std::string answer = ask_bytes(query);
  EXPECT_EQ(answer.substr(12, query.size() - 12), query.substr(12));
  for (const dns::Record& record : ask(query).records)
    EXPECT_EQ(record.owner.wire(), wire_name("wWw.ExAmPlE.cOm"));
  EXPECT_EQ(ask(plain("X.WILD.example.com", dns::Type::TXT)).records.at(0).owner.wire(),
            wire_name("X.WILD.example.com"));
}

TEST_F(DnsWire, Rfc4592_3_3_1_WildcardsStopAtNamesThatExistEmptyOnesIncluded) {
  EXPECT_EQ(ask(plain("a.wild.example.com", dns::Type::A)).rcode,
            dns::Rcode::no_error);  // by *.wild: no data
  EXPECT_EQ(count(ask(plain("x.y.z.wild.example.com", dns::Type::TXT)), dns::Type::TXT), 1u);
  // b.wild and a.b.wild exist without data, because deep.a.b.wild has some: nothing is synthesized there or
  // below.
  EXPECT_EQ(count(ask(plain("b.wild.example.com", dns::Type::TXT)), dns::Type::TXT), 0u);
  EXPECT_EQ(ask(plain("b.wild.example.com", dns::Type::TXT)).rcode, dns::Rcode::no_error);
  EXPECT_EQ(ask(plain("x.b.wild.example.com", dns::Type::TXT)).rcode, dns::Rcode::name_error);
  EXPECT_EQ(ask(plain("wild.example.com", dns::Type::TXT)).rcode,
            dns::Rcode::no_error);  // itself not covered
  EXPECT_EQ(count(ask(plain("*.wild.example.com", dns::Type::TXT)), dns::Type::TXT), 1u);
}

TEST_F(DnsWire, Rfc4592_3_3_3_AWildcardsCnameIsSynthesizedAndFollowed) {
  const dns::Message answer = ask(plain("any.alias.example.com", dns::Type::A));
  EXPECT_EQ(count(answer, dns::Type::CNAME), 1u);
  EXPECT_EQ(count(answer, dns::Type::A), 2u);
  EXPECT_EQ(answer.records[0].owner.wire(), wire_name("any.alias.example.com"));
  EXPECT_EQ(count(ask(plain("here.alias.example.com", dns::Type::A)), dns::Type::CNAME), 0u);
}

TEST_F(DnsWire, Rfc6891_6_1_1_AnswersWithOptIfAndOnlyIfAsked) {
  EXPECT_EQ(count(ask(plain("www.example.com", dns::Type::A)), dns::Type::OPT), 0u);
  const dns::Message answer = ask(with_opt("www.example.com", dns::Type::A, {.dnssec_ok = true}));
  ASSERT_EQ(count(answer, dns::Type::OPT), 1u);
  EXPECT_EQ(answer.records.back().klass, dns::kMaxUdpBytes);
  EXPECT_EQ(answer.records.back().ttl, 0x8000u);  // RFC 3225: DO comes back
  EXPECT_EQ(ask(header(1, 2) + question("www.example.com", dns::Type::A) + opt({}) + opt({})).rcode,
            dns::Rcode::format_error);
}

TEST_F(DnsWire, Rfc6891_6_1_2_UnknownOptionsAreIgnored) {
  const dns::Message answer =
      ask(with_opt("www.example.com", dns::Type::A, {.options = u16(65001) + u16(4) + "abcd"}));
  EXPECT_EQ(answer.rcode, dns::Rcode::no_error);
  EXPECT_EQ(count(answer, dns::Type::A), 2u);
}

TEST_F(DnsWire, Rfc6891_6_1_3_AnotherVersionIsToldOursAndNothingElse) {
  const dns::Message answer = ask(with_opt("www.example.com", dns::Type::A, {.version = 1}));
  EXPECT_EQ(answer.rcode, dns::Rcode::bad_version);
  EXPECT_THAT(answer.records, SizeIs(1));  // OPT
}

TEST_F(DnsWire, Rfc6891_6_2_3_TheSizeOfferedIsKeptAndLessThan512Is512) {
  const auto name = "some.example.com";  // 30 addresses: some 530 octets
  EXPECT_TRUE(ask(with_opt(name, dns::Type::A, {.size = 512})).truncated);
  EXPECT_TRUE(ask(with_opt(name, dns::Type::A, {.size = 0})).truncated);
  EXPECT_FALSE(ask(with_opt(name, dns::Type::A, {.size = 600})).truncated);
  EXPECT_LE(ask_bytes(with_opt(name, dns::Type::A, {.size = 512})).size(), 512u);
  for (unsigned size : {512u, 600u, 1232u, 4096u, 65535u})
    EXPECT_LE(ask_bytes(with_opt("mail.example.com", dns::Type::MX, {.size = size})).size(),
              std::min<size_t>(std::max(size, 512u), dns::kMaxUdpBytes));
}

TEST_F(DnsWire, Rfc1035_4_1_OctetsBehindTheMessageAreAFormatError) {
  EXPECT_EQ(ask(plain("www.example.com", dns::Type::A) + "x").rcode, dns::Rcode::format_error);
  EXPECT_EQ(ask(with_opt("www.example.com", dns::Type::A) + "x").rcode, dns::Rcode::format_error);
}

TEST_F(DnsWire, Rfc1035_4_1_4_PointersToPointersAreFollowedAsFarAsANameHasLabelsAndNoFurther) {
  // Behind the question stands a ladder of pointers, the first to the question's root, each next to the one
  // before, and a record is owned by the last.
  const auto ladder = [](size_t rungs) {
    const std::string asked = question("www.example.com", dns::Type::A);
    const size_t first = 12 + asked.size() + 11;  // in the data of a record of the root's
    std::string pointers = u16(0xc000 | static_cast<unsigned>(12 + asked.size() - 5));
    for (size_t i = 1; i + 1 < rungs; ++i)
      pointers += u16(0xc000 | static_cast<unsigned>(first + 2 * (i - 1)));
    const std::string last = u16(0xc000 | static_cast<unsigned>(first + pointers.size() - 2));
    const auto record = [](const std::string& owner, const std::string& data) {
      return owner + u16(10) + u16(1) + u16(0) + u16(0) + u16(static_cast<unsigned>(data.size())) + data;
    };
    return header(1, 2) + asked + record(std::string(1, '\0'), pointers) + record(last, "");
  };
  EXPECT_EQ(ask(ladder(127)).rcode, dns::Rcode::no_error);
  EXPECT_EQ(ask(ladder(128)).rcode, dns::Rcode::format_error);
}

TEST_F(DnsWire, Rfc1035_4_1_1_OtherOpcodesAreNotImplemented) {
  for (unsigned opcode : {1u, 2u, 4u, 5u, 15u}) {
    const std::string answer =
        ask_bytes(header(1, 0, opcode << 11) + question("example.com", dns::Type::SOA));
    ASSERT_EQ(answer.size(), 12u) << opcode;
    EXPECT_EQ(answer.substr(2, 2), u16(0x8000 | opcode << 11 | 4)) << opcode;
  }
}

TEST_F(DnsWire, Rfc1035_4_2_2_ASetThatEvenTcpDoesNotHoldIsTruncatedThereToo) {
  const dns::Message cut = ask(plain("huge.example.com", dns::Type::TXT), Transport::tcp);
  EXPECT_TRUE(cut.truncated);
  EXPECT_EQ(count(cut, dns::Type::TXT), 0u);
}

TEST_F(DnsWire, TheRootAndNamesAboveAZoneAreNotOursToAnswerFor) {
  for (const char* name : {"", "com"}) {
    const dns::Message refused = ask(plain(name, dns::Type::NS));
    EXPECT_EQ(refused.rcode, dns::Rcode::refused);
    EXPECT_FALSE(refused.authoritative);
  }
}

TEST_F(DnsWire, Rfc1995_3_AnIncrementalTransferIsRefusedWithTheSoaThatComesWithIt) {
  const std::string soa =
      std::string("\xc0\x0c", 2) + u16(6) + u16(1) + u16(0) + u16(0) + u16(22) + std::string(22, '\0');
  std::string query = plain("example.com", dns::Type::IXFR) + soa;
  query[9] = 1;  // an authority record
  EXPECT_EQ(ask(query).rcode, dns::Rcode::refused);
  std::string other = plain("example.com", dns::Type::SOA) + soa;
  other[9] = 1;
  EXPECT_EQ(ask(other).rcode, dns::Rcode::format_error);
}

TEST_F(DnsWire, Rfc4035_3_1_6_CheckingDisabledIsClearedAndAResolverCopiesIt) {
  const std::string query = header(1, 0, 0x0110) + question("www.example.com", dns::Type::A);
  EXPECT_EQ(ask_bytes(query).at(3) & 0x10, 0);
  responder_ = resolver_responder(ResolverView{.tables = &tables_});
  EXPECT_EQ(ask_bytes(query).at(3) & 0x10, 0x10);  // section 3.2.2
}

TEST_F(DnsWire, Rfc6891_6_1_2_AnOptionThatReachesBeyondTheDataIsAFormatError) {
  for (const std::string& broken :
       {u16(65001) + u16(3) + "ab", u16(65001) + "\1", std::string("\1"), u16(65001) + u16(2) + "ab" + "c"}) {
    const dns::Message answer = ask(with_opt("www.example.com", dns::Type::A, {.options = broken}));
    EXPECT_EQ(answer.rcode, dns::Rcode::format_error) << ::testing::PrintToString(broken);
  }
}

TEST_F(DnsWire, Rfc8482_4_2_AnyIsAnsweredInLittleSoThatItPaysNobody) {
  for (const char* name : {"example.com", "mail.example.com", "txt.example.com"}) {
    const std::string query = plain(name, dns::Type::ANY);
    EXPECT_LT(ask_bytes(query).size(), 2 * query.size() + 12) << name;
    EXPECT_EQ(count(ask(query), dns::Type::HINFO), 1u);
  }
}

TEST_F(DnsWire, Rfc5936_2_AndRfc1035_3_2_4_TransfersAndOtherClassesAreRefused) {
  for (dns::Type type : {dns::Type::AXFR, dns::Type::IXFR})
    EXPECT_EQ(ask(plain("example.com", type), Transport::tcp).rcode, dns::Rcode::refused);
  EXPECT_EQ(ask(header(1) + question("version.bind", dns::Type::TXT, 3)).rcode, dns::Rcode::refused);
}

TEST_F(DnsWire, Rfc3597_3_UnknownTypesOfNamesThatExistHaveNoData) {
  const dns::Message answer = ask(plain("www.example.com", static_cast<dns::Type>(65280)));
  EXPECT_EQ(answer.rcode, dns::Rcode::no_error);
  EXPECT_EQ(count(answer, dns::Type::SOA), 1u);
}

TEST_F(DnsWire, Rfc2308_3_NegativeAnswersCarryTheSoaAndPositiveOnesDoNot) {
  EXPECT_EQ(count(ask(plain("gone.example.com", dns::Type::A)), dns::Type::SOA), 1u);
  EXPECT_EQ(count(ask(plain("www.example.com", dns::Type::A)), dns::Type::SOA), 0u);
}

}  // namespace
}  // namespace landfall::route53
