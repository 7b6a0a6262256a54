// What `control`, `edge` and the command line say to `host`, and what `host` says back.
//
// Every message is a JSON object on a Channel (runtime/channel.h) with a "type"; the structs below are read
// and written by codec/fields.h. Two sockets in the data directory:
//   run/host.sock        control (desired state, observations, console output) and edge (OpenSockets). The
//                        peer's uid decides which of the two it may do.
//   run/host-admin.sock  root (and the operator's uid): Exec, GetConsoleOutput, KillWorkload, StopWorld.
//
// Desired state comes as mirror/messages.h has it: Sync, SyncResult, then Put and Delete. host converges
// whenever something changes, in dependency order, and keeps converging after control has gone. It remembers
// the documents on disk (host/desired/), so a restarted host needs no control.
//
// Observed state. host sends Observed{kind, id, document} for each document that changes, and all of them
// after each Sync. kinds observed: "Network" (NetworkStatus), "Interface" (InterfaceStatus), "Workload"
// (WorkloadStatus); and every kUsagePeriodMs "WorkloadUsage" per running workload. A deleted document is
// observed a last time with state "removed".
//
// Requests carry an "id" chosen by the sender, answered by the message type named beside them with the same
// id, or by Failure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"
#include "mirror/messages.h"

namespace landfall::host {

inline constexpr int64_t kUsagePeriodMs = 5000;

// ---- desired documents

struct Subnet {
  std::string subnet_id;          // subnet-...
  std::string cidr;               // "10.0.1.0/24"
  std::string availability_zone;  // "us-east-1a"
  std::string network_acl_id;     // one of the network's; empty: everything may cross the subnet's border
  // Which of its interfaces its route table leads out of the VPC, and so to AWS's endpoints: "all" (by a NAT
  // gateway), "public" (by an internet gateway: those with a public address), "none".
  std::string internet = "all";
  bool s3_endpoint = false;  // S3 is reached by all of them, through a gateway endpoint
  template <class V>
  void fields(V& v) {
    v("subnet_id", subnet_id);
    v("cidr", cidr);
    v("availability_zone", availability_zone);
    v("network_acl_id", network_acl_id);
    v("internet", internet);
    v("s3_endpoint", s3_endpoint);
  }
};

struct NetworkAclEntry {
  std::string action = "deny";  // or "allow"
  std::string protocol = "-1";  // as SecurityGroupRule's, and so are the two that follow
  int64_t from_port = -1;
  int64_t to_port = -1;
  std::string cidr;  // IPv4; of the other side
  template <class V>
  void fields(V& v) {
    v("action", action);
    v("protocol", protocol);
    v("from_port", from_port);
    v("to_port", to_port);
    v("cidr", cidr);
  }
};

// What may cross the border of a subnet, packet by packet. The first entry that matches decides; what matches
// none is dropped.
struct NetworkAcl {
  std::string network_acl_id;  // acl-...
  std::vector<NetworkAclEntry> ingress, egress;
  template <class V>
  void fields(V& v) {
    v("network_acl_id", network_acl_id);
    v("ingress", ingress);
    v("egress", egress);
  }
};

// kind "Network", id = vpc id. The VPC's router namespace: routes between its subnets, the service addresses
// (base+2, 169.254.169.251 to .254) on its lo, and nothing else: no way to the machine's own network.
struct Network {
  std::string vpc_id;
  std::vector<std::string> cidrs;  // the first is the primary: its base+2 is the resolver
  std::vector<Subnet> subnets;     // each subnet's base+1 is its gateway
  std::vector<NetworkAcl> network_acls;
  template <class V>
  void fields(V& v) {
    v("vpc_id", vpc_id);
    v("cidrs", cidrs);
    v("subnets", subnets);
    v("network_acls", network_acls);
  }
};

// kind "Interface", id = eni id.
// attachment "workload": exists as a veth into the workload's namespace once that workload is wanted
// (workload_id may be empty until then). attachment "edge": the address is put on the router's lo, for a load
// balancer node; reach it with OpenSockets.
struct Interface {
  std::string interface_id;  // eni-...
  std::string vpc_id;
  std::string subnet_id;
  std::string private_ip;  // "10.0.1.5"
  std::string mac;         // "06:..:..", empty: derived from interface_id
  std::vector<std::string> security_group_ids;
  std::string attachment;         // "workload" or "edge"
  std::string workload_id;        // for attachment "workload"
  bool source_dest_check = true;  // false: it may send from addresses not its own (a router or NAT instance)
  std::string public_ip;          // what an internet gateway would translate its address to; empty: none
  template <class V>
  void fields(V& v) {
    v("interface_id", interface_id);
    v("vpc_id", vpc_id);
    v("subnet_id", subnet_id);
    v("private_ip", private_ip);
    v("mac", mac);
    v("security_group_ids", security_group_ids);
    v("attachment", attachment);
    v("workload_id", workload_id);
    v("source_dest_check", source_dest_check);
    v("public_ip", public_ip);
  }
};

// One permission. Peers are alternatives: any of the CIDRs (a prefix list comes expanded), any member of the
// groups.
struct SecurityGroupRule {
  std::string protocol = "-1";     // "-1" all, "tcp", "udp", "icmp", or a number
  int64_t from_port = -1;          // tcp, udp: first port (-1 with to_port -1: all ports). icmp: type, -1 any
  int64_t to_port = -1;            // tcp, udp: last port. icmp: code, -1 any
  std::vector<std::string> cidrs;  // IPv4
  std::vector<std::string> group_ids;  // in the same VPC
  template <class V>
  void fields(V& v) {
    v("protocol", protocol);
    v("from_port", from_port);
    v("to_port", to_port);
    v("cidrs", cidrs);
    v("group_ids", group_ids);
  }
};

// kind "SecurityGroup", id = group id. Membership comes from Interface::security_group_ids.
struct SecurityGroup {
  std::string group_id;
  std::string vpc_id;
  std::vector<SecurityGroupRule> ingress;
  std::vector<SecurityGroupRule> egress;
  template <class V>
  void fields(V& v) {
    v("group_id", group_id);
    v("vpc_id", vpc_id);
    v("ingress", ingress);
    v("egress", egress);
  }
};

struct WorkloadFile {
  std::string path;           // absolute, inside the workload; parents are made
  std::string mode = "0644";  // octal
  int64_t uid = 0;
  int64_t gid = 0;
  Secret content;
  template <class V>
  void fields(V& v) {
    v("path", path);
    v("mode", mode);
    v("uid", uid);
    v("gid", gid);
    v("content", content);
  }
};

// A directory of the data directory that outlives workloads: host/volumes/<source>. Made if missing, owned by
// the workload's uid. It is deleted by deleting the document of kind "Volume" with that id (or never having
// one and the data dir going).
struct WorkloadMount {
  std::string source;  // a name: [A-Za-z0-9._-]+
  std::string target;  // absolute path inside
  bool read_only = false;
  template <class V>
  void fields(V& v) {
    v("source", source);
    v("target", target);
    v("read_only", read_only);
  }
};

// kind "Volume", id = the name used by WorkloadMount::source. Optional: put it, and its deletion deletes the
// data, once no workload uses it.
struct Volume {
  std::string name;
  template <class V>
  void fields(V& v) {
    v("name", name);
  }
};

// kind "Workload", id = instance id or the engine's id.
// kind "instance": pid 1 is Landfall's small init (argv must be empty), which runs user_data once on the
// first boot of this root file system. kind "engine": pid 1 is argv. Change reboot_generation to reboot: the
// process tree is killed (SIGTERM, then SIGKILL) and started on the same file system. Deleting the document
// kills it and deletes its root file system (volumes stay).
struct Workload {
  std::string id;
  std::string kind = "instance";  // "instance" or "engine"
  std::string interface_id;       // its primary network interface; must be put too
  std::string hostname;           // "ip-10-0-1-5.ec2.internal"; empty: from the address
  int64_t memory_bytes = 0;       // 0: no limit
  int64_t cpu_millis = 0;         // thousandths of a core; 0: no limit
  int64_t pids_limit = 0;         // 0: kDefaultPidsLimit
  std::vector<std::string> argv;
  std::map<std::string, Secret> env;
  Secret user_data;  // as the instance sees it (decoded)
  std::vector<WorkloadMount> mounts;
  std::vector<WorkloadFile> files;  // written into the root file system before each start
  std::string desired = "running";  // "running" or "stopped"
  int64_t reboot_generation = 0;
  int64_t uid = 0;  // pid 1 runs as; instances: 0
  int64_t gid = 0;
  std::string ca_certificate_pem;  // appended to the trust store inside
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("kind", kind);
    v("interface_id", interface_id);
    v("hostname", hostname);
    v("memory_bytes", memory_bytes);
    v("cpu_millis", cpu_millis);
    v("pids_limit", pids_limit);
    v("argv", argv);
    v("env", env);
    v("user_data", user_data);
    v("mounts", mounts);
    v("files", files);
    v("desired", desired);
    v("reboot_generation", reboot_generation);
    v("uid", uid);
    v("gid", gid);
    v("ca_certificate_pem", ca_certificate_pem);
  }
};

// ---- observed documents

struct NetworkStatus {
  std::string id;
  std::string state;    // "available", "failed", "removed"
  std::string message;  // why failed
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("state", state);
    v("message", message);
  }
};

struct InterfaceStatus {
  std::string id;
  std::string state;  // "in-use" (address up), "available" (no workload yet), "failed", "removed"
  std::string message;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("state", state);
    v("message", message);
  }
};

// The life of a workload:
//   creating -> running -> exited (pid 1 ended by itself or was killed; stays so until reboot_generation or
//   desired changes) running -> stopped (desired "stopped")      any -> failed (could not be made or started;
//   retried with backoff) any -> removed (document deleted; last observation)
struct WorkloadStatus {
  std::string id;
  std::string state;
  int64_t exit_code = 0;          // exited: the exit status, or 128 + signal
  int64_t pid = 0;                // running: pid 1 as the machine sees it
  int64_t started_at_ms = 0;      // Unix time in ms
  int64_t reboot_generation = 0;  // the one that is running
  std::string message;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("state", state);
    v("exit_code", exit_code);
    v("pid", pid);
    v("started_at_ms", started_at_ms);
    v("reboot_generation", reboot_generation);
    v("message", message);
  }
};

// Counters since the workload started.
struct WorkloadUsage {
  std::string id;
  int64_t at_ms = 0;
  int64_t cpu_ns = 0;
  int64_t memory_bytes = 0;
  int64_t network_in_bytes = 0, network_out_bytes = 0;
  int64_t network_in_packets = 0, network_out_packets = 0;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("at_ms", at_ms);
    v("cpu_ns", cpu_ns);
    v("memory_bytes", memory_bytes);
    v("network_in_bytes", network_in_bytes);
    v("network_out_bytes", network_out_bytes);
    v("network_in_packets", network_in_packets);
    v("network_out_packets", network_out_packets);
  }
};

// ---- messages

// What every message has; read this first to know which struct to read.
struct Envelope {
  std::string type;
  std::string id;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("id", id);
  }
};

// Desired documents come, and observed ones go, in the messages of every mirror. Kinds: "Network",
// "Interface", "SecurityGroup", "Workload", "Volume"; observed also "WorkloadUsage". There are no barriers
// here.
using mirror::Delete;
using mirror::Observed;
using mirror::Put;
using mirror::Sync;
using mirror::SyncResult;

struct Failure {  // host -> asker of the request `id`
  std::string type = "Failure";
  std::string id;
  std::string message;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("id", id);
    v("message", message);
  }
};

struct SocketRequest {
  // "tcp_listener": bound, SO_REUSEADDR, SO_REUSEPORT, listening.  "udp_bound": bound, SO_REUSEPORT,
  // IP_PKTINFO. "tcp_client": unconnected stream socket bound to `address` (IP_BIND_ADDRESS_NO_PORT; port 0),
  // or unbound if it is empty; the receiver connects it. All are SOCK_NONBLOCK | SOCK_CLOEXEC.
  std::string purpose;
  std::string address;  // on the lo of the VPC's router: a service address or an "edge" interface's
  int64_t port = 0;
  int64_t count = 1;
  template <class V>
  void fields(V& v) {
    v("purpose", purpose);
    v("address", address);
    v("port", port);
    v("count", count);
  }
};

inline constexpr int64_t kMaxSocketsPerRequest = 128;  // over all SocketRequests of one OpenSockets

struct OpenSockets {  // edge -> host; answered by SocketsOpened
  std::string type = "OpenSockets";
  std::string id;
  std::string vpc_id;
  std::vector<SocketRequest> requests;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("id", id);
    v("vpc_id", vpc_id);
    v("requests", requests);
  }
};

// All or nothing: the descriptors of the message are those of requests[0], then requests[1], ...
// Failure otherwise (unknown VPC, address not on its router yet: ask again after a while).
struct SocketsOpened {
  std::string type = "SocketsOpened";
  std::string id;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("id", id);
  }
};

struct GetConsoleOutput {  // control, admin -> host; answered by ConsoleOutput
  std::string type = "GetConsoleOutput";
  std::string id;
  std::string workload_id;
  int64_t tail_bytes = 65536;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("id", id);
    v("workload_id", workload_id);
    v("tail_bytes", tail_bytes);
  }
};

struct ConsoleOutput {
  std::string type = "ConsoleOutput";
  std::string id;
  std::string output_base64;  // base64: a console may print anything
  int64_t written_at_ms = 0;  // last write, Unix time in ms
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("id", id);
    v("output_base64", output_base64);
    v("written_at_ms", written_at_ms);
  }
};

// Runs argv inside a running workload. tty false: three descriptors come with the message (stdin, stdout,
// stderr). tty true: none come; ExecStarted carries one, the master of the new terminal. ExecExited (same id)
// follows.
struct Exec {  // admin -> host
  std::string type = "Exec";
  std::string id;
  std::string workload_id;
  std::vector<std::string> argv;
  std::map<std::string, std::string> env;
  std::string cwd = "/";
  int64_t uid = 0;
  int64_t gid = 0;
  bool tty = false;
  int64_t rows = 24, columns = 80;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("id", id);
    v("workload_id", workload_id);
    v("argv", argv);
    v("env", env);
    v("cwd", cwd);
    v("uid", uid);
    v("gid", gid);
    v("tty", tty);
    v("rows", rows);
    v("columns", columns);
  }
};

struct ExecStarted {
  std::string type = "ExecStarted";
  std::string id;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("id", id);
  }
};

struct ExecExited {
  std::string type = "ExecExited";
  std::string id;
  int64_t exit_code = 0;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("id", id);
    v("exit_code", exit_code);
  }
};

struct KillWorkload {  // admin -> host; answered by Done. Kills the whole process tree, as a crash would.
  std::string type = "KillWorkload";
  std::string id;
  std::string workload_id;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("id", id);
    v("workload_id", workload_id);
  }
};

// admin -> host; answered by Done when every workload, namespace, mount and cgroup is gone. Files stay. host
// then exits 0. SIGTERM to host does the same. SIGKILL leaves the workloads running, and the next host of the
// same boot adopts them.
struct StopWorld {
  std::string type = "StopWorld";
  std::string id;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("id", id);
  }
};

struct Done {
  std::string type = "Done";
  std::string id;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("id", id);
  }
};

}  // namespace landfall::host
