// What one zone says to a name and type; used by answer() and resolve().
#pragma once

#include "services/route53/dataplane/answer.h"

namespace landfall::route53 {

enum class Outcome {
  answered,   // records of the type are in the answer
  alias,      // a CNAME is in the answer; `next` is where it leads
  no_data,    // the name exists, the type does not
  no_name,    // NXDOMAIN
  delegated,  // NS and glue of a zone cut are in authority and additional
};

struct Lookup {
  const Tables& tables;
  const AnswerOptions& options;
  dns::Type type;
  std::string_view owner;  // as records of the answer name it
  std::string_view name;   // the same in lower case, at or below the zone's origin
};

// The most specific public zone that answers for the name and type, or nullptr.
const Zone* public_zone_of(const Lookup& lookup);

Outcome answer_in_zone(const Zone& zone, const Lookup& lookup, Answer& out, std::string_view& next);

// A NameEntry's addresses, or those its CNAME leads to within the table. False: none.
bool answer_with_name(const NameEntry& entry, const Lookup& lookup, Answer& out);

// True if the CNAMEs in the answer already led through `name`: to follow it again would go round for ever.
bool chain_holds(const Answer& answer, std::string_view name);

// SOA in authority (RFC 2308 section 3): the zone's, or one made for the domain that a name of AWS's is in.
void add_negative_soa(const Zone& zone, Answer& out);
void add_negative_soa(std::string_view name, Answer& out);

}  // namespace landfall::route53
