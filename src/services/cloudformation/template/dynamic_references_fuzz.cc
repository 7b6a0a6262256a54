#include <boost/json.hpp>

#include "aws/service_error.h"
#include "services/cloudformation/template/dynamic_references.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace landfall::cloudformation;
  const boost::json::value value(boost::json::string(reinterpret_cast<const char*>(data), size));
  try {
    resolve_references(value,
                       [](const DynamicReference& reference, const std::string&) { return reference.name; });
  } catch (const landfall::ServiceError&) {
  }
  return 0;
}
