#include "services/rds/instances.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <initializer_list>
#include <memory>

#include "base/ascii.h"
#include "codec/fields.h"
#include "engines/engine.h"
#include "rds/errors.h"
#include "services/acm/acm.h"
#include "services/ec2/ec2.h"

namespace landfall::rds {
namespace {

constexpr int64_t kGiB = int64_t{1} << 30;

// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
struct ClassRow {
  std::string_view size;
  double memory_gib;
  int64_t cpu_millis;
};
constexpr std::array kBurstable{ClassRow{"micro", 1, 2000},   ClassRow{"small", 2, 2000},
                                ClassRow{"medium", 4, 2000},  ClassRow{"large", 8, 2000},
                                ClassRow{"xlarge", 16, 4000}, ClassRow{"2xlarge", 32, 8000}};
constexpr std::array kGeneral{ClassRow{"large", 8, 2000}, ClassRow{"xlarge", 16, 4000},
                              ClassRow{"2xlarge", 32, 8000}, ClassRow{"4xlarge", 64, 16000},
                              ClassRow{"8xlarge", 128, 32000}};

}  // namespace

InstanceRecord find_instance(const Call& call, std::string_view identifier) {
  const auto stored = call.rows(kInstances).get(ascii_lower(identifier));
  if (!stored) throw DBInstanceNotFoundFault("DBInstance " + std::string(identifier) + " not found.");
  return *stored;
}

void require_state(const InstanceRecord& record, std::initializer_list<std::string_view> states) {
  const std::string state = record.shown.DBInstanceStatus.value_or("");
  if (std::ranges::find(states, state) == states.end())
    throw InvalidDBInstanceStateFault("Instance " + record.shown.DBInstanceIdentifier.value_or("") +
                                      " is not in available state: it is " + state + ".");
}

void put_instance(Call& call, const InstanceRecord& record) {
  call.rows(kInstances).put(ascii_lower(*record.shown.DBInstanceIdentifier), record);
}

ClassSize size_of_class(const std::string& name) {
  const size_t first = name.find('.'), second = name.find('.', first + 1);
  if (name.starts_with("db.") && second != std::string::npos) {
    const std::string family = name.substr(3, second - 3), size = name.substr(second + 1);
    const auto search = [&](const auto& rows, double factor) -> std::optional<ClassSize> {
      for (const ClassRow& row : rows)
        if (row.size == size)
          return ClassSize{static_cast<int64_t>(row.memory_gib * factor * static_cast<double>(kGiB)),
                           row.cpu_millis};
      return std::nullopt;
    };
    std::optional<ClassSize> found;
    if (family == "t3" || family == "t4g" || family == "t2") found = search(kBurstable, 1);
    if (family.starts_with("m")) found = search(kGeneral, 1);
    if (family.starts_with("r")) found = search(kGeneral, 2);
    if (found) return *found;
  }
  throw ServiceError("InvalidParameterValue", 400, "Invalid DB Instance class: " + name);
}

std::string workload_id(const InstanceRecord& record) { return *record.shown.DbiResourceId; }

host::Workload workload_of(const InstanceRecord& record, const ControlConfig& config, bool running,
                           const Sources& sources) {
  const ClassSize size = size_of_class(*record.shown.DBInstanceClass);
  const engines::PostgresConfig engine{
      .port = record.shown.Endpoint ? record.shown.Endpoint->Port.value_or(5432) : 5432,
      .master_username = *record.shown.MasterUsername,
      .master_password = record.master_password,
      .database = record.shown.DBName.value_or(""),
      .memory_bytes = size.memory_bytes,
      .certificate_pem = record.certificate_pem,
      .key_pem = record.key_pem,
      .parameters = record.parameters,
      .take_snapshot = !record.snapshot_id.empty(),
      .restore = !record.restore_volume.empty(),
      .replication_password = record.replication_password,
      .primary_port = sources.primary != nullptr ? *sources.primary->shown.Endpoint->Port : 0};
  host::Workload workload;
  workload.id = workload_id(record);
  workload.kind = "engine";
  workload.interface_id = record.interface_id;
  workload.hostname = *record.shown.DBInstanceIdentifier;
  workload.memory_bytes = size.memory_bytes;
  workload.cpu_millis = size.cpu_millis;
  workload.argv = {"/opt/landfall/landfall", "engine", "postgres"};
  workload.mounts = {{.source = record.volume, .target = engines::kDataPath}};
  if (!record.snapshot_id.empty())
    workload.mounts.push_back({.source = sources.snapshot_volume, .target = engines::kSnapshotPath});
  if (!record.restore_volume.empty())
    workload.mounts.push_back({.source = record.restore_volume, .target = engines::kRestorePath});
  if (!record.replication_volume.empty())
    workload.mounts.push_back({.source = record.replication_volume, .target = engines::kReplicationPath});
  if (sources.primary != nullptr)
    workload.mounts.push_back(
        {.source = sources.primary->replication_volume, .target = engines::kPrimaryPath, .read_only = true});
  workload.files = {{.path = engines::kConfigPath,
                     .mode = "0400",
                     .uid = config.postgres_uid,
                     .gid = config.postgres_uid,
                     .content = Secret(to_json(engine))}};
  // initdb looks its user up, and the machine's own accounts know no such user.
  const std::string uid = std::to_string(config.postgres_uid);
  workload.files.push_back(
      {.path = "/etc/passwd",
       .content = Secret("root:x:0:0:root:/root:/usr/sbin/nologin\nrdsdb:x:" + uid + ":" + uid +
                         "::" + engines::kDataPath + ":/usr/sbin/nologin\n")});
  workload.desired = running ? "running" : "stopped";
  workload.reboot_generation = record.reboot_generation;
  workload.uid = workload.gid = config.postgres_uid;
  return workload;
}

void desire_workload(Call& call, const InstanceRecord& record, bool running) {
  desire(call.txn, "Volume", record.volume, host::Volume{.name = record.volume});
  if (!record.replication_volume.empty())
    desire(call.txn, "Volume", record.replication_volume, host::Volume{.name = record.replication_volume});
  Sources sources;
  if (const auto snapshot = call.rows(kSnapshots).get(record.snapshot_id))
    sources.snapshot_volume = snapshot->volume;
  const auto primary =
      call.rows(kInstances).get(ascii_lower(record.shown.ReadReplicaSourceDBInstanceIdentifier.value_or("")));
  if (primary) sources.primary = &*primary;
  desire(call.txn, "Workload", workload_id(record), workload_of(record, call.plane.config, running, sources));
}

void name_instance(Call& call, InstanceRecord& record) {
  const std::string& address = *record.shown.Endpoint->Address;
  auto material = acm::issue_internal(call.plane, {address, record.private_ip});
  if (!material)
    throw ServiceError("InternalFailure", 500,
                       "no certificate for the database: " + material.error().message);
  record.certificate_pem = material->chain_pem;
  record.key_pem = material->key_pem;
  ec2::put_private_name(call, record.vpc_id, address, {record.private_ip});
}

void rename_instance(Call& call, InstanceRecord& record, const std::string& identifier) {
  auto instances = call.rows(kInstances);
  DBInstance& db = record.shown;
  const std::string old = *db.DBInstanceIdentifier, id = ascii_lower(identifier);
  if (instances.has(id)) throw DBInstanceAlreadyExistsFault("DB instance already exists");
  const auto change = [&](const std::string& other, auto&& body) {
    const auto stored = instances.get(ascii_lower(other));
    if (!stored) return;
    InstanceRecord changed = *stored;
    body(changed.shown);
    put_instance(call, changed);
  };
  for (const std::string& replica : db.ReadReplicaDBInstanceIdentifiers)
    change(replica, [&](DBInstance& shown) { shown.ReadReplicaSourceDBInstanceIdentifier = id; });
  if (db.ReadReplicaSourceDBInstanceIdentifier)
    change(*db.ReadReplicaSourceDBInstanceIdentifier,
           [&](DBInstance& shown) { std::ranges::replace(shown.ReadReplicaDBInstanceIdentifiers, old, id); });
  instances.erase(ascii_lower(old));
  ec2::delete_private_name(call, *db.Endpoint->Address);
  db.DBInstanceIdentifier = id;
  db.DBInstanceArn = call.arn("rds", "db:" + id);
  db.Endpoint->Address = id + db.Endpoint->Address->substr(db.Endpoint->Address->find('.'));
  name_instance(call, record);
}

DBSubnetGroup subnet_group(const Call& call, const std::string& name, const std::string& description,
                           const std::vector<std::string>& subnet_ids) {
  DBSubnetGroup group;
  group.DBSubnetGroupName = name;
  group.DBSubnetGroupDescription = description;
  group.SubnetGroupStatus = "Complete";
  group.DBSubnetGroupArn = call.arn("rds", "subgrp:" + name);
  group.SupportedNetworkTypes = {"IPV4"};
  std::set<std::string> zones;
  for (const std::string& id : subnet_ids) {
    const auto subnet = ec2::find_subnet(call, id);
    if (!subnet) throw InvalidSubnet("Subnet " + id + " is invalid: it does not exist.");
    if (group.VpcId && *group.VpcId != subnet->vpc_id)
      throw InvalidSubnet("The subnets of a DB subnet group must be in one VPC.");
    group.VpcId = subnet->vpc_id;
    zones.insert(subnet->availability_zone);
    group.Subnets.push_back({.SubnetIdentifier = id,
                             .SubnetAvailabilityZone = AvailabilityZone{.Name = subnet->availability_zone},
                             .SubnetStatus = "Active"});
  }
  if (zones.size() < 2)
    throw DBSubnetGroupDoesNotCoverEnoughAZs(
        "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ "
        "coverage: " +
        (zones.empty() ? std::string() : *zones.begin()) + ". Add subnets to cover at least 2 AZs.");
  return group;
}

namespace {

// The newest of Debian's versions: {"15", "/usr/lib/postgresql/15/bin/postgres"}; empty: none.
std::pair<std::string, std::string> newest_binary() {
  std::pair<std::string, std::string> newest;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", error))
    if (const auto binary = entry.path() / "bin/postgres"; std::filesystem::exists(binary))
      newest = std::max(newest, {entry.path().filename().string(), binary.string()});
  return newest;
}

struct ClosePipe {
  void operator()(FILE* pipe) const { pclose(pipe); }
};

}  // namespace

std::string engine_output(const std::string& argument) {
  const std::string binary = newest_binary().second;
  if (binary.empty()) return "";
  std::unique_ptr<FILE, ClosePipe> pipe(popen((binary + " " + argument + " 2>/dev/null").c_str(), "re"));
  std::string out;
  char buffer[4096];
  while (pipe && !feof(pipe.get())) {
    const size_t n = fread(buffer, 1, sizeof buffer, pipe.get());
    out.append(buffer, n);
    if (n == 0) break;
  }
  return out;
}

// "postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)"
const EngineVersion& installed_version() {
  static const EngineVersion version = [] {
    std::string major = newest_binary().first;
    if (major.empty()) major = "15";  // none: CreateDBInstance's workload says so
    const std::string told = engine_output("--version");
    const size_t at = told.find(") ");
    const std::string full =
        at == std::string::npos ? "" : told.substr(at + 2, told.find_first_of(" \n", at + 2) - at - 2);
    return EngineVersion{major, full.starts_with(major) ? full : major};
  }();
  return version;
}

std::vector<Tag> shown_tags(const std::map<std::string, std::string>& tags) {
  std::vector<Tag> list;
  for (const auto& [key, value] : tags) list.push_back({.Key = key, .Value = value});
  return list;
}

std::map<std::string, std::string> tag_map(const std::vector<Tag>& tags) {
  std::map<std::string, std::string> map;
  for (const Tag& tag : tags) map[tag.Key.value_or("")] = tag.Value.value_or("");
  return map;
}

}  // namespace landfall::rds
