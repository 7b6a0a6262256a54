#include "host/desired_state.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/log.h"
#include "codec/fields.h"
#include "host/files.h"

namespace landfall::host {

namespace {

namespace fs = std::filesystem;

constexpr const char* kKinds[] = {"Network", "Interface", "SecurityGroup", "Workload", "Volume"};
constexpr size_t kMaxIdLength = 128;

bool is_kind(const std::string& kind) { return std::ranges::find(kKinds, kind) != std::end(kKinds); }

// Ids become file names, mount points and cgroup names.
bool is_id(const std::string& id) {
  return !id.empty() && id.size() <= kMaxIdLength && id[0] != '.' &&
         std::ranges::all_of(
             id, [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; });
}

template <class T>
Result<> parse_into(std::map<std::string, T>& map, const Put& put, std::string T::* id_member) {
  LF_TRY(T value, from_json<T>(put.document));
  value.*id_member = put.id;  // the key is the truth
  map[put.id] = std::move(value);
  return {};
}

}  // namespace

std::string DesiredState::path_of(const std::string& kind, const std::string& id) const {
  return directory_ + "/" + kind + "/" + id + ".json";
}

Result<DesiredState> DesiredState::load(std::string directory) {
  DesiredState state(std::move(directory));
  for (const char* kind : kKinds) {
    const std::string folder = state.directory_ + "/" + kind;
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return fail_errno("mkdir " + folder);
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() != ".json") continue;
      Result<std::string> text = read_file(entry.path());
      if (!text) return std::unexpected(text.error());
      Result<Put> put = from_json<Put>(*text);
      Result<> accepted = put ? state.accept(*put) : std::unexpected(put.error());
      if (!accepted) log::error("{}: {}: left out", entry.path().string(), accepted.error().message);
    }
  }
  return state;
}

Result<> DesiredState::accept(const Put& put) {
  if (!is_kind(put.kind)) return fail("kind '" + put.kind + "'");
  if (!is_id(put.id)) return fail("id '" + put.id + "'");
  Result<> parsed;
  if (put.kind == "Network") parsed = parse_into(networks_.networks, put, &Network::vpc_id);
  if (put.kind == "Interface") parsed = parse_into(networks_.interfaces, put, &Interface::interface_id);
  if (put.kind == "SecurityGroup") parsed = parse_into(networks_.groups, put, &SecurityGroup::group_id);
  if (put.kind == "Workload") parsed = parse_into(workloads_, put, &Workload::id);
  if (put.kind == "Volume") parsed = parse_into(volumes_, put, &Volume::name);
  if (!parsed) return fail(put.kind + " " + put.id + ": " + parsed.error().message);
  versions_[put.kind][put.id] = put.version;
  return {};
}

Result<> DesiredState::put(const Put& put) {
  LF_CHECK(accept(put));
  return write_file_atomically(path_of(put.kind, put.id), to_json(put));
}

void DesiredState::forget(const std::string& kind, const std::string& id) {
  if (kind == "Network") networks_.networks.erase(id);
  if (kind == "Interface") networks_.interfaces.erase(id);
  if (kind == "SecurityGroup") networks_.groups.erase(id);
  if (kind == "Workload") workloads_.erase(id);
  if (kind == "Volume") volumes_.erase(id);
  versions_[kind].erase(id);
}

Result<> DesiredState::remove(const std::string& kind, const std::string& id) {
  if (!is_kind(kind) || !is_id(id)) return fail("no such document: " + kind + " '" + id + "'");
  forget(kind, id);
  if (unlink(path_of(kind, id).c_str()) != 0 && errno != ENOENT)
    return fail_errno("unlink " + path_of(kind, id));
  return {};
}

DesiredState::SyncDifference DesiredState::compare(const std::vector<mirror::Item>& items) const {
  SyncDifference difference;
  std::map<std::string, std::map<std::string, int64_t>> listed;
  for (const mirror::Item& item : items) {
    listed[item.kind][item.id] = item.version;
    const auto kind = versions_.find(item.kind);
    int64_t have = 0;
    if (kind != versions_.end())
      if (const auto it = kind->second.find(item.id); it != kind->second.end()) have = it->second;
    if (have != item.version) difference.wanted.push_back({item.kind, item.id, have});
  }
  for (const auto& [kind, ids] : versions_)
    for (const auto& [id, version] : ids)
      if (!listed[kind].contains(id)) difference.unlisted.push_back({kind, id, version});
  return difference;
}

}  // namespace landfall::host
