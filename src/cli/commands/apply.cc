// `landfall apply`: makes a stack be, through the public API and nothing else: deployment bucket, assets, the
// stack itself with its events as progress, the sites, then waits for what landfall.yaml calls healthy. Run
// again, it changes only what changed. `landfall up` runs it once the roles are ready.
#include <fcntl.h>
#include <fmt/core.h>
#include <openssl/evp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <set>
#include <thread>

#include "base/encoding.h"
#include "base/random.h"
#include "base/unique_fd.h"
#include "cli/accounts.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/stack/stack_client.h"
#include "cli/stack/stack_file.h"
#include "roles/up/settings.h"

namespace landfall::cli {

namespace fs = std::filesystem;
namespace json = boost::json;
using std::chrono::steady_clock;

namespace {

// The public API has no event to wait for: it is asked again, as every AWS client does.
constexpr auto kAskAgain = std::chrono::milliseconds(400);
constexpr auto kHealthPatience = std::chrono::seconds(120);

void wait_before_asking_again() { std::this_thread::sleep_for(kAskAgain); }  // lint: allow sleep

std::string content_type_of(const std::string& path) {
  static const std::map<std::string, std::string> kTypes = {{".html", "text/html; charset=utf-8"},
                                                            {".css", "text/css"},
                                                            {".js", "text/javascript"},
                                                            {".svg", "image/svg+xml"},
                                                            {".png", "image/png"},
                                                            {".jpg", "image/jpeg"},
                                                            {".json", "application/json"},
                                                            {".txt", "text/plain"},
                                                            {".ico", "image/x-icon"},
                                                            {".woff2", "font/woff2"},
                                                            {".webp", "image/webp"},
                                                            {".zip", "application/zip"}};
  const auto type = kTypes.find(fs::path(path).extension().string());
  return type == kTypes.end() ? "application/octet-stream" : type->second;
}

std::string sha256_hex(const std::string& content) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_Digest(content.data(), content.size(), digest, &length, EVP_sha256(), nullptr);
  return to_hex({reinterpret_cast<char*>(digest), length});
}

class Application {
 public:
  // `added_account`: the id of the account, unless it is the first.
  Application(roles::Layout layout, ApiClient api, std::string added_account, StackFile file)
      : layout_(std::move(layout)),
        api_(std::move(api)),
        added_account_(std::move(added_account)),
        file_(std::move(file)),
        began_(steady_clock::now()) {}

  Result<> run() {
    LF_CHECK(upload_assets());
    LF_CHECK(resolve_parameters());
    LF_CHECK(change_stack());
    LF_CHECK(upload_sites());
    return wait_until_healthy();
  }

  const std::map<std::string, std::string>& outputs() const { return outputs_; }
  const std::string& name() const { return file_.name; }

 private:
  void say(const std::string& text) const {
    const auto elapsed = std::chrono::duration<double>(steady_clock::now() - began_).count();
    fmt::print("{:7.1f} s  {}\n", elapsed, text);
    std::fflush(stdout);
  }

  Result<> upload_assets() {
    if (file_.deployment_bucket.empty()) return {};
    LF_CHECK(ensure_bucket(api_, file_.deployment_bucket));
    for (const StackAsset& asset : file_.assets) {
      auto content = roles::read_file(asset.file);
      if (!content) return fail(content.error().message + " (is it built?)");
      const std::string key = substitute(asset.key, {{"sha256", sha256_hex(*content)}});
      LF_TRY(const Upload done,
             upload(api_, file_.deployment_bucket, key, *content, content_type_of(asset.file)));
      if (done == Upload::done)
        say(fmt::format("uploaded {} ({} KB)", fs::path(asset.file).filename().string(),
                        content->size() / 1024));
      if (!asset.parameter.empty()) parameters_[asset.parameter] = key;
    }
    return {};
  }

  // In the first account the name alone; no stack's name begins with a digit.
  std::string generated_file() const {
    return layout_.root + "/stack-" + (added_account_.empty() ? "" : added_account_ + "-") + file_.name +
           ".json";
  }

  // Generated values are kept: the stack's next update must give the same password.
  Result<> resolve_parameters() {
    const std::string path = generated_file();
    json::object kept;
    if (const auto text = roles::read_file(path)) {
      boost::system::error_code error;
      json::value value = json::parse(*text, error);
      if (error || !value.is_object()) return fail(path + ": not a JSON object");
      kept = std::move(value.as_object());
    } else if (text.error().error_number != ENOENT) {
      return std::unexpected(text.error());
    }
    bool generated = false;
    for (const auto& [name, parameter] : file_.parameters) {
      if (parameter.generate == 0) {
        parameters_[name] = parameter.value;
        continue;
      }
      if (!kept.contains(name)) {
        kept[name] = Random::system().from("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789",
                                           parameter.generate);
        generated = true;
      }
      parameters_[name] = std::string(kept[name].as_string());
    }
    if (!generated) return {};
    return roles::replace_file(path, json::serialize(kept) + "\n",
                               {.uid = ::geteuid(), .gid = ::getegid(), .mode = 0600});
  }

  Result<> change_stack() {
    LF_TRY(std::optional<StackState> existing, settled_stack());
    const StackChange change = existing ? StackChange::update : StackChange::create;
    if (existing) LF_CHECK(skip_old_events());
    LF_TRY(const ChangeStart start, start_change(api_, change, file_.name, file_.template_body, parameters_));
    if (start == ChangeStart::started) {
      say((change == StackChange::create ? "creating stack " : "updating stack ") + file_.name);
      LF_TRY(existing, follow());
    }
    if (!existing) return fail("stack " + file_.name + " is gone");
    if (existing->status != "CREATE_COMPLETE" && existing->status != "UPDATE_COMPLETE")
      return fail("stack " + file_.name + " is " + existing->status +
                  (existing->reason.empty() ? "" : ": " + existing->reason));
    outputs_ = existing->outputs;
    return {};
  }

  // The stack once nothing is in progress; one whose creation failed is deleted first.
  Result<std::optional<StackState>> settled_stack() {
    LF_TRY(std::optional<StackState> existing, describe_stack(api_, file_.name));
    if (existing && existing->status.ends_with("_IN_PROGRESS")) {
      say("stack " + file_.name + " is " + existing->status + ": waiting for it");
      LF_CHECK(skip_old_events());
      LF_TRY(existing, follow());
    }
    static const std::set<std::string> kBeyondUpdate = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED",
                                                        "CREATE_FAILED", "DELETE_FAILED"};
    if (existing && kBeyondUpdate.contains(existing->status)) {
      say("stack " + file_.name + " is " + existing->status + ": deleting what is left of it");
      LF_CHECK(delete_stack(api_, file_.name));
      LF_TRY(existing, follow());
    }
    if (existing && existing->status == "DELETE_COMPLETE") existing.reset();
    return existing;
  }

  Result<> skip_old_events() {
    LF_TRY(const std::vector<StackEvent> events, stack_events(api_, file_.name));
    for (const StackEvent& event : events) seen_.insert(event.id);
    return {};
  }

  // Prints events until the stack is at rest. Nothing: it was deleted.
  Result<std::optional<StackState>> follow() {
    for (;; wait_before_asking_again()) {
      LF_TRY(std::optional<StackState> state, describe_stack(api_, file_.name));
      if (!state) return state;
      LF_CHECK(print_new_events());
      if (!state->status.ends_with("_IN_PROGRESS")) return state;
    }
  }

  Result<> print_new_events() {
    LF_TRY(std::vector<StackEvent> events, stack_events(api_, file_.name));
    std::reverse(events.begin(), events.end());
    for (const StackEvent& event : events) {
      if (!seen_.insert(event.id).second || event.type == "AWS::CloudFormation::Stack") continue;
      const bool failed = event.status.ends_with("_FAILED");
      if (failed || event.status.ends_with("_COMPLETE"))
        say(fmt::format("{:16} {} ({}){}", event.status, event.logical_id, event.type,
                        failed ? ": " + event.reason : ""));
    }
    return {};
  }

  Result<> upload_sites() {
    for (const StackSite& site : file_.sites) {
      const auto bucket = outputs_.find(site.bucket_output);
      if (bucket == outputs_.end()) return fail("the stack has no output " + site.bucket_output);
      LF_TRY(const size_t uploaded, upload_site(site, bucket->second));
      if (uploaded == 0) continue;
      say(fmt::format("uploaded {} files of the site to {}", uploaded, bucket->second));
      if (const auto distribution = outputs_.find(site.distribution_output); distribution != outputs_.end())
        LF_CHECK(invalidate_all(api_, distribution->second));
    }
    return {};
  }

  Result<size_t> upload_site(const StackSite& site, const std::string& bucket) {
    size_t uploaded = 0;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(site.folder, error)) {
      if (!entry.is_regular_file()) continue;
      const std::string key = site.prefix + fs::relative(entry.path(), site.folder).generic_string();
      LF_TRY(const std::string content, roles::read_file(entry.path()));
      LF_TRY(const Upload done, upload(api_, bucket, key, content, content_type_of(entry.path())));
      if (done == Upload::done) ++uploaded;
    }
    if (error) return fail("read " + site.folder + ": " + error.message());
    return uploaded;
  }

  Result<> wait_until_healthy() {
    for (const std::string& url : file_.healthy) {
      const auto deadline = steady_clock::now() + kHealthPatience;
      for (;; wait_before_asking_again()) {
        LF_TRY(const std::string answer, fetch_status(url));
        if (answer == "200") break;
        if (steady_clock::now() > deadline) return fail(url + " does not answer 200 but: " + answer);
      }
      say(url + " answers");
    }
    return {};
  }

  // curl inside `landfall shell`: the names resolve and the certificates verify as they will for the
  // operator.
  Result<std::string> fetch_status(const std::string& url) const {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) return fail_errno("pipe");
    UniqueFd reader(fds[0]), writer(fds[1]);
    const pid_t child = ::fork();
    if (child < 0) return fail_errno("fork");
    if (child == 0) {
      ::dup2(writer.get(), STDOUT_FILENO);
      ::dup2(writer.get(), STDERR_FILENO);
      const std::string data_dir = "--data-dir=" + layout_.root;
      ::execl("/proc/self/exe", "landfall", "shell", data_dir.c_str(), "--", "curl", "-sS", "--max-time", "5",
              "-o", "/dev/null", "-w", "%{http_code}", url.c_str(), nullptr);
      ::_exit(127);
    }
    writer.reset();
    std::string text;
    char buffer[1024];
    for (ssize_t count; (count = ::read(reader.get(), buffer, sizeof buffer)) > 0;)
      text.append(buffer, static_cast<size_t>(count));
    int wait_status = 0;
    ::waitpid(child, &wait_status, 0);
    return text;
  }

  roles::Layout layout_;
  ApiClient api_;
  std::string added_account_;
  StackFile file_;
  steady_clock::time_point began_;
  std::map<std::string, std::string> parameters_;
  std::map<std::string, std::string> outputs_;
  std::set<std::string> seen_;  // event ids
};

void print_summary(const roles::Layout& layout, const roles::Settings& settings) {
  const std::string option = layout.root == "/var/lib/landfall" ? "" : " --data-dir " + layout.root;
  fmt::print("\nLandfall is up (account {}, {}).\n", settings.account_id, settings.region);
  fmt::print("  API      http://127.0.0.1:{} (HTTP and HTTPS)\n", settings.api_port);
  fmt::print("  Shell    landfall shell{}\n", option);
  fmt::print("           in it aws, curl, terraform... find everything by its real name\n");
  fmt::print("  Exports  eval \"$(landfall env{})\"\n", option);
  fmt::print("  DNS      {} (all names), {} (your zones, authoritative)\n",
             roles::public_address(settings.public_cidr, 1), roles::public_address(settings.public_cidr, 2));
  fmt::print("  CA       {}\n", layout.ca_certificate());
  fmt::print("  Logs     {}/log; landfall logs{}\n", layout.root, option);
  fmt::print("  Health   landfall status{}\n", option);
}

int complain_of_apply(const Error& error) {
  std::fflush(stdout);
  std::fprintf(stderr, "landfall apply: %s\n", error.message.c_str());
  return kFailed;
}

}  // namespace

int apply(const ApplyOptions& options) {
  const roles::Layout layout{options.common.data_dir};
  auto api = client_in(layout, options.common.account);
  if (!api) return complain_of_apply(api.error());
  const auto settings = roles::load_settings(layout);
  if (!settings) return complain_of_apply(settings.error());
  std::map<std::string, std::string> outputs;
  std::string name;
  if (!options.stack_file.empty()) {
    auto file = load_stack_file(options.stack_file, {api->account_id(), api->region()});
    if (!file) return complain_of_apply(file.error());
    if (!options.stack_name.empty()) file->name = options.stack_name;
    const std::string account = api->account_id();
    Application application(layout, std::move(*api), account == (*settings)->account_id ? "" : account,
                            std::move(*file));
    if (const auto done = application.run(); !done) return complain_of_apply(done.error());
    outputs = application.outputs();
    name = application.name();
  }
  print_summary(layout, **settings);
  if (!outputs.empty()) fmt::print("\nStack {}:\n", name);
  for (const auto& [key, value] : outputs) fmt::print("  {:16} {}\n", key, value);
  std::fflush(stdout);
  return kOk;
}

}  // namespace landfall::cli
