// From method, path and query to an operation, by the model's request URIs: "/{Bucket}/{Key+}?uploads".
#include <algorithm>
#include <array>
#include <functional>

#include "s3/operations.h"
#include "services/s3/dataplane/operations.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {
namespace {

enum class Level { service, bucket, object, other };

struct Pattern {
  const OperationEntry* entry = nullptr;
  std::string_view name, method;
  Level level = Level::other;
  std::vector<std::pair<std::string_view, std::string_view>> literals;  // query parameters that must be there
  std::vector<std::string_view> query, headers;                         // required members
  size_t weight() const { return 2 * literals.size() + query.size() + headers.size(); }
};

Level level_of(std::string_view path) {
  if (path == "/") return Level::service;
  if (path == "/{Bucket}") return Level::bucket;
  if (path == "/{Bucket}/{Key+}") return Level::object;
  return Level::other;  // WriteGetObjectResponse
}

Pattern pattern_of(std::string_view name, std::string_view method, std::string_view uri) {
  Pattern pattern;
  pattern.name = name;
  pattern.method = method;
  const size_t mark = std::min(uri.find('?'), uri.size());
  pattern.level = level_of(uri.substr(0, mark));
  std::string_view rest = uri.substr(std::min(mark + 1, uri.size()));
  while (!rest.empty()) {
    const std::string_view item = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(item.size() + 1, rest.size()));
    const size_t equals = std::min(item.find('='), item.size());
    if (item.substr(0, equals) == "x-id") continue;
    pattern.literals.emplace_back(item.substr(0, equals), item.substr(std::min(equals + 1, item.size())));
  }
  return pattern;
}

const OperationEntry* entry_named(std::string_view name) {
  for (const OperationEntry& entry : operations()) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

using Patterns = std::array<std::vector<Pattern>, 4>;  // by Level, the most specific first

Patterns make_patterns() {
  Patterns patterns;
  for (const aws::OperationModel& model : service_model.operations) {
    Pattern pattern = pattern_of(model.name, model.http_method, model.uri);
    pattern.entry = entry_named(model.name);
    LF_INVARIANT(pattern.entry != nullptr, "an operations/ file without an entry in operations.cc");
    for (const aws::Member& member : model.input->members) {
      if (!member.required) continue;
      if (member.location == aws::Location::query_string) pattern.query.push_back(member.wire_name);
      if (member.location == aws::Location::header) pattern.headers.push_back(member.wire_name);
    }
    patterns[static_cast<size_t>(pattern.level)].push_back(std::move(pattern));
  }
  for (std::vector<Pattern>& level : patterns)
    std::ranges::stable_sort(level, std::greater(), &Pattern::weight);
  return patterns;
}

// Subresources and what their operations are named after the verb. A request with one of them that no
// operation takes is known but not implemented; without this list `PUT /bucket?website` would be a
// CreateBucket.
struct Subresource {
  std::string_view parameter, name;
};
constexpr Subresource kSubresources[] = {
    {"abac", "BucketAbac"},
    {"accelerate", "BucketAccelerateConfiguration"},
    {"acl", "Acl"},
    {"analytics", "BucketAnalyticsConfiguration"},
    {"attributes", "ObjectAttributes"},
    {"cors", "BucketCors"},
    {"delete", "Objects"},
    {"encryption", "Encryption"},
    {"intelligent-tiering", "BucketIntelligentTieringConfiguration"},
    {"inventory", "BucketInventoryConfiguration"},
    {"legal-hold", "ObjectLegalHold"},
    {"lifecycle", "BucketLifecycleConfiguration"},
    {"location", "BucketLocation"},
    {"logging", "BucketLogging"},
    {"metadataConfiguration", "BucketMetadataConfiguration"},
    {"metadataInventoryTable", "BucketMetadataInventoryTableConfiguration"},
    {"metadataJournalTable", "BucketMetadataJournalTableConfiguration"},
    {"metadataTable", "BucketMetadataTableConfiguration"},
    {"metrics", "BucketMetricsConfiguration"},
    {"notification", "BucketNotificationConfiguration"},
    {"object-lock", "ObjectLockConfiguration"},
    {"ownershipControls", "BucketOwnershipControls"},
    {"policy", "BucketPolicy"},
    {"policyStatus", "BucketPolicyStatus"},
    {"publicAccessBlock", "PublicAccessBlock"},
    {"renameObject", "RenameObject"},
    {"replication", "BucketReplication"},
    {"requestPayment", "BucketRequestPayment"},
    {"restore", "RestoreObject"},
    {"retention", "ObjectRetention"},
    {"select", "SelectObjectContent"},
    {"session", "CreateSession"},
    {"tagging", "Tagging"},
    {"torrent", "ObjectTorrent"},
    {"uploads", "MultipartUploads"},
    {"versioning", "BucketVersioning"},
    {"versions", "ObjectVersions"},
    {"website", "BucketWebsite"},
};

std::string_view verb_of(std::string_view method) {
  if (method == "PUT") return "Put";
  if (method == "DELETE") return "Delete";
  if (method == "POST") return "";
  return "Get";
}

bool takes(const Pattern& pattern, std::string_view parameter) {
  return std::any_of(pattern.literals.begin(), pattern.literals.end(),
                     [&](const auto& literal) { return literal.first == parameter; });
}

const std::string* find(const codec::Pairs& query, std::string_view name) {
  for (const auto& [key, value] : query) {
    if (key == name) return &value;
  }
  return nullptr;
}

bool matches(const Pattern& pattern, const http::Request& request, const codec::Pairs& query) {
  if (pattern.method != request.method || (query.empty() && !pattern.literals.empty())) return false;
  for (const auto& [name, value] : pattern.literals) {
    const std::string* given = find(query, name);
    if (!given || (!value.empty() && *given != value)) return false;
  }
  for (std::string_view name : pattern.query) {
    if (!find(query, name)) return false;
  }
  for (std::string_view name : pattern.headers) {
    if (!request.headers.has(name)) return false;
  }
  return true;
}

}  // namespace

Route route(const http::Request& request, const Address& address, const codec::Pairs& query) {
  static const Patterns patterns = make_patterns();
  const Level level = address.bucket.empty() ? Level::service
                      : address.key.empty()  ? Level::bucket
                                             : Level::object;
  const Subresource* asked = nullptr;
  if (!query.empty()) {
    for (const Subresource& subresource : kSubresources) {
      if (find(query, subresource.parameter)) asked = &subresource;
    }
  }
  for (const Pattern& pattern : patterns[static_cast<size_t>(level)]) {
    if (!matches(pattern, request, query)) continue;
    if (asked && !takes(pattern, asked->parameter)) break;
    return {pattern.entry, {}};
  }
  if (!asked) return {};
  return {nullptr, std::string(verb_of(request.method)).append(asked->name)};
}

const aws::OperationModel& model_of(const OperationEntry& entry) {
  const aws::OperationModel* model = service_model.operation(entry.name);
  LF_INVARIANT(model != nullptr, entry.name);
  return *model;
}

S3Result<> decode_input(const S3Request& request, void* in) {
  try {
    aws::decode_request(aws::Protocol::rest_xml, model_of(*request.operation),
                        {.http = &request.http(), .body = request.body, .path = request.address.path}, in);
  } catch (const ServiceError& error) {
    return std::unexpected(S3Error{error.code(), error.http_status(), error.message(), {}, {}});
  }
  return {};
}

aws::WireResponse encode_output(const S3Request& request, const void* out) {
  return aws::encode_response(aws::Protocol::rest_xml, model_of(*request.operation), out, request.request_id);
}

}  // namespace landfall::s3
