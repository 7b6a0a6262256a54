#include "services/rds/instances.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <initializer_list>

#include "base/ascii.h"
#include "codec/fields.h"
#include "engines/engine.h"
#include "rds/errors.h"
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

host::Workload workload_of(const InstanceRecord& record, const ControlConfig& config, bool running) {
  const ClassSize size = size_of_class(*record.shown.DBInstanceClass);
  const engines::PostgresConfig engine{
      .port = record.shown.Endpoint ? record.shown.Endpoint->Port.value_or(5432) : 5432,
      .master_username = *record.shown.MasterUsername,
      .master_password = record.master_password,
      .database = record.shown.DBName.value_or(""),
      .memory_bytes = size.memory_bytes,
      .certificate_pem = record.certificate_pem,
      .key_pem = record.key_pem};
  host::Workload workload;
  workload.id = workload_id(record);
  workload.kind = "engine";
  workload.interface_id = record.interface_id;
  workload.hostname = *record.shown.DBInstanceIdentifier;
  workload.memory_bytes = size.memory_bytes;
  workload.cpu_millis = size.cpu_millis;
  workload.argv = {"/opt/landfall/landfall", "engine", "postgres"};
  workload.mounts = {{.source = record.volume, .target = engines::kDataPath}};
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
  desire(call.txn, "Workload", workload_id(record), workload_of(record, call.plane.config, running));
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

EngineVersion installed_version() {
  // Debian keeps one minor version of each major; the directory names the major. The minor is read off the
  // package's own shared data file name only by running it, so the major's first release that RDS has stands
  // for it.
  std::string major = "15";
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", error))
    if (std::filesystem::exists(entry.path() / "bin/postgres"))
      major = std::max(major, entry.path().filename().string());
  return {major, major + ".14"};
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
