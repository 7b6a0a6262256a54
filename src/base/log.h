// Logging: one line a record on stderr: time, role, level, message. Cheap when the level is off.
// Never pass a Secret: it has no formatter, so it does not compile.
#pragma once

#include <fmt/core.h>

#include <string_view>

namespace landfall::log {

enum class Level { debug, info, warn, error };

void init(std::string_view role, Level level);  // once, before threads
bool enabled(Level level);
void write(Level level, std::string_view message);

template <class... A>
void debug(fmt::format_string<A...> f, A&&... a) {
  if (enabled(Level::debug)) write(Level::debug, fmt::format(f, std::forward<A>(a)...));
}
template <class... A>
void info(fmt::format_string<A...> f, A&&... a) {
  if (enabled(Level::info)) write(Level::info, fmt::format(f, std::forward<A>(a)...));
}
template <class... A>
void warn(fmt::format_string<A...> f, A&&... a) {
  if (enabled(Level::warn)) write(Level::warn, fmt::format(f, std::forward<A>(a)...));
}
template <class... A>
void error(fmt::format_string<A...> f, A&&... a) {
  if (enabled(Level::error)) write(Level::error, fmt::format(f, std::forward<A>(a)...));
}

}  // namespace landfall::log
