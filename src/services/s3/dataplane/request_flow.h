// The way of a request through S3, before and around its operation.
#pragma once

#include <functional>
#include <memory>

#include "services/s3/dataplane/request.h"

namespace landfall::s3 {

// Says who asks; fills in the request's principal and payload signature.
using Authenticate = std::function<S3Result<>(S3Request&)>;

// SigV4 in a header or a presigned query, anonymous, or (trusted peers only) x-landfall-principal.
S3Result<> authenticate(S3Request& request, TrustedPeer trusted);

// From the head to the answer. On the request's loop.
void serve(std::shared_ptr<S3Request> request, const Authenticate& authenticate);

}  // namespace landfall::s3
