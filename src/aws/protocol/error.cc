// ServiceError on the wire of each protocol.
#include "aws/protocol/codec_internal.h"
#include "codec/cbor.h"
#include "codec/fields.h"

namespace landfall::aws {

namespace {

// json and cbor name an error by its shape, query by its code (they differ in cloudwatch).
std::string shape_name_of(const ServiceError& error, const OperationModel* operation) {
  if (operation != nullptr)
    for (const ErrorModel& model : operation->errors)
      if (model.code == error.code()) return std::string(model.shape);
  return error.code();
}

std::string_view fault_of(const ServiceError& error) { return error.sender_fault() ? "Sender" : "Receiver"; }

void write_details(codec::XmlWriter& writer, const ServiceError& error) {
  for (const auto& [name, value] : error.details) writer.element(name, value);
}

void query_body(const ServiceModel* service, const ServiceError& error, std::string_view request_id,
                std::string& body) {
  codec::XmlWriter writer(body);
  if (service != nullptr && service->protocols.front() == Protocol::rest_xml) writer.declaration();
  writer.open("ErrorResponse");
  if (service != nullptr && !service->xml_namespace.empty())
    writer.attribute("xmlns", service->xml_namespace);
  writer.open("Error");
  writer.element("Type", fault_of(error));
  writer.element("Code", error.code());
  writer.element("Message", error.message());
  write_details(writer, error);
  writer.close("Error");
  writer.element("RequestId", request_id);
  writer.close("ErrorResponse");
}

void ec2_body(const ServiceError& error, std::string_view request_id, std::string& body) {
  codec::XmlWriter writer(body);
  writer.declaration();
  writer.open("Response");
  writer.open("Errors");
  writer.open("Error");
  writer.element("Code", error.code());
  writer.element("Message", error.message());
  write_details(writer, error);
  writer.close("Error");
  writer.close("Errors");
  writer.element("RequestID", request_id);
  writer.close("Response");
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
void s3_body(const ServiceError& error, std::string_view request_id, std::string& body) {
  codec::XmlWriter writer(body);
  writer.declaration();
  writer.open("Error");
  writer.element("Code", error.code());
  writer.element("Message", error.message());
  write_details(writer, error);
  writer.element("RequestId", request_id);
  writer.element("HostId", request_id);
  writer.close("Error");
}

std::string json_body(const ServiceError& error, const OperationModel* operation) {
  std::string body = "{\"__type\":";
  fields::append_quoted(body, shape_name_of(error, operation));
  body += ",\"message\":";
  fields::append_quoted(body, error.message());
  for (const auto& [name, value] : error.details) {
    body += ',';
    fields::append_quoted(body, name);
    body += ':';
    fields::append_quoted(body, value);
  }
  return body + "}";
}

std::string cbor_body(const ServiceError& error, const OperationModel* operation) {
  std::string body;
  codec::CborWriter writer(body);
  writer.map(2 + error.details.size());
  writer.text("__type");
  writer.text(shape_name_of(error, operation));
  writer.text("message");
  writer.text(error.message());
  for (const auto& [name, value] : error.details) {
    writer.text(name);
    writer.text(value);
  }
  return body;
}

void add_query_error_header(const ServiceModel* service, const ServiceError& error, WireResponse& response) {
  if (service != nullptr && service->query_compatible)
    response.headers.add("x-amzn-query-error", error.code() + ";" + std::string(fault_of(error)));
}

}  // namespace

WireResponse encode_error(Protocol protocol, const ServiceModel* service, const OperationModel* operation,
                          const ServiceError& error, std::string_view request_id) {
  WireResponse response;
  response.status = error.http_status();
  const bool s3 = service != nullptr && service->name == "s3";
  switch (protocol) {
    case Protocol::query:
      response.headers.add("Content-Type", "text/xml");
      query_body(service, error, request_id, response.body);
      break;
    case Protocol::ec2:
      response.headers.add("Content-Type", "text/xml;charset=UTF-8");
      ec2_body(error, request_id, response.body);
      break;
    case Protocol::rest_xml:
      response.headers.add("Content-Type", s3 ? "application/xml" : "text/xml");
      if (s3) {
        s3_body(error, request_id, response.body);
      } else {
        query_body(service, error, request_id, response.body);
      }
      break;
    case Protocol::json_1_0:
    case Protocol::json_1_1:
      response.headers.add("Content-Type", protocol == Protocol::json_1_0 ? "application/x-amz-json-1.0"
                                                                          : "application/x-amz-json-1.1");
      response.headers.add("x-amzn-ErrorType", shape_name_of(error, operation));
      add_query_error_header(service, error, response);
      response.body = json_body(error, operation);
      break;
    case Protocol::rpc_v2_cbor:
      response.headers.add("Content-Type", "application/cbor");
      response.headers.add("smithy-protocol", "rpc-v2-cbor");
      add_query_error_header(service, error, response);
      response.body = cbor_body(error, operation);
      break;
  }
  response.headers.add(s3 ? "x-amz-request-id" : "x-amzn-RequestId", std::string(request_id));
  return response;
}

}  // namespace landfall::aws
