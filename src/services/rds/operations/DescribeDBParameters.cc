// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBParameters.html
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/parameters.h"
#include "services/rds/snapshots.h"

namespace landfall::rds {

DBParameterGroupDetails DescribeDBParameters(Call& call, const DescribeDBParametersMessage& in) {
  const ParameterGroupRecord group = find_parameter_group(call, *in.DBParameterGroupName);
  DBParameterGroupDetails out;
  for (const ParameterFacts& facts : engine_parameters()) {
    if (in.Marker && facts.name <= *in.Marker) continue;
    Parameter parameter = shown_parameter(facts, group);
    if (in.Source && parameter.Source != in.Source) continue;
    if (out.Parameters.size() == static_cast<size_t>(in.MaxRecords.value_or(100))) {
      out.Marker = out.Parameters.back().ParameterName;
      break;
    }
    out.Parameters.push_back(std::move(parameter));
  }
  return out;
}

}  // namespace landfall::rds
