// Templates come from whoever may call CreateStack: no text may crash the parser or the evaluator.
#include <boost/json.hpp>

#include "aws/service_error.h"
#include "services/cloudformation/template/evaluate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace landfall;
  using namespace landfall::cloudformation;
  try {
    const Template body = Template::parse({reinterpret_cast<const char*>(data), size});
    Environment environment;
    environment.body = &body;
    environment.parameters = resolve_parameters(body, {});
    environment.ref = [](const std::string& id) -> std::optional<std::string> { return id; };
    environment.get_att = [](const std::string&, const std::string& attribute) {
      return boost::json::value(attribute);
    };
    for (const auto& [id, resource] : body.resources) evaluate(environment, resource.properties);
    for (const auto& [name, output] : body.outputs) evaluate(environment, output.value);
  } catch (const ServiceError&) {  // the only way to refuse
  }
  return 0;
}
