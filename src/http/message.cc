#include "http/message.h"

#include <algorithm>

namespace landfall::http {

namespace {

constexpr std::string_view kColon = ": ", kEnd = "\r\n";

bool is_breaking(char c) { return c == '\r' || c == '\n' || c == '\0'; }

// CR, LF and NUL are below 0x10, and hardly anything else is.
void replace_breaking(std::string& text, size_t from) {
  if (has_byte_below(std::string_view(text).substr(from), 0x10))
    std::replace_if(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), is_breaking, ' ');
}

}  // namespace

void append_field(std::string& out, std::string_view name, std::string_view value) {
  const size_t from = out.size();
  out.append(name).append(kColon).append(value);
  replace_breaking(out, from);
  out.append(kEnd);
}

std::optional<std::string_view> Headers::get(std::string_view name) const {
  for (const Line& line : lines_) {
    if (line.name_length != name.size()) continue;
    if (const Header header = at(line); equals_ignoring_case(header.name, name)) return header.value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Headers::get_all(std::string_view name) const {
  std::vector<std::string_view> all;
  for (const Header& header : *this)
    if (equals_ignoring_case(header.name, name)) all.push_back(header.value);
  return all;
}

void Headers::reserve(size_t fields, size_t bytes) {
  lines_.reserve(lines_.size() + fields);
  text_.reserve(text_.size() + bytes + fields * (kColon.size() + kEnd.size()));
}

void Headers::add(std::string_view name, std::string_view value) {
  const size_t from = text_.size(), more = name.size() + kColon.size() + value.size() + kEnd.size();
  std::string old;  // alive until `value` has been copied: it may be a view into it
  if (text_.capacity() - from < more) {
    old.swap(text_);
    text_.reserve(std::max(2 * old.capacity(), from + more));
    text_.append(old);
  }
  append_field(text_, name, value);
  lines_.push_back(
      {static_cast<uint32_t>(from), static_cast<uint32_t>(name.size()), static_cast<uint32_t>(value.size())});
}

void Headers::add_all(const Headers& more) {
  const auto from = static_cast<uint32_t>(text_.size());
  text_.append(more.text_);
  for (const Line& line : more.lines_)
    lines_.push_back({from + line.begin, line.name_length, line.value_length});
}

void Headers::set(std::string_view name, std::string_view value) {
  const std::string kept_name(name), kept_value(value);  // may be views into what goes
  remove(kept_name);
  add(kept_name, kept_value);
}

void Headers::remove(std::string_view name) {
  if (!has(name)) return;
  Headers kept;
  kept.reserve(lines_.size(), text_.size());
  for (const Header& header : *this)
    if (!equals_ignoring_case(header.name, name)) kept.add(header.name, header.value);
  *this = std::move(kept);
}

std::string_view Request::path() const { return std::string_view(target).substr(0, target.find('?')); }

std::string_view Request::query() const {
  const size_t mark = target.find('?');
  return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 460:
      return "Client Closed Connection";
    case 463:
      return "Too Many X-Forwarded-For Addresses";
    case 464:
      return "Incompatible Protocol Versions";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

}  // namespace landfall::http
