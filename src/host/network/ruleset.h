// Ruleset: what a router's nftables table should contain, as a value; and the transaction that leads from one
// to another. Pure: nothing here talks to the kernel.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace landfall::host {

inline constexpr const char* kTableName = "landfall";  // family ip, in the router's namespace

struct Ruleset {
  struct Set {
    std::string declaration;                      // "type ipv4_addr;"
    std::map<std::string, std::string> elements;  // key -> verdict ("jump x") for a map, "" for a set
    bool is_map = false;
    bool operator==(const Set&) const = default;
  };
  struct Chain {
    std::string hook;  // "type filter hook forward priority filter; policy drop;", empty: a regular chain
    std::vector<std::string> rules;  // in order
    bool operator==(const Chain&) const = default;
  };
  std::map<std::string, Set> sets;  // by name; maps too
  std::map<std::string, Chain> chains;
  bool operator==(const Ruleset&) const = default;
};

// nft commands, run as one atomic transaction, after which a table that was `from` is `to`. Costs what the
// change costs: a membership change is one element. Empty text: no change. `from` empty: the table is made
// first (and replaced, if a previous host left one).
std::string transaction(const Ruleset& from, const Ruleset& to);

}  // namespace landfall::host
