#include "codec/dns.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/dns_rdata.h"

namespace landfall::dns {
namespace {

Name name(std::string_view text) { return Name::from_text(text).value(); }

std::span<const uint8_t> bytes_of(const std::string& s) {
  return {reinterpret_cast<const uint8_t*>(s.data()), s.size()};
}

std::string hex(std::string_view text) {
  std::string digits;
  for (char c : text) {
    if (c != ' ') digits += c;
  }
  return from_hex(digits).value();
}

Query query_for(std::string_view text, Type type) {
  Query q{.id = 7, .has_question = true, .name = name(text), .type = type};
  q.lower_name = q.name.lower();
  return q;
}

// "header question" of a query for example.com A, id 0x1234, RD
const char kQuery[] = "1234 0100 0001 0000 0000 0000 07 6578616d706c65 03 636f6d 00 0001 0001";

}  // namespace

TEST(DnsName, ReadsAndWritesRoute53sTextForm) {
  EXPECT_EQ(to_text(name("example.com").wire()), "example.com.");
  EXPECT_EQ(name("example.com."), name("example.com"));
  EXPECT_EQ(to_text(name("*.example.com").wire()), "\\052.example.com.");
  EXPECT_EQ(name("\\052.example.com"), name("*.example.com"));
  EXPECT_EQ(to_text(name(".").wire()), ".");
  EXPECT_FALSE(Name::from_text(""));
  EXPECT_FALSE(Name::from_text("a..b"));
  EXPECT_FALSE(Name::from_text(".a"));
  EXPECT_FALSE(Name::from_text("a\\"));
  EXPECT_FALSE(Name::from_text("\\777.com"));
  EXPECT_TRUE(Name::from_text(std::string(63, 'a') + ".com"));
  EXPECT_FALSE(Name::from_text(std::string(64, 'a') + ".com"));
}

TEST(DnsName, TakesAtMost255Octets) {
  std::string longest;
  for (int i = 0; i < 3; ++i) longest += std::string(63, 'a') + ".";
  EXPECT_TRUE(Name::from_text(longest + std::string(61, 'b')));  // 3 * 64 + 62 + 1 = 255
  EXPECT_FALSE(Name::from_text(longest + std::string(62, 'b')));
}

TEST(DnsQuery, IsReadWithItsLettersKeptAndAnsweredInThem) {
  Query q;
  std::string bytes =
      hex("1234 0110 0001 0000 0000 0001 07 6558416d506c45 03 636f6d 00 0001 0001"
          "00 0029 1000 00 00 8000 0000");
  ASSERT_EQ(parse_query(bytes_of(bytes), q), QueryVerdict::ok);
  EXPECT_EQ(q.id, 0x1234);
  EXPECT_EQ(to_text(q.name.wire()), "eXAmPlE.com.");
  EXPECT_EQ(to_text(q.lower_name.wire()), "example.com.");
  EXPECT_TRUE(q.has_edns && q.dnssec_ok && q.recursion_desired && q.checking_disabled);
  EXPECT_EQ(q.udp_bytes, 4096);

  uint8_t buffer[512];
  MessageWriter writer(buffer, sizeof buffer);
  writer.begin_response(q, {.authoritative = true});
  ASSERT_TRUE(writer.record(Section::answer, q.lower_name.wire(), Type::A, 60, hex("c0000201")));
  const size_t size = writer.finish();
  EXPECT_EQ(to_hex({reinterpret_cast<char*>(buffer), size}),
            "123485000001000100000001"
            "076558416d506c4503636f6d0000010001"
            "c00c000100010000003c0004c0000201"
            "000029"
            "04d0"
            "00008000"
            "0000");
}

TEST(DnsQuery, WithCompressionInItsQuestionIsRefused) {
  Query q;
  // A pointer to itself, forward, into the header, and a loop of two.
  for (const char* question : {"c00c 0001 0001", "c00e 0001 0001", "c000 0001 0001", "0161 c00c 0001 0001"}) {
    std::string bytes = hex(std::string("1234 0100 0001 0000 0000 0000 ") + question);
    EXPECT_EQ(parse_query(bytes_of(bytes), q), QueryVerdict::format_error) << question;
    EXPECT_EQ(q.id, 0x1234);
  }
}

// A query of `records` additional records, each owned by the top of one ladder of `rungs` pointers, which
// stands in the data of the first.
std::string query_with_ladder(int rungs, int records) {
  const auto u16 = [](size_t v) { return std::string{static_cast<char>(v >> 8), static_cast<char>(v)}; };
  std::string bytes =
      hex("1234 0100 0001 0000 0000") + u16(static_cast<size_t>(records) + 1) + hex("00 0001 0001");
  bytes += hex("00 0010 0001 00000000") + u16(1 + 2 * static_cast<size_t>(rungs)) + std::string(1, '\0');
  size_t target = bytes.size() - 1;
  for (int i = 0; i < rungs; ++i) {
    bytes += u16(0xc000 | target);
    target = bytes.size() - 2;
  }
  for (int i = 0; i < records; ++i) bytes += u16(0xc000 | target) + hex("0010 0001 00000000 0000");
  return bytes;
}

TEST(DnsQuery, PointersToPointersCostABoundedNumberOfStepsAName) {
  Query q;
  constexpr int kRecords = 5000;  // what a message over TCP holds
  std::string bytes = query_with_ladder(126, kRecords);
  ASSERT_LT(bytes.size(), kMaxMessageBytes);
  EXPECT_EQ(parse_query(bytes_of(bytes), q), QueryVerdict::ok);
  EXPECT_EQ(q.name_steps, 2u + 128u * kRecords);

  // One rung more, or all that a pointer can reach: refused at the first such name.
  bytes = query_with_ladder(127, kRecords);
  EXPECT_EQ(parse_query(bytes_of(bytes), q), QueryVerdict::format_error);
  EXPECT_LE(q.name_steps, 2u + 128u);
  bytes = query_with_ladder(8000, 4000);
  EXPECT_EQ(parse_query(bytes_of(bytes), q), QueryVerdict::format_error);
  EXPECT_LE(q.name_steps, 2u + 128u);
}

TEST(DnsQuery, CutShortAnywhereIsNeverTakenForWhole) {
  const std::string whole =
      hex("1234 0100 0001 0000 0000 0001 07 6578616d706c65 03 636f6d 00 0001 0001"
          "00 0029 1000 00 00 0000 0004 00000000");
  for (size_t size = 0; size < whole.size(); ++size) {
    // A heap copy of exactly that size lets the address sanitizer see a read past it.
    std::string cut(whole.data(), size);
    cut.shrink_to_fit();
    Query q;
    EXPECT_EQ(parse_query(bytes_of(cut), q), size < 12 ? QueryVerdict::drop : QueryVerdict::format_error)
        << size;
  }
  Query q;
  EXPECT_EQ(parse_query(bytes_of(whole), q), QueryVerdict::ok);
}

TEST(DnsQuery, ThatIsAResponseIsDroppedAndOddSectionCountsAreFormatErrors) {
  Query q;
  std::string bytes = hex(kQuery);
  bytes[2] |= 0x80;
  EXPECT_EQ(parse_query(bytes_of(bytes), q), QueryVerdict::drop);
  bytes = hex(kQuery);
  bytes[5] = 2;
  EXPECT_EQ(parse_query(bytes_of(bytes), q), QueryVerdict::format_error);
  bytes = hex(kQuery);
  bytes[7] = 1;
  EXPECT_EQ(parse_query(bytes_of(bytes), q), QueryVerdict::format_error);
  // Two OPT records: RFC 6891 section 6.1.1.
  bytes = hex(kQuery) + hex("0000290400000000000000") + hex("0000290400000000000000");
  bytes[11] = 2;
  EXPECT_EQ(parse_query(bytes_of(bytes), q), QueryVerdict::format_error);
}

// RFC 1035 section 4.1.4's own example: F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root.
TEST(DnsWriter, CompressesNamesAsRfc1035Shows) {
  uint8_t buffer[512];
  MessageWriter writer(buffer, sizeof buffer);
  writer.begin_response(query_for("F.ISI.ARPA", Type::NS), {});
  ASSERT_TRUE(
      writer.record(Section::answer, name("FOO.F.ISI.ARPA").wire(), Type::NS, 1, name("ARPA").wire()));
  ASSERT_TRUE(writer.record(Section::answer, name(".").wire(), Type::NS, 1, name("f.isi.arpa").wire()));
  const size_t size = writer.finish();
  EXPECT_EQ(to_hex({reinterpret_cast<char*>(buffer) + 12, size - 12}),
            "014603495349044152504100"
            "00020001"
            "03464f4fc00c"
            "0002000100000001"
            "0002c012"
            "00"
            "0002000100000001"
            "0002c00c");
  auto message = parse_message({buffer, size}).value();
  EXPECT_EQ(to_text(message.records[0].owner.wire()), "FOO.F.ISI.ARPA.");
  EXPECT_EQ(rdata_to_text(Type::NS, message.records[0].rdata), "ARPA.");
  EXPECT_EQ(rdata_to_text(Type::NS, message.records[1].rdata), "F.ISI.ARPA.");
}

TEST(DnsWriter, DoesNotMistakeARepeatedLabelForATailAlreadyWritten) {
  uint8_t buffer[512];
  MessageWriter writer(buffer, sizeof buffer);
  writer.begin_response(query_for("a.a.a", Type::CNAME), {});
  ASSERT_TRUE(writer.record(Section::answer, name("a.a.a").wire(), Type::CNAME, 1, name("a.a.a.a").wire()));
  auto message = parse_message({buffer, writer.finish()}).value();
  EXPECT_EQ(to_text(message.question.wire()), "a.a.a.");
  EXPECT_EQ(rdata_to_text(Type::CNAME, message.records[0].rdata), "a.a.a.a.");
}

TEST(DnsWriter, WritesARecordWholeOrNotAtAllAndKeepsRoomForOpt) {
  Query q = query_for("example.com", Type::TXT);
  q.has_edns = true;
  uint8_t buffer[512];
  MessageWriter writer(buffer, sizeof buffer);
  writer.begin_response(q, {});
  const std::string text = rdata_from_text(Type::TXT, '"' + std::string(200, 'x') + '"').value();
  EXPECT_TRUE(writer.record(Section::answer, q.name.wire(), Type::TXT, 1, text));
  EXPECT_TRUE(writer.record(Section::answer, q.name.wire(), Type::TXT, 1, text));
  EXPECT_FALSE(writer.record(Section::answer, q.name.wire(), Type::TXT, 1, text));
  writer.set_truncated();
  auto message = parse_message({buffer, writer.finish()}).value();
  EXPECT_TRUE(message.truncated);
  ASSERT_EQ(message.records.size(), 3u);
  EXPECT_EQ(message.records[2].type, Type::OPT);
}

TEST(DnsMessage, WithAPointerLoopInAnAnswerIsRefused) {
  std::string bytes =
      hex("1234 8000 0001 0001 0000 0000 0161 00 0001 0001  c013 0001 0001 00000000 0004 01020304");
  EXPECT_FALSE(parse_message(bytes_of(bytes)));
}

TEST(DnsRdata, GoesFromRoute53sTextToTheWireAndBack) {
  struct {
    Type type;
    const char* text;
    const char* wire;
    const char* back;  // where it differs
  } const cases[] = {
      {Type::A, "192.0.2.1", "c0000201", nullptr},
      {Type::AAAA, "2001:db8:0::1", "20010db8000000000000000000000001", "2001:db8::1"},
      {Type::CNAME, "www.Example.com", "03777777074578616d706c6503636f6d00", "www.Example.com."},
      {Type::MX, "10 mail.a.", "000a046d61696c016100", nullptr},
      {Type::SRV, "1 10 5269 xmpp.a.", "0001000a149504786d7070016100", nullptr},
      {Type::SOA, "ns.a. h.a. 1 7200 900 1209600 86400",
       "026e7301610001680161000000000100001c2000000384001275000001"
       "5180",
       nullptr},
      {Type::TXT, "\"a b\" \"c\\\"d\" \"\\101\"",
       "03612062"
       "03632264"
       "0141",
       "\"a b\" \"c\\\"d\" \"A\""},
      {Type::SPF, "\"v=spf1 -all\"", "0b763d73706631202d616c6c", nullptr},
      {Type::CAA, "0 issue \"ca.example.net\"", "0005697373756563612e6578616d706c652e6e6574", nullptr},
      {Type::DS, "60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118",
       "ec4505012bb183af5f22588179a53b0a98631fad1a292118", nullptr},
  };
  for (const auto& c : cases) {
    auto wire = rdata_from_text(c.type, c.text);
    ASSERT_TRUE(wire) << c.text << ": " << wire.error().message;
    EXPECT_EQ(to_hex(*wire), c.wire) << c.text;
    EXPECT_EQ(rdata_to_text(c.type, *wire), c.back ? c.back : c.text);
  }
}

TEST(DnsRdata, RefusesValuesThatAreNotOfTheType) {
  EXPECT_FALSE(rdata_from_text(Type::A, "192.0.2"));
  EXPECT_FALSE(rdata_from_text(Type::A, "192.0.2.256"));
  EXPECT_FALSE(rdata_from_text(Type::AAAA, "192.0.2.1"));
  EXPECT_FALSE(rdata_from_text(Type::MX, "mail.a"));
  EXPECT_FALSE(rdata_from_text(Type::MX, "70000 mail.a"));
  EXPECT_FALSE(rdata_from_text(Type::SRV, "1 2 3"));
  EXPECT_FALSE(rdata_from_text(Type::TXT, "\"open"));
  EXPECT_FALSE(rdata_from_text(Type::TXT, '"' + std::string(256, 'x') + '"'));
  EXPECT_FALSE(rdata_from_text(Type::CAA, "0 issue ca"));
  EXPECT_FALSE(rdata_from_text(Type::DS, "1 2 3 zz"));
}

}  // namespace landfall::dns
