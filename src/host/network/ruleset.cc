#include "host/network/ruleset.h"

namespace landfall::host {

namespace {

using Elements = std::map<std::string, std::string>;

const std::string kTable = std::string("ip ") + kTableName;

// "add element ip landfall NAME { a, b : jump c }", in pieces: one element command of any length is possible,
// but short lines keep error messages readable.
constexpr size_t kElementsPerCommand = 200;

std::string element_commands(const char* verb, const std::string& set, const Elements& elements,
                             bool with_verdict) {
  std::string out;
  size_t count = 0;
  for (const auto& [key, verdict] : elements) {
    if (count % kElementsPerCommand == 0) {
      if (count > 0) out += " }\n";
      out += std::string(verb) + " element " + kTable + " " + set + " { ";
    } else {
      out += ", ";
    }
    out += key;
    if (with_verdict && !verdict.empty()) out += " : " + verdict;
    ++count;
  }
  if (count > 0) out += " }\n";
  return out;
}

// In `a` and not the same in `b`.
Elements difference(const Elements& a, const Elements& b) {
  Elements out;
  for (const auto& [key, value] : a)
    if (auto it = b.find(key); it == b.end() || it->second != value) out.emplace(key, value);
  return out;
}

// Chains first: libnftables gives an interval map its elements, whose verdicts name chains, where the map is
// declared.
std::string declare(const Ruleset& from, const Ruleset& to) {
  std::string out;
  for (const auto& [name, chain] : to.chains)
    if (!from.chains.contains(name))
      out +=
          "add chain " + kTable + " " + name + (chain.hook.empty() ? "" : " { " + chain.hook + " }") + "\n";
  for (const auto& [name, set] : to.sets)
    if (!from.sets.contains(name))
      out += std::string("add ") + (set.is_map ? "map " : "set ") + kTable + " " + name + " { " +
             set.declaration + " }\n";
  return out;
}

std::string change_elements(const Ruleset& from, const Ruleset& to) {
  static const Elements kNone;
  std::string out;
  for (const auto& [name, set] : to.sets) {
    const auto old = from.sets.find(name);
    const Elements& before = old == from.sets.end() ? kNone : old->second.elements;
    out += element_commands("delete", name, difference(before, set.elements), false);
    out += element_commands("add", name, difference(set.elements, before), true);
  }
  return out;
}

std::string change_rules(const Ruleset& from, const Ruleset& to) {
  std::string out;
  for (const auto& [name, chain] : to.chains) {
    const auto old = from.chains.find(name);
    if (old != from.chains.end()) {
      if (old->second.rules == chain.rules) continue;
      out += "flush chain " + kTable + " " + name + "\n";
    }
    for (const std::string& rule : chain.rules) out += "add rule " + kTable + " " + name + " " + rule + "\n";
  }
  return out;
}

// All are emptied before any is deleted: they may refer to each other, a map's verdicts to chains too.
std::string remove_old(const Ruleset& from, const Ruleset& to) {
  std::string flushes, deletions;
  for (const auto& [name, chain] : from.chains) {
    if (to.chains.contains(name)) continue;
    flushes += "flush chain " + kTable + " " + name + "\n";
    deletions += "delete chain " + kTable + " " + name + "\n";
  }
  std::string maps;
  for (const auto& [name, set] : from.sets) {
    if (to.sets.contains(name)) continue;
    if (set.is_map) flushes += "flush map " + kTable + " " + name + "\n";
    maps += std::string("delete ") + (set.is_map ? "map " : "set ") + kTable + " " + name + "\n";
  }
  return flushes + deletions + maps;
}

}  // namespace

std::string transaction(const Ruleset& from, const Ruleset& to) {
  if (from == to) return {};
  std::string out;
  // "add, delete, add": deletes a table that may or may not be there, in the same transaction.
  if (from.chains.empty())
    out = "add table " + kTable + "\ndelete table " + kTable + "\nadd table " + kTable + "\n";
  return out + declare(from, to) + change_elements(from, to) + change_rules(from, to) + remove_old(from, to);
}

}  // namespace landfall::host
