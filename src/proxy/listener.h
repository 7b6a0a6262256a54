// Listener: accepts connections for one site and makes the right kind of client of each.
#pragma once

#include <memory>

#include "net/stream.h"
#include "proxy/site.h"
#include "proxy/worker.h"

namespace landfall::proxy {

// What the connections of one listener share; lives as long as the last of them.
struct ListenerContext {
  std::shared_ptr<Site> site;
  net::ServerNameChooser chooser;
  net::TlsContext tls;  // null: plain
};

class Listener final : public IoHandler {
 public:
  Listener(Worker& worker, UniqueFd socket, ListenerOptions options);
  ~Listener();
  Result<> start();
  void on_io(uint32_t events) override;

 private:
  void adopt(UniqueFd socket);

  Worker& worker_;
  UniqueFd socket_;
  size_t limit_;
  TimerId pause_ = 0;
  std::shared_ptr<ListenerContext> context_;
};

std::unique_ptr<ClientConnection> make_http1_client(Worker& worker, std::shared_ptr<ListenerContext> context,
                                                    net::Stream stream, ClientInfo info);
std::unique_ptr<ClientConnection> make_http2_client(Worker& worker, std::shared_ptr<ListenerContext> context,
                                                    net::Stream stream, ClientInfo info);

}  // namespace landfall::proxy
