// Content: the body of an answer that the site gives: bytes or a file that it shares between all who ask, or
// a source that is still growing. Nothing is copied before the socket where the protocol allows it.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/unique_fd.h"

namespace landfall::proxy {

// A body on its way. One worker's thread. The site calls Later::more() when view() or state() has changed.
class ContentSource {
 public:
  enum class State : uint8_t { more, ended, broken };
  virtual ~ContentSource() = default;
  virtual std::string_view view() = 0;  // what is there and has not been consumed; valid until the next call
  virtual void consume(size_t bytes) = 0;
  virtual State state() const = 0;  // of what follows view()
};

struct Content {
  std::string_view bytes;                 // Decision::keep_alive holds them
  std::shared_ptr<const UniqueFd> file;   // or `length` bytes of it from `offset` on
  std::shared_ptr<ContentSource> source;  // or what comes out of it
  uint64_t offset = 0;
  uint64_t length = 0;
  bool has_length = true;  // false: a source whose end is not known yet

  static Content of(std::string_view bytes) { return {.bytes = bytes, .length = bytes.size()}; }
};

}  // namespace landfall::proxy
