// resolve(): the resolver's order of places to look, and the names that are made of addresses.
#include <arpa/inet.h>
#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "services/route53/dataplane/answer.h"
#include "services/route53/dataplane/zone_answer.h"

namespace landfall::route53 {
namespace {

std::string address_rdata(uint32_t address) {
  const uint32_t network = htonl(address);
  return {reinterpret_cast<const char*>(&network), 4};
}

// Splits "10<separator>0<separator>1<separator>5" into an address.
std::optional<uint32_t> dotted(std::string_view text, char separator) {
  uint32_t address = 0;
  for (int i = 0; i < 4; ++i) {
    unsigned octet = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), octet);
    if (code != std::errc{} || octet > 255) return std::nullopt;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    if (i < 3) {
      if (text.empty() || text[0] != separator) return std::nullopt;
      text.remove_prefix(1);
    }
    address = address << 8 | octet;
  }
  return text.empty() ? std::optional(address) : std::nullopt;
}

bool in_networks(const ResolverView& view, uint32_t address) {
  for (const Ipv4Network& network : view.networks) {
    if (network.holds(address)) return true;
  }
  return false;
}

// us-east-1 alone has the short domain (AWS "Amazon EC2 instance hostname types").
std::string private_domain(const ResolverView& view) {
  return view.region == "us-east-1" ? "ec2.internal" : view.region + ".compute.internal";
}

void emit_one(const Lookup& lookup, dns::Type type, std::string rdata, Answer& out) {
  out.records.push_back(
      {dns::Section::answer, lookup.owner, type, kSynthesizedTtl, out.keep(std::move(rdata))});
}

// ip-10-0-1-5.ec2.internal, and 5.1.0.10.in-addr.arpa back. Not of this kind: false.
bool resolve_address_name(const ResolverView& view, const Lookup& lookup, std::string_view text,
                          Answer& out) {
  constexpr std::string_view kReverse = ".in-addr.arpa.";
  if (text.ends_with(kReverse)) {
    const auto reversed = dotted(text.substr(0, text.size() - kReverse.size()), '.');
    if (!reversed) return false;
    const uint32_t address = __builtin_bswap32(*reversed);
    if (!in_networks(view, address)) return false;
    if (lookup.type == dns::Type::PTR) {
      const std::string host = fmt::format("ip-{}-{}-{}-{}.{}", address >> 24, address >> 16 & 255,
                                           address >> 8 & 255, address & 255, private_domain(view));
      emit_one(lookup, dns::Type::PTR, std::string(dns::Name::from_text(host)->wire()), out);
    }
    return true;
  }
  const std::string domain = "." + private_domain(view) + ".";
  if (!text.starts_with("ip-") || !text.ends_with(domain)) return false;
  const auto address = dotted(text.substr(3, text.size() - 3 - domain.size()), '-');
  if (!address || !in_networks(view, *address)) return false;
  if (lookup.type == dns::Type::A) emit_one(lookup, dns::Type::A, address_rdata(*address), out);
  return true;
}

// RFC 6761 section 6.3.
bool resolve_localhost(const Lookup& lookup, std::string_view text, Answer& out) {
  if (text != "localhost." && !text.ends_with(".localhost.")) return false;
  if (lookup.type == dns::Type::A) emit_one(lookup, dns::Type::A, address_rdata(INADDR_LOOPBACK), out);
  return true;
}

// Below these, names belong to resources: one that no resource has does not exist.
bool names_a_resource(std::string_view text) {
  for (std::string_view suffix : {".elb.amazonaws.com.", ".rds.amazonaws.com.", ".cache.amazonaws.com.",
                                  ".compute.amazonaws.com.", ".compute-1.amazonaws.com."}) {
    if (text.ends_with(suffix)) return true;
  }
  return false;
}

// "s3.us-east-1.amazonaws.com", "bucket.s3.amazonaws.com", "bucket.s3-website-us-east-1.amazonaws.com".
bool names_s3(std::string_view text) {
  for (size_t label = 0; label != std::string_view::npos && label < text.size();) {
    const std::string_view rest = text.substr(label);
    if (rest.starts_with("s3.") || rest.starts_with("s3-")) return true;
    const size_t dot = rest.find('.');
    label = dot == std::string_view::npos ? dot : label + dot + 1;
  }
  return false;
}

// A VPC endpoint's addresses for the name: its own entry, or that of "*." and what follows some dot of it.
const std::vector<uint32_t>* endpoint_addresses(const ResolverView& view, std::string_view text) {
  if (view.endpoint_names.empty()) return nullptr;
  if (const auto own = view.endpoint_names.find(text); own != view.endpoint_names.end()) return &own->second;
  for (size_t dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.', dot + 1)) {
    const auto any = view.endpoint_names.find("*" + std::string(text.substr(dot)));
    if (any != view.endpoint_names.end()) return &any->second;
  }
  return nullptr;
}

bool resolve_endpoint(const ResolverView& view, const Lookup& lookup, std::string_view text, Answer& out) {
  if (!text.ends_with(".amazonaws.com.") || names_a_resource(text)) return false;
  if (lookup.type != dns::Type::A) return true;
  if (const auto* own = endpoint_addresses(view, text)) {
    for (const uint32_t address : *own) emit_one(lookup, dns::Type::A, address_rdata(address), out);
    return true;
  }
  const bool s3 = view.s3_address != 0 && names_s3(text);
  emit_one(lookup, dns::Type::A, address_rdata(s3 ? view.s3_address : view.endpoint_address), out);
  return true;
}

// Places that are not zones. True: one of them owns the name, whether or not it has the type.
bool resolve_outside_zones(const ResolverView& view, const Lookup& lookup, Answer& out) {
  if (const NameEntry* entry = view.tables->find_name(lookup.name)) {
    if (!answer_with_name(*entry, lookup, out)) add_negative_soa(lookup.name, out);
    return true;
  }
  const std::string text = dns::to_text(lookup.name);
  return resolve_localhost(lookup, text, out) || resolve_address_name(view, lookup, text, out) ||
         resolve_endpoint(view, lookup, text, out);
}

// Names above those that are made without a table: they exist, with no data.
bool is_above_made_names(const ResolverView& view, std::string_view text) {
  if (text == ".") return true;
  for (const std::string& domain :
       {std::string("amazonaws.com."), std::string("in-addr.arpa."), private_domain(view) + "."}) {
    if (domain == text || domain.ends_with("." + std::string(text))) return true;
  }
  return false;
}

// Of no zone and no place.
void nowhere(const ResolverView& view, const Lookup& lookup, Answer& out) {
  // What a zone cut led to is not here either.
  std::erase_if(out.records, [](const AnswerRecord& r) { return r.section != dns::Section::answer; });
  if (view.tables->is_above_something(lookup.name, view.vpc_id)) return;
  if (!is_above_made_names(view, dns::to_text(lookup.name))) out.rcode = dns::Rcode::name_error;
}

}  // namespace

void resolve(const dns::Query& query, const ResolverView& view, uint64_t random, Answer& out) {
  if (query.klass != dns::kClassIn || query.type == dns::Type::AXFR || query.type == dns::Type::IXFR) {
    out.rcode = dns::Rcode::refused;
    return;
  }
  const AnswerOptions options{random, view.region, view.vpc_id};
  Lookup lookup{*view.tables, options, query.type, query.name.wire(), query.lower_name.wire()};
  for (int hops = 0; hops < kMaxChain; ++hops) {
    const Zone* zone = view.tables->find_private(lookup.name, view.vpc_id);
    if (!zone) {
      if (resolve_outside_zones(view, lookup, out)) return;
      zone = public_zone_of(lookup);
    }
    if (!zone) return nowhere(view, lookup, out);

    std::string_view next;
    const Outcome outcome = answer_in_zone(*zone, lookup, out, next);
    if (outcome == Outcome::delegated) return nowhere(view, lookup, out);
    if (outcome == Outcome::no_name) out.rcode = dns::Rcode::name_error;
    if (outcome == Outcome::no_name || outcome == Outcome::no_data) add_negative_soa(*zone, out);
    if (outcome != Outcome::alias) return;
    if (chain_holds(out, next)) break;
    lookup.owner = next;
    lookup.name = out.keep(dns::to_lower(next));
  }
  // A loop, or a chain too long to follow: the client must not take what was found for all there is.
  out.records.clear();
  out.rcode = dns::Rcode::server_failure;
}

}  // namespace landfall::route53
