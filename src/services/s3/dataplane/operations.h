// The operations of S3 and how each is served. A handler is operations/<Operation>.cc, in one of three forms:
//
//   S3Result<Output> Operation(S3Request&, const Input&)    pooled: input decoded and output encoded by the
//   model S3Result<aws::WireResponse> Operation(S3Request&)       pooled: makes the answer itself void
//   Operation(std::shared_ptr<S3Request>)              streaming: on the loop, reads or writes bodies itself
//
// Pooled handlers run on the store's worker pool and may block on the disk.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "services/s3/dataplane/request.h"

namespace landfall::aws {
struct OperationModel;
}

namespace landfall::s3 {

enum class Resource { service, bucket, object };  // that the operation's action is judged on

struct OperationEntry {
  std::string_view name;
  Resource resource;
  std::string_view action;  // authorised before the handler; empty: the handler does it
  S3Result<aws::WireResponse> (*pooled)(S3Request&) = nullptr;
  void (*streaming)(std::shared_ptr<S3Request>) = nullptr;
};

std::span<const OperationEntry> operations();

struct Route {
  const OperationEntry* operation = nullptr;
  std::string
      name;  // without an operation: the one that is known but not implemented; empty: nothing matches
};
Route route(const http::Request& request, const Address& address, const codec::Pairs& query);

}  // namespace landfall::s3
