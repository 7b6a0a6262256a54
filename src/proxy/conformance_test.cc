// What RFC 9110 and RFC 9112 ask of an intermediary, case by case; a case is named after its section. Each
// goes over a socket to an engine that forwards everything to an upstream which records every byte it is
// sent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "proxy/testing_engine.h"

namespace landfall::proxy {
namespace {

using http::testing::RawClient;
using testing::Engine;

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
constexpr std::string_view kSmuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
constexpr std::string_view kAdded =
    "X-Test-Client: 127.0.0.1\r\n";  // by TestSite, behind the client's fields

size_t answers_in(std::string_view bytes) {
  size_t count = 0;
  for (size_t at = 0; (at = bytes.find("HTTP/1.1 ", at)) != std::string_view::npos; ++at) ++count;
  return count;
}

template <class Case>
std::string name_of(const ::testing::TestParamInfo<Case>& info) {
  return std::string(info.param.name);
}

// ---- requests that are refused: one answer, the connection is closed, and the upstream sees nothing ----

struct Refused {
  std::string_view name;
  std::string bytes;
  int status = 400;
};

void PrintTo(const Refused& refused, std::ostream* out) { *out << refused.name; }

class RefusedRequest : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedRequest, IsAnsweredOnceAndReachesNobody) {
  Engine engine("\r\n\r\n", std::string(kOk));
  const std::string answer = engine.ask(GetParam().bytes + std::string(kSmuggled));
  EXPECT_THAT(answer, ::testing::StartsWith("HTTP/1.1 " + std::to_string(GetParam().status) + " "));
  EXPECT_EQ(answers_in(answer), 1u) << answer;
  EXPECT_EQ(engine.received(), "");
}

std::string post(std::string_view fields, std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n\r\n" + std::string(body);
}
std::string chunked(std::string_view body) { return post("Transfer-Encoding: chunked", body); }
std::string get(std::string_view fields) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n\r\n";
}

INSTANTIATE_TEST_SUITE_P(
    Rfc9112Framing, RefusedRequest,
    ::testing::Values(
        Refused{"S6_1_LengthAndEncoding",
                post("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n")},
        Refused{"S6_1_EncodingAndLength",
                post("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n")},
        Refused{"S6_1_EncodingInHttp10",
                "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        Refused{"S6_1_UnknownCoding", post("Transfer-Encoding: xchunked", "0\r\n\r\n"), 501},
        Refused{"S6_1_QuotedCoding", post("Transfer-Encoding: \"chunked\"", "0\r\n\r\n"), 501},
        Refused{"S6_1_Identity", post("Transfer-Encoding: identity", ""), 501},
        Refused{"S6_1_ChunkedThenIdentity", post("Transfer-Encoding: chunked, identity", "0\r\n\r\n")},
        Refused{"S6_1_IdentityThenChunked", post("Transfer-Encoding: identity, chunked", "0\r\n\r\n"), 501},
        Refused{"S6_1_TwoLines",
                post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n")},
        Refused{"S6_1_ChunkedTwice",
                post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n")},
        Refused{"S6_1_EmptyCoding", post("Transfer-Encoding:", "0\r\n\r\n")},
        Refused{"S6_1_ChunkedChunked", post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n")},
        Refused{"S6_1_CowChunked", post("Transfer-Encoding: chunked, cow", "0\r\n\r\n")},
        Refused{"S6_1_VerticalTabThenChunked", post("Transfer-Encoding: \x0b"
                                                    "chunked",
                                                    "0\r\n\r\n")},
        Refused{"S6_1_FormFeedThenChunked", post("Transfer-Encoding: \x0c"
                                                 "chunked",
                                                 "0\r\n\r\n")},
        // CVE-2021-40346: a name so long that its length wrapped, so that a length behind it was hidden.
        Refused{"CVE_2021_40346_NameOf256AndMore", post("Content-Length0" + std::string(255, 'a') +
                                                            ":\r\nContent-Length: 5\r\nContent-Length: 6",
                                                        "hello!")},
        // CVE-2023-25725: an empty name ended the head for one parser and not for the next.
        Refused{"CVE_2023_25725_EmptyNameThenLength", post(":\r\nContent-Length: 5", "hello")},
        Refused{"S6_3_LengthOfFullWidthDigits", post("Content-Length: \xef\xbc\x95", "hello")},
        Refused{"S6_3_LengthWithUnderscore", post("Content-Length: 1_0", "hello")},
        Refused{"S6_3_LengthThenEmptyLength", post("Content-Length: 5\r\nContent-Length:", "hello")},
        Refused{"S6_1_CodingWithParameter", post("Transfer-Encoding: chunked;q=0", "0\r\n\r\n"), 501},
        Refused{"S5_1_SpaceBeforeColon", post("Transfer-Encoding : chunked", "0\r\n\r\n")},
        Refused{"S5_1_TabBeforeColon", post("Transfer-Encoding\t: chunked", "0\r\n\r\n")},
        Refused{"S5_1_VerticalTabInValue", post("Transfer-Encoding:\x0b chunked", "0\r\n\r\n")},
        Refused{"S5_1_SpaceBeforeName",
                post("Content-Length: 5\r\n Transfer-Encoding: chunked", "0\r\n\r\n")},
        Refused{"S5_2_ObsoleteFold", post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n")},
        Refused{"S5_2_FoldWithTab", post("X: y\r\n\tz", "")},
        Refused{"S2_2_BareLineFeed", post("X: y\nTransfer-Encoding: chunked", "0\r\n\r\n")},
        Refused{"S2_2_BareCarriageReturn", post("X: y\rTransfer-Encoding: chunked", "0\r\n\r\n")},
        Refused{"S2_2_HeadEndsWithLineFeeds", "GET / HTTP/1.1\nHost: a\n\n"},
        Refused{"S2_2_SpaceBeforeFirstField", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
        Refused{"S6_3_TwoLengths", post("Content-Length: 5\r\nContent-Length: 6", "hello!")},
        Refused{"S6_3_ListOfLengths", post("Content-Length: 5, 6", "hello!")},
        Refused{"S6_3_NegativeLength", post("Content-Length: -5", "hello")},
        Refused{"S6_3_SignedLength", post("Content-Length: +5", "hello")},
        Refused{"S6_3_HexadecimalLength", post("Content-Length: 0x5", "hello")},
        Refused{"S6_3_LengthWithSpaceInside", post("Content-Length: 1 0", "hello")},
        Refused{"S6_3_LengthWithFraction", post("Content-Length: 5.0", "hello")},
        Refused{"S6_3_EmptyLength", post("Content-Length: ", "hello")},
        Refused{"S6_3_LengthBeyond63Bits", post("Content-Length: 9223372036854775808", "hello")},
        Refused{"S6_3_LengthBeyond64Bits", post("Content-Length: 18446744073709551621", "hello")},
        Refused{"S6_3_LengthWithNul",
                post(std::string_view("Content-Length: 5\0", sizeof "Content-Length: 5\0" - 1), "hello")}),
    name_of<Refused>);

INSTANTIATE_TEST_SUITE_P(
    Rfc9112Chunks, RefusedRequest,
    ::testing::Values(Refused{"S7_1_SizeBeyond64Bits", chunked("10000000000000005\r\nhello\r\n0\r\n\r\n")},
                      Refused{"S7_1_SizeBeyond63Bits", chunked("8000000000000000\r\nhello\r\n0\r\n\r\n")},
                      Refused{"S7_1_SizeOfAllOnes", chunked("ffffffffffffffff\r\nhello\r\n0\r\n\r\n")},
                      Refused{"S7_1_NoSize", chunked("\r\nhello\r\n0\r\n\r\n")},
                      Refused{"S7_1_NegativeSize", chunked("-5\r\nhello\r\n0\r\n\r\n")},
                      Refused{"S7_1_SizeWithPrefix", chunked("0x5\r\nhello\r\n0\r\n\r\n")},
                      Refused{"S7_1_SizeWithLineFeed", chunked("5\nhello\r\n0\r\n\r\n")},
                      Refused{"S7_1_SpaceBeforeSize", chunked(" 5\r\nhello\r\n0\r\n\r\n")},
                      Refused{"S7_1_SpaceAfterSize", chunked("5 \r\nhello\r\n0\r\n\r\n")},
                      Refused{"S7_1_UnderscoreInSize", chunked("1_0\r\nhello\r\n0\r\n\r\n")},
                      Refused{"S7_1_DataLongerThanSize", chunked("4\r\nhello\r\n0\r\n\r\n")},
                      Refused{"S7_1_DataEndsWithLineFeed", chunked("5\r\nhello\n0\r\n\r\n")},
                      Refused{"S7_1_LastChunkEndsWithLineFeed", chunked("0\r\n\n")},
                      Refused{"S7_1_LastChunkEndsWithCarriageReturn", chunked("0\r\n\rX")},
                      Refused{"S7_1_1_LineFeedInExtension", chunked("5;\nx\r\nhello\r\n0\r\n\r\n")},
                      Refused{"S7_1_1_CarriageReturnInExtension", chunked("5;a\rb\r\nhello\r\n0\r\n\r\n")},
                      Refused{"S7_1_1_LineEndInQuotedExtension", chunked("5;a=\"\r\nhello\r\n0\r\n\r\n")},
                      Refused{"S7_1_1_NulInExtension",
                              chunked(std::string("5;a\0\r\nhello\r\n0\r\n\r\n", 18))},
                      Refused{"S7_1_1_ExtensionsWithoutEnd", chunked("5;" + std::string(6'000, 'x'))},
                      Refused{"S7_1_2_FoldedTrailer", chunked("0\r\nA: b\r\n c\r\n\r\n")},
                      Refused{"S7_1_2_TrailerWithoutColon", chunked("0\r\nGET / HTTP/1.1\r\n\r\n")},
                      Refused{"S7_1_2_TrailersWithoutEnd", chunked("0\r\nX: " + std::string(10'000, 'x'))}),
    name_of<Refused>);

INSTANTIATE_TEST_SUITE_P(
    Rfc9110Trailers, RefusedRequest,
    ::testing::Values(Refused{"S6_5_1_ContentLength", chunked("0\r\nContent-Length: 5\r\n\r\n")},
                      Refused{"S6_5_1_TransferEncoding", chunked("0\r\ntransfer-encoding: chunked\r\n\r\n")},
                      Refused{"S6_5_1_Host", chunked("0\r\nHost: b\r\n\r\n")},
                      Refused{"S6_5_1_Authorization", chunked("0\r\nAuthorization: b\r\n\r\n")},
                      Refused{"S6_5_1_ForwardedFor", chunked("0\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n")},
                      Refused{"S6_5_1_SecondOfTwo", chunked("0\r\nX-Sum: 1\r\nCookie: b\r\n\r\n")}),
    name_of<Refused>);

INSTANTIATE_TEST_SUITE_P(
    Rfc9112Heads, RefusedRequest,
    ::testing::Values(Refused{"S3_TwoSpacesInRequestLine", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
                      Refused{"S3_TabInRequestLine", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"},
                      Refused{"S3_SpaceInTarget", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"},
                      Refused{"S3_NoVersion", "GET /\r\nHost: a\r\n\r\n"},
                      Refused{"S2_3_LowerCaseVersion", "GET / http/1.1\r\nHost: a\r\n\r\n"},
                      Refused{"S2_3_Version2InText", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
                      Refused{"S3_2_FragmentInTarget", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"},
                      Refused{"S3_2_NulInTarget", std::string("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 28)},
                      Refused{"S3_2_NoHost", "GET / HTTP/1.1\r\n\r\n"},
                      Refused{"S3_2_TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
                      Refused{"S3_2_TwoEqualHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
                      Refused{"S3_2_HostWithPath", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
                      Refused{"S3_2_HostWithUser", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
                      Refused{"S3_2_HostList", "GET / HTTP/1.1\r\nHost: a,b c\r\n\r\n"},
                      Refused{"S3_2_2_AbsoluteFormWithUser", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
                      Refused{"S3_2_2_AbsoluteFormOfAnotherScheme",
                              "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
                      Refused{"S3_2_4_AsteriskForGet", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"},
                      Refused{"S5_1_EmptyName", get(": x")}, Refused{"S5_1_NoColon", get("X")},
                      Refused{"S5_1_SeparatorInName", get("X(Y): z")},
                      Refused{"S5_1_Utf8InName", get("X\xc3\xa9: z")},
                      Refused{"S5_5_NulInValue", get(std::string_view("X: a\0b", 6))},
                      Refused{"S5_5_DeleteInValue", get("X: a\x7f")},
                      Refused{"S5_4_TargetBeyondTheLimit",
                              "GET /" + std::string(17'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
                      Refused{"S5_4_FieldBeyondTheLimit", get("X: " + std::string(40'000, 'a')), 431},
                      Refused{"S5_4_TooManyFields",
                              [] {
                                std::string all;
                                for (int i = 0; i < 200; ++i) all += "X: y\r\n";
                                return get(all + "Z: z");
                              }(),
                              431}),
    name_of<Refused>);

// ---- requests that go through: exactly these bytes reach the upstream ----

struct Forwarded {
  std::string_view name;
  std::string bytes;     // by the client
  std::string expected;  // at the upstream
  std::string awaits = "\r\n\r\n";
};

void PrintTo(const Forwarded& forwarded, std::ostream* out) { *out << forwarded.name; }

class ForwardedRequest : public ::testing::TestWithParam<Forwarded> {};

TEST_P(ForwardedRequest, ReachesTheUpstreamAsTheRfcSays) {
  Engine engine(GetParam().awaits, std::string(kOk));
  EXPECT_THAT(engine.ask(GetParam().bytes), ::testing::StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(engine.received(), GetParam().expected);
}

std::string closing(std::string_view line, std::string_view fields = {}) {
  return std::string(line) + "\r\nHost: a\r\n" + std::string(fields) + "Connection: close\r\n\r\n";
}
std::string seen(std::string_view line, std::string_view fields = {}, std::string_view behind = {}) {
  return std::string(line) + "\r\nHost: a\r\n" + std::string(fields) + std::string(kAdded) +
         std::string(behind) + "\r\n";
}

INSTANTIATE_TEST_SUITE_P(
    Rfc9110Intermediaries, ForwardedRequest,
    ::testing::Values(
        Forwarded{"S7_6_1_ConnectionFieldsStayHere",
                  closing("GET / HTTP/1.1",
                          "Keep-Alive: 5\r\nProxy-Connection: x\r\nTE: trailers\r\nTrailer: "
                          "X\r\nProxy-Authorization: b\r\n"
                          "HTTP2-Settings: A\r\nX-End: 1\r\n"),
                  seen("GET / HTTP/1.1", "X-End: 1\r\n")},
        Forwarded{"S7_6_1_NamedFieldsStayHere",
                  closing("GET / HTTP/1.1",
                          "Connection: x-hop , ,X-Other\r\nX-Hop: 1\r\nX-OTHER: 2\r\nX-End: 3\r\n"),
                  seen("GET / HTTP/1.1", "X-End: 3\r\n")},
        // A client must not strip what the next server relies on: Host, and what the site itself adds.
        Forwarded{"S7_6_1_NamingHostAndForwardedForStripsNeither",
                  closing("GET / HTTP/1.1", "Connection: Host, X-Test-Client, Content-Length\r\n"),
                  seen("GET / HTTP/1.1")},
        Forwarded{"S7_8_UpgradeToHttp2IsNotForUs",
                  "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: "
                  "h2c\r\nHTTP2-Settings: "
                  "AAMAAABkAAQAAP__\r\n\r\n",
                  seen("GET / HTTP/1.1")},
        Forwarded{"S7_8_UpgradeWithoutConnectionIsNone", closing("GET / HTTP/1.1", "Upgrade: websocket\r\n"),
                  seen("GET / HTTP/1.1")},
        Forwarded{"S7_8_UpgradeInHttp10IsIgnored",
                  "GET / HTTP/1.0\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                  seen("GET / HTTP/1.1")},
        Forwarded{"S8_6_EqualLengthsAreOne",
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\nConnection: "
                  "close\r\n\r\nhello",
                  seen("POST / HTTP/1.1", "", "Content-Length: 5\r\n") + "hello", "hello"},
        Forwarded{"S8_6_LengthOfNothingIsKept",
                  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                  seen("POST / HTTP/1.1", "", "Content-Length: 0\r\n")},
        Forwarded{"S9_3_1_GetMayHaveABody",
                  "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
                  seen("GET / HTTP/1.1", "", "Content-Length: 5\r\n") + "hello", "hello"},
        Forwarded{"S5_5_ObsTextIsOpaque", closing("GET / HTTP/1.1", "X: \xe9\r\n"),
                  seen("GET / HTTP/1.1", "X: \xe9\r\n")}),
    name_of<Forwarded>);

INSTANTIATE_TEST_SUITE_P(
    Rfc9112Requests, ForwardedRequest,
    ::testing::Values(
        Forwarded{"S2_2_EmptyLinesBeforeTheRequest", "\r\n\r\n" + closing("GET / HTTP/1.1"),
                  seen("GET / HTTP/1.1")},
        Forwarded{"S2_3_Http10GetsItsAnswer", "GET / HTTP/1.0\r\nHost: a\r\n\r\n", seen("GET / HTTP/1.1")},
        Forwarded{"S2_3_HigherMinorVersion", closing("GET / HTTP/1.9"), seen("GET / HTTP/1.1")},
        Forwarded{"S3_2_2_AbsoluteFormReplacesHost",
                  "GET http://b.example:81/x?y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                  "GET /x?y HTTP/1.1\r\nHost: b.example:81\r\n" + std::string(kAdded) + "\r\n"},
        Forwarded{"S3_2_2_AbsoluteFormWithoutPath",
                  "GET http://b.example HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                  "GET / HTTP/1.1\r\nHost: b.example\r\n" + std::string(kAdded) + "\r\n"},
        Forwarded{"S3_2_2_AbsoluteFormOfAQueryOnly",
                  "GET http://b.example?x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                  "GET /?x HTTP/1.1\r\nHost: b.example\r\n" + std::string(kAdded) + "\r\n"},
        Forwarded{"S3_2_4_OptionsOfTheWholeServer", closing("OPTIONS * HTTP/1.1"),
                  seen("OPTIONS * HTTP/1.1")},
        Forwarded{"S3_2_4_OptionsInAbsoluteFormWithoutPath",
                  "OPTIONS http://a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                  seen("OPTIONS * HTTP/1.1")},
        Forwarded{"S5_ValuesLoseTheSpaceAroundThem", closing("GET / HTTP/1.1", "X:\t a\tb \t\r\nEmpty:\r\n"),
                  seen("GET / HTTP/1.1", "X: a\tb\r\nEmpty: \r\n")},
        Forwarded{"S6_1_CodingNameInAnyCase",
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\nConnection: "
                  "close\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                  seen("POST / HTTP/1.1", "", "Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n0\r\n\r\n",
                  "\r\n0\r\n\r\n"},
        Forwarded{"S6_1_TabBeforeCoding",
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\tchunked\r\nConnection: "
                  "close\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                  seen("POST / HTTP/1.1", "", "Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n0\r\n\r\n",
                  "\r\n0\r\n\r\n"},
        Forwarded{"S7_1_1_ExtensionsOfGoodForm",
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                  "5;a=\"b;c\"\r\nhello\r\n000\r\n\r\n",
                  seen("POST / HTTP/1.1", "", "Transfer-Encoding: chunked\r\n") +
                      "5;a=\"b;c\"\r\nhello\r\n000\r\n\r\n",
                  "000\r\n\r\n"},
        Forwarded{"S7_1_2_TrailersOfGoodForm",
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                  "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
                  seen("POST / HTTP/1.1", "", "Transfer-Encoding: chunked\r\n") +
                      "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
                  "X-Sum: 1\r\n\r\n"}),
    name_of<Forwarded>);

// ---- answers of upstreams: what the client gets ----

struct Answered {
  std::string_view name;
  std::string answer;  // of the upstream
  std::string expected;
  std::string request = closing("GET / HTTP/1.1");
};

void PrintTo(const Answered& answered, std::ostream* out) { *out << answered.name; }

class AnswerOfUpstream : public ::testing::TestWithParam<Answered> {};

TEST_P(AnswerOfUpstream, ReachesTheClientAsTheRfcSays) {
  Engine engine("\r\n\r\n", GetParam().answer);
  EXPECT_THAT(engine.ask(GetParam().request), ::testing::StartsWith(GetParam().expected));
}

constexpr std::string_view kThen = "X-Test-Answer: yes\r\n";

INSTANTIATE_TEST_SUITE_P(
    Rfc9110, AnswerOfUpstream,
    ::testing::Values(
        Answered{"S15_2_EarlyHintsArePassedOn",
                 "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: X\r\nX: y\r\n\r\nHTTP/1.1 200 "
                 "OK\r\nContent-Length: 0\r\n\r\n",
                 "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n"},
        Answered{"S15_2_NoInterimAnswerToHttp10",
                 "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                 "HTTP/1.1 200 OK\r\n", "GET / HTTP/1.0\r\nHost: a\r\n\r\n"},
        Answered{"S10_1_1_ContinueForNobodyIsDropped",
                 "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                 "HTTP/1.1 200 OK\r\n"},
        Answered{"S15_2_2_SwitchingThatNobodyAskedFor",
                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
                 "HTTP/1.1 502 "},
        Answered{"S15_2_2_SwitchingToWhatWasNotPassedOn",
                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
                 "HTTP/1.1 502 ",
                 "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n"},
        Answered{"S9_3_2_HeadHasALengthAndNoBody", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
                 "HTTP/1.1 200 OK\r\nX-Test-Answer: yes\r\nContent-Length: 5\r\nConnection: close\r\n\r\n",
                 closing("HEAD / HTTP/1.1")},
        Answered{"S15_3_5_NoContentHasNoLength", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
                 "HTTP/1.1 204 No Content\r\nX-Test-Answer: yes\r\nConnection: close\r\n\r\n"},
        Answered{"S15_4_5_NotModifiedKeepsItsLength",
                 "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
                 "HTTP/1.1 304 Not Modified\r\nX-Test-Answer: yes\r\nContent-Length: 5\r\nConnection: "
                 "close\r\n\r\n"}),
    name_of<Answered>);

INSTANTIATE_TEST_SUITE_P(
    Rfc9112, AnswerOfUpstream,
    ::testing::Values(
        Answered{"S5_2_ObsoleteFold", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", "HTTP/1.1 502 "},
        Answered{"S5_1_SpaceBeforeColon", "HTTP/1.1 200 OK\r\nX : a\r\n\r\n", "HTTP/1.1 502 "},
        Answered{"S2_2_BareCarriageReturn", "HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\n\r\n",
                 "HTTP/1.1 502 "},
        Answered{"S6_3_LengthAndEncoding",
                 "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: "
                 "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                 "HTTP/1.1 502 "},
        Answered{"S6_3_TwoLengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                 "HTTP/1.1 502 "},
        Answered{"S6_3_LengthThatIsNone", "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello",
                 "HTTP/1.1 502 "},
        Answered{"S6_1_UnknownCoding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\n\r\nhello",
                 "HTTP/1.1 502 "},
        Answered{"S4_StatusOfFourDigits", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 502 "},
        Answered{"S4_StatusWithoutReason", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok",
                 "HTTP/1.1 200 OK\r\n"},
        Answered{"S9_6_CloseDelimitedBecomesChunked", "HTTP/1.1 200 OK\r\n\r\nhello",
                 "HTTP/1.1 200 OK\r\n" + std::string(kThen) +
                     "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
        Answered{
            "S7_1_2_TrailersArePassedOn",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + std::string(kThen) +
                "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"},
        Answered{"S7_ChunksAreTakenOffForHttp10",
                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
                 "HTTP/1.1 200 OK\r\n" + std::string(kThen) + "Connection: close\r\n\r\nhello",
                 "GET / HTTP/1.0\r\nHost: a\r\n\r\n"}),
    name_of<Answered>);

// ---- what takes more than one exchange ----

TEST(Conformance, Rfc9110_10_1_1_TheBodyIsSentAfterTheUpstreamsContinue) {
  std::string seen_body;
  Engine engine({[&](RawClient& connection) {
    const std::string head = connection.read_until("\r\n\r\n");
    EXPECT_NE(head.find("Expect: 100-continue\r\n"), std::string::npos);
    connection.send("HTTP/1.1 100 Continue\r\n\r\n");
    seen_body = connection.read_until("hello");
    connection.send(kOk);
  }});
  RawClient client(engine.port());
  client.send(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hello");
  EXPECT_THAT(client.read_all(), ::testing::EndsWith("ok"));
  EXPECT_EQ(seen_body, "hello");
}

TEST(Conformance, Rfc9110_10_1_1_ARefusalInsteadOfContinueIsPassedOnAndEndsTheConnection) {
  Engine engine("\r\n\r\n", "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
  RawClient client(engine.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), ::testing::StartsWith("HTTP/1.1 413 "));
  // What comes now may be the body or the next request: nobody can tell, so neither is read.
  client.send(kSmuggled);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(engine.received().find("/smuggled"), std::string::npos);
}

TEST(Conformance, Rfc9112_9_3_2_PipelinedRequestsAreAnsweredInOrderBodiesIncluded) {
  std::string all;
  Engine engine({[&](RawClient& connection) {
    for (std::string_view end : {"hello", "0\r\n\r\n", "\r\n\r\n"}) {
      all += connection.read_until(end);
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  }});
  const std::string answers = engine.ask(
      "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
      "POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
      "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(answers_in(answers), 3u) << answers;
  EXPECT_LT(all.find("POST /1 "), all.find("POST /2 "));
  EXPECT_LT(all.find("POST /2 "), all.find("GET /3 "));
}

// RFC 9112 section 9.6: a server that answers before the body has come cannot take what follows for a
// request.
TEST(Conformance, Rfc9112_9_6_ABodyThatFollowsAnEarlyAnswerIsNoRequest) {
  Engine engine("\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  RawClient client(engine.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(kSmuggled.size()) +
              "\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), ::testing::StartsWith("HTTP/1.1 200 "));
  client.send(kSmuggled);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_THAT(engine.received(), ::testing::Not(::testing::HasSubstr("/smuggled")));
}

// Bytes beyond an answer belong to no request: neither the client at hand nor the next one may get them.
TEST(Conformance, Rfc9112_9_2_WhatAnUpstreamSaysUnaskedIsGivenToNobody) {
  const std::string poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
  for (const std::string first : {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                                  "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\n\r\n",
                                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}) {
    Engine engine({[&](RawClient& connection) {
                     connection.read_until("\r\n\r\n");
                     connection.send(first + poison);
                     connection.read_all();  // until the engine has had enough
                   },
                   [&](RawClient& connection) {
                     connection.read_until("\r\n\r\n");
                     connection.send(kOk);
                   }});
    RawClient client(engine.port());
    client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(client.read_until("\r\n\r\n"), ::testing::HasSubstr(first.substr(0, 12)));
    if (first.find("chunked") != std::string::npos) client.read_until("0\r\n\r\n");
    client.send(closing("GET /2 HTTP/1.1"));
    EXPECT_THAT(client.read_all(), ::testing::EndsWith("\r\n\r\nok")) << first;
  }
}

// The body of an answer that has none comes late: it must not be the next request's answer.
TEST(Conformance, Rfc9112_6_1_ABodyAnnouncedWithNoContentPoisonsNobody) {
  const std::string poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
  Engine engine({[&](RawClient& connection) {
                   connection.read_until("\r\n\r\n");
                   connection.send("HTTP/1.1 204 No Content\r\nContent-Length: " +
                                   std::to_string(poison.size()) + "\r\n\r\n");
                   if (connection.read_until("\r\n\r\n").empty()) return;  // it has been closed
                   connection.send(poison);
                 },
                 [&](RawClient& connection) {
                   connection.read_until("\r\n\r\n");
                   connection.send(kOk);
                 }});
  RawClient client(engine.port());
  client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), ::testing::StartsWith("HTTP/1.1 204 "));
  client.send(closing("GET /2 HTTP/1.1"));
  EXPECT_THAT(client.read_all(), ::testing::EndsWith("\r\n\r\nok"));
}

TEST(Conformance, Rfc9112_7_1_WhatIsGoodOfABrokenBodyIsCutAtTheUpstream) {
  std::string got;
  Engine engine({[&](RawClient& connection) {
    got = connection.read_until("hello\r\n");
    got += connection.read_all();
  }});
  RawClient client(engine.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  while (engine.upstream_connections() == 0) std::this_thread::yield();
  client.send("0\r\n\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_all(), ::testing::StartsWith("HTTP/1.1 400 "));
  engine.received();  // its thread is over
  EXPECT_THAT(got, ::testing::Not(::testing::HasSubstr("\n\n")));
  EXPECT_THAT(got, ::testing::Not(::testing::HasSubstr("/smuggled")));
}

TEST(Conformance, Rfc9110_15_2_AnUpstreamThatOnlyEverSaysInterimThingsCostsABoundedAmount) {
  std::string many;
  for (int i = 0; i < 1'000; ++i)
    many += "HTTP/1.1 103 Early Hints\r\nX: " + std::string(1'000, 'x') + "\r\n\r\n";
  Engine engine("\r\n\r\n", many + std::string(kOk));
  const std::string all = engine.ask(closing("GET / HTTP/1.1"));
  EXPECT_LT(all.size(), 20'000u);
  EXPECT_THAT(all, ::testing::EndsWith("ok"));
}

TEST(Conformance, Rfc6455_4_1_OnlyWebsocketIsAskedForOfSeveralProtocols) {
  Engine engine("\r\n\r\n", std::string(kOk));
  engine.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: h2c, WebSocket\r\n\r\n");
  EXPECT_EQ(engine.received(), seen("GET / HTTP/1.1", "", "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
}

}  // namespace
}  // namespace landfall::proxy
