#include <cerrno>
#include <memory>
#include <string>

#include "base/memory_budget.h"
#include "http/server.h"

namespace landfall::http {

void Exchange::respond_shared(Response head, std::shared_ptr<const void>, std::string_view body) {
  respond(std::move(head), std::string(body));
}

void Exchange::read_whole_body(size_t limit_bytes, std::move_only_function<void(Result<std::string>)> done) {
  struct State {
    std::string body;
    size_t limit;
    std::move_only_function<void(Result<std::string>)> done;
    MemoryBudget::Share share{whole_messages()};
  };
  auto state = std::make_shared<State>();
  state->limit = limit_bytes;
  state->done = std::move(done);
  const auto finish = [state](Result<std::string> result) {
    if (auto done = std::exchange(state->done, nullptr)) done(std::move(result));
  };
  read_body({.on_data =
                 [state, finish](std::string_view data) {
                   if (!state->done) return;  // already too long: dropped
                   if (data.size() > state->limit - state->body.size())
                     finish(fail("the body is longer than " + std::to_string(state->limit) + " bytes"));
                   else if (!state->share.grow(data.size()))
                     finish(fail("too many long bodies are on their way", ENOMEM));
                   else
                     state->body.append(data);
                 },
             .on_end = [state, finish] { finish(std::move(state->body)); },
             .on_error = [finish](Error error) { finish(std::unexpected(std::move(error))); }});
}

}  // namespace landfall::http
