#include "proxy/worker.h"

#include "proxy/upstream.h"

namespace landfall::proxy {

Worker::Worker(EventLoop& loop) : loop_(loop), turns_(loop), alive_(std::make_shared<bool>()) {
  latest_ns_ = loop_.clock().monotonic_ns();
  schedule_sweep();
}

Worker::~Worker() {
  loop_.cancel(sweep_);
  alive_.reset();
  drained_ = nullptr;
  while (!clients_.empty()) {
    ClientConnection& last = *clients_.back();
    last.close();
    if (!clients_.empty() && clients_.back().get() == &last) clients_.pop_back();
  }
  dead_.clear();
}

void Worker::add_client(std::unique_ptr<ClientConnection> client) {
  client->index_ = clients_.size();
  clients_.push_back(std::move(client));
}

void Worker::remove_client(ClientConnection& client) {
  const size_t index = client.index_;
  LF_INVARIANT(index < clients_.size() && clients_[index].get() == &client);
  auto gone = std::move(clients_[index]);
  if (index + 1 != clients_.size()) {
    clients_[index] = std::move(clients_.back());
    clients_[index]->index_ = index;
  }
  clients_.pop_back();
  if (dead_.empty())
    loop_.post([this, alive = std::weak_ptr(alive_)] {
      if (!alive.expired()) dead_.clear();
    });
  dead_.push_back(std::move(gone));
  tell_drained();
}

void Worker::drain_clients(std::move_only_function<void()> drained) {
  draining_ = true;
  drained_ = std::move(drained);
  for (size_t i = clients_.size(); i-- > 0;)
    if (i < clients_.size()) clients_[i]->drain();
  tell_drained();
}

// Later: it may destroy what is on the stack.
void Worker::tell_drained() {
  if (clients_.empty() && drained_) loop_.post(std::exchange(drained_, nullptr));
}

void Worker::schedule_sweep() {
  sweep_ = loop_.after_ms(kSweepMs, [this] {
    sweep();
    schedule_sweep();
  });
}

// Backwards: a connection that removes itself is replaced by the last one, which has been looked at.
void Worker::sweep() {
  const int64_t now = now_ns();
  for (size_t i = clients_.size(); i-- > 0;)
    if (i < clients_.size()) clients_[i]->check_deadline(now);
  for (size_t i = 0; i < upstreams_.size(); ++i) upstreams_[i]->sweep(now);
}

}  // namespace landfall::proxy
