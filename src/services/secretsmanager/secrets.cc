#include "services/secretsmanager/secrets.h"

#include <algorithm>

#include "aws/arn.h"
#include "aws/policy/policy.h"
#include "gateway/vault.h"
#include "secretsmanager/errors.h"

namespace landfall::secretsmanager {
namespace {

constexpr size_t kMaxTags = 50;
constexpr size_t kMaxStages = 20;
constexpr size_t kSuffix = 7;  // "-AbCdEf" at the end of an ARN
constexpr char kMissing[] = "Secrets Manager can't find the specified secret.";

Vault vault(const Call& call) {
  auto vault = Vault::open(call.plane.config.data_dir + "/secretsmanager.key");
  LF_INVARIANT(vault.has_value(), "Secrets Manager's key file cannot be read: " + vault.error().message);
  return std::move(*vault);
}

std::string context_of(const SecretRecord& secret, const std::string& version) {
  return secret.arn + "|" + version;
}

std::shared_ptr<const SecretRecord> look_up(Call& call, const std::string& id) {
  auto rows = call.rows(kSecrets);
  if (!id.starts_with("arn:")) return rows.get(id);
  const auto arn = aws::split_arn(id);
  if (!arn || arn->service != "secretsmanager" || arn->resource_type() != "secret") return nullptr;
  if (arn->account != call.account || arn->region != call.region) return nullptr;
  const std::string name(arn->resource_name());
  if (name.size() > kSuffix) {
    auto found = rows.get(name.substr(0, name.size() - kSuffix));
    if (found && found->arn == id) return found;
  }
  return rows.get(name);
}

std::string value_text(const Value& value) { return value.text ? *value.text : *value.binary; }

bool matches(const std::string& text, const std::string& wanted) { return text.starts_with(wanted); }

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

bool any_word(const SecretRecord& secret, const std::string& wanted) {
  const auto has = [&](const std::string& text) {
    return lower(text).find(lower(wanted)) != std::string::npos;
  };
  if (has(secret.name) || has(secret.description)) return true;
  return std::ranges::any_of(secret.tags, [&](const auto& tag) { return has(tag.first) || has(tag.second); });
}

bool passes_value(const SecretRecord& secret, const std::string& key, const std::string& wanted) {
  if (key == "name") return matches(secret.name, wanted);
  if (key == "description") return matches(lower(secret.description), lower(wanted));
  if (key == "tag-key")
    return std::ranges::any_of(secret.tags, [&](const auto& tag) { return matches(tag.first, wanted); });
  if (key == "tag-value")
    return std::ranges::any_of(secret.tags, [&](const auto& tag) { return matches(tag.second, wanted); });
  if (key == "owning-service") return matches(secret.owning_service, wanted);
  if (key == "primary-region") return false;  // nothing is replicated
  return any_word(secret, wanted);
}

}  // namespace

void authorize(Call& call, const SecretRecord& secret, std::string_view action) {
  std::map<std::string, std::string> context{{"secretsmanager:SecretId", secret.arn}};
  for (const auto& [key, value] : secret.tags) context["aws:ResourceTag/" + key] = value;
  call.authorize("secretsmanager:" + std::string(action), secret.arn, context);
}

SecretRecord find_secret(Call& call, const std::string& id, std::string_view action,
                         WhenDeleted when_deleted) {
  const auto found = look_up(call, id);
  if (!found) {
    call.authorize("secretsmanager:" + std::string(action),
                   id.starts_with("arn:") ? id : call.arn("secretsmanager", "secret:" + id), {});
    throw ResourceNotFoundException(kMissing);
  }
  authorize(call, *found, action);
  if (when_deleted == WhenDeleted::refused && found->is_deleted())
    throw InvalidRequestException(
        "You can't perform this operation on the secret because it was marked for deletion.");
  return *found;
}

void save(Call& call, const SecretRecord& secret) { call.rows(kSecrets).put(secret.name, secret); }

Value value_of(const std::optional<std::string>& text, const std::optional<std::string>& binary) {
  if (text && binary)
    throw InvalidParameterException(
        "You can't specify both a binary secret value and a string secret value in the "
        "same secret.");
  return {text, binary};
}

std::string new_version_id(Call& call, const std::optional<std::string>& token) {
  return token ? *token : call.random().uuid();
}

std::string version_at(const SecretRecord& secret, std::string_view stage) {
  for (const auto& [id, version] : secret.versions)
    if (std::ranges::find(version.stages, stage) != version.stages.end()) return id;
  return "";
}

void move_stage(SecretRecord& secret, const std::string& stage, const std::string& to_version) {
  const std::string from = version_at(secret, stage);
  if (from == to_version) return;
  if (!from.empty()) std::erase(secret.versions[from].stages, stage);
  if (to_version.empty()) return;
  if (stage == kCurrent && !from.empty()) move_stage(secret, kPrevious, from);
  auto& stages = secret.versions[to_version].stages;
  // The version that becomes current is not the previous one.
  if (stage == kCurrent) std::erase(stages, std::string(kPrevious));
  stages.push_back(stage);
  std::ranges::sort(stages);
  if (stages.size() > kMaxStages)
    throw LimitExceededException("A version can have at most 20 staging labels.");
}

void add_version(Call& call, SecretRecord& secret, const std::string& id, const Value& value,
                 const std::vector<std::string>& stages) {
  const std::string text = value_text(value);
  if (const auto there = secret.versions.find(id); there != secret.versions.end()) {
    auto now = vault(call).unseal(context_of(secret, id), there->second.sealed);
    LF_INVARIANT(now.has_value(), "a stored secret does not open");
    if (there->second.binary == value.binary.has_value() && now->equals(text)) return;
    throw ResourceExistsException("You can't use ClientRequestToken " + id +
                                  " because that value is already in use for a version of secret " +
                                  secret.arn + ".");
  }
  VersionRecord version;
  version.created = call.now;
  version.binary = value.binary.has_value();
  version.sealed = vault(call).seal(context_of(secret, id), Secret(text), call.random());
  secret.versions[id] = std::move(version);
  for (const std::string& stage : stages) move_stage(secret, stage, id);
  if (version_at(secret, kCurrent).empty()) move_stage(secret, kCurrent, id);
  secret.changed = call.now;
  while (secret.versions.size() > kMaxVersions) {  // the oldest without a label makes room
    auto oldest = secret.versions.end();
    for (auto it = secret.versions.begin(); it != secret.versions.end(); ++it)
      if (it->second.stages.empty() &&
          (oldest == secret.versions.end() || it->second.created < oldest->second.created))
        oldest = it;
    if (oldest == secret.versions.end())
      throw LimitExceededException("A secret can have at most 100 versions with staging labels.");
    secret.versions.erase(oldest);
  }
}

std::string selected_version(const SecretRecord& secret, const std::optional<std::string>& id,
                             const std::optional<std::string>& stage) {
  if (id) {
    const auto found = secret.versions.find(*id);
    if (found == secret.versions.end())
      throw ResourceNotFoundException(
          "Secrets Manager can't find the specified secret value for VersionId: " + *id);
    if (stage && std::ranges::find(found->second.stages, *stage) == found->second.stages.end())
      throw InvalidRequestException(
          "You provided a VersionStage that is not associated to the provided VersionId.");
    return *id;
  }
  const std::string wanted = stage.value_or(kCurrent);
  const std::string found = version_at(secret, wanted);
  if (found.empty())
    throw ResourceNotFoundException(
        "Secrets Manager can't find the specified secret value for staging label: " + wanted);
  return found;
}

Value read_value(Call& call, SecretRecord& secret, const std::string& id) {
  VersionRecord& version = secret.versions.at(id);
  auto value = vault(call).unseal(context_of(secret, id), version.sealed);
  LF_INVARIANT(value.has_value(), "a stored secret does not open");
  // AWS tells the day of the last access only; so a read writes once a day.
  const Timestamp today{call.now.unix_ms - call.now.unix_ms % kDayMs};
  if (version.accessed != today || secret.accessed != today) {
    version.accessed = secret.accessed = today;
    save(call, secret);
  }
  Value out;
  (version.binary ? out.binary : out.text) = value->reveal();
  return out;
}

void add_tags(const Call& call, SecretRecord& secret, const std::vector<Tag>& tags) {
  for (const Tag& tag : tags) {
    const std::string key = tag.Key.value_or("");
    const bool reserved = lower(key).starts_with("aws:") && call.caller.kind != CallerKind::service;
    if (key.empty() || reserved)
      throw InvalidParameterException("Tag keys can't start with aws: or be empty.");
    secret.tags[key] = tag.Value.value_or("");
  }
  if (secret.tags.size() > kMaxTags) throw InvalidParameterException("A secret can have at most 50 tags.");
}

std::vector<Tag> tags_of(const SecretRecord& secret) {
  std::vector<Tag> out;
  for (const auto& [key, value] : secret.tags) out.push_back({.Key = key, .Value = value});
  return out;
}

std::map<std::string, std::vector<std::string>> stages_of(const SecretRecord& secret) {
  std::map<std::string, std::vector<std::string>> out;
  for (const auto& [id, version] : secret.versions)
    if (!version.stages.empty()) out[id] = version.stages;
  return out;
}

void check_policy(const std::string& document) {
  const auto policy = aws::policy::parse_policy(document, aws::policy::DocumentKind::resource);
  if (!policy)
    throw MalformedPolicyDocumentException("This resource policy contains a syntax error: " +
                                           policy.error().message);
}

// Filters are and-ed, a filter's values or-ed; "!x" is what does not match x.
bool passes(const SecretRecord& secret, const std::vector<Filter>& filters) {
  return std::ranges::all_of(filters, [&](const Filter& filter) {
    const std::string key = filter.Key.value_or("all");
    return std::ranges::any_of(filter.Values, [&](const std::string& wanted) {
      return wanted.starts_with('!') ? !passes_value(secret, key, wanted.substr(1))
                                     : passes_value(secret, key, wanted);
    });
  });
}

}  // namespace landfall::secretsmanager
