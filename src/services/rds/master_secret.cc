#include "services/rds/master_secret.h"

#include "codec/fields.h"
#include "secretsmanager/operations.h"

namespace landfall::rds {
namespace {

constexpr char kService[] = "rds.amazonaws.com";
constexpr size_t kPasswordLength = 28;

struct Credentials {
  std::string username, password;
  template <class V>
  void fields(V& v) {
    v("username", username);
    v("password", password);
  }
};

std::string value_of(const InstanceRecord& record) {
  return to_json(Credentials{*record.shown.MasterUsername, record.master_password.reveal()});
}

}  // namespace

// Neither '/', '@', '"' nor a space: what RDS refuses in passwords.
std::string new_master_password(Call& call) {
  return call.random().from(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+-.:<=>?[]^_|~",
      kPasswordLength);
}

void begin_master_secret(Call& call, InstanceRecord& record, const std::optional<std::string>& kms_key) {
  Call service = call.as_service(kService);
  const std::string name = "rds!db-" + call.random().uuid();
  const std::string key =
      kms_key.value_or("").empty() ? call.arn("kms", "alias/aws/secretsmanager") : *kms_key;
  const auto made = secretsmanager::CreateSecret(
      service, {.Name = name,
                .Description =
                    "The secret associated with the primary RDS DB instance: " + *record.shown.DBInstanceArn,
                .KmsKeyId = kms_key,
                .SecretString = value_of(record),
                .Tags = {{.Key = "aws:secretsmanager:owningService", .Value = "rds"},
                         {.Key = "aws:rds:primaryDBInstanceArn", .Value = record.shown.DBInstanceArn}}});
  record.shown.MasterUserSecret =
      MasterUserSecret{.SecretArn = made.ARN, .SecretStatus = "active", .KmsKeyId = key};
}

void rotate_master_secret(Call& call, InstanceRecord& record) {
  record.master_password = Secret(new_master_password(call));
  Call service = call.as_service(kService);
  secretsmanager::UpdateSecret(
      service, {.SecretId = record.shown.MasterUserSecret->SecretArn, .SecretString = value_of(record)});
}

void end_master_secret(Call& call, InstanceRecord& record) {
  if (!record.shown.MasterUserSecret) return;
  Call service = call.as_service(kService);
  secretsmanager::DeleteSecret(
      service, {.SecretId = record.shown.MasterUserSecret->SecretArn, .ForceDeleteWithoutRecovery = true});
  record.shown.MasterUserSecret.reset();
}

}  // namespace landfall::rds
