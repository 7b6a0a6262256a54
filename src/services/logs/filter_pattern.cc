#include "services/logs/filter_pattern.h"

#include <re2/re2.h>

#include <algorithm>

namespace landfall::logs {
namespace {

bool holds(std::string_view message, std::string_view term) {
  return message.find(term) != std::string_view::npos;
}

// One term from the front of `text`: "..." with \" inside, or up to the next space.
std::string take_term(std::string_view& text) {
  std::string out;
  if (!text.starts_with('"')) {
    const size_t end = std::min(text.find(' '), text.size());
    out = text.substr(0, end);
    text.remove_prefix(end);
    return out;
  }
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    if (text.front() == '\\' && text.size() > 1) text.remove_prefix(1);
    out += text.front();
    text.remove_prefix(1);
  }
  if (!text.empty()) text.remove_prefix(1);
  return out;
}

}  // namespace

Result<FilterPattern> FilterPattern::parse(std::string_view text) {
  FilterPattern out;
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (text.starts_with('{') || text.starts_with('['))
    return fail("Landfall reads filter patterns of terms only, not JSON or space-delimited ones");
  while (!text.empty()) {
    if (text.front() == ' ') {
      text.remove_prefix(1);
    } else if (text.front() == '?' || text.front() == '-') {
      auto& list = text.front() == '?' ? out.any_ : out.none_;
      text.remove_prefix(1);
      list.push_back(take_term(text));
    } else if (text.front() == '%') {
      const size_t end = text.find('%', 1);
      if (end == std::string_view::npos) return fail("a regular expression without its closing %");
      out.expressions_.emplace_back(text.substr(1, end - 1));
      text.remove_prefix(end + 1);
      if (!RE2(out.expressions_.back(), RE2::Quiet).ok())
        return fail("the regular expression is not valid: " + out.expressions_.back());
    } else {
      out.all_.push_back(take_term(text));
    }
  }
  return out;
}

bool FilterPattern::matches(std::string_view message) const {
  const auto found = [&](const std::string& term) { return holds(message, term); };
  if (!std::ranges::all_of(all_, found) || std::ranges::any_of(none_, found)) return false;
  if (!any_.empty() && std::ranges::none_of(any_, found)) return false;
  return std::ranges::all_of(expressions_, [&](const std::string& expression) {
    return RE2::PartialMatch(re2::StringPiece(message.data(), message.size()), RE2(expression, RE2::Quiet));
  });
}

}  // namespace landfall::logs
