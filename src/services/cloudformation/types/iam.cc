// AWS::IAM::*
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

std::string document(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

struct EntityKind {      // the operations' names differ by these
  const char* noun;      // Role, User
  const char* name_key;  // RoleName, UserName
};

void attach_policies(Work& w, const EntityKind& kind, const std::string& name, const object& p) {
  if (const auto* arns = p.if_contains("ManagedPolicyArns"); arns != nullptr && arns->is_array())
    for (const auto& arn : arns->as_array())
      w.invoke("iam", std::string("Attach") + kind.noun + "Policy",
               {{kind.name_key, name}, {"PolicyArn", arn}});
  if (const auto* policies = p.if_contains("Policies"); policies != nullptr && policies->is_array())
    for (const auto& policy : policies->as_array())
      w.invoke("iam", std::string("Put") + kind.noun + "Policy",
               {{kind.name_key, name},
                {"PolicyName", text_at(policy.as_object(), "PolicyName")},
                {"PolicyDocument", document(policy.as_object().at("PolicyDocument"))}});
}

void detach_policies(Work& w, const EntityKind& kind, const std::string& name, const object& p) {
  if (const auto* arns = p.if_contains("ManagedPolicyArns"); arns != nullptr && arns->is_array())
    for (const auto& arn : arns->as_array())
      gone_after(
          [&] {
            w.invoke("iam", std::string("Detach") + kind.noun + "Policy",
                     {{kind.name_key, name}, {"PolicyArn", arn}});
          },
          {"NoSuchEntity"});
  if (const auto* policies = p.if_contains("Policies"); policies != nullptr && policies->is_array())
    for (const auto& policy : policies->as_array())
      gone_after(
          [&] {
            w.invoke("iam", std::string("Delete") + kind.noun + "Policy",
                     {{kind.name_key, name}, {"PolicyName", text_at(policy.as_object(), "PolicyName")}});
          },
          {"NoSuchEntity"});
}

constexpr EntityKind kRole{"Role", "RoleName"}, kUser{"User", "UserName"};

void add_role(Registry& registry) {
  registry["AWS::IAM::Role"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input =
                pick(p, {"RoleName", "Path", "Description", "MaxSessionDuration", "PermissionsBoundary"});
            if (!p.contains("RoleName")) input["RoleName"] = w.generated_name(64);
            input["AssumeRolePolicyDocument"] = document(p.at("AssumeRolePolicyDocument"));
            input["Tags"] = w.tags(p);
            const object made = w.invoke("iam", "CreateRole", input);
            const std::string name = text_at_path(made, "Role.RoleName");
            attach_policies(w, kRole, name, p);
            return Model{.physical_id = name,
                         .attributes = {{"Arn", text_at_path(made, "Role.Arn")},
                                        {"RoleId", text_at_path(made, "Role.RoleId")}}};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            detach_policies(w, kRole, m.physical_id, p);
            return gone_after([&] { w.invoke("iam", "DeleteRole", {{"RoleName", m.physical_id}}); },
                              {"NoSuchEntity"});
          },
      .updatable = {"AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns", "Description",
                    "MaxSessionDuration", "Tags"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            w.invoke("iam", "UpdateAssumeRolePolicy",
                     {{"RoleName", m.physical_id},
                      {"PolicyDocument", document(p.at("AssumeRolePolicyDocument"))}});
            detach_policies(w, kRole, m.physical_id, before);
            attach_policies(w, kRole, m.physical_id, p);
          },
  });
}

void add_user(Registry& registry) {
  registry["AWS::IAM::User"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"UserName", "Path", "PermissionsBoundary"});
            if (!p.contains("UserName")) input["UserName"] = w.generated_name(64);
            input["Tags"] = w.tags(p);
            const object made = w.invoke("iam", "CreateUser", input);
            const std::string name = text_at_path(made, "User.UserName");
            attach_policies(w, kUser, name, p);
            return Model{.physical_id = name, .attributes = {{"Arn", text_at_path(made, "User.Arn")}}};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            detach_policies(w, kUser, m.physical_id, p);
            return gone_after([&] { w.invoke("iam", "DeleteUser", {{"UserName", m.physical_id}}); },
                              {"NoSuchEntity"});
          },
      .updatable = {"Policies", "ManagedPolicyArns"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            detach_policies(w, kUser, m.physical_id, before);
            attach_policies(w, kUser, m.physical_id, p);
          },
  });
  registry["AWS::IAM::AccessKey"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made = w.invoke("iam", "CreateAccessKey", pick(p, {"UserName"}));
            return Model{
                .physical_id = text_at_path(made, "AccessKey.AccessKeyId"),
                .attributes = {{"SecretAccessKey", text_at_path(made, "AccessKey.SecretAccessKey")}}};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            return gone_after(
                [&] {
                  w.invoke("iam", "DeleteAccessKey",
                           {{"UserName", text_at(p, "UserName")}, {"AccessKeyId", m.physical_id}});
                },
                {"NoSuchEntity"});
          },
  });
}

void add_policies(Registry& registry) {
  const auto each_holder = [](const object& p,
                              const std::function<void(const EntityKind&, const std::string&)>& visit) {
    for (const auto& [property, kind] : {std::pair{"Roles", kRole}, std::pair{"Users", kUser}})
      if (const auto* names = p.if_contains(property); names != nullptr && names->is_array())
        for (const auto& name : names->as_array()) visit(kind, std::string(name.as_string()));
  };
  registry["AWS::IAM::Policy"] = type_of({
      .create =
          [=](Work& w, const object& p) {
            each_holder(p, [&](const EntityKind& kind, const std::string& holder) {
              w.invoke("iam", std::string("Put") + kind.noun + "Policy",
                       {{kind.name_key, holder},
                        {"PolicyName", text_at(p, "PolicyName")},
                        {"PolicyDocument", document(p.at("PolicyDocument"))}});
            });
            return Model{.physical_id = text_at(p, "PolicyName")};
          },
      .remove =
          [=](Work& w, const object& p, const Model& m) {
            each_holder(p, [&](const EntityKind& kind, const std::string& holder) {
              gone_after(
                  [&] {
                    w.invoke("iam", std::string("Delete") + kind.noun + "Policy",
                             {{kind.name_key, holder}, {"PolicyName", m.physical_id}});
                  },
                  {"NoSuchEntity"});
            });
            return true;
          },
      .updatable = {"PolicyDocument"},
      .update =
          [=](Work& w, const object&, const object& p, Model& m) {
            each_holder(p, [&](const EntityKind& kind, const std::string& holder) {
              w.invoke("iam", std::string("Put") + kind.noun + "Policy",
                       {{kind.name_key, holder},
                        {"PolicyName", m.physical_id},
                        {"PolicyDocument", document(p.at("PolicyDocument"))}});
            });
          },
  });
  registry["AWS::IAM::ManagedPolicy"] = type_of({
      .create =
          [=](Work& w, const object& p) {
            object input = pick(p, {"Path", "Description"});
            input["PolicyName"] =
                p.contains("ManagedPolicyName") ? text_at(p, "ManagedPolicyName") : w.generated_name(128);
            input["PolicyDocument"] = document(p.at("PolicyDocument"));
            const object made = w.invoke("iam", "CreatePolicy", input);
            const std::string arn = text_at_path(made, "Policy.Arn");
            each_holder(p, [&](const EntityKind& kind, const std::string& holder) {
              w.invoke("iam", std::string("Attach") + kind.noun + "Policy",
                       {{kind.name_key, holder}, {"PolicyArn", arn}});
            });
            return Model{.physical_id = arn, .attributes = {{"PolicyArn", arn}}};
          },
      .remove =
          [=](Work& w, const object& p, const Model& m) {
            each_holder(p, [&](const EntityKind& kind, const std::string& holder) {
              gone_after(
                  [&] {
                    w.invoke("iam", std::string("Detach") + kind.noun + "Policy",
                             {{kind.name_key, holder}, {"PolicyArn", m.physical_id}});
                  },
                  {"NoSuchEntity"});
            });
            return gone_after([&] { w.invoke("iam", "DeletePolicy", {{"PolicyArn", m.physical_id}}); },
                              {"NoSuchEntity"});
          },
      .updatable = {"PolicyDocument"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            w.invoke("iam", "CreatePolicyVersion",
                     {{"PolicyArn", m.physical_id},
                      {"PolicyDocument", document(p.at("PolicyDocument"))},
                      {"SetAsDefault", true}});
          },
  });
}

void add_instance_profile(Registry& registry) {
  registry["AWS::IAM::InstanceProfile"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"InstanceProfileName", "Path"});
            if (!p.contains("InstanceProfileName")) input["InstanceProfileName"] = w.generated_name(128);
            const object made = w.invoke("iam", "CreateInstanceProfile", input);
            const std::string name = text_at_path(made, "InstanceProfile.InstanceProfileName");
            for (const auto& role : p.at("Roles").as_array())
              w.invoke("iam", "AddRoleToInstanceProfile",
                       {{"InstanceProfileName", name}, {"RoleName", role}});
            return Model{.physical_id = name,
                         .attributes = {{"Arn", text_at_path(made, "InstanceProfile.Arn")}}};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            for (const auto& role : p.at("Roles").as_array())
              gone_after(
                  [&] {
                    w.invoke("iam", "RemoveRoleFromInstanceProfile",
                             {{"InstanceProfileName", m.physical_id}, {"RoleName", role}});
                  },
                  {"NoSuchEntity"});
            return gone_after(
                [&] { w.invoke("iam", "DeleteInstanceProfile", {{"InstanceProfileName", m.physical_id}}); },
                {"NoSuchEntity"});
          },
      .updatable = {"Roles"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            for (const auto& role : before.at("Roles").as_array())
              w.invoke("iam", "RemoveRoleFromInstanceProfile",
                       {{"InstanceProfileName", m.physical_id}, {"RoleName", role}});
            for (const auto& role : p.at("Roles").as_array())
              w.invoke("iam", "AddRoleToInstanceProfile",
                       {{"InstanceProfileName", m.physical_id}, {"RoleName", role}});
          },
  });
}

}  // namespace

void add_iam_types(Registry& registry) {
  add_role(registry);
  add_user(registry);
  add_policies(registry);
  add_instance_profile(registry);
}

}  // namespace landfall::cloudformation
