// Glob: the * and ? of policy language. Compiled patterns mark wildcards with two bytes that no UTF-8 text
// contains, so that a literal * (from ${*} or from a policy variable's value) stays a literal.
#pragma once

#include <string>
#include <string_view>

namespace landfall::aws::policy {

inline constexpr char kAnyRun = '\xff';  // *
inline constexpr char kAnyOne = '\xfe';  // ?, one character (a whole UTF-8 sequence)

enum class Case { sensitive, insensitive };

// Time O(pattern * text) at worst, without recursion; linear for patterns with one *.
bool glob_match(std::string_view pattern, std::string_view text, Case sensitivity);

std::string mark_wildcards(std::string_view text);  // every * and ? becomes its mark

}  // namespace landfall::aws::policy
