// The parts of a list in one text: query strings, cookies, fields.
#pragma once

#include <string_view>

namespace landfall::cloudfront {

template <class F>
void split(std::string_view text, char separator, F&& visit) {
  while (!text.empty()) {
    const size_t end = text.find(separator);
    visit(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace landfall::cloudfront
