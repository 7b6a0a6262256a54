#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

GetAccountSummaryResponse GetAccountSummary(Call& call, const aws::Empty&) {
  auto count = [&](const auto& table) { return static_cast<int64_t>(call.global_rows(table).all().size()); };
  int64_t versions = 0;
  call.global_rows(kPolicies).each([&](std::string_view, const PolicyRecord& policy) {
    versions += static_cast<int64_t>(policy.versions.size());
  });
  GetAccountSummaryResponse out;
  out.SummaryMap = {{"Users", count(kUsers)},
                    {"UsersQuota", 5000},
                    {"Groups", count(kGroups)},
                    {"GroupsQuota", static_cast<int64_t>(kGroupsPerAccount)},
                    {"GroupsPerUserQuota", static_cast<int64_t>(kGroupsPerUser)},
                    {"AttachedPoliciesPerGroupQuota", static_cast<int64_t>(kAttachedPoliciesPerEntity)},
                    {"GroupPolicySizeQuota", static_cast<int64_t>(aws::policy::kMaxGroupInlineBytes)},
                    {"Roles", count(kRoles)},
                    {"RolesQuota", 1000},
                    {"Policies", count(kPolicies)},
                    {"PoliciesQuota", 1500},
                    {"PolicyVersionsInUse", versions},
                    {"PolicyVersionsInUseQuota", 10000},
                    {"InstanceProfiles", count(kInstanceProfiles)},
                    {"InstanceProfilesQuota", 1000},
                    {"ServerCertificates", 0},
                    {"ServerCertificatesQuota", 20},
                    {"AccessKeysPerUserQuota", static_cast<int64_t>(kAccessKeysPerUser)},
                    {"AttachedPoliciesPerUserQuota", static_cast<int64_t>(kAttachedPoliciesPerEntity)},
                    {"AttachedPoliciesPerRoleQuota", static_cast<int64_t>(kAttachedPoliciesPerEntity)},
                    {"VersionsPerPolicyQuota", static_cast<int64_t>(kVersionsPerPolicy)},
                    {"PolicySizeQuota", static_cast<int64_t>(aws::policy::kMaxManagedPolicyBytes)},
                    {"UserPolicySizeQuota", static_cast<int64_t>(aws::policy::kMaxUserInlineBytes)},
                    {"AssumeRolePolicySizeQuota", static_cast<int64_t>(aws::policy::kMaxTrustPolicyBytes)},
                    {"AccountMFAEnabled", 0},
                    {"AccountAccessKeysPresent", access_keys_of(call, "").empty() ? 0 : 1},
                    {"MFADevices", 0},
                    {"MFADevicesInUse", 0}};
  return out;
}

}  // namespace landfall::iam
