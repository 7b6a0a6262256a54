#include "aws/policy/pattern.h"

namespace landfall::aws::policy {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

Pattern Pattern::compile(std::string_view text, Wildcards wildcards, Variables variables) {
  Pattern pattern;
  pattern.source_ = text;
  auto literal = [&](std::string_view part) {
    return wildcards == Wildcards::yes ? mark_wildcards(part) : std::string(part);
  };
  std::string pending;
  while (!text.empty()) {
    const size_t open = variables == Variables::yes ? text.find("${") : std::string_view::npos;
    const size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) {
      pending += literal(text);
      break;
    }
    pending += literal(text.substr(0, open));
    std::string_view name = trim(text.substr(open + 2, close - open - 2));
    text.remove_prefix(close + 1);
    if (name == "*" || name == "?" || name == "$") {
      pending += name;
      continue;
    }
    std::optional<std::string> fallback;
    if (const size_t comma = name.find(','); comma != std::string_view::npos) {
      std::string_view value = trim(name.substr(comma + 1));
      if (value.size() >= 2 && value.front() == '\'' && value.back() == '\'')
        value = value.substr(1, value.size() - 2);
      fallback = value;
      name = trim(name.substr(0, comma));
    }
    pattern.pieces_.push_back({std::move(pending), std::string(name), std::move(fallback)});
    pending.clear();
  }
  if (pattern.pieces_.empty())
    pattern.marked_ = std::move(pending);
  else
    pattern.pieces_.push_back({std::move(pending), {}, {}});
  return pattern;
}

const std::string* Pattern::expand(const Context& context, std::string& scratch) const {
  if (pieces_.empty()) return &marked_;
  scratch.clear();
  for (const Piece& piece : pieces_) {
    scratch += piece.literal;
    if (piece.variable.empty()) continue;
    const Context::Values values = context.find(piece.variable);
    // A variable needs a single-valued key.
    if (values.is_single()) {
      // Bytes that would act as wildcards cannot come out of a variable.
      if (values.front().find_first_of("\xff\xfe") != std::string_view::npos) return nullptr;
      scratch += values.front();
    } else if (piece.fallback) {
      scratch += *piece.fallback;
    } else {
      return nullptr;
    }
  }
  return &scratch;
}

bool Pattern::matches(std::string_view text, const Context& context, Case sensitivity) const {
  std::string scratch;
  const std::string* pattern = expand(context, scratch);
  return pattern != nullptr && glob_match(*pattern, text, sensitivity);
}

}  // namespace landfall::aws::policy
