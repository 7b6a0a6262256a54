// Empties S3, which lives in edge, through its own API: every version, delete marker and upload of every
// bucket of the given accounts, then the bucket. One request at a time.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/control_plane.h"

namespace landfall::roles {

class S3Emptier : public std::enable_shared_from_this<S3Emptier> {
 public:
  // `done` is called once, on control's loop; its error says what could not be deleted (an object under a
  // retention lock).
  static void run(S3Client& s3, std::vector<std::string> accounts, std::function<void(Result<>)> done);

  S3Emptier(S3Client& s3, std::vector<std::string> accounts, std::function<void(Result<>)> done)
      : s3_(s3), done_(std::move(done)), accounts_(accounts.begin(), accounts.end()) {}

 private:
  void next_account();
  void list_buckets();
  void next_bucket();
  void list_versions();
  void list_uploads();
  void delete_queued(void (S3Emptier::*then)());
  void send(std::string method, std::string path, std::string query,
            std::function<void(const std::string& body)> then);

  struct Item {
    std::string path, query;
  };
  S3Client& s3_;
  std::function<void(Result<>)> done_;
  std::deque<std::string> accounts_;  // the first is being emptied
  std::deque<std::string> buckets_;
  std::deque<Item> items_;
  std::string bucket_;
};

}  // namespace landfall::roles
