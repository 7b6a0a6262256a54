#include "agent/procfile.h"

#include <algorithm>
#include <cctype>

namespace landfall::agent {
namespace {

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool is_name(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
}

}  // namespace

Result<std::map<std::string, std::string>> parse_procfile(std::string_view text) {
  std::map<std::string, std::string> processes;
  int number = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    const size_t colon = line.find(':');
    const std::string_view name = trimmed(line.substr(0, std::min(colon, line.size())));
    const std::string_view command =
        colon == std::string_view::npos ? std::string_view() : trimmed(line.substr(colon + 1));
    if (!is_name(name) || command.empty())
      return fail("Procfile line " + std::to_string(number) + " is not \"name: command\"");
    processes[std::string(name)] = command;
  }
  return processes;
}

}  // namespace landfall::agent
