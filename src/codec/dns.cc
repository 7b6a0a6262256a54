#include "codec/dns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace landfall::dns {
namespace {

constexpr std::pair<Type, std::string_view> kZoneTypes[] = {
    {Type::A, "A"},     {Type::AAAA, "AAAA"}, {Type::CAA, "CAA"}, {Type::CNAME, "CNAME"},
    {Type::DS, "DS"},   {Type::MX, "MX"},     {Type::NS, "NS"},   {Type::NAPTR, "NAPTR"},
    {Type::PTR, "PTR"}, {Type::SOA, "SOA"},   {Type::SPF, "SPF"}, {Type::SRV, "SRV"},
    {Type::TXT, "TXT"},
};

constexpr size_t kOptBytes = 11;        // root name, type, class, ttl, empty rdata
constexpr uint8_t kPointerBits = 0xc0;  // RFC 1035 section 4.1.4
constexpr size_t kMaxPointerOffset = 0x3fff;
// In one name: as many as it can have labels. A long chain of pointers to pointers in each of the thousands
// of records that a TCP message holds would cost its reader tens of milliseconds.
constexpr int kMaxPointers = 127;

// Reads fields one after another; once past the end, `ok` stays false and zeros come out.
struct Reader {
  std::span<const uint8_t> bytes;
  size_t at = 0;
  bool ok = true;
  uint32_t name_steps = 0;

  bool has(size_t n) {
    if (bytes.size() - at < n) ok = false;
    return ok;
  }
  uint8_t u8() { return has(1) ? bytes[at++] : 0; }
  uint16_t u16() {
    if (!has(2)) return 0;
    at += 2;
    return static_cast<uint16_t>(bytes[at - 2] << 8 | bytes[at - 1]);
  }
  uint32_t u32() {
    const uint32_t high = u16();
    return high << 16 | u16();
  }
  std::string_view take(size_t n) {
    if (!has(n)) return {};
    at += n;
    return {reinterpret_cast<const char*>(bytes.data()) + at - n, n};
  }

  // RFC 1035 section 4.1.4. Each pointer must lead below the start of the part it was found in, and not into
  // the header, so that the walk ends.
  Name name() {
    Name out;
    size_t position = at;
    size_t part_start = at;
    int jumps = 0;
    while (ok) {
      if (position >= bytes.size()) {
        ok = false;
        break;
      }
      ++name_steps;
      const uint8_t length = bytes[position];
      if (length == 0) {
        if (jumps == 0) at = position + 1;
        return out;
      }
      if ((length & kPointerBits) == kPointerBits) {
        if (position + 1 >= bytes.size()) break;
        const size_t target = static_cast<size_t>(length & 0x3f) << 8 | bytes[position + 1];
        if (target < kHeaderBytes || target >= part_start || jumps == kMaxPointers) break;
        if (jumps++ == 0) at = position + 2;
        position = part_start = target;
        continue;
      }
      if (length > kMaxLabelBytes || bytes.size() - position - 1 < length) break;
      if (!out.append_label({reinterpret_cast<const char*>(bytes.data()) + position + 1, length})) break;
      position += 1 + length;
    }
    ok = false;
    return {};
  }
};

// How the names in a record's data may be compressed: RFC 3597 section 4 allows it for the types of RFC 1035
// only.
struct NameLayout {
  size_t before = 0;  // octets ahead of the first name
  size_t names = 0;
};

NameLayout compressible_names(Type type) {
  switch (type) {
    case Type::NS:
    case Type::CNAME:
    case Type::PTR:
      return {0, 1};
    case Type::MX:
      return {2, 1};
    case Type::SOA:
      return {0, 2};
    default:
      return {};
  }
}

size_t wire_name_bytes(std::string_view bytes) {
  size_t at = 0;
  while (at < bytes.size() && bytes[at] != 0) at += 1 + static_cast<uint8_t>(bytes[at]);
  return std::min(at + 1, bytes.size());
}

// False: an option reaches beyond the data (RFC 6891 section 6.1.2). What the options say is nothing to us.
bool options_are_whole(std::string_view data) {
  constexpr size_t kOptionHeadBytes = 4;
  while (data.size() >= kOptionHeadBytes) {
    const size_t length =
        static_cast<size_t>(static_cast<uint8_t>(data[2])) << 8 | static_cast<uint8_t>(data[3]);
    if (data.size() - kOptionHeadBytes < length) return false;
    data.remove_prefix(kOptionHeadBytes + length);
  }
  return data.empty();
}

void read_opt(Reader& reader, Query& out) {
  out.has_edns = true;
  out.udp_bytes = std::max<uint16_t>(reader.u16(), kPlainUdpBytes);  // RFC 6891 section 6.2.3
  reader.u8();  // the upper bits of an rcode: none in a query
  out.edns_version = reader.u8();
  out.dnssec_ok = (reader.u16() & 0x8000) != 0;
  if (!options_are_whole(reader.take(reader.u16()))) reader.ok = false;
}

void skip_record(Reader& reader) {  // from its class on
  reader.take(6);                   // class, ttl
  reader.take(reader.u16());
}

}  // namespace

std::optional<Type> type_from_name(std::string_view name) {
  for (const auto& [type, text] : kZoneTypes) {
    if (text == name) return type;
  }
  return std::nullopt;
}

std::string type_name(Type type) {
  for (const auto& [known, text] : kZoneTypes) {
    if (known == type) return std::string(text);
  }
  if (type == Type::ANY) return "ANY";
  if (type == Type::OPT) return "OPT";
  if (type == Type::HINFO) return "HINFO";
  return fmt::format("TYPE{}", std::to_underlying(type));
}

std::string_view rcode_name(Rcode rcode) {
  switch (rcode) {
    case Rcode::no_error:
      return "NOERROR";
    case Rcode::format_error:
      return "FORMERR";
    case Rcode::server_failure:
      return "SERVFAIL";
    case Rcode::name_error:
      return "NXDOMAIN";
    case Rcode::not_implemented:
      return "NOTIMP";
    case Rcode::refused:
      return "REFUSED";
    case Rcode::bad_version:
      return "BADVERS";
  }
  return "UNKNOWN";
}

namespace {

QueryVerdict read_query(Reader& reader, Query& out) {
  if (reader.bytes.size() < kHeaderBytes) return QueryVerdict::drop;
  out.id = reader.u16();
  const uint16_t flags = reader.u16();
  if (flags & 0x8000) return QueryVerdict::drop;  // QR: a response
  out.opcode = flags >> 11 & 0xf;
  out.recursion_desired = (flags & 0x0100) != 0;
  out.checking_disabled = (flags & 0x0010) != 0;
  const uint16_t questions = reader.u16(), answers = reader.u16(), authorities = reader.u16(),
                 additionals = reader.u16();
  if (out.opcode != 0)
    return QueryVerdict::ok;  // the caller answers NOTIMP; other opcodes fill sections as they like
  // RFC 9619: a query has one question. Answers in a query mean nothing to us.
  if (questions != 1 || answers != 0) return QueryVerdict::format_error;

  out.name = reader.name();
  out.type = static_cast<Type>(reader.u16());
  out.klass = reader.u16();
  if (!reader.ok) return QueryVerdict::format_error;
  out.has_question = true;
  out.lower_name = out.name.lower();

  // RFC 1995 section 3: who asks for a transfer's difference says in authority what it has.
  if (authorities != 0 && out.type != Type::IXFR) return QueryVerdict::format_error;
  for (int i = 0; i < authorities && reader.ok; ++i) {
    reader.name();
    reader.u16();
    skip_record(reader);
  }
  for (int i = 0; i < additionals; ++i) {
    const Name owner = reader.name();
    const auto type = static_cast<Type>(reader.u16());
    if (reader.ok && type == Type::OPT) {
      // RFC 6891 section 6.1.1: at most one, owned by the root.
      if (out.has_edns || !is_root(owner.wire())) return QueryVerdict::format_error;
      read_opt(reader, out);
    } else {
      skip_record(reader);
    }
    if (!reader.ok) break;
  }
  // Octets behind the last record are a message that was not understood.
  if (reader.ok && reader.at == reader.bytes.size()) return QueryVerdict::ok;
  out.has_edns = false;
  return QueryVerdict::format_error;
}

}  // namespace

QueryVerdict parse_query(std::span<const uint8_t> bytes, Query& out) {
  out = {};
  Reader reader{bytes};
  const QueryVerdict verdict = read_query(reader, out);
  out.name_steps = reader.name_steps;
  return verdict;
}

MessageWriter::MessageWriter(std::span<uint8_t> buffer, size_t limit)
    : buffer_(buffer), limit_(std::min(buffer.size(), limit)) {}

void MessageWriter::u16(uint16_t v) {
  u8(static_cast<uint8_t>(v >> 8));
  u8(static_cast<uint8_t>(v));
}

void MessageWriter::u32(uint32_t v) {
  u16(static_cast<uint16_t>(v >> 16));
  u16(static_cast<uint16_t>(v));
}

void MessageWriter::begin_response(const Query& query, const ResponseHeader& header) {
  LF_INVARIANT(limit_ >= kPlainUdpBytes, "a response needs room for 512 octets");
  const auto rcode = std::to_underlying(header.rcode);
  u16(query.id);
  // RFC 4035: a resolver copies CD (section 3.2.2), an authoritative server clears it (section 3.1.6).
  const bool checking_disabled = query.checking_disabled && header.recursion_available;
  u16(static_cast<uint16_t>(0x8000 | query.opcode << 11 | (header.authoritative ? 0x0400 : 0) |
                            (query.recursion_desired ? 0x0100 : 0) |
                            (header.recursion_available ? 0x0080 : 0) | (checking_disabled ? 0x0010 : 0) |
                            (rcode & 0xf)));
  size_ = kHeaderBytes;  // the counts come with finish()
  if (query.has_question) {
    name(query.name.wire());
    u16(std::to_underlying(query.type));
    u16(query.klass);
    counts_[0] = 1;
  }
  if (query.has_edns) {
    edns_ = true;
    edns_rcode_ = static_cast<uint8_t>(rcode >> 4);
    edns_dnssec_ok_ = query.dnssec_ok;
    limit_ -= kOptBytes;
  }
}

void MessageWriter::begin_query(uint16_t id, const Name& question, Type type) {
  LF_INVARIANT(limit_ >= kPlainUdpBytes, "a query needs room for 512 octets");
  u16(id);
  u16(0x0100);
  size_ = kHeaderBytes;
  name(question.wire());
  u16(std::to_underlying(type));
  u16(kClassIn);
  counts_[0] = 1;
}

bool MessageWriter::raw(std::string_view bytes) {
  if (!has_room(bytes.size())) return false;
  std::memcpy(buffer_.data() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
  return true;
}

bool MessageWriter::name_at_equals(size_t offset, std::string_view wire) const {
  // Follows only what this writer wrote, so bounds and pointers are sound.
  while (true) {
    uint8_t length = buffer_[offset];
    while ((length & kPointerBits) == kPointerBits) {
      offset = static_cast<size_t>(length & 0x3f) << 8 | buffer_[offset + 1];
      length = buffer_[offset];
    }
    if (length != static_cast<uint8_t>(wire[0])) return false;
    if (length == 0) return true;
    const std::string_view label(reinterpret_cast<const char*>(buffer_.data()) + offset + 1, length);
    if (!equal_ignoring_case(label, first_label(wire))) return false;
    offset += 1 + length;
    wire = parent(wire);
  }
}

std::optional<uint16_t> MessageWriter::find_name(std::string_view wire) const {
  for (size_t i = 0; i < name_count_; ++i) {
    if (name_at_equals(names_[i], wire)) return names_[i];
  }
  return std::nullopt;
}

bool MessageWriter::name(std::string_view wire) {
  // Names already in the message are looked for before this one is remembered: it must not match itself
  // ("a.a").
  std::string_view tail = wire;
  std::optional<uint16_t> pointer;
  while (!is_root(tail) && !(pointer = find_name(tail))) tail = parent(tail);

  const size_t start = size_;
  const std::string_view head = wire.substr(0, wire.size() - tail.size());
  if (!has_room(head.size() + (pointer ? 2 : 1))) return false;
  raw(head);
  if (pointer) {
    u16(static_cast<uint16_t>(kPointerBits << 8 | *pointer));
  } else {
    u8(0);
  }
  for (size_t at = 0; at < head.size(); at += 1 + static_cast<uint8_t>(head[at])) {
    if (name_count_ == kMaxRememberedNames || start + at > kMaxPointerOffset) break;
    names_[name_count_++] = static_cast<uint16_t>(start + at);
  }
  return true;
}

bool MessageWriter::rdata_of(Type type, std::string_view rdata) {
  NameLayout layout = compressible_names(type);
  if (!raw(rdata.substr(0, layout.before))) return false;
  rdata.remove_prefix(layout.before);
  for (; layout.names > 0; --layout.names) {
    const size_t bytes = wire_name_bytes(rdata);
    if (!name(rdata.substr(0, bytes))) return false;
    rdata.remove_prefix(bytes);
  }
  return raw(rdata);
}

bool MessageWriter::record(Section section, std::string_view owner, Type type, uint32_t ttl,
                           std::string_view rdata) {
  const Mark before = mark();
  bool written = name(owner) && has_room(10);
  if (written) {
    u16(std::to_underlying(type));
    u16(kClassIn);
    u32(ttl);
    const size_t length_at = size_;
    u16(0);
    written = rdata_of(type, rdata);
    const size_t length = size_ - length_at - 2;
    buffer_[length_at] = static_cast<uint8_t>(length >> 8);
    buffer_[length_at + 1] = static_cast<uint8_t>(length);
  }
  if (!written) {
    roll_back(before);
    return false;
  }
  ++counts_[1 + static_cast<size_t>(section)];
  return true;
}

MessageWriter::Mark MessageWriter::mark() const { return {size_, name_count_, counts_}; }

void MessageWriter::roll_back(const Mark& mark) {
  size_ = mark.size;
  name_count_ = mark.names;
  counts_ = mark.counts;
}

void MessageWriter::set_truncated() { buffer_[2] |= 0x02; }

size_t MessageWriter::finish() {
  if (edns_) {
    limit_ += kOptBytes;
    u8(0);
    u16(std::to_underlying(Type::OPT));
    u16(kMaxUdpBytes);
    u8(edns_rcode_);
    u8(0);                              // version
    u16(edns_dnssec_ok_ ? 0x8000 : 0);  // RFC 3225 section 3: DO is copied
    u16(0);
    ++counts_[3];
    edns_ = false;
  }
  for (size_t i = 0; i < counts_.size(); ++i) {
    buffer_[4 + 2 * i] = static_cast<uint8_t>(counts_[i] >> 8);
    buffer_[5 + 2 * i] = static_cast<uint8_t>(counts_[i]);
  }
  return size_;
}

namespace {

std::string uncompressed_rdata(Reader& reader, Type type, size_t length) {
  const size_t end = reader.at + length;
  NameLayout layout = compressible_names(type);
  if (layout.names == 0) return std::string(reader.take(length));
  std::string out(reader.take(layout.before));
  for (; layout.names > 0 && reader.ok; --layout.names) out += reader.name().wire();
  if (!reader.ok || reader.at > end) {
    reader.ok = false;
    return {};
  }
  out += reader.take(end - reader.at);
  return out;
}

}  // namespace

Result<Message> parse_message(std::span<const uint8_t> bytes) {
  Message out;
  Reader reader{bytes};
  out.id = reader.u16();
  const uint16_t flags = reader.u16();
  out.response = (flags & 0x8000) != 0;
  out.authoritative = (flags & 0x0400) != 0;
  out.truncated = (flags & 0x0200) != 0;
  out.recursion_desired = (flags & 0x0100) != 0;
  out.recursion_available = (flags & 0x0080) != 0;
  out.rcode = static_cast<Rcode>(flags & 0xf);
  std::array<uint16_t, 4> counts{};
  for (uint16_t& count : counts) count = reader.u16();
  if (!reader.ok || counts[0] > 1) return fail("DNS message: bad header");
  if (counts[0] == 1) {
    out.question = reader.name();
    out.question_type = static_cast<Type>(reader.u16());
    reader.u16();
  }
  for (int section = 0; section < 3; ++section) {
    for (int i = 0; i < counts[1 + section] && reader.ok; ++i) {
      Record record{.section = static_cast<Section>(section)};
      record.owner = reader.name();
      record.type = static_cast<Type>(reader.u16());
      record.klass = reader.u16();
      record.ttl = reader.u32();
      const uint16_t length = reader.u16();
      if (reader.has(length)) record.rdata = uncompressed_rdata(reader, record.type, length);
      if (reader.ok && record.type == Type::OPT) {
        out.rcode = static_cast<Rcode>((flags & 0xf) | (record.ttl >> 24 << 4));
      }
      out.records.push_back(std::move(record));
    }
  }
  if (!reader.ok) return fail("DNS message: cut short, or a bad name");
  return out;
}

}  // namespace landfall::dns
