#include "services/elbv2/dataplane/connection_log.h"

#include "services/elbv2/dataplane/log_text.h"

namespace landfall::elbv2::dataplane {

void append_connection_log(std::string& line, const proxy::ClientInfo& client,
                           const ConnectionLogContext& context) {
  TextWriter text(line);
  put_time(text, context.now);
  text.put(' ', client.address, ' ', client.port, ' ', context.listener_port, ' ');
  text.put(or_dash(client.tls_version), ' ', or_dash(client.tls_cipher), ' ');
  if (context.https && context.handshake_ns)
    put_duration(text, *context.handshake_ns);
  else
    text.put('-');
  // The leaf certificate's subject, validity and serial number: nobody is asked for a certificate.
  text.put(" \"-\" - - ");
  // Every failure's code is the one of reasons without a code of their own: those are all about the
  // client's certificate.
  const std::string_view verdict = !context.https         ? "-"
                                   : context.handshake_ns ? "Success"
                                                          : "Failed:UnmappedConnectionError";
  text.put(verdict, ' ', or_dash(client.trace_id));
}

}  // namespace landfall::elbv2::dataplane
