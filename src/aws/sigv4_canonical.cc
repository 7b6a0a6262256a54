// The canonical request:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#include <algorithm>
#include <array>
#include <vector>

#include "aws/sigv4.h"
#include "aws/sigv4_internal.h"

namespace landfall::aws::sigv4 {
namespace {

using std::string;
using std::string_view;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// RFC 3986 section 2.3: unreserved characters stay, everything else is %XX in upper case.
constexpr bool unreserved(unsigned char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

void append_encoded_byte(string& out, unsigned char c) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  out += '%';
  out += kDigits[c >> 4];
  out += kDigits[c & 15];
}

constexpr auto kStaysInPath = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 256; ++c) table[c] = unreserved(static_cast<unsigned char>(c)) || c == '/';
  return table;
}();

void append_s3_path(string& out, string_view path) {
  for (size_t i = 0; i < path.size(); ++i) {
    const size_t begin = i;
    while (i < path.size() && kStaysInPath[static_cast<unsigned char>(path[i])]) ++i;
    out.append(path, begin, i - begin);
    if (i == path.size()) return;
    unsigned char c = path[i];
    if (c == '%' && i + 2 < path.size() && hex_value(path[i + 1]) >= 0 && hex_value(path[i + 2]) >= 0) {
      c = static_cast<unsigned char>(hex_value(path[i + 1]) << 4 | hex_value(path[i + 2]));
      i += 2;
      // An encoded slash is part of a key's name to S3's signers: they sign keys with '/' unencoded.
    }
    if (unreserved(c) || c == '/')
      out += static_cast<char>(c);
    else
      append_encoded_byte(out, c);
  }
}

void append_standard_path(string& out, string_view path) {
  const size_t start = out.size();
  bool trailing_slash = true;
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const string_view segment = path.substr(0, slash);
    path.remove_prefix(slash == string_view::npos ? path.size() : slash + 1);
    trailing_slash = slash != string_view::npos || segment == "." || segment == "..";
    if (segment.empty() || segment == ".") continue;
    if (segment == "..") {
      const size_t parent = out.rfind('/');
      if (out.size() > start && parent != string::npos && parent >= start) out.resize(parent);
      continue;
    }
    out += '/';
    for (unsigned char c : segment) {
      if (unreserved(c))
        out += static_cast<char>(c);
      else
        append_encoded_byte(out, c);
    }
  }
  if (out.size() == start || trailing_slash) out += '/';
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// A header value without leading and trailing white space, inner runs of white space made one space.
void append_trimmed(string& out, string_view value) {
  if (!has_byte_below(value, ' ' + 1)) {
    out.append(value);
    return;
  }
  const char *at = value.data(), *const end = at + value.size();
  for (bool first = true;; first = false) {
    at = std::find_if_not(at, end, is_space);
    if (at == end) return;
    const char* const word_end = std::find_if(at, end, is_space);
    if (!first) out += ' ';
    out.append(at, word_end);
    at = word_end;
  }
}

void append_header(string& out, const http::Request& request, string_view name) {
  out += name;
  out += ':';
  bool first = true;
  for (const http::Header& header : request.headers) {
    if (!http::equals_ignoring_case(header.name, name)) continue;
    if (!first) out += ',';
    append_trimmed(out, header.value);
    first = false;
  }
  if (first && name == "host") append_trimmed(out, request.authority);
  out += '\n';
}

}  // namespace

void append_encoded(string& out, string_view text) {
  for (unsigned char c : text) {
    if (unreserved(c))
      out += static_cast<char>(c);
    else
      append_encoded_byte(out, c);
  }
}

void append_decoded(string& out, string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+') {
      c = ' ';
    } else if (c == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
               hex_value(text[i + 2]) >= 0) {
      c = static_cast<char>(hex_value(text[i + 1]) << 4 | hex_value(text[i + 2]));
      i += 2;
    }
    out += c;
  }
}

void append_canonical_query(string& out, string_view query, bool presigned) {
  if (query.empty()) return;
  // Encoded names and values live one after another in `text`; only offsets are sorted.
  struct Parameter {
    size_t name, name_end, value_end;
  };
  string text, plain;
  text.reserve(query.size() + 16);
  std::vector<Parameter> parameters;
  while (!query.empty()) {
    const size_t ampersand = query.find('&');
    const string_view pair = query.substr(0, ampersand);
    query.remove_prefix(ampersand == string_view::npos ? query.size() : ampersand + 1);
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    Parameter parameter{text.size(), 0, 0};
    plain.clear();
    append_decoded(plain, pair.substr(0, equals));
    append_encoded(text, plain);
    parameter.name_end = text.size();
    if (equals != string_view::npos) {
      plain.clear();
      append_decoded(plain, pair.substr(equals + 1));
      append_encoded(text, plain);
    }
    parameter.value_end = text.size();
    const string_view name = string_view(text).substr(parameter.name, parameter.name_end - parameter.name);
    if (presigned && name == "X-Amz-Signature") continue;
    parameters.push_back(parameter);
  }
  auto name_of = [&](const Parameter& p) { return string_view(text).substr(p.name, p.name_end - p.name); };
  auto value_of = [&](const Parameter& p) {
    return string_view(text).substr(p.name_end, p.value_end - p.name_end);
  };
  std::ranges::sort(parameters, [&](const Parameter& a, const Parameter& b) {
    const int order = name_of(a).compare(name_of(b));
    return order != 0 ? order < 0 : value_of(a) < value_of(b);
  });
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (i > 0) out += '&';
    out += name_of(parameters[i]);
    out += '=';
    out += value_of(parameters[i]);
  }
}

void append_canonical_request(string& out, const http::Request& request, const CanonicalOptions& options) {
  out += request.method;
  out += '\n';
  if (options.path_style == PathStyle::s3)
    append_s3_path(out, request.path());
  else
    append_standard_path(out, request.path());
  out += '\n';
  append_canonical_query(out, request.query(), options.presigned);
  out += '\n';
  for (string_view rest = options.signed_headers; !rest.empty();) {
    const size_t end = rest.find(';');
    append_header(out, request, rest.substr(0, end));
    rest.remove_prefix(end == string_view::npos ? rest.size() : end + 1);
  }
  out += '\n';
  out += options.signed_headers;
  out += '\n';
  out += options.payload_hash;
}

void append_string_to_sign(string& out, string_view timestamp, const Scope& scope,
                           string_view canonical_request) {
  out.append(kAlgorithm).append("\n").append(timestamp).append("\n");
  append_scope(out, scope);
  out += '\n';
  append_hex(out, sha256(canonical_request));
}

}  // namespace landfall::aws::sigv4
