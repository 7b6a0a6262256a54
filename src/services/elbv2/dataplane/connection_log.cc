#include "services/elbv2/dataplane/connection_log.h"

#include "services/elbv2/dataplane/log_text.h"

namespace landfall::elbv2::dataplane {

void append_connection_log(std::string& line, const proxy::ClientInfo& client,
                           const ConnectionLogContext& context) {
  append_time(line, context.now);
  line.append(" ").append(client.address).append(" ");
  append_number(line, client.port);
  line.push_back(' ');
  append_number(line, context.listener_port);
  line.append(" ").append(or_dash(client.tls_version)).append(" ").append(or_dash(client.tls_cipher));
  line.push_back(' ');
  if (context.https && context.handshake_ns)
    append_duration(line, *context.handshake_ns);
  else
    line.push_back('-');
  // The leaf certificate's subject, validity and serial number: nobody is asked for a certificate.
  line.append(" \"-\" - - ");
  // Every failure's code is the one of reasons without a code of their own: those are all about the
  // client's certificate.
  line.append(!context.https ? "-" : context.handshake_ns ? "Success" : "Failed:UnmappedConnectionError");
  line.append(" ").append(or_dash(client.trace_id));
}

}  // namespace landfall::elbv2::dataplane
