// PostgreSQL as RDS gives it: a master user who may make roles and databases but is no superuser, passwords
// by scram-sha-256, TLS with a certificate of Landfall's CA.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "engines/engine.h"

namespace landfall::engines {
namespace {

constexpr char kSuperuser[] = "rdsadmin";  // RDS's own name for it; reachable on the Unix socket only

std::string quoted_literal(const std::string& text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

std::string quoted_name(const std::string& text) {
  std::string out = "\"";
  for (char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

// The newest of Debian's versions: /usr/lib/postgresql/<major>/bin.
Result<std::string> find_binaries() {
  std::string best;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", error))
    if (std::filesystem::exists(entry.path() / "bin/postgres"))
      best = std::max(best, (entry.path() / "bin").string());
  if (best.empty()) return fail("PostgreSQL is not installed on this machine: apt-get install postgresql-15");
  return best;
}

std::string settings(const PostgresConfig& config) {
  const int64_t buffers_mb = std::clamp<int64_t>(config.memory_bytes / 4 / (1024 * 1024), 16, 4096);
  std::string text =
      "listen_addresses = '*'\nport = " + std::to_string(config.port) +
      "\nunix_socket_directories = '/tmp'\npassword_encryption = 'scram-sha-256'\nshared_buffers = " +
      std::to_string(buffers_mb) +
      "MB\nmax_connections = 200\nlogging_collector = off\nlog_destination = 'stderr'\ntimezone = 'UTC'\n";
  if (!config.certificate_pem.empty())
    text += "ssl = on\nssl_cert_file = '" + std::string(kDataPath) + "/server.crt'\nssl_key_file = '" +
            kDataPath + "/server.key'\nssl_min_protocol_version = 'TLSv1.2'\n";
  for (const auto& [name, value] : config.parameters)  // the last setting of a name counts
    text += name + " = " + quoted_literal(value) + "\n";
  return text;
}

constexpr char kAccess[] =
    "local all rdsadmin trust\n"
    "host all rdsadmin all reject\n"
    "host all all all scram-sha-256\n";

// Single-user mode: one statement a line, no server and no port.
Result<> run_sql(const std::string& binaries, const std::string& cluster, const std::string& sql) {
  return run_tool({binaries + "/postgres", "--single", "-D", cluster, "-c",
                   "password_encryption=scram-sha-256", "-c", "exit_on_error=on", "postgres"},
                  sql);
}

// The cluster is made beside and renamed into place, so a crash leaves none or a whole one.
Result<> make_cluster(const std::string& binaries, const std::string& cluster, const PostgresConfig& config) {
  const std::string fresh = cluster + ".new";
  std::filesystem::remove_all(fresh);
  LF_CHECK(run_tool({binaries + "/initdb", "-D", fresh, "-U", kSuperuser, "--auth=trust", "--encoding=UTF8",
                     "--locale=C.UTF-8"}));
  std::string sql =
      "CREATE ROLE rds_superuser NOLOGIN CREATEROLE CREATEDB;\nGRANT pg_monitor TO rds_superuser WITH ADMIN "
      "OPTION;\nGRANT pg_signal_backend TO rds_superuser WITH ADMIN OPTION;\n";
  sql += "CREATE ROLE " + quoted_name(config.master_username) + " LOGIN CREATEROLE CREATEDB PASSWORD " +
         quoted_literal(config.master_password.reveal()) + ";\n";
  sql += "GRANT rds_superuser TO " + quoted_name(config.master_username) + ";\n";
  LF_CHECK(run_sql(binaries, fresh, sql));
  if (!config.database.empty())
    LF_CHECK(run_sql(binaries, fresh,
                     "CREATE DATABASE " + quoted_name(config.database) + " OWNER " +
                         quoted_name(config.master_username) + ";\n"));
  std::error_code error;
  std::filesystem::rename(fresh, cluster, error);
  if (error) return fail("rename " + fresh + ": " + error.message());
  return {};
}

// A copy of a cluster that no server has open; beside, then renamed: a crash leaves none or a whole one.
// `mode` as chmod has it: a snapshot's reader has other shifted ids than its writer, and a server wants its
// cluster for itself.
Result<> copy_cluster(const std::string& from, const std::string& to, const char* mode) {
  const std::string fresh = to + ".new";
  std::filesystem::remove_all(fresh);
  LF_CHECK(run_tool({"/bin/cp", "-a", "--reflink=auto", from, fresh}));
  LF_CHECK(run_tool({"/bin/chmod", "-R", mode, fresh}));
  LF_CHECK(run_tool({"/bin/sync", "-f", fresh}));
  std::error_code error;
  std::filesystem::rename(fresh, to, error);
  if (error) return fail("rename " + fresh + ": " + error.message());
  return {};
}

}  // namespace

Result<int> run_postgres(const PostgresConfig& config) {
  LF_TRY(const std::string binaries, find_binaries());
  const std::string cluster = std::string(kDataPath) + "/cluster",
                    applied = std::string(kDataPath) + "/master-password";
  bool exists = std::filesystem::exists(cluster + "/PG_VERSION");
  if (!exists && config.restore) {
    LF_CHECK(copy_cluster(std::string(kRestorePath) + "/cluster", cluster, "u=rwX,go="));
    exists = true;  // with a master password of before
  } else if (!exists) {
    LF_CHECK(make_cluster(binaries, cluster, config));
  }
  // A crash of the whole machine leaves the lock of a server that is gone: this pid namespace is new.
  std::filesystem::remove(cluster + "/postmaster.pid");
  const auto before = read_file(applied);
  if (exists && (!before || *before != config.master_password.reveal()))
    LF_CHECK(run_sql(binaries, cluster,
                     "ALTER ROLE " + quoted_name(config.master_username) + " PASSWORD " +
                         quoted_literal(config.master_password.reveal()) + ";\n"));
  LF_CHECK(write_private_file(applied, config.master_password.reveal()));
  const std::string snapshot = std::string(kSnapshotPath) + "/cluster";
  if (config.take_snapshot && !std::filesystem::exists(snapshot + "/PG_VERSION")) {
    std::error_code error;
    std::filesystem::permissions(kSnapshotPath, std::filesystem::perms(0755), error);
    if (error) return fail(std::string("chmod ") + kSnapshotPath + ": " + error.message());
    LF_CHECK(copy_cluster(cluster, snapshot, "u=rwX,go=rX"));
  }
  if (!config.certificate_pem.empty()) {
    LF_CHECK(write_private_file(std::string(kDataPath) + "/server.crt", config.certificate_pem));
    LF_CHECK(write_private_file(std::string(kDataPath) + "/server.key", config.key_pem.reveal()));
  }
  LF_CHECK(write_private_file(cluster + "/postgresql.conf", settings(config)));
  LF_CHECK(write_private_file(cluster + "/pg_hba.conf", kAccess));
  // SIGINT is PostgreSQL's fast shutdown: clients are cut, nothing is lost.
  return supervise({binaries + "/postgres", "-D", cluster}, "database system is ready to accept connections",
                   SIGINT);
}

}  // namespace landfall::engines
