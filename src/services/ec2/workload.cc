#include "services/ec2/workload.h"

#include <fstream>
#include <sstream>

#include "services/ec2/instance_types.h"

namespace landfall::ec2 {

std::string ca_certificate(const ControlConfig& config) {
  std::ifstream file(config.data_dir + "/../ca/ca.pem");
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

static bool wants_to_run(LifeState state) {
  return state == LifeState::pending || state == LifeState::running;
}

host::Workload desired_workload(const InstanceRecord& instance, const std::string& public_key,
                                const std::string& ca_certificate_pem) {
  const InstanceTypeFacts* type = find_instance_type(instance.instance_type);
  LF_INVARIANT(type != nullptr, "an instance of an unknown type: " + instance.instance_type);
  host::Workload out;
  out.id = instance.instance_id;
  out.kind = "instance";
  out.interface_id = instance.interface_id;
  out.hostname = instance.private_dns_name;
  out.memory_bytes = type->memory_mib << 20;
  const InstanceSettingsRecord& settings = instance.settings;
  const int64_t vcpus =
      settings.core_count > 0 ? settings.core_count * settings.threads_per_core : type->vcpus;
  out.cpu_millis = vcpus * 1000;
  out.user_data = instance.user_data;
  out.desired = wants_to_run(instance.state) ? "running" : "stopped";
  out.reboot_generation = instance.reboot_generation;
  out.ca_certificate_pem = ca_certificate_pem;
  if (!public_key.empty()) {
    host::WorkloadFile keys;
    keys.path = "/root/.ssh/authorized_keys";
    keys.mode = "0600";
    keys.content = Secret(public_key + "\n");
    out.files.push_back(std::move(keys));
  }
  return out;
}

}  // namespace landfall::ec2
