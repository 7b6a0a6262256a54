// What the operations on secrets share.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/call.h"
#include "secretsmanager/shapes.h"
#include "services/secretsmanager/store.h"

namespace landfall::secretsmanager {

enum class WhenDeleted { allowed, refused };

// The secret of that name, ARN, or ARN without its random end, after checking that the caller may do
// "secretsmanager:<action>" with it: a policy names secrets by ARN, which only the secret itself knows.
// Throws ResourceNotFoundException, or InvalidRequestException where it is scheduled for deletion.
SecretRecord find_secret(Call& call, const std::string& id, std::string_view action,
                         WhenDeleted when_deleted = WhenDeleted::refused);
void authorize(Call& call, const SecretRecord& secret, std::string_view action);
void save(Call& call, const SecretRecord& secret);

// A value as requests bring it: one of the two, or none.
struct Value {
  std::optional<std::string> text, binary;
  bool given() const { return text.has_value() || binary.has_value(); }
};
Value value_of(const std::optional<std::string>& text, const std::optional<std::string>& binary);

// Adds the version, or does nothing if the token's version is there with the same value (a repeated request).
// Throws ResourceExistsException if it is there with another. Its labels move to it; what AWSCURRENT leaves
// becomes AWSPREVIOUS.
void add_version(Call& call, SecretRecord& secret, const std::string& id, const Value& value,
                 const std::vector<std::string>& stages);
void move_stage(SecretRecord& secret, const std::string& stage, const std::string& to_version);
std::string version_at(const SecretRecord& secret, std::string_view stage);  // empty: none

// The version that a read means. Throws ResourceNotFoundException.
std::string selected_version(const SecretRecord& secret, const std::optional<std::string>& id,
                             const std::optional<std::string>& stage);
Value read_value(Call& call, SecretRecord& secret, const std::string& version);  // notes the access

void add_tags(const Call& call, SecretRecord& secret, const std::vector<Tag>& tags);
std::vector<Tag> tags_of(const SecretRecord& secret);
std::map<std::string, std::vector<std::string>> stages_of(const SecretRecord& secret);
bool passes(const SecretRecord& secret, const std::vector<Filter>& filters);
void check_policy(const std::string& document);  // throws MalformedPolicyDocumentException
std::string new_version_id(Call& call, const std::optional<std::string>& token);

}  // namespace landfall::secretsmanager
