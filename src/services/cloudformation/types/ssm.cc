// AWS::SSM::*
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {

namespace json = boost::json;
using json::object;

namespace {

object tag_list(const object& p) {  // here the template has a plain map
  object tagged;
  json::array list;
  for (const auto& tag : object_at(p, "Tags"))
    list.push_back(object{{"Key", tag.key()}, {"Value", tag.value()}});
  tagged["Tags"] = list;
  return tagged;
}

// Of a string list Landfall keeps commas, as templates write it.
object put_input(const object& p, const std::string& name) {
  object input = pick(p, {"Type", "Value", "Description", "AllowedPattern", "Tier", "Policies", "DataType"});
  input["Name"] = name;
  return input;
}

}  // namespace

void add_ssm_types(Registry& registry) {
  registry["AWS::SSM::Parameter"] = type_of({
      .create =
          [](Work& w, const object& p) {
            if (text_at(p, "Type") == "SecureString")
              throw ServiceError("ValidationError", 400,
                                 "Properties validation failed for resource " + w.logical_id +
                                     " with message:\n#/Type: SecureString is not a valid enum value");
            const std::string name = p.contains("Name") ? text_at(p, "Name") : w.generated_name(1011);
            object input = put_input(p, name);
            input["Tags"] = w.tags(tag_list(p));
            w.invoke("ssm", "PutParameter", input);
            return Model{.physical_id = name,
                         .attributes = {{"Type", text_at(p, "Type")}, {"Value", text_at(p, "Value")}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after([&] { w.invoke("ssm", "DeleteParameter", {{"Name", m.physical_id}}); },
                              {"ParameterNotFound"});
          },
      .fixed = {"Name"},
      .updatable = {"Type", "Value", "Description", "AllowedPattern", "Tier", "DataType", "Tags"},
      .inert = {"Policies"},
      .required = {"Type", "Value"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            object input = put_input(p, m.physical_id);
            input["Overwrite"] = true;
            w.invoke("ssm", "PutParameter", input);
            const object was = tag_list(before), is = tag_list(p);
            m.attributes = {{"Type", text_at(p, "Type")}, {"Value", text_at(p, "Value")}};
            if (!w.tags_differ(was, is)) return;
            if (const json::array gone = w.tags_gone(was, is); !gone.empty())
              w.invoke("ssm", "RemoveTagsFromResource",
                       {{"ResourceType", "Parameter"}, {"ResourceId", m.physical_id}, {"TagKeys", gone}});
            w.invoke("ssm", "AddTagsToResource",
                     {{"ResourceType", "Parameter"}, {"ResourceId", m.physical_id}, {"Tags", w.tags(is)}});
          },
  });
}

}  // namespace landfall::cloudformation
