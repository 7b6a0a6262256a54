// Layout: where everything is in a data directory. `up` makes the folders with their owners and modes before
// it starts the roles; nothing else creates top-level entries.
//
//   DIR/                 root 0755
//     lock               held (flock) by the running up
//     credentials.json   root 0600: the account's root access key, generated at first start
//     settings.json      root 0644: region, account, ports as the last up was given them
//     ca/                control 0755: ca.pem, the CA's certificate, which anyone may read
//     control/           control 0700: store/, ca/ (the CA's key), root-credentials.json (copy for control)
//     edge/              edge 0700: snapshots/, s3/, cache/
//     host/              root 0711: workloads, overlays, console logs
//     run/               root:64700 3771: Unix sockets. The folder's set-group-ID bit gives each socket the
//     group 64700, which
//                        control and edge have; whoever listens makes the socket mode 0660 and checks the
//                        peer's uid.
//     log/               root 0755: up.log, control.log, edge.log, host.log
#pragma once

#include <string>

namespace landfall::roles {

struct Layout {
  std::string root;  // the data directory, absolute, without a slash at its end

  std::string lock() const { return root + "/lock"; }
  std::string credentials() const { return root + "/credentials.json"; }
  std::string settings() const { return root + "/settings.json"; }

  std::string ca_dir() const { return root + "/ca"; }
  std::string ca_certificate() const { return root + "/ca/ca.pem"; }

  std::string control() const { return root + "/control"; }
  std::string control_store() const { return root + "/control/store"; }
  std::string control_ca() const { return root + "/control/ca"; }
  std::string control_root_credentials() const { return root + "/control/root-credentials.json"; }

  std::string edge() const { return root + "/edge"; }
  std::string edge_snapshots() const { return root + "/edge/snapshots"; }
  std::string edge_s3() const { return root + "/edge/s3"; }
  std::string edge_cache() const { return root + "/edge/cache"; }

  std::string host() const { return root + "/host"; }
  std::string workloads() const { return root + "/host/workloads"; }

  std::string run() const { return root + "/run"; }
  // Channels (runtime/channel.h). The listener is the role named first.
  std::string control_edge_socket() const {
    return root + "/run/control-edge.sock";
  }  // control listens; edge connects
  std::string host_socket() const {
    return root + "/run/host.sock";
  }  // host listens; control and edge connect
  std::string api_socket() const {
    return root + "/run/api.sock";
  }  // control serves the AWS APIs (HTTP) to edge
  std::string edge_s3_socket() const {
    return root + "/run/edge-s3.sock";
  }  // edge serves S3 to control, whose principal header it believes
  // Admin: HTTP/1.1, GET answers JSON. /health at least:
  // {"role":"control","healthy":true,"problems":[{"what":..,"why":..}]}
  std::string control_admin_socket() const { return root + "/run/control-admin.sock"; }
  std::string edge_admin_socket() const { return root + "/run/edge-admin.sock"; }
  std::string host_admin_socket() const {
    return root + "/run/host-admin.sock";
  }  // a channel, not HTTP: exec passes descriptors
  std::string up_socket() const { return root + "/run/up.sock"; }  // the supervisor: down, status

  std::string log() const { return root + "/log"; }
};

}  // namespace landfall::roles
