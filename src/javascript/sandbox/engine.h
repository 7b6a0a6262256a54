// Engine: SpiderMonkey for CloudFront Functions. One thread; one Engine a process.
//
// Invariants: no run sees what another has left: each has a global of its own, in which the function's
// compiled code is evaluated anew. No code is made from text at run time (eval, Function), and none is
// compiled to machine code. A run that uses up its time is stopped by an interrupt, which no script can
// catch.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "javascript/protocol.h"

namespace landfall::javascript {

struct EngineLimits {
  uint32_t heap_bytes = 32 * 1024 * 1024;  // of all that is reachable, and garbage not yet collected
  int64_t run_us = 50'000;                 // CPU time of one run, its evaluation included
  size_t output_bytes = 96 * 1024;
};

class Engine {
 public:
  static std::unique_ptr<Engine> create(const EngineLimits& limits);  // null: SpiderMonkey did not start
  virtual ~Engine() = default;

  virtual Ran load(uint32_t function, std::string_view code) = 0;
  virtual Ran run(uint32_t function, std::string_view event_json) = 0;
  virtual void idle() = 0;  // nobody waits: collect garbage, if there is enough
};

}  // namespace landfall::javascript
