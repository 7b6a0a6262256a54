// Responses of the query and ec2 protocols.
#include "aws/protocol/codec_internal.h"

namespace landfall::aws {

WireResponse encode_query(const OperationModel& operation, const void* out, std::string_view request_id) {
  WireResponse response;
  codec::XmlWriter writer(response.body);
  const std::string root = std::string(operation.name) + "Response";
  writer.open(root);
  writer.attribute("xmlns", operation.service->xml_namespace);
  if (operation.has_output) {
    const std::string wrapper = operation.result_wrapper.empty() ? std::string(operation.name) + "Result"
                                                                 : std::string(operation.result_wrapper);
    writer.open(wrapper);
    write_members(writer, *operation.output, out, {Protocol::query, EmptyLists::written},
                  EmptyLists::written);
    writer.close(wrapper);
  }
  writer.open("ResponseMetadata");
  writer.element("RequestId", request_id);
  writer.close("ResponseMetadata");
  writer.close(root);
  response.headers.add("Content-Type", "text/xml");
  return response;
}

WireResponse encode_ec2(const OperationModel& operation, const void* out, std::string_view request_id) {
  WireResponse response;
  codec::XmlWriter writer(response.body);
  const std::string root = std::string(operation.name) + "Response";
  writer.declaration();
  writer.open(root);
  writer.attribute("xmlns", std::string(operation.service->xml_namespace) + "/");
  writer.element("requestId", request_id);
  if (operation.has_output) {
    write_members(writer, *operation.output, out, {Protocol::ec2, EmptyLists::written}, EmptyLists::written);
  } else {
    writer.element("return", "true");
  }
  writer.close(root);
  response.headers.add("Content-Type", "text/xml;charset=UTF-8");
  return response;
}

}  // namespace landfall::aws
