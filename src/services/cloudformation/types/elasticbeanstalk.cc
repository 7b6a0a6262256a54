// AWS::ElasticBeanstalk::*
#include <algorithm>
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

// Values of option settings are strings on the wire, whatever the template wrote.
json::array settings_of(const object& p, const char* property) {
  json::array list;
  if (const auto* settings = p.if_contains(property); settings != nullptr && settings->is_array())
    for (const auto& setting : settings->as_array()) {
      object out = pick(setting.as_object(), {"Namespace", "OptionName", "ResourceName"});
      out["Value"] = text_at(setting.as_object(), "Value");
      list.push_back(std::move(out));
    }
  return list;
}

// Options that the template said before and says no longer: back to their defaults.
json::array settings_gone(const object& before, const object& p) {
  const json::array now = settings_of(p, "OptionSettings");
  json::array gone;
  for (const auto& entry : settings_of(before, "OptionSettings")) {
    const object option = pick(entry.as_object(), {"Namespace", "OptionName", "ResourceName"});
    const auto same = [&](const json::value& other) {
      return pick(other.as_object(), {"Namespace", "OptionName", "ResourceName"}) == option;
    };
    if (std::none_of(now.begin(), now.end(), same)) gone.push_back(option);
  }
  return gone;
}

bool settle_environment(Work& w, const object&, Model& m) {
  const object found =
      w.invoke("elasticbeanstalk", "DescribeEnvironments", {{"EnvironmentNames", {m.physical_id}}});
  const auto* first = value_at(found, "Environments.0");
  if (first == nullptr) throw ServiceError("NotStabilized", 400, "Environment " + m.physical_id + " is gone");
  const object& environment = first->as_object();
  const std::string status = text_at(environment, "Status");
  m.attributes = {{"EndpointURL", text_at(environment, "EndpointURL")}};
  if (status == "Terminated" || status == "Terminating")
    throw ServiceError("NotStabilized", 400,
                       "Environment " + m.physical_id + " is " + status + ": see its events");
  // Ready and serving: CloudFormation itself waits for the environment to be ready and fails on Red.
  if (status == "Ready" && text_at(environment, "Health") == "Red")
    throw ServiceError("NotStabilized", 400,
                       "Environment " + m.physical_id + " is Red: see its events and `landfall logs`");
  return status == "Ready" && text_at(environment, "Health") == "Green";
}

}  // namespace

void add_elasticbeanstalk_types(Registry& registry) {
  registry["AWS::ElasticBeanstalk::Application"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"ApplicationName", "Description", "ResourceLifecycleConfig"});
            if (!p.contains("ApplicationName")) input["ApplicationName"] = w.generated_name(100);
            const object made = w.invoke("elasticbeanstalk", "CreateApplication", input);
            return Model{.physical_id = text_at_path(made, "Application.ApplicationName")};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after([&] {
              w.invoke("elasticbeanstalk", "DeleteApplication", {{"ApplicationName", m.physical_id}});
            });
          },
      .fixed = {"ApplicationName"},
      .updatable = {"Description", "ResourceLifecycleConfig"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            w.invoke("elasticbeanstalk", "UpdateApplication",
                     {{"ApplicationName", m.physical_id}, {"Description", text_at(p, "Description")}});
            if (p.contains("ResourceLifecycleConfig") &&
                (!before.contains("ResourceLifecycleConfig") ||
                 before.at("ResourceLifecycleConfig") != p.at("ResourceLifecycleConfig")))
              w.invoke("elasticbeanstalk", "UpdateApplicationResourceLifecycle",
                       {{"ApplicationName", m.physical_id},
                        {"ResourceLifecycleConfig", p.at("ResourceLifecycleConfig")}});
          },
  });
  registry["AWS::ElasticBeanstalk::ApplicationVersion"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"ApplicationName", "Description", "SourceBundle"});
            input["VersionLabel"] = w.generated_name(100);
            input["Process"] = true;
            const object made = w.invoke("elasticbeanstalk", "CreateApplicationVersion", input);
            return Model{.physical_id = text_at_path(made, "ApplicationVersion.VersionLabel")};
          },
      .settled =
          [](Work& w, const object& p, Model& m) {
            const object found = w.invoke(
                "elasticbeanstalk", "DescribeApplicationVersions",
                {{"ApplicationName", text_at(p, "ApplicationName")}, {"VersionLabels", {m.physical_id}}});
            const std::string status = text_at_path(found, "ApplicationVersions.0.Status");
            if (status == "Failed")
              throw ServiceError(
                  "NotStabilized", 400,
                  "Application version " + m.physical_id + " failed: its source bundle could not be read");
            return status == "Processed" || status == "Unprocessed";
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            return gone_after([&] {
              w.invoke("elasticbeanstalk", "DeleteApplicationVersion",
                       {{"ApplicationName", text_at(p, "ApplicationName")}, {"VersionLabel", m.physical_id}});
            });
          },
      .fixed = {"ApplicationName", "SourceBundle"},
      .updatable = {"Description"},
      .required = {"ApplicationName", "SourceBundle"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            w.invoke("elasticbeanstalk", "UpdateApplicationVersion",
                     {{"ApplicationName", text_at(p, "ApplicationName")},
                      {"VersionLabel", m.physical_id},
                      {"Description", text_at(p, "Description")}});
          },
  });
  registry["AWS::ElasticBeanstalk::ConfigurationTemplate"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"ApplicationName", "Description", "SolutionStackName", "PlatformArn",
                                    "EnvironmentId", "SourceConfiguration"});
            input["TemplateName"] = w.generated_name(100);
            input["OptionSettings"] = settings_of(p, "OptionSettings");
            const object made = w.invoke("elasticbeanstalk", "CreateConfigurationTemplate", input);
            return Model{.physical_id = text_at(made, "TemplateName")};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            return gone_after([&] {
              w.invoke("elasticbeanstalk", "DeleteConfigurationTemplate",
                       {{"ApplicationName", text_at(p, "ApplicationName")}, {"TemplateName", m.physical_id}});
            });
          },
      .fixed = {"ApplicationName", "SolutionStackName", "PlatformArn", "EnvironmentId",
                "SourceConfiguration"},
      .updatable = {"Description", "OptionSettings"},
      .required = {"ApplicationName"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            object input = pick(p, {"ApplicationName", "Description"});
            input["TemplateName"] = m.physical_id;
            input["OptionSettings"] = settings_of(p, "OptionSettings");
            if (json::array gone = settings_gone(before, p); !gone.empty()) input["OptionsToRemove"] = gone;
            w.invoke("elasticbeanstalk", "UpdateConfigurationTemplate", input);
          },
  });
  registry["AWS::ElasticBeanstalk::Environment"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(
                p, {"ApplicationName", "EnvironmentName", "Description", "CNAMEPrefix", "Tier",
                    "VersionLabel", "TemplateName", "SolutionStackName", "PlatformArn", "OperationsRole"});
            if (!p.contains("EnvironmentName")) input["EnvironmentName"] = w.generated_name(40);
            input["OptionSettings"] = settings_of(p, "OptionSettings");
            input["Tags"] = w.tags(p);
            const object made = w.invoke("elasticbeanstalk", "CreateEnvironment", input);
            return Model{.physical_id = text_at(made, "EnvironmentName")};
          },
      .settled = settle_environment,
      .remove =
          [](Work& w, const object&, const Model& m) {
            const object found = w.invoke("elasticbeanstalk", "DescribeEnvironments",
                                          {{"EnvironmentNames", {m.physical_id}}, {"IncludeDeleted", false}});
            const auto* first = value_at(found, "Environments.0");
            if (first == nullptr || text_at(first->as_object(), "Status") == "Terminated") return true;
            if (text_at(first->as_object(), "Status") != "Terminating")
              w.invoke("elasticbeanstalk", "TerminateEnvironment", {{"EnvironmentName", m.physical_id}});
            return false;
          },
      .fixed = {"ApplicationName", "EnvironmentName", "CNAMEPrefix"},
      .updatable = {"Description", "OptionSettings", "VersionLabel", "TemplateName", "SolutionStackName",
                    "PlatformArn", "Tier", "OperationsRole", "Tags"},
      .required = {"ApplicationName"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            object input = pick(p, {"Description", "VersionLabel", "TemplateName", "SolutionStackName",
                                    "PlatformArn", "Tier"});
            input["EnvironmentName"] = m.physical_id;
            input["OptionSettings"] = settings_of(p, "OptionSettings");
            if (json::array gone = settings_gone(before, p); !gone.empty()) input["OptionsToRemove"] = gone;
            const object made = w.invoke("elasticbeanstalk", "UpdateEnvironment", input);
            if (!w.tags_differ(before, p)) return;
            object tags{{"ResourceArn", text_at(made, "EnvironmentArn")}, {"TagsToAdd", w.tags(p)}};
            if (const json::array gone = w.tags_gone(before, p); !gone.empty()) tags["TagsToRemove"] = gone;
            w.invoke("elasticbeanstalk", "UpdateTagsForResource", tags);
          },
  });
}

}  // namespace landfall::cloudformation
