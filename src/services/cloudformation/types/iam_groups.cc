// AWS::IAM::*: groups, membership, inline policies that are resources of their own, service-linked roles.
#include <boost/json.hpp>

#include "services/cloudformation/types/iam_common.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

void add_iam_group(Registry& registry) {
  registry["AWS::IAM::Group"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"GroupName", "Path"});
            if (!p.contains("GroupName")) input["GroupName"] = w.generated_name(128);
            const object made = w.invoke("iam", "CreateGroup", input);
            const std::string name = text_at_path(made, "Group.GroupName");
            change_policies(w, kGroup, name, {}, p);
            return Model{.physical_id = name, .attributes = {{"Arn", text_at_path(made, "Group.Arn")}}};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            change_policies(w, kGroup, m.physical_id, p, {});
            return gone_after([&] { w.invoke("iam", "DeleteGroup", {{"GroupName", m.physical_id}}); },
                              {"NoSuchEntity"});
          },
      .fixed = {"GroupName"},
      .updatable = {"Path", "ManagedPolicyArns", "Policies"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            if (text_at(before, "Path") != text_at(p, "Path")) {
              w.invoke(
                  "iam", "UpdateGroup",
                  {{"GroupName", m.physical_id}, {"NewPath", p.contains("Path") ? text_at(p, "Path") : "/"}});
              const object now = w.invoke("iam", "GetGroup", {{"GroupName", m.physical_id}});
              m.attributes["Arn"] = text_at_path(now, "Group.Arn");
            }
            change_policies(w, kGroup, m.physical_id, before, p);
          },
  });
  const auto members = [](Work& w, const char* operation, const std::string& group,
                          const json::array& users) {
    for (const auto& user : users) w.invoke("iam", operation, {{"GroupName", group}, {"UserName", user}});
  };
  registry["AWS::IAM::UserToGroupAddition"] = type_of({
      .create =
          [=](Work& w, const object& p) {
            members(w, "AddUserToGroup", text_at(p, "GroupName"), list_at(p, "Users"));
            return Model{.physical_id = w.generated_name(64)};
          },
      .remove =
          [=](Work& w, const object& p, const Model&) {
            for (const auto& user : list_at(p, "Users"))
              gone_after([&] { members(w, "RemoveUserFromGroup", text_at(p, "GroupName"), {user}); },
                         {"NoSuchEntity"});
            return true;
          },
      .updatable = {"GroupName", "Users"},
      .required = {"GroupName", "Users"},
      .update =
          [=](Work& w, const object& before, const object& p, Model&) {
            const std::string was = text_at(before, "GroupName"), is = text_at(p, "GroupName");
            const json::array old = list_at(before, "Users"), now = list_at(p, "Users");
            members(w, "RemoveUserFromGroup", was, was == is ? missing_from(old, now) : old);
            members(w, "AddUserToGroup", is, was == is ? missing_from(now, old) : now);
          },
  });
}

// RolePolicy, UserPolicy, GroupPolicy: one policy of one holder.
void add_inline_policy(Registry& registry, const EntityKind& kind) {
  const auto put = [kind](Work& w, const object& p) {
    w.invoke("iam", std::string("Put") + kind.noun + "Policy",
             {{kind.name_key, text_at(p, kind.name_key)},
              {"PolicyName", text_at(p, "PolicyName")},
              {"PolicyDocument", document(p.at("PolicyDocument"))}});
  };
  registry[std::string("AWS::IAM::") + kind.noun + "Policy"] = type_of({
      .create =
          [put, kind](Work& w, const object& p) {
            put(w, p);
            return Model{.physical_id = text_at(p, "PolicyName") + "|" + text_at(p, kind.name_key)};
          },
      .remove =
          [kind](Work& w, const object& p, const Model&) {
            return gone_after(
                [&] {
                  w.invoke("iam", std::string("Delete") + kind.noun + "Policy",
                           pick(p, {kind.name_key, "PolicyName"}));
                },
                {"NoSuchEntity"});
          },
      .fixed = {kind.name_key, "PolicyName"},
      .updatable = {"PolicyDocument"},
      .required = {kind.name_key, "PolicyName", "PolicyDocument"},
      .update = [put](Work& w, const object&, const object& p, Model&) { put(w, p); },
  });
}

void add_service_linked_role(Registry& registry) {
  registry["AWS::IAM::ServiceLinkedRole"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made = w.invoke("iam", "CreateServiceLinkedRole",
                                         pick(p, {"AWSServiceName", "CustomSuffix", "Description"}));
            const std::string name = text_at_path(made, "Role.RoleName");
            return Model{.physical_id = name, .attributes = {{"RoleName", name}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("iam", "DeleteServiceLinkedRole", {{"RoleName", m.physical_id}}); },
                {"NoSuchEntity"});
          },
      .fixed = {"AWSServiceName", "CustomSuffix"},
      .updatable = {"Description"},
      .required = {"AWSServiceName"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            w.invoke("iam", "UpdateRole",
                     {{"RoleName", m.physical_id}, {"Description", text_at(p, "Description")}});
          },
  });
}

}  // namespace

void add_iam_groups(Registry& registry) {
  add_iam_group(registry);
  add_inline_policy(registry, kRole);
  add_inline_policy(registry, kUser);
  add_inline_policy(registry, kGroup);
  add_service_linked_role(registry);
}

}  // namespace landfall::cloudformation
