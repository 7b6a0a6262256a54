// What edge tells control of a client whose API request it forwards.
#pragma once

#include <cstddef>
#include <string>

namespace landfall {

inline constexpr size_t kMaxApiBodyBytes =
    4 * 1024 * 1024;  // the largest request a service of control takes is ~1 MiB
inline constexpr size_t kMaxApiAnswerBytes = 64 * 1024 * 1024;  // a whole unpaged Describe of a large account
inline constexpr char kPeerHeader[] = "x-landfall-peer";        // carries the PeerHeader as JSON

struct PeerHeader {
  std::string source_ip;
  bool tls = false;
  template <class V>
  void fields(V& v) {
    v("source_ip", source_ip);
    v("tls", tls);
  }
};

}  // namespace landfall
