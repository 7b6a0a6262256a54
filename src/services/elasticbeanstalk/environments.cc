#include "services/elasticbeanstalk/environments.h"

#include <fmt/format.h>

#include "elasticbeanstalk/errors.h"

namespace landfall::elasticbeanstalk {
namespace {

void store_event(Call& call, const std::string& id, EventRecord event) {
  auto events = call.rows(kEvents);
  std::vector<std::string> ids;
  events.each([&](std::string_view row, const EventRecord&) { ids.emplace_back(row); });
  for (size_t i = 0; i + kMaxEvents <= ids.size(); ++i) events.erase(ids[i]);  // the oldest come first
  event.shown.EventDate = call.now;
  event.shown.RequestId = call.request_id;
  events.put(id, std::move(event));
}

}  // namespace

void invalid_value(const std::string& why) { throw ServiceError("InvalidParameterValue", 400, why); }

ApplicationRecord find_application(const Call& call, std::string_view name) {
  const auto stored = call.rows(kApplications).get(name);
  if (!stored) invalid_value("No Application named '" + std::string(name) + "' found.");
  return *stored;
}

ApplicationDescription shown(const Call& call, const ApplicationRecord& record) {
  ApplicationDescription out = record.shown;
  call.txn.each<VersionRecord>(kVersions, call.scope() + version_key(*record.shown.ApplicationName, ""),
                               [&](std::string_view, const VersionRecord& version) {
                                 out.Versions.push_back(*version.shown.VersionLabel);
                               });
  call.txn.each<TemplateRecord>(kTemplates, call.scope() + version_key(*record.shown.ApplicationName, ""),
                                [&](std::string_view, const TemplateRecord& saved) {
                                  out.ConfigurationTemplates.push_back(*saved.shown.TemplateName);
                                });
  return out;
}

std::string version_key(std::string_view application, std::string_view label) {
  return std::string(application) + "/" + std::string(label);
}

VersionRecord find_version(const Call& call, std::string_view application, std::string_view label) {
  const auto stored = call.rows(kVersions).get(version_key(application, label));
  if (!stored) invalid_value("No Application Version named '" + std::string(label) + "' found.");
  return *stored;
}

TemplateRecord find_template(const Call& call, const std::string& application, const std::string& name) {
  const auto stored = call.rows(kTemplates).get(version_key(application, name));
  if (!stored) invalid_value("No Configuration Template named '" + application + "/" + name + "' found.");
  return *stored;
}

namespace {

template <class Record>
void change_tags_in(Call& call, const store::Table<Record>& table, const std::string& id,
                    const std::string& arn, const std::function<void(Tags&)>& change) {
  const auto stored = call.rows(table).get(id);
  if (!stored) throw ResourceNotFoundException("Resource not found for arn '" + arn + "'.");
  Record record = *stored;
  change(record.tags);
  if (record.tags != stored->tags) call.rows(table).put(id, std::move(record));
}

}  // namespace

void change_tags(Call& call, const std::string& arn, const std::function<void(Tags&)>& change) {
  const auto rest = [&](std::string_view type) -> std::optional<std::string> {
    const std::string prefix = call.arn("elasticbeanstalk", std::string(type) + "/");
    return arn.starts_with(prefix) ? std::optional(arn.substr(prefix.size())) : std::nullopt;
  };
  if (const auto id = rest("application")) return change_tags_in(call, kApplications, *id, arn, change);
  if (const auto id = rest("applicationversion")) return change_tags_in(call, kVersions, *id, arn, change);
  if (const auto id = rest("configurationtemplate"))
    return change_tags_in(call, kTemplates, *id, arn, change);
  std::string environment;
  call.rows(kEnvironments).each([&](std::string_view id, const EnvironmentRecord& record) {
    if (is_live(record) && record.shown.EnvironmentArn == arn) environment = id;
  });
  change_tags_in(call, kEnvironments, environment, arn, change);
}

ApplicationRecord new_application(Call& call, const std::string& name,
                                  const std::optional<std::string>& description) {
  if (name.find('/') != std::string::npos)
    invalid_value("Value '" + name +
                  "' at 'applicationName' failed to satisfy constraint: it must not contain '/'");
  if (call.rows(kApplications).has(name)) invalid_value("Application " + name + " already exists.");
  ApplicationRecord record;
  record.shown.ApplicationName = name;
  record.shown.ApplicationArn = call.arn("elasticbeanstalk", "application/" + name);
  record.shown.Description = description;
  record.shown.DateCreated = record.shown.DateUpdated = call.now;
  call.rows(kApplications).put(name, record);
  put_application_event(call, name, "", "INFO", "Created new Application: " + name);
  return record;
}

bool is_live(const EnvironmentRecord& record) { return record.shown.Status != "Terminated"; }

EnvironmentRecord find_environment(const Call& call, const std::optional<std::string>& id,
                                   const std::optional<std::string>& name) {
  if (!id && !name) throw ServiceError("MissingParameter", 400, "Environment name or id must be specified.");
  std::optional<EnvironmentRecord> found;
  call.rows(kEnvironments).each([&](std::string_view, const EnvironmentRecord& record) {
    if (is_live(record) && (!id || record.shown.EnvironmentId == *id) &&
        (!name || record.shown.EnvironmentName == *name))
      found = record;
  });
  if (!found)
    invalid_value(id ? "No Environment found for EnvironmentId = '" + *id + "'."
                     : "No Environment found for EnvironmentName = '" + *name + "'.");
  return *found;
}

void put_environment(Call& call, const EnvironmentRecord& record) {
  call.rows(kEnvironments).put(*record.shown.EnvironmentId, record);
}

bool cname_taken(const Call& call, const std::string& cname) {
  bool taken = false;
  // Unique in the region over all accounts; the name has the region in it.
  call.txn.each<EnvironmentRecord>(kEnvironments, "", [&](std::string_view, const EnvironmentRecord& record) {
    taken = taken || (is_live(record) && record.shown.CNAME == cname);
  });
  return taken;
}

std::string cname_suffix(const Call& call) { return "." + call.region + ".elasticbeanstalk.com"; }

std::string settle_tier(const EnvironmentTier& tier) {
  const std::string name = tier.Name.value_or("WebServer");
  if (name != "WebServer") invalid_value("Landfall has the tier WebServer only, not " + name);
  return name;
}

void put_event(Call& call, EnvironmentRecord& record, const std::string& severity,
               const std::string& message) {
  EventRecord event;
  event.environment_id = *record.shown.EnvironmentId;
  event.shown = {.Message = message,
                 .ApplicationName = record.shown.ApplicationName,
                 .EnvironmentName = record.shown.EnvironmentName,
                 .Severity = severity};
  const std::string id =
      fmt::format("{:015d}-{:08d}-{}", call.now.unix_ms, ++record.events, event.environment_id);
  store_event(call, id, std::move(event));
}

void put_application_event(Call& call, const std::string& application, const std::string& version_label,
                           const std::string& severity, const std::string& message) {
  EventRecord event;
  event.shown = {.Message = message, .ApplicationName = application, .Severity = severity};
  if (!version_label.empty()) event.shown.VersionLabel = version_label;
  const std::string id = fmt::format("{:015d}-{:08d}-{}", call.now.unix_ms, 0, call.random().hex(10));
  store_event(call, id, std::move(event));
}

Tags tag_map(const std::vector<Tag>& tags) {
  Tags map;
  for (const Tag& tag : tags) map[tag.Key.value_or("")] = tag.Value.value_or("");
  return map;
}

void begin_termination(Call& call, EnvironmentRecord& record) {
  if (record.shown.Status == "Terminating") return;
  record.shown.Status = "Terminating";
  record.shown.DateUpdated = call.now;
  record.shown.AbortableOperationInProgress = false;
  record.progress_at = call.now;
  put_event(call, record, "INFO", "terminateEnvironment is starting.");
  put_environment(call, record);
}

}  // namespace landfall::elasticbeanstalk
