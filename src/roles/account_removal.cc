#include "roles/account_removal.h"

#include <algorithm>
#include <set>

#include "ec2/operations.h"
#include "services/ec2/ec2.h"
#include "services/ec2/store.h"
#include "services/iam/accounts.h"

namespace landfall::roles {
namespace {

// Tables whose rows keep no account: identities, which go with it; traces of what has gone; and those of a
// VPC, of which deleting the VPC finds what is in use.
constexpr std::string_view kGoAlong[] = {"cloudformation.event",
                                         "cloudwatch.chunk",
                                         "cloudwatch.history",
                                         "cloudwatch.metric",
                                         "autoscaling.activity",
                                         "ec2.client_token",
                                         "ec2.instance",
                                         "ec2.interface",
                                         "ec2.internet_gateway",
                                         "ec2.network_acl",
                                         "ec2.route_table",
                                         "ec2.security_group",
                                         "ec2.setup",
                                         "ec2.subnet",
                                         "ec2.tags",
                                         "ec2.vpc",
                                         "elasticbeanstalk.event",
                                         "route53.change"};

bool goes_along(std::string_view table) {
  return table.starts_with("iam.") || std::ranges::find(kGoAlong, table) != std::end(kGoAlong);
}

[[noreturn]] void not_empty(const Call& call, const std::string& what) {
  throw ServiceError("AccountNotEmpty", 409, "The account " + call.account + " still has " + what);
}

// All rows of the account: keys are "<table>/<account>/...".
std::vector<std::string> keys_of(const Call& call) {
  std::vector<std::string> keys;
  call.plane.store.each("", [&](std::string_view key, const store::Document&) {
    const std::string_view id = key.substr(key.find('/') + 1);
    if (!key.starts_with(kEdgePrefix) && !key.starts_with(kHostPrefix) && id.starts_with(call.account + "/"))
      keys.emplace_back(key);
  });
  return keys;
}

std::string table_of(const std::string& key) { return key.substr(0, key.find('/')); }

// Where the account has, or had, a VPC.
std::set<std::string> regions_of(const Call& call) {
  std::set<std::string> regions;
  const auto visit = [&](std::string_view id, const auto&) { regions.insert(parse_resource_key(id).region); };
  call.txn.each<ec2::SetupRecord>(ec2::kSetup, call.account + "/", visit);
  call.txn.each<ec2::VpcRecord>(ec2::kVpcs.table, call.account + "/", visit);
  return regions;
}

// As its owner would: everything that AWS asks to be deleted first, then the VPC.
void delete_default_vpc(Call& call, const std::string& vpc_id) {
  for (const auto& [id, gateway] : call.rows(ec2::kInternetGateways.table).all()) {
    if (gateway->vpc_id != vpc_id) continue;
    ec2::DetachInternetGateway(call, {.InternetGatewayId = id, .VpcId = vpc_id});
    ec2::DeleteInternetGateway(call, {.InternetGatewayId = id});
  }
  for (const auto& [id, subnet] : call.rows(ec2::kSubnets.table).all())
    if (subnet->vpc_id == vpc_id) ec2::DeleteSubnet(call, {.SubnetId = id});
  ec2::DeleteVpc(call, {.VpcId = vpc_id});
}

void delete_default_vpcs(Call& call) {
  for (const auto& [id, vpc] : call.rows(ec2::kVpcs.table).all()) {
    if (!vpc->is_default) not_empty(call, "the VPC " + id + " in " + call.region);
    try {
      delete_default_vpc(call, id);
    } catch (const ServiceError& error) {
      not_empty(call, "something in its default VPC in " + call.region + ": " + error.message());
    }
  }
}

}  // namespace

void remove_account(Call& call) {
  const std::vector<std::string> keys = keys_of(call);
  for (const std::string& key : keys)
    if (!goes_along(table_of(key))) not_empty(call, table_of(key) + " " + key.substr(key.rfind('/') + 1));
  for (const std::string& region : regions_of(call)) {
    Call there = call;
    there.region = region;
    delete_default_vpcs(there);
  }
  iam::erase_account(call);
  for (const std::string& key : keys)
    if (call.txn.find(key) != nullptr) call.txn.erase_key(key);
}

}  // namespace landfall::roles
