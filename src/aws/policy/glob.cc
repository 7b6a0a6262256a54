#include "aws/policy/glob.h"

#include "base/ascii.h"

namespace landfall::aws::policy {
namespace {

// Bytes of the UTF-8 sequence at the start of `text`; a broken one counts as one byte.
size_t character_bytes(std::string_view text) {
  size_t n = 1;
  while (n < text.size() && n < 4 && (static_cast<unsigned char>(text[n]) & 0xc0) == 0x80) ++n;
  return n;
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view text, Case sensitivity) {
  const bool fold = sensitivity == Case::insensitive;
  size_t p = 0, t = 0;
  // Where to go back to: the last * and how much of the text it has eaten. Earlier stars never need another
  // try.
  size_t star = std::string_view::npos, eaten = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == kAnyRun) {
      star = p++;
      eaten = t;
    } else if (p < pattern.size() && pattern[p] == kAnyOne) {
      t += character_bytes(text.substr(t));
      ++p;
    } else if (p < pattern.size() &&
               (fold ? ascii_lower(pattern[p]) == ascii_lower(text[t]) : pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++eaten;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == kAnyRun) ++p;
  return p == pattern.size();
}

std::string mark_wildcards(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c == '*') c = kAnyRun;
    if (c == '?') c = kAnyOne;
  }
  return out;
}

}  // namespace landfall::aws::policy
