#include "codec/http1_field.h"

#include <algorithm>
#include <array>

namespace landfall::http1 {
namespace {

constexpr std::array<bool, 256> kTokenCharacters = [] {
  std::array<bool, 256> table{};
  for (char c = '0'; c <= '9'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (char c = 'a'; c <= 'z'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (char c : {'!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~'})
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_value_character(unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7f); }

// Of eight characters, none is a control character.
bool all_printable(uint64_t word) {
  using ascii_detail::any_below;
  return !any_below(word, 0x20) && !any_below(word ^ ascii_detail::kOnes * 0x7f, 1);
}

}  // namespace

// By length first: most names are told apart by it, so that at most four are compared.
FieldId field_id(std::string_view name) {
  const auto is = [name](std::string_view lower) {
    return (name[0] | 0x20) == lower[0] && equals_ignoring_case(name, lower);
  };
  switch (name.size()) {
    case 2:
      return is("te") ? FieldId::te : FieldId::other;
    case 3:
      return is("age") ? FieldId::age : FieldId::other;
    case 4:
      if (is("host")) return FieldId::host;
      if (is("date")) return FieldId::date;
      return is("etag") ? FieldId::etag : FieldId::other;
    case 5:
      return is("range") ? FieldId::range : FieldId::other;
    case 6:
      if (is("cookie")) return FieldId::cookie;
      if (is("server")) return FieldId::server;
      if (is("expect")) return FieldId::expect;
      return is("origin") ? FieldId::origin : FieldId::other;
    case 7:
      if (is("upgrade")) return FieldId::upgrade;
      if (is("referer")) return FieldId::referer;
      return is("trailer") ? FieldId::trailer : FieldId::other;
    case 8:
      return is("location") ? FieldId::location : FieldId::other;
    case 10:
      if (is("connection")) return FieldId::connection;
      if (is("user-agent")) return FieldId::user_agent;
      if (is("set-cookie")) return FieldId::set_cookie;
      return is("keep-alive") ? FieldId::keep_alive : FieldId::other;
    case 12:
      return is("content-type") ? FieldId::content_type : FieldId::other;
    case 13:
      if (is("cache-control")) return FieldId::cache_control;
      return is("authorization") ? FieldId::authorization : FieldId::other;
    case 14:
      if (is("content-length")) return FieldId::content_length;
      return is("http2-settings") ? FieldId::http2_settings : FieldId::other;
    case 15:
      if (is("x-forwarded-for")) return FieldId::x_forwarded_for;
      if (is("x-amzn-trace-id")) return FieldId::x_amzn_trace_id;
      return is("accept-encoding") ? FieldId::accept_encoding : FieldId::other;
    case 16:
      if (is("x-forwarded-port")) return FieldId::x_forwarded_port;
      return is("proxy-connection") ? FieldId::proxy_connection : FieldId::other;
    case 17:
      if (is("transfer-encoding")) return FieldId::transfer_encoding;
      return is("x-forwarded-proto") ? FieldId::x_forwarded_proto : FieldId::other;
    case 18:
      return is("proxy-authenticate") ? FieldId::proxy_authenticate : FieldId::other;
    case 19:
      return is("proxy-authorization") ? FieldId::proxy_authorization : FieldId::other;
    default:
      return FieldId::other;
  }
}

bool is_token(std::string_view text) {
  for (unsigned char c : text)
    if (!kTokenCharacters[c]) return false;
  return !text.empty();
}

bool is_field_value(std::string_view text) {
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8)
    if (!all_printable(ascii_detail::load(text.data() + at, 8)) &&
        !std::ranges::all_of(text.substr(at, 8), is_value_character))
      return false;
  return std::ranges::all_of(text.substr(at), is_value_character);
}

std::string_view trim_ows(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view next_list_element(std::string_view& list) {
  while (!list.empty()) {
    const size_t comma = list.find(',');
    const std::string_view element = trim_ows(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    if (!element.empty()) return element;
  }
  return {};
}

bool list_has(std::string_view list, std::string_view lower_token) {
  for (std::string_view element = next_list_element(list); !element.empty();
       element = next_list_element(list))
    if (equals_ignoring_case(element, lower_token)) return true;
  return false;
}

bool is_hop_by_hop(FieldId id) {
  switch (id) {
    case FieldId::connection:
    case FieldId::http2_settings:
    case FieldId::keep_alive:
    case FieldId::proxy_authenticate:
    case FieldId::proxy_authorization:
    case FieldId::proxy_connection:
    case FieldId::te:
    case FieldId::trailer:
    case FieldId::transfer_encoding:
    case FieldId::upgrade:
      return true;
    default:
      return false;
  }
}

}  // namespace landfall::http1
