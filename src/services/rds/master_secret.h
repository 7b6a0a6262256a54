// Master passwords that RDS manages: it makes them, and keeps them in a secret of Secrets Manager's.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
//
// Invariant: an instance has shown.MasterUserSecret exactly while there is a secret of its own, whose value
// is
// {"username", "password"} with record.master_password.
#pragma once

#include <optional>
#include <string>

#include "services/rds/store.h"

namespace landfall::rds {

std::string new_master_password(Call& call);
// A new secret for the password that the record has.
void begin_master_secret(Call& call, InstanceRecord& record, const std::optional<std::string>& kms_key);
// A new password, in the same secret. The engine takes it at its next start.
void rotate_master_secret(Call& call, InstanceRecord& record);
void end_master_secret(Call& call, InstanceRecord& record);  // if there is one

}  // namespace landfall::rds
