#include "services/rds/snapshots.h"

#include "base/ascii.h"
#include "rds/errors.h"

namespace landfall::rds {

SnapshotRecord find_snapshot(const Call& call, const std::string& id) {
  const std::string prefix = call.arn("rds", "snapshot:");
  const auto stored =
      call.rows(kSnapshots).get(ascii_lower(id.starts_with(prefix) ? id.substr(prefix.size()) : id));
  if (!stored) throw DBSnapshotNotFoundFault("DBSnapshot " + id + " not found.");
  return *stored;
}

void put_snapshot(Call& call, const SnapshotRecord& record) {
  call.rows(kSnapshots).put(ascii_lower(*record.shown.DBSnapshotIdentifier), record);
}

SnapshotRecord begin_snapshot(Call& call, InstanceRecord& instance, const std::string& given,
                              const std::map<std::string, std::string>& tags) {
  const std::string id = ascii_lower(given);
  if (call.rows(kSnapshots).has(id))
    throw DBSnapshotAlreadyExistsFault("Cannot create the snapshot because a snapshot with the identifier " +
                                       id + " already exists.");
  const DBInstance& db = instance.shown;
  SnapshotRecord record;
  record.volume = "snap-" + call.random().hex(20);
  record.instance_class = *db.DBInstanceClass;
  record.master_password = instance.master_password;
  record.tags = tags;
  DBSnapshot& shown = record.shown;
  shown.DBSnapshotIdentifier = id;
  shown.DBInstanceIdentifier = db.DBInstanceIdentifier;
  shown.SnapshotCreateTime = shown.OriginalSnapshotCreateTime = call.now;
  shown.Engine = db.Engine;
  shown.AllocatedStorage = db.AllocatedStorage;
  shown.Status = "creating";
  shown.Port = db.Endpoint->Port;
  shown.AvailabilityZone = db.AvailabilityZone;
  shown.VpcId = instance.vpc_id;
  shown.InstanceCreateTime = db.InstanceCreateTime;
  shown.MasterUsername = db.MasterUsername;
  shown.EngineVersion = db.EngineVersion;
  shown.LicenseModel = db.LicenseModel;
  shown.SnapshotType = "manual";
  shown.OptionGroupName = "default:postgres-" + installed_version().major;
  shown.PercentProgress = 0;
  shown.StorageType = db.StorageType;
  shown.Iops = db.Iops;
  shown.StorageThroughput = db.StorageThroughput;
  shown.Encrypted = db.StorageEncrypted;
  shown.KmsKeyId = db.KmsKeyId;
  shown.DBSnapshotArn = call.arn("rds", "snapshot:" + id);
  shown.IAMDatabaseAuthenticationEnabled = false;
  shown.DbiResourceId = db.DbiResourceId;
  shown.TagList = shown_tags(tags);
  put_snapshot(call, record);
  desire(call.txn, "Volume", record.volume, host::Volume{.name = record.volume});
  instance.snapshot_id = id;
  ++instance.reboot_generation;
  desire_workload(call, instance, true);
  return record;
}

void finish_snapshot(Call& call, InstanceRecord& instance) {
  if (const auto stored = call.rows(kSnapshots).get(instance.snapshot_id)) {
    SnapshotRecord record = *stored;
    record.shown.Status = "available";
    record.shown.PercentProgress = 100;
    put_snapshot(call, record);
  }
  instance.snapshot_id.clear();
}

void abandon_snapshot(Call& call, InstanceRecord& instance) {
  if (const auto stored = call.rows(kSnapshots).get(instance.snapshot_id)) {
    undesire(call.txn, "Volume", stored->volume);
    call.rows(kSnapshots).erase(instance.snapshot_id);
  }
  instance.snapshot_id.clear();
}

}  // namespace landfall::rds
