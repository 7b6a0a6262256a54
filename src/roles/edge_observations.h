// EdgeObservations: what edge says back to control. The last document of each (kind, id) is kept, because
// control forgets observations when it restarts and is told all again when it is back; documents of kinds
// that are events (metrics) are not. Any thread may say(); sending happens on the main loop.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "runtime/event_loop.h"

namespace landfall::roles {

enum class Keep : bool { no, yes };

class EdgeObservations {
 public:
  EdgeObservations(EventLoop& main, std::function<void(std::string json)> send)
      : main_(main), send_(std::move(send)) {}

  void say(std::string kind, std::string id, std::string document,
           Keep keep);  // an empty document: it is gone
  void say_all();       // main thread: control has connected

 private:
  void send(const std::string& kind, const std::string& id, const std::string& document);

  EventLoop& main_;
  std::function<void(std::string json)> send_;
  std::map<std::pair<std::string, std::string>, std::string> kept_;  // main thread
};

}  // namespace landfall::roles
