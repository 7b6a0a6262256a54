// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBEngineVersions.html
#include "rds/operations.h"
#include "services/rds/instances.h"

namespace landfall::rds {

DBEngineVersionMessage DescribeDBEngineVersions(Call& call, const DescribeDBEngineVersionsMessage& in) {
  const auto [major, full] = installed_version();
  if ((in.Engine && *in.Engine != "postgres") ||
      (in.EngineVersion && *in.EngineVersion != major && *in.EngineVersion != full))
    return {};
  DBEngineVersion version;
  version.Engine = "postgres";
  version.MajorEngineVersion = major;
  version.EngineVersion = full;
  version.DBParameterGroupFamily = "postgres" + major;
  version.DBEngineDescription = "PostgreSQL";
  version.DBEngineVersionDescription = "PostgreSQL " + full;
  version.DBEngineVersionArn =
      "arn:" + call.partition() + ":rds:" + call.region + "::engine-version/postgres/" + full;
  version.Status = "available";
  version.SupportedEngineModes = {"provisioned"};
  return {.DBEngineVersions = {version}};
}

}  // namespace landfall::rds
