#include "services/cloudfront/dataplane/standard_log.h"

#include <algorithm>
#include <charconv>

#include "http/message.h"
#include "services/cloudfront/dataplane/site.h"

namespace landfall::cloudfront {
namespace {

constexpr char kPreamble[] =
    "#Version: 1.0\n"
    "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) "
    "cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol "
    "cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type "
    "cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte "
    "x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end\n";
constexpr std::string_view kNone = "-";

void append_number(std::string& line, uint64_t number) {
  char digits[24];
  line.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

// "0.012"
void append_seconds(std::string& line, int64_t ns) {
  const auto ms = static_cast<uint64_t>(std::max<int64_t>(ns, 0) / 1'000'000);
  append_number(line, ms / 1000);
  line.push_back('.');
  const std::string rest = std::to_string(ms % 1000);
  line.append(3 - rest.size(), '0').append(rest);
}

// The value of that field among whole lines, "Name: value\r\n"; empty if there is none.
std::string_view field_in(std::string_view lines, std::string_view name) {
  while (!lines.empty()) {
    const size_t end = lines.find("\r\n");
    const std::string_view one = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 2);
    if (one.size() > name.size() && one[name.size()] == ':' &&
        http::equals_ignoring_case(one.substr(0, name.size()), name))
      return http1::trim_ows(one.substr(name.size() + 1));
  }
  return {};
}

// Of the answer that was decided.
std::string_view answer_field(const proxy::Decision& decision, std::string_view name) {
  const std::string_view own = field_in(decision.response_fields, name);
  return own.empty() ? field_in(decision.head_lines, name) : own;
}

// "Hit from cloudfront" -> "Hit"
std::string_view result_type(const proxy::Decision& decision) {
  const std::string_view cache = answer_field(decision, "x-cache");
  return cache.empty() ? "Error" : cache.substr(0, cache.find(' '));
}

// Tab, value; "-" where there is none.
void add(std::string& line, std::string_view value) {
  line.append("\t").append(value.empty() ? kNone : value);
}
void add_encoded(std::string& line, std::string_view value) {
  line.push_back('\t');
  append_log_encoded(line, value);
}
void add_number(std::string& line, uint64_t number) {
  line.push_back('\t');
  append_number(line, number);
}
void add_seconds(std::string& line, int64_t ns) {
  line.push_back('\t');
  append_seconds(line, ns);
}

std::string content_type(const proxy::Decision& decision) {
  std::string type(decision.content_type.empty() ? answer_field(decision, "content-type")
                                                 : std::string_view(decision.content_type));
  return type;
}

std::string content_length(const proxy::Transaction& transaction) {
  const proxy::Decision& decision = transaction.decision();
  if (decision.kind == proxy::DecisionKind::respond) return std::to_string(decision.body.size());
  return decision.content.has_length ? std::to_string(decision.content.length) : "";
}

std::string cookies(const http1::RequestHead& head) {
  std::string all;
  for (const http1::Field& field : head)
    if (field.id == http1::FieldId::cookie) all.append(all.empty() ? "" : "; ").append(head.value(field));
  return all;
}

const char* protocol_version(const proxy::Transaction& transaction) {
  if (transaction.client().http2) return "HTTP/2.0";
  return transaction.head().version == http1::HttpVersion::http_1_0 ? "HTTP/1.0" : "HTTP/1.1";
}

// "bytes 0-9/100": "0" and "9".
void add_range(std::string& line, std::string_view content_range) {
  const size_t dash = content_range.find('-'), slash = content_range.find('/');
  const bool known = content_range.starts_with("bytes ") && dash != std::string_view::npos && dash < slash;
  add(line, known ? content_range.substr(6, dash - 6) : std::string_view());
  add(line, known ? content_range.substr(dash + 1, slash - dash - 1) : std::string_view());
}

}  // namespace

std::optional<delivery::Destination> standard_log_destination(const DistributionSnapshot& distribution) {
  const LoggingSnapshot& logging = distribution.logging;
  if (logging.bucket.empty()) return std::nullopt;
  const bool slash = !logging.prefix.empty() && !logging.prefix.ends_with('/');
  return delivery::Destination{.bucket = logging.bucket,
                               .key_prefix = logging.prefix + (slash ? "/" : ""),
                               .name = distribution.id + ".%Y-%m-%d-%H.%r.gz",
                               .named_by_begin = true,
                               .preamble = kPreamble,
                               .gzip = true,
                               .writers = {{.account = logging.account, .by_acl = true}},
                               .source_arn = distribution.arn,
                               .source_account = logging.account};
}

// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
void append_log_encoded(std::string& line, std::string_view text) {
  static constexpr std::string_view kEncoded = "\"#%<>[\\]^`{|}~";
  static constexpr char kHex[] = "0123456789ABCDEF";
  if (text.empty()) line.append(kNone);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 32 && byte < 127 && kEncoded.find(c) == std::string_view::npos) {
      line.push_back(c);
    } else {
      line.push_back('%');
      line.push_back(kHex[byte >> 4]);
      line.push_back(kHex[byte & 15]);
    }
  }
}

void append_standard_log(std::string& line, const proxy::Transaction& transaction,
                         const DistributionSnapshot& distribution, Timestamp now) {
  const http1::RequestHead& head = transaction.head();
  const proxy::ClientInfo& client = transaction.client();
  const proxy::Decision& decision = transaction.decision();
  const std::string time = format_iso8601({now.unix_seconds() * 1000});  // 2019-12-04T21:02:31Z
  const std::string_view target = head.origin_form();
  const size_t mark = target.find('?');
  const int64_t taken_ns = transaction.finished_ns() - transaction.begun_ns();
  // sc-status 000: the viewer went away before it was answered.
  const bool gone = transaction.outcome() == proxy::Outcome::client_gone;
  const std::string_view classified = transaction.status() == 0 ? "Error" : result_type(decision);
  const std::string_view result = gone ? "Error" : classified;

  line.append(time, 0, 10).append("\t").append(time, 11, 8);
  add(line, kPop);
  add_number(line, transaction.bytes_sent());
  add(line, client.address);
  add_encoded(line, head.method());
  add(line, distribution.domain);
  add_encoded(line, target.substr(0, mark));
  if (transaction.status() == 0)
    add(line, "000");
  else
    add_number(line, static_cast<uint64_t>(transaction.status()));
  add_encoded(line, head.get(http1::FieldId::referer));
  add_encoded(line, head.get(http1::FieldId::user_agent));
  add_encoded(line, mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1));
  add_encoded(line, distribution.logging.include_cookies ? cookies(head) : std::string());
  add(line, result);
  add(line, answer_field(decision, "x-amz-cf-id"));
  add_encoded(line, head.authority());
  add(line, client.tls ? "https" : "http");
  add_number(line, transaction.bytes_received());
  add_seconds(line, taken_ns);
  add_encoded(line, head.get(http1::FieldId::x_forwarded_for));
  add(line, client.tls_version);
  add(line, client.tls_cipher);
  add(line, classified);
  add(line, protocol_version(transaction));
  add(line, kNone);  // field-level encryption: there is none
  add(line, kNone);
  add_number(line, client.port);
  add_seconds(line,
              transaction.replied_ns() == 0 ? taken_ns : transaction.replied_ns() - transaction.begun_ns());
  add(line, gone ? "ClientCommError" : result);
  add_encoded(line, content_type(decision));
  add(line, transaction.status() == 0 ? "" : content_length(transaction));
  add_range(line, answer_field(decision, "content-range"));
}

}  // namespace landfall::cloudfront
