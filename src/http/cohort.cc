#include "http/cohort.h"

#include "http/server_connection.h"

namespace landfall::http {

void Cohort::join(std::shared_ptr<ServerConnection> connection) {
  members_.push_back(std::move(connection));
  if (members_.size() >= kCohortConnections) return run();
  if (posted_) return;
  posted_ = true;
  // A member keeps the context alive, and with it this.
  loop_.post([this, keep = members_.back()] {
    posted_ = false;
    run();
  });
}

void Cohort::run() {
  LF_INVARIANT(running_.empty(), "no handler runs the loop");
  running_.swap(members_);
  for (const auto& connection : running_) connection->take_turn(Output::held);
  for (const auto& connection : running_) connection->take_turn(Output::flows);
  running_.clear();
}

}  // namespace landfall::http
