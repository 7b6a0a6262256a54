// The codecs as a filter, for protocol_test.py: one JSON command a line on stdin, one JSON answer a line on
// stdout.
//   {"do":"decode","method":..,"target":..,"authority":..,"headers":[[name,value]..],"body":base64}
//      -> {"service","operation","protocol","input"} or {"code","status","message"}
//   {"do":"validate", as decode} -> {} or {"code","status","message"}
//   {"do":"encode","service","operation","protocol","output":{..}} -> {"status","headers","body":base64}
//   {"do":"error","service","operation","protocol","code","status","message"} -> as encode
//   {"do":"patterns"} -> {"total":n,"unsupported":[..]}
#include <iostream>

#include "aws/protocol/codec.h"
#include "aws/protocol/identify.h"
#include "aws/protocol/json_shape.h"
#include "aws/protocol/validate.h"
#include "base/encoding.h"
#include "services.h"

namespace {

using namespace landfall;
using fields::Node;

std::string text_of(const Node* command, std::string_view name) {
  std::string text;
  const Node* node = fields::member(command, name);
  if (node != nullptr) fields::read_string(node, text);
  return text;
}

std::string quoted(std::string_view text) {
  std::string out;
  fields::append_quoted(out, text);
  return out;
}

std::string problem(const ServiceError& error) {
  return "{\"code\":" + quoted(error.code()) + ",\"status\":" + std::to_string(error.http_status()) +
         ",\"message\":" + quoted(error.message()) + "}";
}

http::Request request_of(const Node* command) {
  http::Request request;
  request.method = text_of(command, "method");
  request.target = text_of(command, "target");
  request.authority = text_of(command, "authority");
  fields::for_each_element(fields::member(command, "headers"), [&](const Node* pair) {
    std::vector<std::string> both;
    fields::for_each_element(
        pair, [&](const Node* item) { return fields::read_string(item, both.emplace_back()); });
    request.headers.add(both.at(0), both.at(1));
    return true;
  });
  return request;
}

std::string decode(const Node* command, bool validate) {
  const http::Request request = request_of(command);
  const std::string body = from_base64(text_of(command, "body")).value();
  const aws::Identified found = aws::identify(aws::services(), request, body);
  if (found.error) return problem(*found.error);
  aws::AnyStruct in(*found.operation->input);
  try {
    aws::decode_request(found.protocol, *found.operation, {&request, body, found.path}, in.get());
    if (validate) aws::validate_input(found.protocol, *found.operation, in.get());
  } catch (const ServiceError& error) {
    return problem(error);
  }
  if (validate) return "{}";
  return "{\"service\":" + quoted(found.service->name) + ",\"operation\":" + quoted(found.operation_name) +
         ",\"protocol\":" + quoted(aws::name_of(found.protocol)) +
         ",\"input\":" + aws::shape_to_json(*found.operation->input, in.get()) + "}";
}

std::string response_json(const aws::WireResponse& response) {
  std::string headers;
  for (const http::Header& header : response.headers)
    headers += (headers.empty() ? "[" : ",[") + quoted(header.name) + "," + quoted(header.value) + "]";
  return "{\"status\":" + std::to_string(response.status) + ",\"headers\":[" + headers +
         "],\"body\":" + quoted(to_base64(response.body)) + "}";
}

const aws::ServiceModel& service_named(std::string_view name) {
  for (const aws::ServiceModel* service : aws::services())
    if (service->name == name) return *service;
  throw std::runtime_error("no such service");
}

aws::Protocol protocol_named(const aws::ServiceModel& service, std::string_view name) {
  for (const aws::Protocol protocol : service.protocols)
    if (aws::name_of(protocol) == name) return protocol;
  throw std::runtime_error("no such protocol");
}

std::string encode(const Node* command, bool as_error) {
  const aws::ServiceModel& service = service_named(text_of(command, "service"));
  const aws::OperationModel* operation = service.operation(text_of(command, "operation"));
  const aws::Protocol protocol = protocol_named(service, text_of(command, "protocol"));
  if (as_error) {
    int64_t status = 0;
    fields::read_int(fields::member(command, "status"), status);
    const ServiceError error(text_of(command, "code"), static_cast<int>(status), text_of(command, "message"));
    return response_json(aws::encode_error(protocol, &service, operation, error, "req-1"));
  }
  aws::AnyStruct out(*operation->output);
  if (const auto read = aws::read_json(*operation->output, fields::member(command, "output"), out.get());
      !read)
    throw std::runtime_error(read.error().message);
  return response_json(aws::encode_response(protocol, *operation, out.get(), "req-1"));
}

std::string answer(const Node* command) {
  const std::string what = text_of(command, "do");
  if (what == "decode" || what == "validate") return decode(command, what == "validate");
  if (what == "encode" || what == "error") return encode(command, what == "error");
  throw std::runtime_error("unknown command");
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto command = fields::Document::parse(line);
    if (!command) return 2;
    std::cout << answer(command->root()) << std::endl;  // lint: allow printf-log: its output is the answer
  }
}
