// What the operations on parameters share: names and selectors, values, public parameters.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/call.h"
#include "services/ssm/store.h"
#include "ssm/shapes.h"

namespace landfall::ssm {

enum class Decryption { no, yes };
inline Decryption decryption(const std::optional<bool>& asked) {
  return asked.value_or(false) ? Decryption::yes : Decryption::no;
}

// "/app/db" -> "arn:aws:ssm:us-east-1:123456789012:parameter/app/db"
std::string parameter_arn(const Call& call, std::string_view name);
// The name that a request means: a name, or an ARN of this account and region.
std::string bare_name(const Call& call, const std::string& name_or_arn);

// A name as read operations take it: "name", "name:3" (a version) or "name:label".
struct Selected {
  std::string name, selector;  // selector with its colon; empty: the current version
};
Selected select(const Call& call, const std::string& text);

// Throws ParameterNotFound.
std::shared_ptr<const ParameterRecord> find_parameter(Call& call, const std::string& name);
// nullptr: the parameter has no such version or label.
const VersionRecord* find_version(const ParameterRecord& parameter, std::string_view selector);

// The parameter as Get* operations show it.
Parameter shown(Call& call, const ParameterRecord& parameter, const VersionRecord& version,
                std::string_view selector, Decryption decryption);
std::string readable_value(Call& call, const ParameterRecord& parameter, const VersionRecord& version,
                           Decryption decryption);
std::string sealed_value(Call& call, std::string_view name, const std::string& value);

// One that is read by selector: own or public. Throws ParameterNotFound or ParameterVersionNotFound.
Parameter read_parameter(Call& call, const std::string& text, Decryption decryption);

// Throws InvalidResourceId unless the resource is a parameter that there is.
ParameterRecord tagged(Call& call, const std::string& type, const std::string& id);
void add_tags(const Call& call, ParameterRecord& parameter,
              const std::vector<Tag>& tags);  // throws TooManyTagsError

// Whether a parameter passes the filters of DescribeParameters or GetParametersByPath.
bool passes(const ParameterRecord& parameter, const std::vector<ParameterStringFilter>& filters);
void check_filters(const std::vector<ParameterStringFilter>& filters, std::string_view known);  // throws

bool below(std::string_view name, std::string_view path, bool recursive);

}  // namespace landfall::ssm
