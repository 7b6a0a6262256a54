#include "ec2/operations.h"
#include "services/ec2/regions.h"
#include "services/ec2/vpc_endpoints.h"

namespace landfall::ec2 {

namespace {
ServiceDetail render(const Call& call, const EndpointService& service, const std::string& type) {
  ServiceDetail out;
  out.ServiceName = service.name;
  out.ServiceType.push_back({.ServiceType = type});
  out.ServiceRegion = call.region;
  out.Owner = "amazon";
  out.AcceptanceRequired = false;
  out.ManagesVpcEndpoints = false;
  out.VpcEndpointPolicySupported = true;
  for (const Zone& zone : zones_of(call.region)) out.AvailabilityZones.push_back(zone.name);
  out.BaseEndpointDnsNames.push_back(service.private_dns_name);
  if (type == "Interface") {
    out.PrivateDnsName = service.private_dns_name;
    out.PrivateDnsNames.push_back({.PrivateDnsName = service.private_dns_name});
  }
  out.SupportedIpAddressTypes.push_back("ipv4");
  return out;
}

FilterFields<ServiceDetail> service_fields() {
  return {
      {"owner", [](const ServiceDetail& s, Values& out) { out.push_back(*s.Owner); }},
      {"service-name", [](const ServiceDetail& s, Values& out) { out.push_back(*s.ServiceName); }},
      {"service-region", [](const ServiceDetail& s, Values& out) { out.push_back(*s.ServiceRegion); }},
      {"service-type",
       [](const ServiceDetail& s, Values& out) { out.push_back(*s.ServiceType.front().ServiceType); }},
      {"supported-ip-address-types",
       [](const ServiceDetail& s, Values& out) { out = s.SupportedIpAddressTypes; }},
  };
}

void check_names(const Call& call, const std::vector<std::string>& names) {
  const std::vector<EndpointService> services = endpoint_services_of(call.region);
  for (const std::string& name : names)
    if (std::ranges::find(services, name, &EndpointService::name) == services.end())
      throw_error("InvalidServiceName", fmt::format("The Vpc Endpoint Service '{}' does not exist", name));
}
}  // namespace

DescribeVpcEndpointServicesResult DescribeVpcEndpointServices(Call& call,
                                                              const DescribeVpcEndpointServicesRequest& in) {
  check_names(call, in.ServiceNames);
  std::vector<std::pair<std::string, ServiceDetail>> found;
  for (const EndpointService& service : endpoint_services_of(call.region)) {
    const auto& names = in.ServiceNames;
    if (!names.empty() && std::ranges::find(names, service.name) == names.end()) continue;
    for (const std::string& type : service.types) {
      ServiceDetail detail = render(call, service, type);
      if (matches_filters(in.Filters, service_fields(), detail, [] { return TagMap{}; }))
        found.emplace_back(service.name + "/" + type, std::move(detail));
    }
  }
  std::ranges::sort(found, {}, [](const auto& row) { return row.first; });
  DescribeVpcEndpointServicesResult out;
  out.NextToken = take_page(found, {in.MaxResults, in.NextToken});
  for (auto& [key, detail] : found) {
    if (out.ServiceNames.empty() || out.ServiceNames.back() != *detail.ServiceName)
      out.ServiceNames.push_back(*detail.ServiceName);
    out.ServiceDetails.push_back(std::move(detail));
  }
  return out;
}

}  // namespace landfall::ec2
