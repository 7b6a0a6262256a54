// rest-xml: members travel in the path, the query string, headers and an XML body; S3, CloudFront, Route 53.
// https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html
#include <algorithm>

#include "aws/protocol/codec_internal.h"
#include "aws/protocol/uri_pattern.h"
#include "aws/protocol/value.h"
#include "codec/http1_field.h"

namespace landfall::aws {

namespace {

bool is_s3(const OperationModel& operation) { return operation.service->name == "s3"; }

[[noreturn]] void malformed_body(const OperationModel& operation, const std::string& why) {
  if (is_s3(operation))
    throw ServiceError(
        "MalformedXML", 400,
        "The XML you provided was not well-formed or did not validate against our published schema");
  if (operation.service->name == "route53") throw ServiceError("InvalidInput", 400, "Invalid XML ; " + why);
  throw ServiceError("MalformedInput", 400, "The request body is malformed: " + why);
}

[[noreturn]] void invalid_value(const OperationModel& operation, const Member& member,
                                std::string_view text) {
  const char* code = operation.service->name == "route53" ? "InvalidInput" : "InvalidArgument";
  ServiceError error(
      code, 400, "The value '" + std::string(text) + "' of " + std::string(member.wire_name) + " is invalid");
  if (is_s3(operation)) {
    error.details["ArgumentName"] = member.wire_name;
    error.details["ArgumentValue"] = text;
  }
  throw error;
}

void set_scalar(const OperationModel& operation, const Member& member, std::string_view text, void* in) {
  if (!scalar_from_text(*member.shape, text, make_value(member, in))) invalid_value(operation, member, text);
}

void set_elements(const OperationModel& operation, const Member& member,
                  const std::vector<std::string>& texts, void* in) {
  void* list = make_value(member, in);
  if (texts.size() > DecodeLimits::max_list_elements) invalid_value(operation, member, "(too many)");
  member.shape->list_ops->resize(list, texts.size());
  for (size_t i = 0; i < texts.size(); ++i)
    if (!scalar_from_text(*member.shape->element, texts[i], member.shape->list_ops->mutable_at(list, i)))
      invalid_value(operation, member, texts[i]);
}

std::vector<std::string> comma_separated(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(','), text.size());
    parts.emplace_back(http1::trim_ows(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

void bind_query_string(const OperationModel& operation, const Member& member, const codec::Pairs& query,
                       void* in) {
  if (member.shape->kind == Kind::list) {
    std::vector<std::string> texts;
    for (const auto& [name, value] : query)
      if (name == member.wire_name) texts.push_back(value);
    if (!texts.empty()) set_elements(operation, member, texts, in);
    return;
  }
  for (const auto& [name, value] : query) {
    if (name != member.wire_name) continue;
    // "?max-keys=" and "?versionId" mean: not given; an empty prefix or marker is the same as none.
    if (!value.empty() || member.shape->kind == Kind::string) set_scalar(operation, member, value, in);
    return;
  }
}

void bind_header(const OperationModel& operation, const Member& member, const http::Headers& headers,
                 void* in) {
  const auto value = headers.get(member.wire_name);
  if (!value) return;
  if (member.shape->kind == Kind::list) {
    set_elements(operation, member, comma_separated(*value), in);
  } else {
    set_scalar(operation, member, http1::trim_ows(*value), in);
  }
}

void bind_prefixed_headers(const Member& member, const http::Headers& headers, void* in) {
  void* map = make_value(member, in);
  for (const http::Header& header : headers) {
    if (header.name.size() <= member.wire_name.size() ||
        !http::equals_ignoring_case(header.name.substr(0, member.wire_name.size()), member.wire_name))
      continue;
    std::string key(header.name.substr(member.wire_name.size()));
    std::ranges::transform(key, key.begin(),
                           [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    auto* slot = static_cast<std::string*>(member.shape->map_ops->insert(map, key));
    if (!slot->empty()) *slot += ',';  // repeated headers are one (RFC 9110 section 5.3)
    *slot += http1::trim_ows(header.value);
  }
}

void read_xml(const OperationModel& operation, std::string_view body, const Shape& shape, void* value) {
  const auto document = codec::XmlDocument::parse(body);
  if (!document) malformed_body(operation, document.error().message);
  ElementBudget budget;
  std::string where;
  if (!read_members(document->root(), shape, value, budget, where)) malformed_body(operation, "at " + where);
}

void read_body(const OperationModel& operation, std::string_view body, void* in) {
  const Shape& input = *operation.input;
  if (input.payload >= 0) {
    const Member& payload = input.members[static_cast<size_t>(input.payload)];
    if (body.empty()) return;
    if (payload.shape->kind == Kind::structure) {
      read_xml(operation, body, *payload.shape, make_value(payload, in));
    } else {
      static_cast<std::string*>(make_value(payload, in))->assign(body);
    }
    return;
  }
  const bool has_body_members =
      std::ranges::any_of(input.members, [](const Member& m) { return m.location == Location::body; });
  if (has_body_members && !body.empty()) read_xml(operation, body, input, in);
}

// The root of a response without payload member. Clients do not look at it, people and other tools do.
std::string_view root_name(const OperationModel& operation) {
  struct Name {
    std::string_view operation, root;
  };
  static constexpr Name s3_roots[] = {
      {"CompleteMultipartUpload", "CompleteMultipartUploadResult"},
      {"CreateMultipartUpload", "InitiateMultipartUploadResult"},
      {"CreateSession", "CreateSessionResult"},
      {"DeleteObjects", "DeleteResult"},
      {"GetBucketAccelerateConfiguration", "AccelerateConfiguration"},
      {"GetBucketAcl", "AccessControlPolicy"},
      {"GetBucketCors", "CORSConfiguration"},
      {"GetBucketLifecycleConfiguration", "LifecycleConfiguration"},
      {"GetBucketLocation", "LocationConstraint"},
      {"GetBucketLogging", "BucketLoggingStatus"},
      {"GetBucketNotificationConfiguration", "NotificationConfiguration"},
      {"GetBucketRequestPayment", "RequestPaymentConfiguration"},
      {"GetBucketTagging", "Tagging"},
      {"GetBucketVersioning", "VersioningConfiguration"},
      {"GetBucketWebsite", "WebsiteConfiguration"},
      {"GetObjectAcl", "AccessControlPolicy"},
      {"GetObjectAttributes", "GetObjectAttributesResponse"},
      {"GetObjectTagging", "Tagging"},
      {"ListBuckets", "ListAllMyBucketsResult"},
      {"ListMultipartUploads", "ListMultipartUploadsResult"},
      {"ListObjectVersions", "ListVersionsResult"},
      {"ListObjects", "ListBucketResult"},
      {"ListObjectsV2", "ListBucketResult"},
      {"ListParts", "ListPartsResult"},
  };
  if (is_s3(operation))
    for (const Name& name : s3_roots)
      if (name.operation == operation.name) return name.root;
  return operation.output->wire_name.empty() ? operation.output->name : operation.output->wire_name;
}

void open_root(codec::XmlWriter& writer, const OperationModel& operation, std::string_view name) {
  writer.declaration();
  writer.open(name);
  if (!operation.service->xml_namespace.empty()) writer.attribute("xmlns", operation.service->xml_namespace);
}

void write_header(const Member& member, const void* value, WireResponse& response) {
  if (member.shape->kind != Kind::list) {
    response.headers.add(std::string(member.wire_name),
                         scalar_to_text(*member.shape, format_of(member, TimestampFormat::http_date), value));
    return;
  }
  std::string joined;
  for (size_t i = 0; i < member.shape->list_ops->size(value); ++i) {
    if (i > 0) joined += ",";
    joined += scalar_to_text(*member.shape->element, TimestampFormat::http_date,
                             member.shape->list_ops->at(value, i));
  }
  response.headers.add(std::string(member.wire_name), std::move(joined));
}

void write_prefixed_headers(const Member& member, const void* value, WireResponse& response) {
  struct Context {
    const Member* member;
    WireResponse* response;
  } context{&member, &response};
  member.shape->map_ops->each(value, &context, [](void* c, const std::string& key, const void* text) {
    auto& [m, r] = *static_cast<Context*>(c);
    r->headers.add(std::string(m->wire_name) + key, *static_cast<const std::string*>(text));
  });
}

void write_body(const OperationModel& operation, const void* out, WireResponse& response) {
  const Shape& output = *operation.output;
  const XmlStyle style{Protocol::rest_xml, EmptyLists::omitted};
  codec::XmlWriter writer(response.body);
  if (output.payload >= 0) {
    const Member& payload = output.members[static_cast<size_t>(output.payload)];
    const void* value = value_of(payload, out);
    if (value == nullptr) return;
    if (payload.shape->kind != Kind::structure) {
      response.body = *static_cast<const std::string*>(value);
      return;
    }
    open_root(writer, operation, payload.wire_name);
    write_attributes(writer, *payload.shape, value);
    write_members(writer, *payload.shape, value, style, EmptyLists::omitted);
    writer.close(payload.wire_name);
    return;
  }
  const bool has_body_members =
      std::ranges::any_of(output.members, [](const Member& m) { return m.location == Location::body; });
  if (!has_body_members || operation.http_method == "HEAD") return;
  const std::string_view root = root_name(operation);
  open_root(writer, operation, root);
  if (root == "LocationConstraint") {  // the one document whose root is the value itself
    const Member& location = output.members[0];
    if (const void* value = value_of(location, out)) writer.text(*static_cast<const std::string*>(value));
  } else {
    write_members(writer, output, out, style, EmptyLists::written);
  }
  writer.close(root);
}

}  // namespace

void decode_rest_xml(const OperationModel& operation, const WireRequest& request, void* in) {
  const auto query = codec::parse_form(request.http->query());
  if (!query)
    throw ServiceError(is_s3(operation) ? "InvalidURI" : "InvalidArgument", 400,
                       "Couldn't parse the specified URI.");
  const auto match = match_uri(operation.uri, request.path, *query);
  for (const Member& member : operation.input->members) {
    switch (member.location) {
      case Location::uri:
        if (match)
          for (const auto& [label, value] : match->labels)
            if (label == member.wire_name) set_scalar(operation, member, value, in);
        break;
      case Location::query_string:
        bind_query_string(operation, member, *query, in);
        break;
      case Location::header:
        bind_header(operation, member, request.http->headers, in);
        break;
      case Location::header_prefix:
        bind_prefixed_headers(member, request.http->headers, in);
        break;
      case Location::body:
      case Location::status_code:
        break;
    }
  }
  read_body(operation, request.body, in);
}

WireResponse encode_rest_xml(const OperationModel& operation, const void* out, std::string_view) {
  WireResponse response;
  response.status = operation.response_code;
  for (const Member& member : operation.output->members) {
    if (member.location == Location::body || !has_content(member, out)) continue;
    const void* value = value_of(member, out);
    switch (member.location) {
      case Location::header:
        write_header(member, value, response);
        break;
      case Location::header_prefix:
        write_prefixed_headers(member, value, response);
        break;
      case Location::status_code:
        response.status = static_cast<int>(*static_cast<const int64_t*>(value));
        break;
      default:
        break;
    }
  }
  write_body(operation, out, response);
  if (response.body.starts_with("<?xml") && !response.headers.has("Content-Type"))
    response.headers.add("Content-Type", is_s3(operation) ? "application/xml" : "text/xml");
  return response;
}

}  // namespace landfall::aws
