#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

S3Result<> change_bucket(const S3Request& request, std::move_only_function<void(BucketRecord&)> change) {
  auto changed = wait_for([&](Done<> done) {
    request.store().change_bucket(request.address.bucket, std::move(change), std::move(done));
  });
  if (!changed) return std::unexpected(from_store(changed.error()));
  return {};
}

S3Result<> put_configuration(const S3Request& request, std::string name, std::string document) {
  return change_bucket(request, [name = std::move(name), document = std::move(document)](
                                    BucketRecord& record) { record.configuration[name] = document; });
}

S3Result<aws::WireResponse> delete_configuration(const S3Request& request, std::string name) {
  LF_CHECK(change_bucket(request, [name](BucketRecord& record) { record.configuration.erase(name); }));
  return empty_answer(204);
}

S3Result<aws::WireResponse> get_configuration(const S3Request& request, const std::string& name,
                                              std::string_view error_if_absent) {
  auto it = request.bucket->configuration.find(name);
  if (it == request.bucket->configuration.end()) {
    return std::unexpected(with_detail(s3_error(error_if_absent), "BucketName", request.address.bucket));
  }
  return xml_answer(it->second);
}

S3Result<aws::WireResponse> get_configuration_or(const S3Request& request, const std::string& name,
                                                 std::string by_default) {
  auto it = request.bucket->configuration.find(name);
  return xml_answer(it == request.bucket->configuration.end() ? std::move(by_default) : it->second);
}

std::string document_of(std::string_view get_operation, const void* out) {
  const aws::OperationModel* model = service_model.operation(get_operation);
  LF_INVARIANT(model != nullptr, get_operation);
  return aws::encode_response(aws::Protocol::rest_xml, *model, out, "").body;
}

aws::WireResponse xml_answer(std::string document) {
  aws::WireResponse response;
  response.headers.add("Content-Type", "application/xml");
  response.body = std::move(document);
  return response;
}

aws::WireResponse empty_answer(int status) { return {.status = status, .headers = {}, .body = {}}; }

}  // namespace landfall::s3
