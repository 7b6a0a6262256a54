#include "ec2/operations.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

CreateInternetGatewayResult CreateInternetGateway(Call& call, const CreateInternetGatewayRequest& in) {
  const TagMap tags = tags_for(in.TagSpecifications, "internet-gateway");
  const InternetGatewayRecord gateway{.internet_gateway_id = new_id(call, kInternetGateways.prefix),
                                      .vpc_id = {}};
  rows(call, kInternetGateways).put(gateway.internet_gateway_id, gateway);
  put_tags(call, gateway.internet_gateway_id, "internet-gateway", tags);
  CreateInternetGatewayResult out;
  out.InternetGateway = render(call, gateway);
  return out;
}

}  // namespace landfall::ec2
