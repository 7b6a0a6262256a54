// AWS::S3::*. S3 lives in edge, so every step is a request that is asked for until its answer is there.
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

#include "base/ascii.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// One configuration of a bucket: the sub-resource and its document.
struct Part {
  std::string query, body;
};

std::string public_access_block(const object& configuration) {
  std::string xml = "<PublicAccessBlockConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (const char* name :
       {"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"})
    xml += std::string("<") + name + ">" + (truth_at(configuration, name, false) ? "true" : "false") + "</" +
           name + ">";
  return xml + "</PublicAccessBlockConfiguration>";
}

std::vector<Part> parts_of(const Work& w, const object& p) {
  std::vector<Part> parts;
  // AWS blocks public access on every new bucket unless the template says otherwise; Landfall's S3 does so
  // itself.
  if (const auto* block = p.if_contains("PublicAccessBlockConfiguration");
      block != nullptr && block->is_object())
    parts.push_back({"publicAccessBlock", public_access_block(block->as_object())});
  if (const std::string status = text_at_path(p, "VersioningConfiguration.Status"); !status.empty())
    parts.push_back(
        {"versioning", "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Status>" +
                           escaped(status) + "</Status></VersioningConfiguration>"});
  if (const std::string rule = text_at_path(p, "OwnershipControls.Rules.0.ObjectOwnership"); !rule.empty())
    parts.push_back(
        {"ownershipControls",
         "<OwnershipControls xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Rule><ObjectOwnership>" +
             escaped(rule) + "</ObjectOwnership></Rule></OwnershipControls>"});
  if (const std::string algorithm = text_at_path(
          p,
          "BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.SSEAlgorithm");
      !algorithm.empty())
    parts.push_back({"encryption",
                     "<ServerSideEncryptionConfiguration "
                     "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/"
                     "\"><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>" +
                         escaped(algorithm) +
                         "</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></"
                         "ServerSideEncryptionConfiguration>"});
  std::string tags = "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>";
  for (const auto& tag : w.tags(p))
    tags += "<Tag><Key>" + escaped(text_at(tag.as_object(), "Key")) + "</Key><Value>" +
            escaped(text_at(tag.as_object(), "Value")) + "</Value></Tag>";
  parts.push_back({"tagging", tags + "</TagSet></Tagging>"});
  return parts;
}

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

// model.progress: "look" until the name is known to be free, "create" until the bucket exists, then the
// number of the configuration to be put next.
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
  const std::vector<Part> parts = parts_of(w, p);
  for (size_t next = m.progress.empty() ? parts.size() : std::stoul(m.progress); next < parts.size();
       ++next) {
    m.progress = std::to_string(next);
    if (!w.s3("PUT", "/" + m.physical_id, parts[next].query, parts[next].body)) return false;
  }
  m.progress.clear();
  return true;
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
      .updatable = {"PublicAccessBlockConfiguration", "VersioningConfiguration", "OwnershipControls",
                    "BucketEncryption", "Tags"},
      .update = [](Work&, const object&, const object&, Model& m) { m.progress = "0"; },
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
      .updatable = {"PolicyDocument"},
      .update = [](Work&, const object&, const object&, Model& m) { m.progress = "put"; },
  });
}

}  // namespace landfall::cloudformation
