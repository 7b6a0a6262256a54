// DB instances: checks, the documents for host, and what the operations share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "host/protocol.h"
#include "services/rds/store.h"

namespace landfall::rds {

// Throws DBInstanceNotFound "DBInstance x not found.".
InstanceRecord find_instance(const Call& call, std::string_view identifier);
// Throws InvalidDBInstanceState unless it is in one of these states.
void require_state(const InstanceRecord& record, std::initializer_list<std::string_view> states);
void put_instance(Call& call, const InstanceRecord& record);

// "db.t3.micro": memory and CPU; throws InvalidParameterValue for a class that there is not.
struct ClassSize {
  int64_t memory_bytes, cpu_millis;
};
ClassSize size_of_class(const std::string& db_instance_class);

// What the engine's workload is to be. Pure.
struct Sources {
  std::string snapshot_volume;              // of the snapshot that record.snapshot_id names
  const InstanceRecord* primary = nullptr;  // that a read replica follows; null: it is none
};
host::Workload workload_of(const InstanceRecord& record, const ControlConfig& config, bool running,
                           const Sources& sources);
void desire_workload(Call& call, const InstanceRecord& record, bool running);
std::string workload_id(const InstanceRecord& record);  // the DbiResourceId

// Its name in the VPC, and the certificate for that name. Throws InternalFailure.
void name_instance(Call& call, InstanceRecord& record);
// Another identifier: with it the endpoint's name and the ARN change, and what replicas and sources know it
// by. Throws DBInstanceAlreadyExists. The engine needs a restart for the certificate.
void rename_instance(Call& call, InstanceRecord& record, const std::string& identifier);

DBSubnetGroup subnet_group(const Call& call, const std::string& name, const std::string& description,
                           const std::vector<std::string>& subnet_ids);

// The versions that this machine's PostgreSQL can be: ("15", "15.14").
struct EngineVersion {
  std::string major, full;
};
const EngineVersion& installed_version();                // the binary is asked once
std::string engine_output(const std::string& argument);  // of `postgres <argument>`; empty: not installed

std::vector<Tag> shown_tags(const std::map<std::string, std::string>& tags);
std::map<std::string, std::string> tag_map(const std::vector<Tag>& tags);

}  // namespace landfall::rds
