#include "aws/protocol/codec.h"

#include "aws/protocol/codec_internal.h"

namespace landfall::aws {

namespace {

codec::Pairs form_parameters(const WireRequest& request) {
  // A query call may be a GET with everything in the query string.
  auto query = codec::parse_form(request.http->query());
  auto form = codec::parse_form(request.body);
  if (!query || !form) throw ServiceError("MalformedQueryString", 400, "The query string is malformed.");
  for (auto& pair : *form) query->push_back(std::move(pair));
  return std::move(*query);
}

}  // namespace

void decode_request(Protocol protocol, const OperationModel& operation, const WireRequest& request,
                    void* in) {
  switch (protocol) {
    case Protocol::query:
      decode_query(operation, form_parameters(request), in);
      return;
    case Protocol::ec2:
      decode_ec2(operation, form_parameters(request), in);
      return;
    case Protocol::rest_xml:
      decode_rest_xml(operation, request, in);
      return;
    case Protocol::json_1_0:
    case Protocol::json_1_1:
      decode_json(operation, request.body, in);
      return;
    case Protocol::rpc_v2_cbor:
      decode_cbor(operation, request.body, in);
      return;
  }
}

WireResponse encode_response(Protocol protocol, const OperationModel& operation, const void* out,
                             std::string_view request_id) {
  WireResponse response;
  switch (protocol) {
    case Protocol::query:
      response = encode_query(operation, out, request_id);
      break;
    case Protocol::ec2:
      response = encode_ec2(operation, out, request_id);
      break;
    case Protocol::rest_xml:
      response = encode_rest_xml(operation, out, request_id);
      break;
    case Protocol::json_1_0:
    case Protocol::json_1_1:
      response = encode_json(protocol, operation, out, request_id);
      break;
    case Protocol::rpc_v2_cbor:
      response = encode_cbor(operation, out, request_id);
      break;
  }
  response.headers.add(operation.service->name == "s3" ? "x-amz-request-id" : "x-amzn-RequestId",
                       std::string(request_id));
  return response;
}

}  // namespace landfall::aws
