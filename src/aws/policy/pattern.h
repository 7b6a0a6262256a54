// Pattern: a string of a policy, compiled: literal text, wildcards and ${variables}.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/policy/context.h"
#include "aws/policy/glob.h"

namespace landfall::aws::policy {

enum class Wildcards { yes, no };  // whether * and ? mean anything
enum class Variables { yes, no };  // version 2008-10-17 has none: ${x} is text

class Pattern {
 public:
  Pattern() = default;
  static Pattern compile(std::string_view text, Wildcards wildcards, Variables variables);

  const std::string& source() const { return source_; }
  bool is_everything() const { return source_ == "*"; }
  bool has_variables() const { return !pieces_.empty(); }

  // The text with the request's values put in (wildcards marked); nullptr if a variable has neither value nor
  // default: the pattern then matches nothing. The result lives in the pattern or in `scratch`.
  const std::string* expand(const Context& context, std::string& scratch) const;
  bool matches(std::string_view text, const Context& context, Case sensitivity) const;

 private:
  struct Piece {
    std::string literal;   // before the variable, wildcards marked
    std::string variable;  // "aws:username"; empty in the last piece
    std::optional<std::string> fallback;
  };
  std::string source_;         // as written
  std::string marked_;         // if there are no variables
  std::vector<Piece> pieces_;  // if there are
};

}  // namespace landfall::aws::policy
