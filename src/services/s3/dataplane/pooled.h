// Adapters from a typed handler to OperationEntry::pooled.
#pragma once

#include "s3/operations.h"
#include "s3/shapes.h"
#include "services/s3/dataplane/operations.h"

namespace landfall::s3 {

const aws::OperationModel& model_of(const OperationEntry& entry);
// decode_request() throws what the model does not allow; here it becomes a value.
S3Result<> decode_input(const S3Request& request, void* in);
aws::WireResponse encode_output(const S3Request& request, const void* out);

template <class Out, class In>
S3Result<aws::WireResponse> run_typed(S3Request& request, S3Result<Out> (*handler)(S3Request&, const In&)) {
  In in;
  LF_CHECK(decode_input(request, &in));
  LF_TRY(Out out, handler(request, in));
  return encode_output(request, &out);
}

template <class In>
S3Result<aws::WireResponse> run_typed(S3Request& request,
                                      S3Result<aws::WireResponse> (*handler)(S3Request&, const In&)) {
  In in;
  LF_CHECK(decode_input(request, &in));
  return handler(request, in);
}

inline S3Result<aws::WireResponse> run_typed(S3Request& request,
                                             S3Result<aws::WireResponse> (*handler)(S3Request&)) {
  return handler(request);
}

template <auto handler>
S3Result<aws::WireResponse> pooled(S3Request& request) {
  return run_typed(request, handler);
}

}  // namespace landfall::s3
