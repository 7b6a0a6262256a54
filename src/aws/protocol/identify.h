// Which service, operation and protocol a request is for. Pure; looks at method, target, headers and, for the
// query protocols, the form; trusts nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "aws/protocol/shape.h"
#include "aws/service_error.h"
#include "http/message.h"

namespace landfall::aws {

struct Identified {
  const ServiceModel* service = nullptr;
  const OperationModel* operation = nullptr;  // null: see error
  std::string operation_name;                 // known also where it is not implemented
  Protocol protocol = Protocol::rest_xml;     // in which to answer, errors too
  std::string path;            // rest-xml: percent-encoded, with the bucket of a virtual host in it
  std::string bucket_in_host;  // S3 virtual-hosted style: the bucket, else empty
  // Why there is no operation: 501 NotImplemented naming the operation that Landfall lacks, or the protocol's
  // own error for an action that does not exist.
  std::optional<ServiceError> error;
};

Identified identify(std::span<const ServiceModel* const> services, const http::Request& request,
                    std::string_view body);

// From the head of the request alone: edge serves these itself and forwards all others. Unsigned requests
// that look like no other service's are S3's.
bool is_s3_request(const http::Request& request);

// What a Host header says.
struct EndpointName {
  std::string service;  // endpoint prefix, "s3", "ec2"; empty if the name is none of ours
  std::string bucket;   // of S3's virtual-hosted style
};
EndpointName parse_endpoint_name(std::string_view authority);

// The service in the signature's credential scope (Authorization header or X-Amz-Credential), empty without
// one.
std::string credential_scope_service(const http::Request& request);

}  // namespace landfall::aws
