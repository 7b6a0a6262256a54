// AWS::IAM::*: roles, users, managed and inline policies, instance profiles.
#include <boost/json.hpp>

#include "services/cloudformation/types/iam_common.h"

namespace landfall::cloudformation {

namespace json = boost::json;
using json::object;

std::string document(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

void change_policies(Work& w, const EntityKind& kind, const std::string& holder, const object& before,
                     const object& now) {
  const json::array arns_before = list_at(before, "ManagedPolicyArns"),
                    arns = list_at(now, "ManagedPolicyArns");
  for (const auto& arn : missing_from(arns_before, arns))
    gone_after(
        [&] {
          w.invoke("iam", std::string("Detach") + kind.noun + "Policy",
                   {{kind.name_key, holder}, {"PolicyArn", arn}});
        },
        {"NoSuchEntity"});
  for (const auto& arn : missing_from(arns, arns_before))
    w.invoke("iam", std::string("Attach") + kind.noun + "Policy",
             {{kind.name_key, holder}, {"PolicyArn", arn}});
  const json::array inline_before = list_at(before, "Policies"), inline_now = list_at(now, "Policies");
  for (const auto& policy : inline_before) {
    const auto same_name = [&](const json::value& other) {
      return text_at(other.as_object(), "PolicyName") == text_at(policy.as_object(), "PolicyName");
    };
    if (std::any_of(inline_now.begin(), inline_now.end(), same_name)) continue;
    gone_after(
        [&] {
          w.invoke("iam", std::string("Delete") + kind.noun + "Policy",
                   {{kind.name_key, holder}, {"PolicyName", text_at(policy.as_object(), "PolicyName")}});
        },
        {"NoSuchEntity"});
  }
  for (const auto& policy : missing_from(inline_now, inline_before)) {
    const auto* text = policy.as_object().if_contains("PolicyDocument");
    w.invoke("iam", std::string("Put") + kind.noun + "Policy",
             {{kind.name_key, holder},
              {"PolicyName", text_at(policy.as_object(), "PolicyName")},
              {"PolicyDocument", text == nullptr ? "" : document(*text)}});
  }
}

namespace {

void retag_entity(Work& w, const EntityKind& kind, const std::string& name, const object& before,
                  const object& p) {
  if (!w.tags_differ(before, p)) return;
  if (const json::array gone = w.tags_gone(before, p); !gone.empty())
    w.invoke("iam", std::string("Untag") + kind.noun, {{kind.name_key, name}, {"TagKeys", gone}});
  w.invoke("iam", std::string("Tag") + kind.noun, {{kind.name_key, name}, {"Tags", w.tags(p)}});
}

void change_boundary(Work& w, const EntityKind& kind, const std::string& name, const object& before,
                     const object& p) {
  const std::string was = text_at(before, "PermissionsBoundary"), is = text_at(p, "PermissionsBoundary");
  if (was == is) return;
  if (is.empty()) {
    w.invoke("iam", std::string("Delete") + kind.noun + "PermissionsBoundary", {{kind.name_key, name}});
  } else {
    w.invoke("iam", std::string("Put") + kind.noun + "PermissionsBoundary",
             {{kind.name_key, name}, {"PermissionsBoundary", is}});
  }
}

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
            change_policies(w, kRole, name, {}, p);
            return Model{.physical_id = name,
                         .attributes = {{"Arn", text_at_path(made, "Role.Arn")},
                                        {"RoleId", text_at_path(made, "Role.RoleId")}}};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            change_policies(w, kRole, m.physical_id, p, {});
            return gone_after([&] { w.invoke("iam", "DeleteRole", {{"RoleName", m.physical_id}}); },
                              {"NoSuchEntity"});
          },
      .fixed = {"RoleName", "Path"},
      .updatable = {"AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns", "Description",
                    "MaxSessionDuration", "PermissionsBoundary", "Tags"},
      .required = {"AssumeRolePolicyDocument"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            w.invoke("iam", "UpdateAssumeRolePolicy",
                     {{"RoleName", m.physical_id},
                      {"PolicyDocument", document(p.at("AssumeRolePolicyDocument"))}});
            if (text_at(before, "Description") != text_at(p, "Description") ||
                text_at(before, "MaxSessionDuration") != text_at(p, "MaxSessionDuration"))
              w.invoke("iam", "UpdateRole",
                       {{"RoleName", m.physical_id},
                        {"Description", text_at(p, "Description")},
                        {"MaxSessionDuration",
                         p.contains("MaxSessionDuration") ? p.at("MaxSessionDuration") : json::value(3600)}});
            change_boundary(w, kRole, m.physical_id, before, p);
            change_policies(w, kRole, m.physical_id, before, p);
            retag_entity(w, kRole, m.physical_id, before, p);
          },
  });
}

void change_groups(Work& w, const std::string& user, const json::array& before, const json::array& now) {
  for (const auto& group : missing_from(before, now))
    gone_after([&] { w.invoke("iam", "RemoveUserFromGroup", {{"GroupName", group}, {"UserName", user}}); },
               {"NoSuchEntity"});
  for (const auto& group : missing_from(now, before))
    w.invoke("iam", "AddUserToGroup", {{"GroupName", group}, {"UserName", user}});
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
            change_policies(w, kUser, name, {}, p);
            change_groups(w, name, {}, list_at(p, "Groups"));
            return Model{.physical_id = name, .attributes = {{"Arn", text_at_path(made, "User.Arn")}}};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            change_policies(w, kUser, m.physical_id, p, {});
            change_groups(w, m.physical_id, list_at(p, "Groups"), {});
            return gone_after([&] { w.invoke("iam", "DeleteUser", {{"UserName", m.physical_id}}); },
                              {"NoSuchEntity"});
          },
      .fixed = {"UserName"},
      .updatable = {"Path", "Policies", "ManagedPolicyArns", "Groups", "PermissionsBoundary", "Tags"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            if (text_at(before, "Path") != text_at(p, "Path")) {
              w.invoke(
                  "iam", "UpdateUser",
                  {{"UserName", m.physical_id}, {"NewPath", p.contains("Path") ? text_at(p, "Path") : "/"}});
              const object now = w.invoke("iam", "GetUser", {{"UserName", m.physical_id}});
              m.attributes["Arn"] = text_at_path(now, "User.Arn");
            }
            change_boundary(w, kUser, m.physical_id, before, p);
            change_policies(w, kUser, m.physical_id, before, p);
            change_groups(w, m.physical_id, list_at(before, "Groups"), list_at(p, "Groups"));
            retag_entity(w, kUser, m.physical_id, before, p);
          },
  });
  registry["AWS::IAM::AccessKey"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made = w.invoke("iam", "CreateAccessKey", pick(p, {"UserName"}));
            const std::string id = text_at_path(made, "AccessKey.AccessKeyId");
            if (text_at(p, "Status") == "Inactive")
              w.invoke("iam", "UpdateAccessKey",
                       {{"UserName", text_at(p, "UserName")}, {"AccessKeyId", id}, {"Status", "Inactive"}});
            return Model{
                .physical_id = id,
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
      .fixed = {"UserName", "Serial"},
      .updatable = {"Status"},
      .required = {"UserName"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            w.invoke("iam", "UpdateAccessKey",
                     {{"UserName", text_at(p, "UserName")},
                      {"AccessKeyId", m.physical_id},
                      {"Status", p.contains("Status") ? text_at(p, "Status") : "Active"}});
          },
  });
}

struct Holder {
  EntityKind kind;
  std::string name;
  bool operator==(const Holder& other) const { return kind.noun == other.kind.noun && name == other.name; }
};

std::vector<Holder> holders_of(const object& p) {
  std::vector<Holder> list;
  for (const auto& [property, kind] :
       {std::pair{"Roles", kRole}, std::pair{"Users", kUser}, std::pair{"Groups", kGroup}})
    for (const auto& name : list_at(p, property)) list.push_back({kind, std::string(name.as_string())});
  return list;
}

std::vector<Holder> holders_missing(const std::vector<Holder>& list, const std::vector<Holder>& other) {
  std::vector<Holder> missing;
  for (const Holder& holder : list)
    if (std::find(other.begin(), other.end(), holder) == other.end()) missing.push_back(holder);
  return missing;
}

void take_policy(Work& w, const std::vector<Holder>& holders, const std::string& policy) {
  for (const Holder& holder : holders)
    gone_after(
        [&] {
          w.invoke("iam", std::string("Delete") + holder.kind.noun + "Policy",
                   {{holder.kind.name_key, holder.name}, {"PolicyName", policy}});
        },
        {"NoSuchEntity"});
}

void put_inline_policy(Work& w, const object& p) {
  for (const Holder& holder : holders_of(p))
    w.invoke("iam", std::string("Put") + holder.kind.noun + "Policy",
             {{holder.kind.name_key, holder.name},
              {"PolicyName", text_at(p, "PolicyName")},
              {"PolicyDocument", document(p.at("PolicyDocument"))}});
}

void add_policy(Registry& registry) {
  registry["AWS::IAM::Policy"] = type_of({
      .create =
          [](Work& w, const object& p) {
            put_inline_policy(w, p);
            return Model{.physical_id = text_at(p, "PolicyName")};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            take_policy(w, holders_of(p), m.physical_id);
            return true;
          },
      .updatable = {"PolicyName", "PolicyDocument", "Roles", "Users", "Groups"},
      .required = {"PolicyName", "PolicyDocument"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            const std::string name = text_at(p, "PolicyName");
            take_policy(w,
                        name == m.physical_id ? holders_missing(holders_of(before), holders_of(p))
                                              : holders_of(before),
                        m.physical_id);
            m.physical_id = name;
            put_inline_policy(w, p);
          },
  });
}

void hold(Work& w, const char* verb, const std::vector<Holder>& holders, const std::string& arn) {
  for (const Holder& holder : holders)
    w.invoke("iam", std::string(verb) + holder.kind.noun + "Policy",
             {{holder.kind.name_key, holder.name}, {"PolicyArn", arn}});
}

// A managed policy keeps at most five versions: the oldest that is not the default makes room.
void new_version(Work& w, const std::string& arn, const object& p) {
  const object found = w.invoke("iam", "ListPolicyVersions", {{"PolicyArn", arn}});
  const json::array versions = list_at(found, "Versions");
  constexpr size_t kMaxVersions = 5;
  if (versions.size() >= kMaxVersions) {
    std::string oldest;
    for (const auto& version : versions)  // newest first
      if (!truth_at(version.as_object(), "IsDefaultVersion", false))
        oldest = text_at(version.as_object(), "VersionId");
    w.invoke("iam", "DeletePolicyVersion", {{"PolicyArn", arn}, {"VersionId", oldest}});
  }
  w.invoke(
      "iam", "CreatePolicyVersion",
      {{"PolicyArn", arn}, {"PolicyDocument", document(p.at("PolicyDocument"))}, {"SetAsDefault", true}});
}

void remove_managed(Work& w, const object& p, const std::string& arn) {
  for (const Holder& holder : holders_of(p))
    gone_after([&] { hold(w, "Detach", {holder}, arn); }, {"NoSuchEntity"});
  const object found = w.invoke("iam", "ListPolicyVersions", {{"PolicyArn", arn}});
  for (const auto& version : list_at(found, "Versions"))
    if (!truth_at(version.as_object(), "IsDefaultVersion", false))
      w.invoke("iam", "DeletePolicyVersion",
               {{"PolicyArn", arn}, {"VersionId", text_at(version.as_object(), "VersionId")}});
  w.invoke("iam", "DeletePolicy", {{"PolicyArn", arn}});
}

void add_managed_policy(Registry& registry) {
  registry["AWS::IAM::ManagedPolicy"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"Path", "Description"});
            input["PolicyName"] =
                p.contains("ManagedPolicyName") ? text_at(p, "ManagedPolicyName") : w.generated_name(128);
            input["PolicyDocument"] = document(p.at("PolicyDocument"));
            const object made = w.invoke("iam", "CreatePolicy", input);
            const std::string arn = text_at_path(made, "Policy.Arn");
            hold(w, "Attach", holders_of(p), arn);
            return Model{.physical_id = arn,
                         .attributes = {{"PolicyArn", arn},
                                        {"PolicyId", text_at_path(made, "Policy.PolicyId")},
                                        {"CreateDate", text_at_path(made, "Policy.CreateDate")}}};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            return gone_after([&] { remove_managed(w, p, m.physical_id); }, {"NoSuchEntity"});
          },
      .fixed = {"ManagedPolicyName", "Path", "Description"},
      .updatable = {"PolicyDocument", "Roles", "Users", "Groups"},
      .required = {"PolicyDocument"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            const auto was = holders_of(before), is = holders_of(p);
            for (const Holder& gone : holders_missing(was, is))
              gone_after([&] { hold(w, "Detach", {gone}, m.physical_id); }, {"NoSuchEntity"});
            hold(w, "Attach", holders_missing(is, was), m.physical_id);
            if (before.at("PolicyDocument") != p.at("PolicyDocument")) new_version(w, m.physical_id, p);
          },
  });
}

void change_roles(Work& w, const std::string& profile, const json::array& before, const json::array& now) {
  for (const auto& role : missing_from(before, now))
    gone_after(
        [&] {
          w.invoke("iam", "RemoveRoleFromInstanceProfile",
                   {{"InstanceProfileName", profile}, {"RoleName", role}});
        },
        {"NoSuchEntity"});
  for (const auto& role : missing_from(now, before))
    w.invoke("iam", "AddRoleToInstanceProfile", {{"InstanceProfileName", profile}, {"RoleName", role}});
}

void add_instance_profile(Registry& registry) {
  registry["AWS::IAM::InstanceProfile"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"InstanceProfileName", "Path"});
            if (!p.contains("InstanceProfileName")) input["InstanceProfileName"] = w.generated_name(128);
            const object made = w.invoke("iam", "CreateInstanceProfile", input);
            const std::string name = text_at_path(made, "InstanceProfile.InstanceProfileName");
            change_roles(w, name, {}, list_at(p, "Roles"));
            return Model{.physical_id = name,
                         .attributes = {{"Arn", text_at_path(made, "InstanceProfile.Arn")}}};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            change_roles(w, m.physical_id, list_at(p, "Roles"), {});
            return gone_after(
                [&] { w.invoke("iam", "DeleteInstanceProfile", {{"InstanceProfileName", m.physical_id}}); },
                {"NoSuchEntity"});
          },
      .fixed = {"InstanceProfileName", "Path"},
      .updatable = {"Roles"},
      .required = {"Roles"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            change_roles(w, m.physical_id, list_at(before, "Roles"), list_at(p, "Roles"));
          },
  });
}

}  // namespace

void add_iam_types(Registry& registry) {
  add_role(registry);
  add_user(registry);
  add_policy(registry);
  add_managed_policy(registry);
  add_instance_profile(registry);
  add_iam_groups(registry);
}

}  // namespace landfall::cloudformation
