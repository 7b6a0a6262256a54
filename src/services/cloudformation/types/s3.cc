// AWS::S3::*. S3 lives in edge, so every step is a request that is asked for until its answer is there.
#include <boost/json.hpp>

#include "base/ascii.h"
#include "services/cloudformation/types/s3_configurations.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

void fill_attributes(const Work& w, Model& m) {
  m.attributes = {
      {"Arn", "arn:" + w.call.partition() + ":s3:::" + m.physical_id},
      {"DomainName", m.physical_id + ".s3.amazonaws.com"},
      {"RegionalDomainName", m.physical_id + ".s3." + w.call.region + ".amazonaws.com"},
      {"DualStackDomainName", m.physical_id + ".s3.dualstack." + w.call.region + ".amazonaws.com"},
      {"WebsiteURL", "http://" + m.physical_id + ".s3-website-" + w.call.region + ".amazonaws.com"}};
}

// False while S3 is asked. In us-east-1 creating a bucket that one already owns succeeds: without this look a
// stack would take over somebody's bucket, and on its way back delete it.
bool is_free(Work& w, const std::string& bucket) {
  try {
    if (!w.s3("HEAD", "/" + bucket, "", "")) return false;
  } catch (const ServiceError& error) {
    if (error.http_status() == 404) return true;
    throw;
  }
  throw ServiceError("AlreadyExists", 400, bucket + " already exists");
}

// Of an update, what is no longer said: "-cors -website", after the number of the next configuration.
std::vector<BucketPart> all_parts(const Work& w, const object& p, const std::string& progress) {
  std::vector<BucketPart> parts = bucket_parts(w, p);
  for (size_t at = progress.find('-'); at != std::string::npos; at = progress.find('-', at + 1))
    parts.push_back({progress.substr(at + 1, progress.find(' ', at) - at - 1), ""});
  return parts;
}

// model.progress: "look" until the name is known to be free, "create" until the bucket exists, then the
// number of the configuration to be put next, and those to be taken away.
bool settle_bucket(Work& w, const object& p, Model& m) {
  fill_attributes(w, m);
  if (m.progress == "look") {
    if (!is_free(w, m.physical_id)) return false;
    m.progress = "create";
  }
  if (m.progress == "create") {
    std::string body;
    if (w.call.region != "us-east-1")
      body =
          "<CreateBucketConfiguration "
          "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>" +
          w.call.region + "</LocationConstraint></CreateBucketConfiguration>";
    if (!w.s3("PUT", "/" + m.physical_id, "", body)) return false;
    m.progress = "0";
  }
  if (m.progress.empty()) return true;
  const std::vector<BucketPart> parts = all_parts(w, p, m.progress);
  const size_t space = m.progress.find(' ');
  const std::string removals = space == std::string::npos ? "" : m.progress.substr(space);
  for (size_t next = std::stoul(m.progress); next < parts.size(); ++next) {
    m.progress = std::to_string(next) + removals;
    const char* method = parts[next].body.empty() ? "DELETE" : "PUT";
    if (!w.s3(method, "/" + m.physical_id, parts[next].query, parts[next].body)) return false;
  }
  m.progress.clear();
  return true;
}

void update_bucket(Work&, const object& before, const object& p, Model& m) {
  m.progress = "0";
  for (const auto& member : before)
    if (const char* part = removable_part({member.key().data(), member.key().size()});
        part != nullptr && !p.contains(member.key()))
      m.progress += std::string(" -") + part;
}

}  // namespace

void add_s3_types(Registry& registry) {
  registry["AWS::S3::Bucket"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const std::string name =
                p.contains("BucketName") ? text_at(p, "BucketName") : ascii_lower(w.generated_name(63));
            return Model{.physical_id = name, .progress = "look"};
          },
      .settled = settle_bucket,
      .remove =
          [](Work& w, const object&, const Model& m) {
            if (m.progress == "look") return true;  // none of ours
            try {
              return w.s3("DELETE", "/" + m.physical_id, "", "").has_value();
            } catch (const ServiceError& error) {
              if (error.code() != "NoSuchBucket") throw;
              return true;
            }
          },
      .fixed = {"BucketName"},
      .updatable = {"PublicAccessBlockConfiguration", "VersioningConfiguration", "OwnershipControls",
                    "BucketEncryption", "CorsConfiguration", "WebsiteConfiguration", "LifecycleConfiguration",
                    "LoggingConfiguration", "ObjectLockEnabled", "ObjectLockConfiguration",
                    "AccelerateConfiguration", "Tags"},
      .update = update_bucket,
  });
  registry["AWS::S3::BucketPolicy"] = type_of({
      .create = [](Work&,
                   const object& p) { return Model{.physical_id = text_at(p, "Bucket"), .progress = "put"}; },
      .settled =
          [](Work& w, const object& p, Model& m) {
            if (m.progress.empty()) return true;
            const json::value& policy = p.at("PolicyDocument");
            if (!w.s3("PUT", "/" + m.physical_id, "policy",
                      policy.is_string() ? std::string(policy.as_string()) : json::serialize(policy)))
              return false;
            m.progress.clear();
            return true;
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            try {
              return w.s3("DELETE", "/" + m.physical_id, "policy", "").has_value();
            } catch (const ServiceError& error) {
              if (error.code() != "NoSuchBucket" && error.code() != "NoSuchBucketPolicy") throw;
              return true;
            }
          },
      .fixed = {"Bucket"},
      .updatable = {"PolicyDocument"},
      .required = {"Bucket", "PolicyDocument"},
      .update = [](Work&, const object&, const object&, Model& m) { m.progress = "put"; },
  });
}

}  // namespace landfall::cloudformation
