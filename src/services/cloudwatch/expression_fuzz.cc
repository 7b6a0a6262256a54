#include "services/cloudwatch/expression.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace landfall::cloudwatch;
  const ExpressionInput input{
      .series = {{"m1", {1, std::nullopt, 3}}, {"m2", {0, 2, 4}}}, .metrics = {"m1", "m2"}, .periods = 3};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto values = evaluate(text, input); values && values->size() != 3) __builtin_trap();
  ids_in(text);
  return 0;
}
