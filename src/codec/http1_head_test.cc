#include "codec/http1_head.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace landfall::http1 {
namespace {

HeadError request_error(std::string_view text, HeadLimits limits = {}) {
  RequestParser parser(limits);
  return parser.parse(text) == ParseStatus::error ? parser.error() : HeadError::none;
}

HeadError response_error(std::string_view text) {
  ResponseParser parser;
  return parser.parse(text, false) == ParseStatus::error ? parser.error() : HeadError::none;
}

TEST(Http1Request, ReadsARequestArrivingByteByByteInAMovingBuffer) {
  const std::string text =
      "\r\nPOST /a/b?c=d HTTP/1.1\r\nHost: example.com:8080\r\nContent-Length: 5\r\nX-Empty:\r\nAccept:  x "
      "\t\r\n\r\n";
  RequestParser parser;
  for (size_t n = 0; n < text.size(); ++n) {
    const std::string moved = text.substr(0, n);
    ASSERT_EQ(parser.parse(moved), ParseStatus::incomplete) << n;
  }
  const std::string whole = text + "body!";
  ASSERT_EQ(parser.parse(whole), ParseStatus::complete);
  const RequestHead& head = parser.head();
  EXPECT_EQ(head.method(), "POST");
  EXPECT_EQ(head.origin_form(), "/a/b?c=d");
  EXPECT_EQ(head.authority(), "example.com:8080");
  EXPECT_EQ(head.body, BodyKind::length);
  EXPECT_EQ(head.content_length, 5u);
  EXPECT_EQ(head.get("accept"), "x");
  EXPECT_EQ(head.get("x-empty"), "");
  EXPECT_NE(head.get("x-empty").data(), nullptr);
  EXPECT_EQ(head.get("absent").data(), nullptr);
  EXPECT_EQ(head.head_bytes, text.size());
}

TEST(Http1Request, TakesTheAuthorityOfAnAbsoluteFormOverHost) {
  RequestParser parser;
  ASSERT_EQ(parser.parse("GET http://a.example/p?q HTTP/1.1\r\nHost: b.example\r\n\r\n"),
            ParseStatus::complete);
  EXPECT_EQ(parser.head().authority(), "a.example");
  EXPECT_EQ(parser.head().origin_form(), "/p?q");
  parser.reset();
  ASSERT_EQ(parser.parse("GET http://a.example HTTP/1.1\r\nHost: b.example\r\n\r\n"), ParseStatus::complete);
  EXPECT_EQ(parser.head().origin_form(), "/");
}

TEST(Http1Request, AnAbsoluteFormWithoutAPathKeepsItsQuery) {
  RequestParser parser;
  std::string text;  // the head leads into it
  const auto parse = [&](const std::string& line) {
    parser.reset();
    text = line + " HTTP/1.1\r\nHost: b\r\n\r\n";
    return parser.parse(text);
  };
  ASSERT_EQ(parse("GET http://a.example:81?x=/y"), ParseStatus::complete);
  EXPECT_EQ(parser.head().authority(), "a.example:81");
  EXPECT_EQ(parser.head().origin_form(), "/?x=/y");
  EXPECT_EQ(parser.head().target(), "http://a.example:81?x=/y");
  // RFC 9112 section 3.2.4: "*" only without a query, too.
  ASSERT_EQ(parse("OPTIONS http://a?x"), ParseStatus::complete);
  EXPECT_EQ(parser.head().origin_form(), "/?x");
  ASSERT_EQ(parse("GET /p"), ParseStatus::complete);
  EXPECT_EQ(parser.head().origin_form(), "/p") << "nothing of the request before";
  for (const char* line : {"GET http://?x", "GET http://u@a?x", "GET ftp://a?x", "GET a?x", "GET ?x"})
    EXPECT_EQ(parse(line), ParseStatus::error) << line;
}

// Each of these has been read in two ways by two servers in a row.
TEST(Http1Request, RefusesWhatSmugglersSend) {
  const auto with = [](std::string_view fields) {
    return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n\r\n";
  };
  EXPECT_EQ(request_error(with("Content-Length: 5\r\nTransfer-Encoding: chunked")),
            HeadError::length_and_encoding);
  EXPECT_EQ(request_error(with("Content-Length: 5\r\nContent-Length: 6")), HeadError::bad_content_length);
  EXPECT_EQ(request_error(with("Content-Length: 5, 6")), HeadError::bad_content_length);
  EXPECT_EQ(request_error(with("Content-Length: 5, 5")), HeadError::none);
  EXPECT_EQ(request_error(with("Content-Length: +5")), HeadError::bad_content_length);
  EXPECT_EQ(request_error(with("Content-Length: -1")), HeadError::bad_content_length);
  EXPECT_EQ(request_error(with("Content-Length: 0x5")), HeadError::bad_content_length);
  EXPECT_EQ(request_error(with("Content-Length: 5 5")), HeadError::bad_content_length);
  EXPECT_EQ(request_error(with("Content-Length:")), HeadError::bad_content_length);
  EXPECT_EQ(request_error(with("Content-Length: 99999999999999999999")), HeadError::bad_content_length);
  EXPECT_EQ(request_error(with("Transfer-Encoding : chunked")), HeadError::bad_field_name);
  EXPECT_EQ(request_error(with("Transfer-Encoding\t: chunked")), HeadError::bad_field_name);
  EXPECT_EQ(request_error(with("Transfer-Encoding:\x0b chunked")), HeadError::bad_field_value);
  EXPECT_EQ(request_error(with("Transfer-Encoding: xchunked")), HeadError::unknown_transfer_coding);
  EXPECT_EQ(request_error(with("Transfer-Encoding: chunked, identity")), HeadError::bad_transfer_encoding);
  EXPECT_EQ(request_error(with("Transfer-Encoding: gzip, chunked")), HeadError::unknown_transfer_coding);
  EXPECT_EQ(request_error(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")),
            HeadError::bad_transfer_encoding);
  EXPECT_EQ(request_error("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"),
            HeadError::bad_transfer_encoding);
  EXPECT_EQ(request_error(with("X: a\r\n Transfer-Encoding: chunked")), HeadError::obsolete_folding);
  EXPECT_EQ(request_error(with("X: a\nTransfer-Encoding: chunked")), HeadError::bad_line_ending);
  EXPECT_EQ(request_error(with("X: a\rTransfer-Encoding: chunked")), HeadError::bad_field_value);
  EXPECT_EQ(request_error(with(std::string_view("X: a\0b", 6))), HeadError::bad_field_value);
  EXPECT_EQ(request_error(with("Host: b")), HeadError::bad_host);
  EXPECT_EQ(request_error(with(": b")), HeadError::bad_field_name);
  EXPECT_EQ(request_error("GET / HTTP/1.1\n\n"), HeadError::bad_line_ending);
}

TEST(Http1Request, RefusesMalformedLinesEachWithItsOwnStatus) {
  EXPECT_EQ(request_error("GET / HTTP/1.1\r\n\r\n"), HeadError::bad_host);
  EXPECT_EQ(request_error("GET / HTTP/1.0\r\n\r\n"), HeadError::none);
  EXPECT_EQ(request_error("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), HeadError::bad_host);
  EXPECT_EQ(request_error("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), HeadError::bad_host);
  EXPECT_EQ(request_error("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"), HeadError::none);
  EXPECT_EQ(request_error("GET /\r\nHost: a\r\n\r\n"), HeadError::bad_request_line);
  EXPECT_EQ(request_error("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"), HeadError::bad_target);
  EXPECT_EQ(request_error("G(T / HTTP/1.1\r\n"), HeadError::bad_method);
  EXPECT_EQ(request_error("\x16\x03\x01"), HeadError::bad_method);
  EXPECT_EQ(request_error("GET a HTTP/1.1\r\nHost: a\r\n\r\n"), HeadError::bad_target);
  EXPECT_EQ(request_error("GET * HTTP/1.1\r\nHost: a\r\n\r\n"), HeadError::bad_target);
  EXPECT_EQ(request_error("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), HeadError::none);
  EXPECT_EQ(request_error("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"), HeadError::none);
  EXPECT_EQ(request_error("PRI * HTTP/2.0\r\n\r\n"), HeadError::unsupported_version);
  EXPECT_EQ(request_error("GET / HTTP/11\r\n"), HeadError::bad_request_line);
  EXPECT_EQ(status_of(HeadError::unsupported_version), 505);
  EXPECT_EQ(status_of(HeadError::unknown_transfer_coding), 501);
}

TEST(Http1Request, KeepsItsLimits) {
  const std::string path(20'000, 'a');
  EXPECT_EQ(request_error("GET /" + path + " HTTP/1.1\r\nHost: a\r\n\r\n"), HeadError::target_too_long);
  EXPECT_EQ(request_error("GET /" + path), HeadError::target_too_long);
  EXPECT_EQ(request_error("GET / HTTP/1.1\r\nX: " + path + path), HeadError::head_too_large);
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 128; ++i) many += "a: b\r\n";
  EXPECT_EQ(request_error(many + "\r\n"), HeadError::too_many_fields);
}

TEST(Http1Request, KnowsWhenTheConnectionPersists) {
  const auto keeps = [](std::string_view text) {
    RequestParser parser;
    EXPECT_EQ(parser.parse(text), ParseStatus::complete);
    return parser.head().keep_alive;
  };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(Http1Request, NamesTheFieldsOfTheConnection) {
  RequestParser parser;
  ASSERT_EQ(
      parser.parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: X-Hop, host, upgrade\r\nx-hop: 1\r\nX-End: 2\r\n"
                   "Upgrade: websocket\r\nTE: trailers\r\n\r\n"),
      ParseStatus::complete);
  std::vector<std::string_view> kept;
  for (const Field& field : parser.head())
    if (!parser.head().is_connection_field(field)) kept.push_back(parser.head().name(field));
  EXPECT_EQ(kept, (std::vector<std::string_view>{"Host", "X-End"}));
  EXPECT_TRUE(parser.head().connection_upgrade);
}

TEST(Http1Response, KnowsTheKindOfBody) {
  const auto kind = [](std::string_view text, bool head = false) {
    ResponseParser parser;
    EXPECT_EQ(parser.parse(text, head), ParseStatus::complete) << text;
    return parser.head().body;
  };
  EXPECT_EQ(kind("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"), BodyKind::length);
  EXPECT_EQ(kind("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", true), BodyKind::none);
  EXPECT_EQ(kind("HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n"), BodyKind::chunked);
  EXPECT_EQ(kind("HTTP/1.1 200 \r\n\r\n"), BodyKind::until_close);
  EXPECT_EQ(kind("HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n"), BodyKind::none);
  EXPECT_EQ(kind("HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n"), BodyKind::none);
  EXPECT_EQ(kind("HTTP/1.1 100 Continue\r\n\r\n"), BodyKind::none);
}

TEST(Http1Response, EndsAConnectionWhoseNextAnswerMayNotBeTheNext) {
  const auto keeps = [](std::string_view text) {
    ResponseParser parser;
    EXPECT_EQ(parser.parse(text, false), ParseStatus::complete) << text;
    return parser.head().keep_alive;
  };
  EXPECT_TRUE(keeps("HTTP/1.1 204 No Content\r\n\r\n"));
  EXPECT_TRUE(keeps("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"));
  EXPECT_TRUE(keeps("HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n"));
  EXPECT_EQ(response_error("HTTP/1.1 103 Early Hints\r\nContent-Length: 3\r\n\r\n"),
            HeadError::bad_content_length);
  EXPECT_EQ(response_error("HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n"), HeadError::none);
}

TEST(Http1Response, RefusesWhatIsNoResponse) {
  EXPECT_EQ(response_error("SSH-2.0-OpenSSH\r\n"), HeadError::bad_status_line);
  EXPECT_EQ(response_error("HTTP/1.1 2000 OK\r\n"), HeadError::bad_status_line);
  EXPECT_EQ(response_error("HTTP/1.1 099 OK\r\n"), HeadError::bad_status_line);
  EXPECT_EQ(response_error("HTTP/2 200 OK\r\n\r\n"), HeadError::bad_status_line);
  EXPECT_EQ(response_error("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"),
            HeadError::length_and_encoding);
}

}  // namespace
}  // namespace landfall::http1
