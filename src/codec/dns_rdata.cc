#include "codec/dns_rdata.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <vector>

#include "base/encoding.h"

namespace landfall::dns {
namespace {

constexpr size_t kMaxCharacterString = 255;  // RFC 1035 section 3.3
constexpr size_t kMaxTextBytes = 4000;       // AWS: the value of a TXT record

void put16(std::string& out, uint32_t v) {
  out += static_cast<char>(v >> 8);
  out += static_cast<char>(v);
}
void put32(std::string& out, uint32_t v) {
  put16(out, v >> 16);
  put16(out, v & 0xffff);
}
uint32_t get16(std::string_view s, size_t at) {
  return static_cast<uint32_t>(static_cast<uint8_t>(s[at])) << 8 | static_cast<uint8_t>(s[at + 1]);
}
uint32_t get32(std::string_view s, size_t at) { return get16(s, at) << 16 | get16(s, at + 2); }

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  for (size_t i = 0; i < text.size();) {
    const size_t start = text.find_first_not_of(" \t", i);
    if (start == std::string_view::npos) break;
    const size_t end = std::min(text.find_first_of(" \t", start), text.size());
    out.push_back(text.substr(start, end - start));
    i = end;
  }
  return out;
}

Result<uint32_t> number(std::string_view text, uint64_t maximum) {
  uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size() || text.empty() || value > maximum) {
    return fail(fmt::format("'{}' is not a number from 0 to {}", text, maximum));
  }
  return static_cast<uint32_t>(value);
}

template <size_t Bytes>
Result<std::string> address(int family, std::string_view text, const char* complaint) {
  char bytes[Bytes];
  if (inet_pton(family, std::string(text).c_str(), bytes) != 1) return fail(complaint);
  return std::string(bytes, Bytes);
}

Result<std::string> one_name(std::string_view text) {
  LF_TRY(Name name, Name::from_text(text));
  return std::string(name.wire());
}

int octal_digit(char c) { return c >= '0' && c <= '7' ? c - '0' : -1; }

// One <character-string> at `i` of `text`: "quoted" with \" \\ and \ooo, or a bare word.
Result<std::string> character_string(std::string_view text, size_t& i) {
  const bool quoted = text[i] == '"';
  if (quoted) ++i;
  std::string out;
  while (true) {
    if (i == text.size()) {
      if (quoted) return fail("a quoted string is not closed: missing \"");
      break;
    }
    char c = text[i];
    if (quoted ? c == '"' : (c == ' ' || c == '\t')) {
      if (quoted) ++i;
      break;
    }
    if (!quoted && c == '"') return fail("a quote stands inside an unquoted string");
    ++i;
    if (c == '\\') {
      if (i == text.size()) return fail("a value ends with a backslash");
      if (i + 2 < text.size() && octal_digit(text[i]) >= 0 && octal_digit(text[i + 1]) >= 0 &&
          octal_digit(text[i + 2]) >= 0) {
        const int value = octal_digit(text[i]) * 64 + octal_digit(text[i + 1]) * 8 + octal_digit(text[i + 2]);
        if (value > 255) return fail("an octal escape is above \\377");
        c = static_cast<char>(value);
        i += 3;
      } else {
        c = text[i++];
      }
    }
    out += c;
  }
  if (out.size() > kMaxCharacterString) return fail("CharacterStringTooLong (Value is too long) encountered");
  return out;
}

Result<std::string> text_strings(std::string_view text) {
  std::string out;
  size_t i = text.find_first_not_of(" \t");
  if (i == std::string_view::npos) return fail("a value is empty");
  while (i < text.size()) {
    LF_TRY(std::string part, character_string(text, i));
    out += static_cast<char>(part.size());
    out += part;
    i = std::min(text.find_first_not_of(" \t", i), text.size());
  }
  if (out.size() > kMaxTextBytes) return fail("a value is longer than 4000 characters");
  return out;
}

Result<std::string> mx(std::string_view text) {
  const auto w = words(text);
  if (w.size() != 2) return fail("an MX value is '[priority] [mail server host name]'");
  LF_TRY(uint32_t priority, number(w[0], 65535));
  LF_TRY(std::string name, one_name(w[1]));
  std::string out;
  put16(out, priority);
  return out + name;
}

Result<std::string> srv(std::string_view text) {
  const auto w = words(text);
  if (w.size() != 4) return fail("an SRV value is '[priority] [weight] [port] [server host name]'");
  std::string out;
  for (int i = 0; i < 3; ++i) {
    LF_TRY(uint32_t value, number(w[i], 65535));
    put16(out, value);
  }
  LF_TRY(std::string name, one_name(w[3]));
  return out + name;
}

Result<std::string> soa(std::string_view text) {
  const auto w = words(text);
  if (w.size() != 7) return fail("an SOA value has seven fields");
  LF_TRY(Name primary, Name::from_text(w[0]));
  LF_TRY(Name mailbox, Name::from_text(w[1]));
  uint32_t v[5];
  for (int i = 0; i < 5; ++i) {
    LF_TRY(v[i], number(w[2 + i], 0xffffffff));
  }
  return soa_rdata(primary, mailbox, v[0], v[1], v[2], v[3], v[4]);
}

// RFC 8659 section 4.1.
Result<std::string> caa(std::string_view text) {
  const auto w = words(text);
  if (w.size() < 3) return fail("a CAA value is '[flags] [tag] \"[value]\"'");
  LF_TRY(uint32_t flags, number(w[0], 255));
  for (char c : w[1]) {
    if (!isalnum(static_cast<unsigned char>(c))) return fail("a CAA tag is letters and digits");
  }
  if (w[1].size() > 255) return fail("a CAA tag is too long");
  size_t i = static_cast<size_t>(w[2].data() - text.data());
  if (text[i] != '"') return fail("a CAA value stands in quotes");
  LF_TRY(std::string value, character_string(text, i));
  if (text.find_first_not_of(" \t", i) != std::string_view::npos)
    return fail("a CAA value has too many fields");
  std::string out;
  out += static_cast<char>(flags);
  out += static_cast<char>(w[1].size());
  out += w[1];
  return out + value;
}

// RFC 3403 section 4.1.
Result<std::string> naptr(std::string_view text) {
  const auto w = words(text);
  if (w.size() < 6) return fail("an NAPTR value has six fields");
  std::string out;
  for (int i = 0; i < 2; ++i) {
    LF_TRY(uint32_t value, number(w[i], 65535));
    put16(out, value);
  }
  size_t i = static_cast<size_t>(w[2].data() - text.data());
  for (int k = 0; k < 3; ++k) {
    if (i >= text.size() || text[i] != '"')
      return fail("an NAPTR flag, service and regular expression stand in quotes");
    LF_TRY(std::string part, character_string(text, i));
    out += static_cast<char>(part.size());
    out += part;
    i = std::min(text.find_first_not_of(" \t", i), text.size());
  }
  LF_TRY(std::string name, one_name(text.substr(i)));
  return out + name;
}

// RFC 4034 section 5.3.
Result<std::string> ds(std::string_view text) {
  const auto w = words(text);
  if (w.size() != 4) return fail("a DS value is '[key tag] [algorithm] [digest type] [digest]'");
  LF_TRY(uint32_t tag, number(w[0], 65535));
  LF_TRY(uint32_t algorithm, number(w[1], 255));
  LF_TRY(uint32_t digest_type, number(w[2], 255));
  LF_TRY(std::string digest, from_hex(w[3]));
  std::string out;
  put16(out, tag);
  out += static_cast<char>(algorithm);
  out += static_cast<char>(digest_type);
  return out + digest;
}

// Takes the name at the front of `rdata`; empty if there is none.
std::string_view take_name(std::string_view& rdata) {
  size_t at = 0;
  while (at < rdata.size() && rdata[at] != 0) at += 1 + static_cast<uint8_t>(rdata[at]);
  if (at >= rdata.size() || at >= kMaxNameBytes) return {};
  std::string_view name = rdata.substr(0, at + 1);
  rdata.remove_prefix(at + 1);
  return name;
}

std::string quoted(std::string_view bytes) {
  std::string out = "\"";
  for (unsigned char c : bytes) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c < 0x20 || c > 0x7e) {
      out += fmt::format("\\{:03o}", c);
    } else {
      out += static_cast<char>(c);
    }
  }
  return out + '"';
}

// The text of each type, or nothing if the data is not of it.
std::string known_to_text(Type type, std::string_view rdata) {
  switch (type) {
    case Type::A:
    case Type::AAAA: {
      char text[INET6_ADDRSTRLEN];
      const int family = type == Type::A ? AF_INET : AF_INET6;
      if (rdata.size() != (type == Type::A ? 4u : 16u)) return {};
      return inet_ntop(family, rdata.data(), text, sizeof text);
    }
    case Type::NS:
    case Type::CNAME:
    case Type::PTR: {
      const std::string_view name = take_name(rdata);
      return name.empty() ? std::string() : to_text(name);
    }
    case Type::MX: {
      if (rdata.size() < 3) return {};
      const uint32_t priority = get16(rdata, 0);
      rdata.remove_prefix(2);
      const std::string_view name = take_name(rdata);
      return name.empty() ? std::string() : fmt::format("{} {}", priority, to_text(name));
    }
    case Type::SRV: {
      if (rdata.size() < 7) return {};
      std::string head = fmt::format("{} {} {} ", get16(rdata, 0), get16(rdata, 2), get16(rdata, 4));
      rdata.remove_prefix(6);
      const std::string_view name = take_name(rdata);
      return name.empty() ? std::string() : head + to_text(name);
    }
    case Type::SOA: {
      const std::string_view primary = take_name(rdata);
      const std::string_view mailbox = primary.empty() ? primary : take_name(rdata);
      if (mailbox.empty() || rdata.size() != 20) return {};
      return fmt::format("{} {} {} {} {} {} {}", to_text(primary), to_text(mailbox), get32(rdata, 0),
                         get32(rdata, 4), get32(rdata, 8), get32(rdata, 12), get32(rdata, 16));
    }
    case Type::TXT:
    case Type::SPF:
    case Type::HINFO: {
      std::string out;
      while (!rdata.empty()) {
        const size_t length = static_cast<uint8_t>(rdata[0]);
        if (rdata.size() < 1 + length) return {};
        if (!out.empty()) out += ' ';
        out += quoted(rdata.substr(1, length));
        rdata.remove_prefix(1 + length);
      }
      return out;
    }
    case Type::CAA: {
      if (rdata.size() < 2 || rdata.size() < 2u + static_cast<uint8_t>(rdata[1])) return {};
      const size_t tag = static_cast<uint8_t>(rdata[1]);
      return fmt::format("{} {} {}", static_cast<uint8_t>(rdata[0]), rdata.substr(2, tag),
                         quoted(rdata.substr(2 + tag)));
    }
    case Type::DS:
      if (rdata.size() < 4) return {};
      return fmt::format("{} {} {} {}", get16(rdata, 0), static_cast<uint8_t>(rdata[2]),
                         static_cast<uint8_t>(rdata[3]), to_hex(rdata.substr(4)));
    default:
      return {};
  }
}

}  // namespace

Result<std::string> rdata_from_text(Type type, std::string_view text) {
  switch (type) {
    case Type::A:
      return address<4>(AF_INET, text, "Value is not a valid IPv4 address");
    case Type::AAAA:
      return address<16>(AF_INET6, text, "Value is not a valid IPv6 address");
    case Type::NS:
    case Type::CNAME:
    case Type::PTR:
      return one_name(text);
    case Type::MX:
      return mx(text);
    case Type::SRV:
      return srv(text);
    case Type::SOA:
      return soa(text);
    case Type::TXT:
    case Type::SPF:
      return text_strings(text);
    case Type::CAA:
      return caa(text);
    case Type::NAPTR:
      return naptr(text);
    case Type::DS:
      return ds(text);
    default:
      return fail("this record type has no text form here");
  }
}

std::string rdata_to_text(Type type, std::string_view rdata) {
  std::string text = known_to_text(type, rdata);
  return !text.empty() ? text : fmt::format("\\# {} {}", rdata.size(), to_hex(rdata));
}

std::string soa_rdata(const Name& primary, const Name& mailbox, uint32_t serial, uint32_t refresh,
                      uint32_t retry, uint32_t expire, uint32_t minimum) {
  std::string out(primary.wire());
  out += mailbox.wire();
  for (uint32_t v : {serial, refresh, retry, expire, minimum}) put32(out, v);
  return out;
}

}  // namespace landfall::dns
