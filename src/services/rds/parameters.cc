#include "services/rds/parameters.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/ascii.h"
#include "rds/errors.h"

namespace landfall::rds {
namespace {

// What Landfall gives the engine itself, or what would take it out of its workload's hands.
constexpr std::string_view kOwn[] = {"config_file",
                                     "data_directory",
                                     "external_pid_file",
                                     "hba_file",
                                     "ident_file",
                                     "listen_addresses",
                                     "log_destination",
                                     "log_directory",
                                     "log_filename",
                                     "logging_collector",
                                     "port",
                                     "ssl",
                                     "ssl_ca_file",
                                     "ssl_cert_file",
                                     "ssl_crl_dir",
                                     "ssl_crl_file",
                                     "ssl_key_file",
                                     "unix_socket_directories",
                                     "unix_socket_group",
                                     "unix_socket_permissions",
                                     "archive_command",
                                     "archive_library",
                                     "archive_cleanup_command",
                                     "restore_command",
                                     "recovery_end_command",
                                     "ssl_passphrase_command",
                                     "dynamic_library_path",
                                     "local_preload_libraries",
                                     "krb_server_keyfile",
                                     "stats_temp_directory",
                                     "allow_system_table_mods",
                                     "fsync"};

std::string take_field(std::string_view& line) {
  const size_t tab = std::min(line.find('\t'), line.size());
  std::string field(line.substr(0, tab));
  line.remove_prefix(std::min(tab + 1, line.size()));
  return field;
}

// name, context, group, type, default, minimum, maximum, description
ParameterFacts facts_of(std::string_view line) {
  ParameterFacts facts;
  facts.name = take_field(line);
  facts.is_static = take_field(line) == "postmaster";
  take_field(line);
  facts.type = take_field(line);
  facts.by_default = take_field(line);
  facts.minimum = take_field(line);
  facts.maximum = take_field(line);
  facts.description = take_field(line);
  facts.is_modifiable = std::ranges::find(kOwn, facts.name) == std::end(kOwn);
  return facts;
}

// RDS's own formula, the one that people write: {DBInstanceClassMemory/32768}.
std::optional<int64_t> formula_divisor(std::string_view value) {
  constexpr std::string_view kStart = "{DBInstanceClassMemory/";
  if (!value.starts_with(kStart) || !value.ends_with('}')) return std::nullopt;
  value.remove_prefix(kStart.size());
  value.remove_suffix(1);
  int64_t divisor = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), divisor);
  if (problem != std::errc() || end != value.data() + value.size() || divisor < 1) return std::nullopt;
  return divisor;
}

bool in_bounds(const ParameterFacts& facts, const std::string& value) {
  char* end = nullptr;
  const double number = std::strtod(value.c_str(), &end);
  if (end == value.c_str() || *end != '\0') return false;
  return (facts.minimum.empty() || number >= std::strtod(facts.minimum.c_str(), nullptr)) &&
         (facts.maximum.empty() || number <= std::strtod(facts.maximum.c_str(), nullptr));
}

ParameterGroupRecord default_group(const Call& call) {
  ParameterGroupRecord record;
  const std::string family = "postgres" + installed_version().major;
  record.shown = {.DBParameterGroupName = default_group_name(),
                  .DBParameterGroupFamily = family,
                  .Description = "Default parameter group for " + family,
                  .DBParameterGroupArn = call.arn("rds", "pg:" + default_group_name())};
  return record;
}

}  // namespace

void throw_invalid_value(const std::string& why) { throw ServiceError("InvalidParameterValue", 400, why); }

const std::vector<ParameterFacts>& engine_parameters() {
  static const std::vector<ParameterFacts> all = [] {
    std::vector<ParameterFacts> out;
    const std::string told = engine_output("--describe-config");
    std::string_view rest = told;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      if (end > 0) out.push_back(facts_of(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    std::ranges::sort(out, {}, &ParameterFacts::name);
    return out;
  }();
  return all;
}

const ParameterFacts* find_parameter(std::string_view name) {
  const auto& all = engine_parameters();
  const auto found = std::ranges::find(all, name, &ParameterFacts::name);
  return found == all.end() ? nullptr : &*found;
}

std::string default_group_name() { return "default.postgres" + installed_version().major; }

ParameterGroupRecord find_parameter_group(const Call& call, const std::string& name) {
  const std::string wanted = ascii_lower(name);
  if (wanted == default_group_name()) return default_group(call);
  const auto stored = call.rows(kParameterGroups).get(wanted);
  if (!stored) throw DBParameterGroupNotFoundFault("DBParameterGroup not found: " + name);
  return *stored;
}

void check_parameter(const Parameter& parameter) {
  const std::string name = parameter.ParameterName.value_or("");
  const ParameterFacts* facts = find_parameter(name);
  if (facts == nullptr) throw_invalid_value("Could not find parameter with name: " + name);
  if (!facts->is_modifiable) throw_invalid_value("The parameter " + name + " cannot be modified.");
  if (!parameter.ParameterValue)
    throw_invalid_value("The parameter ParameterValue must be provided for " + name);
  if (facts->is_static && parameter.ApplyMethod == "immediate")
    throw ServiceError("InvalidParameterCombination", 400,
                       "cannot use immediate apply method for static parameter");
  const std::string& value = *parameter.ParameterValue;
  if (value.find_first_of("\n\r\\") != std::string::npos)
    throw_invalid_value("Invalid parameter value: " + value + " for: " + name);
  if (formula_divisor(value)) return;
  const bool number = facts->type == "INTEGER" || facts->type == "REAL";
  if (number && !in_bounds(*facts, value))
    throw_invalid_value("Invalid parameter value: " + value + " for: " + name +
                        " allowed values are: " + facts->minimum + "-" + facts->maximum);
  if (facts->type == "BOOLEAN" && ascii_lower(value) != "0" && value != "1" && ascii_lower(value) != "on" &&
      ascii_lower(value) != "off")
    throw_invalid_value("Invalid parameter value: " + value + " for: " + name + " allowed values are: 0,1");
}

Parameter shown_parameter(const ParameterFacts& facts, const ParameterGroupRecord& group) {
  Parameter out;
  out.ParameterName = facts.name;
  const auto own = group.values.find(facts.name);
  if (own != group.values.end()) {
    out.ParameterValue = own->second;
  } else if (!facts.by_default.empty()) {
    out.ParameterValue = facts.by_default;
  }
  out.Description = facts.description;
  out.Source = own != group.values.end() ? "user" : facts.is_modifiable ? "engine-default" : "system";
  out.ApplyType = facts.is_static ? "static" : "dynamic";
  out.DataType = facts.type == "INTEGER"   ? "integer"
                 : facts.type == "REAL"    ? "float"
                 : facts.type == "BOOLEAN" ? "boolean"
                                           : "string";
  if (!facts.minimum.empty()) out.AllowedValues = facts.minimum + "-" + facts.maximum;
  if (facts.type == "BOOLEAN") out.AllowedValues = "0,1";
  out.IsModifiable = facts.is_modifiable;
  const auto method = group.methods.find(facts.name);
  out.ApplyMethod = method != group.methods.end() ? method->second : "pending-reboot";
  return out;
}

void use_parameter_group(const Call& call, InstanceRecord& record, const std::string& name) {
  const ParameterGroupRecord group = find_parameter_group(call, name);
  record.parameters.clear();
  for (const auto& [parameter, value] : group.values) {
    const auto divisor = formula_divisor(value);
    record.parameters[parameter] =
        divisor ? std::to_string(size_of_class(*record.shown.DBInstanceClass).memory_bytes / *divisor)
                : value;
  }
  record.shown.DBParameterGroups = {
      {.DBParameterGroupName = *group.shown.DBParameterGroupName, .ParameterApplyStatus = "in-sync"}};
}

void note_change(Call& call, const std::string& group) {
  for (const auto& [id, instance] : call.rows(kInstances).all()) {
    if (instance->shown.DBParameterGroups.front().DBParameterGroupName != group) continue;
    InstanceRecord changed = *instance;
    changed.shown.DBParameterGroups.front().ParameterApplyStatus = "pending-reboot";
    put_instance(call, changed);
  }
}

bool is_group_used(const Call& call, const std::string& group) {
  bool used = false;
  call.rows(kInstances).each([&](std::string_view, const InstanceRecord& instance) {
    used = used || instance.shown.DBParameterGroups.front().DBParameterGroupName == group;
  });
  return used;
}

}  // namespace landfall::rds
