// AWS::Logs::*
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {

namespace json = boost::json;
using json::object;

namespace {

object tag_map(const Work& w, const object& p) {
  object map;
  for (const auto& tag : w.tags(p)) map[tag.as_object().at("Key").as_string()] = tag.as_object().at("Value");
  return map;
}

void change_retention(Work& w, const object& before, const object& p, const std::string& name) {
  const auto *was = before.if_contains("RetentionInDays"), *is = p.if_contains("RetentionInDays");
  if (is != nullptr && (was == nullptr || *was != *is)) {
    w.invoke("logs", "PutRetentionPolicy", {{"logGroupName", name}, {"retentionInDays", *is}});
  } else if (is == nullptr && was != nullptr) {
    w.invoke("logs", "DeleteRetentionPolicy", {{"logGroupName", name}});
  }
}

void change_key(Work& w, const object& before, const object& p, const std::string& name) {
  const std::string was = text_at(before, "KmsKeyId"), is = text_at(p, "KmsKeyId");
  if (was == is) return;
  if (is.empty()) {
    w.invoke("logs", "DisassociateKmsKey", {{"logGroupName", name}});
  } else {
    w.invoke("logs", "AssociateKmsKey", {{"logGroupName", name}, {"kmsKeyId", is}});
  }
}

void update_group(Work& w, const object& before, const object& p, Model& m) {
  change_retention(w, before, p, m.physical_id);
  change_key(w, before, p, m.physical_id);
  if (truth_at(before, "DeletionProtectionEnabled", false) != truth_at(p, "DeletionProtectionEnabled", false))
    w.invoke("logs", "PutLogGroupDeletionProtection",
             {{"logGroupIdentifier", m.physical_id},
              {"deletionProtectionEnabled", truth_at(p, "DeletionProtectionEnabled", false)}});
  if (!w.tags_differ(before, p)) return;
  const std::string arn = w.call.arn("logs", "log-group:" + m.physical_id);
  if (const json::array gone = w.tags_gone(before, p); !gone.empty())
    w.invoke("logs", "UntagResource", {{"resourceArn", arn}, {"tagKeys", gone}});
  w.invoke("logs", "TagResource", {{"resourceArn", arn}, {"tags", tag_map(w, p)}});
}

}  // namespace

void add_logs_types(Registry& registry) {
  registry["AWS::Logs::LogGroup"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const std::string name =
                p.contains("LogGroupName") ? text_at(p, "LogGroupName") : w.generated_name(512);
            object input{{"logGroupName", name}, {"tags", tag_map(w, p)}};
            for (const auto& [property, member] :
                 {std::pair{"KmsKeyId", "kmsKeyId"}, std::pair{"LogGroupClass", "logGroupClass"},
                  std::pair{"DeletionProtectionEnabled", "deletionProtectionEnabled"}})
              if (p.contains(property)) input[member] = p.at(property);
            w.invoke("logs", "CreateLogGroup", input);
            change_retention(w, {}, p, name);
            return Model{.physical_id = name,
                         .attributes = {{"Arn", w.call.arn("logs", "log-group:" + name + ":*")}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after([&] { w.invoke("logs", "DeleteLogGroup", {{"logGroupName", m.physical_id}}); },
                              {"ResourceNotFoundException"});
          },
      .fixed = {"LogGroupName", "LogGroupClass"},
      .updatable = {"RetentionInDays", "KmsKeyId", "DeletionProtectionEnabled", "Tags"},
      .update = update_group,
  });
  registry["AWS::Logs::LogStream"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const std::string name =
                p.contains("LogStreamName") ? text_at(p, "LogStreamName") : w.generated_name(512);
            w.invoke("logs", "CreateLogStream",
                     {{"logGroupName", text_at(p, "LogGroupName")}, {"logStreamName", name}});
            return Model{.physical_id = name};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            return gone_after(
                [&] {
                  w.invoke("logs", "DeleteLogStream",
                           {{"logGroupName", text_at(p, "LogGroupName")}, {"logStreamName", m.physical_id}});
                },
                {"ResourceNotFoundException"});
          },
      .fixed = {"LogGroupName", "LogStreamName"},
      .required = {"LogGroupName"},
  });
}

}  // namespace landfall::cloudformation
