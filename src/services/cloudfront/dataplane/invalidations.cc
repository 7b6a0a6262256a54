#include "services/cloudfront/dataplane/invalidations.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/files.h"
#include "base/log.h"
#include "codec/fields.h"
#include "services/cloudfront/dataplane/cache_key.h"
#include "services/cloudfront/dataplane/files.h"
#include "services/cloudfront/dataplane/object_file.h"

namespace landfall::cloudfront {
namespace {

constexpr size_t kRemembered = 1'024;  // swept invalidations, for fetches that began before them
constexpr size_t kSumDigits = 8;

std::string digits_of_sum(std::string_view text) { return fmt::format("{:08x}", sum_of(text)); }

}  // namespace

Result<std::unique_ptr<Invalidations>> Invalidations::open(std::string journal) {
  std::unique_ptr<Invalidations> made(new Invalidations(std::move(journal)));
  if (!made->path_.empty()) LF_CHECK(made->load());
  return made;
}

std::string Invalidations::line_of(const Rule& rule) {
  const std::string json = to_json(rule);
  return digits_of_sum(json) + " " + json + "\n";
}

Result<> Invalidations::load() {
  const auto text = read_file(path_);
  if (!text && text.error().error_number != ENOENT) return std::unexpected(text.error());
  lost_ = !text;
  bool whole = text.has_value();
  std::string_view rest = text ? std::string_view(*text) : std::string_view();
  uint64_t last = 0;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    const bool final = end == std::string_view::npos || end + 1 == rest.size();
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    Result<Rule> rule = fail("a broken sum");
    if (end != std::string_view::npos && line.size() > kSumDigits &&
        digits_of_sum(line.substr(kSumDigits + 1)) == line.substr(0, kSumDigits))
      rule = from_json<Rule>(line.substr(kSumDigits + 1));
    if (!rule || static_cast<uint64_t>(rule->sequence) < last) {
      if (!final) lost_ = true;
      whole = false;
      log::warn("{}: {}", path_,
                lost_ ? "a line is broken; what is cached on disk is dropped" : "its last line is cut");
      break;
    }
    last = static_cast<uint64_t>(rule->sequence);
    if (!rule->paths.empty()) rules_.push_back(std::move(*rule));
  }
  // Epochs of a past that cannot be read are not comparable; there will be no files of it.
  sequence_ = last;
  swept_ = rules_.empty() ? last : static_cast<uint64_t>(rules_.front().sequence) - 1;
  if (lost_) {
    rules_.clear();
    swept_ = last;
  }
  if (!whole) return rewrite();  // without what was cut
  journal_ = UniqueFd(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (!journal_) return fail_errno("open " + path_);
  return {};
}

Result<> Invalidations::append(const Rule& rule) {
  if (path_.empty()) return {};
  if (!journal_) LF_CHECK(rewrite());  // an earlier write failed in the middle
  const std::string line = line_of(rule);
  if (Result<> written = write_all(journal_.get(), line); !written) {
    distrust();
    return written;
  }
  if (::fdatasync(journal_.get()) != 0) {
    const auto failed = fail_errno("sync " + path_);
    distrust();
    return failed;
  }
  return {};
}

// What could not be written must not be forgotten: without a journal the next start drops the files. The next
// invalidation or sweep writes it anew, whole.
void Invalidations::distrust() {
  journal_.reset();
  ::unlink(path_.c_str());
}

Result<> Invalidations::rewrite() {
  std::string text = line_of({.sequence = static_cast<int64_t>(swept_)});
  for (const Rule& rule : rules_)
    if (static_cast<uint64_t>(rule.sequence) > swept_) text += line_of(rule);
  LF_CHECK(write_file(path_, text, 0600));
  UniqueFd file(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (!file) return fail_errno("open " + path_);
  journal_ = std::move(file);
  return {};
}

Result<> Invalidations::add(const std::string& distribution_id, std::vector<std::string> paths) {
  std::lock_guard lock(mutex_);
  const uint64_t next = sequence_.load() + 1;
  rules_.push_back({static_cast<int64_t>(next), distribution_id, std::move(paths)});
  const Result<> kept = append(rules_.back());
  sequence_.store(next, std::memory_order_release);
  if (path_.empty()) swept_ = next;
  forget();
  return kept;
}

bool Invalidations::covers(std::string_view distribution_id, std::string_view target, uint64_t epoch) const {
  if (epoch == sequence()) return false;
  std::lock_guard lock(mutex_);
  return std::ranges::any_of(rules_, [&](const Rule& rule) {
    return static_cast<uint64_t>(rule.sequence) > epoch && rule.distribution_id == distribution_id &&
           std::ranges::any_of(rule.paths,
                               [&](const std::string& path) { return invalidates(path, target); });
  });
}

bool Invalidations::covers_fetch(std::string_view distribution_id, std::string_view target,
                                 uint64_t epoch) const {
  if (epoch == sequence()) return false;
  {
    std::lock_guard lock(mutex_);
    if (epoch < dropped_) return true;
  }
  return covers(distribution_id, target, epoch);
}

bool Invalidations::needs_sweep() const {
  std::lock_guard lock(mutex_);
  return swept_ < sequence_.load();
}

Result<> Invalidations::swept(uint64_t sequence) {
  std::lock_guard lock(mutex_);
  swept_ = std::max(swept_, sequence);
  forget();
  return path_.empty() ? Result<>() : rewrite();
}

void Invalidations::forget() {
  while (rules_.size() > kRemembered && static_cast<uint64_t>(rules_.front().sequence) <= swept_) {
    dropped_ = static_cast<uint64_t>(rules_.front().sequence);
    rules_.pop_front();
  }
}

}  // namespace landfall::cloudfront
