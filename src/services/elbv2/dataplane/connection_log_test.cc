#include "services/elbv2/dataplane/connection_log.h"

#include <gtest/gtest.h>

namespace landfall::elbv2::dataplane {
namespace {

constexpr Timestamp kSecond{1'696'439'115'514};  // 2023-10-04T17:05:15.514Z

std::string entry(const proxy::ClientInfo& client, ConnectionLogContext context) {
  std::string line;
  context.now = kSecond;
  append_connection_log(line, client, context);
  return line;
}

}  // namespace

TEST(ConnectionLog, OfHttpHasNothingToTellOfTls) {
  EXPECT_EQ(entry({.address = "203.0.113.1", .port = 36280, .trace_id = "TID_1"},
                  {.listener_port = 80, .handshake_ns = 0}),
            "2023-10-04T17:05:15.514000Z 203.0.113.1 36280 80 - - - \"-\" - - - TID_1");
}

TEST(ConnectionLog, OfHttpsTellsProtocolCipherAndHandshake) {
  EXPECT_EQ(
      entry({.address = "203.0.113.1",
             .port = 36280,
             .tls = true,
             .tls_version = "TLSv1.2",
             .tls_cipher = "ECDHE-RSA-AES128-GCM-SHA256",
             .trace_id = "TID_1"},
            {.listener_port = 443, .https = true, .handshake_ns = 4'036'000'000}),
      "2023-10-04T17:05:15.514000Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 4.036 \"-\" - - "
      "Success TID_1");
}

TEST(ConnectionLog, OfAFailedHandshakeSaysSo) {
  EXPECT_EQ(entry({.address = "203.0.113.1", .port = 36280, .trace_id = "TID_1"},
                  {.listener_port = 443, .https = true}),
            "2023-10-04T17:05:15.514000Z 203.0.113.1 36280 443 - - - \"-\" - - "
            "Failed:UnmappedConnectionError TID_1");
}

}  // namespace landfall::elbv2::dataplane
