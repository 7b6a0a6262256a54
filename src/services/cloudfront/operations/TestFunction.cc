// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_TestFunction.html
// It runs where viewers' requests would: in a process of its own, bounded in time; the caller waits for it.
#include <algorithm>

#include "base/encoding.h"
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "javascript/runner.h"
#include "services/cloudfront/functions.h"

namespace landfall::cloudfront {
namespace {

constexpr int64_t kAllowedCpuUs = 50'000;  // EngineLimits::run_us: a utilization of 100

javascript::Ran run_once(const std::string& version, std::string code, std::string event) {
  auto loop = EventLoop::create();
  if (!loop) throw TestFunctionFailed("The function could not be tested: " + loop.error().message);
  const auto runner = javascript::Runner::create(**loop);
  std::optional<javascript::Ran> result;
  runner->run(std::make_shared<const javascript::Function>(version, std::move(code)), std::move(event),
              [&](javascript::Ran ran) { result = std::move(ran); });
  while (!result) (*loop)->run_once(-1);
  return std::move(*result);
}

std::vector<std::string> lines_of_log(std::string_view log) {
  std::vector<std::string> lines;
  while (!log.empty()) {
    const size_t end = std::min(log.find('\n'), log.size());
    lines.emplace_back(log.substr(0, end));
    log.remove_prefix(std::min(end + 1, log.size()));
  }
  return lines;
}

}  // namespace

TestFunctionResult TestFunction(Call& call, const TestFunctionRequest& in) {
  const FunctionRecord record = find_function(call, *in.Name);
  const FunctionStage& stage = stage_of(record, in.Stage);
  if (in.IfMatch != stage.etag)
    throw InvalidIfMatchVersion("The If-Match version is missing or not valid for the resource.");
  const EventKind kind = event_kind(in.EventObject.value_or(""));  // throws
  auto code = from_base64(stage.code_base64);
  LF_INVARIANT(code.has_value(), "a stored function does not decode");
  const javascript::Ran ran = run_once(stage.etag, std::move(*code), *in.EventObject);
  TestResult out{.FunctionSummary = function_summary(call, record, in.Stage)};
  out.ComputeUtilization = std::to_string(std::min<int64_t>(100, ran.cpu_us * 100 / kAllowedCpuUs));
  out.FunctionExecutionLogs = lines_of_log(ran.log);
  out.FunctionErrorMessage = ran.end == javascript::End::ok ? "" : ran.output;
  out.FunctionOutput = ran.end == javascript::End::ok ? shown_output(kind, ran.output) : "";
  return {.TestResult = std::move(out)};
}

}  // namespace landfall::cloudfront
