// CloudFront Functions on a request's way: viewer-request before the cache is asked, viewer-response before
// the viewer is answered. The loop waits for neither.
#include "http/message.h"
#include "services/cloudfront/dataplane/fill.h"
#include "services/cloudfront/dataplane/function_event.h"
#include "services/cloudfront/dataplane/response_policy.h"
#include "services/cloudfront/dataplane/worker.h"

namespace landfall::cloudfront {
namespace {

constexpr char kFunctionFailed[] =
    "The CloudFront function associated with the CloudFront distribution is invalid or could not run. We "
    "can't "
    "connect to the server for this app or website at this time. There might be too much traffic or a "
    "configuration error. Try again later, or contact the app or website owner.";

FunctionContext context_of(const Ask& ask) {
  const DistributionSnapshot& distribution = ask.site->snapshot;
  return {.distribution_domain = distribution.domain,
          .distribution_id = distribution.id,
          .request_id = ask.request_id};
}

// A result that AWS would not take is none.
void broke_rules(javascript::Ran& ran, const Error& why) {
  if (ran.end != javascript::End::ok) return;
  ran.end = javascript::End::bad_result;
  ran.output = why.message;
}

}  // namespace

void CdnWorker::run_function(const Ask& ask, const std::string& arn, std::string event,
                             std::move_only_function<void(javascript::Ran)> done) {
  const auto function = ask.site->functions.find(arn);
  if (function == ask.site->functions.end())  // a broken snapshot
    return loop_.post([done = std::move(done)]() mutable { done({.output = "no such function"}); });
  if (!runner_) runner_ = javascript::Runner::create(loop_);
  runner_->run(function->second, std::move(event), std::move(done));
}

void CdnWorker::log_function(const Ask& ask, const std::string& arn, const javascript::Ran& ran) {
  function_logs_.add(arn, ask.site->snapshot.id, ask.request_id, ran.log,
                     ran.end == javascript::End::ok ? std::string_view() : std::string_view(ran.output));
}

void CdnWorker::function_failed(const LaterPtr& later, const Ask& ask, javascript::End end) {
  proxy::Transaction& transaction = *later->transaction();
  refuse(transaction, 503, "");
  transaction.decision().body = error_page(503, kFunctionFailed, ask.request_id);
  transaction.decision().response_fields =
      own_lines(end == javascript::End::out_of_time ? "FunctionThrottledError from cloudfront"
                                                    : "FunctionExecutionError from cloudfront",
                ask.site->snapshot.domain, ask.request_id);
  later->decided();
}

void CdnWorker::ask_function(const LaterPtr& later, std::shared_ptr<Ask> ask) {
  run_function(*ask, ask->behavior->request_function, viewer_request_event(context_of(*ask), ask->viewer),
               [this, later, ask](javascript::Ran ran) {
                 auto verdict = ran.end == javascript::End::ok ? request_verdict(ran.output, ask->viewer)
                                                               : Result<RequestVerdict>(fail(ran.output));
                 if (!verdict) broke_rules(ran, verdict.error());
                 log_function(*ask, ask->behavior->request_function, ran);
                 if (later->transaction() == nullptr) return;
                 if (!verdict) return function_failed(later, *ask, ran.end);
                 if (auto* response = std::get_if<FunctionResponse>(&*verdict))
                   return answer_by_function(later, *ask, std::move(*response));
                 ask->viewer = std::move(std::get<http::Request>(*verdict));
                 // The behavior stays the one that the viewer's path has found.
                 set_path(*ask);
                 ask->key = cache_key(ask->site->snapshot.id, *ask->behavior, ask->path, ask->viewer);
                 obtain_and_respond(later, ask);
               });
}

void CdnWorker::answer_by_function(const LaterPtr& later, const Ask& ask, FunctionResponse response) {
  apply_response_policy(response.headers, *ask.behavior, ask.viewer);
  proxy::Decision& decision = later->transaction()->decision();
  decision.kind = proxy::DecisionKind::respond;
  decision.status = response.status;
  decision.body = response.body.value_or("");
  decision.response_fields =
      lines_of(response.headers) +
      own_lines("FunctionGeneratedResponse from cloudfront", ask.site->snapshot.domain, ask.request_id);
  later->decided();
}

void CdnWorker::ask_response_function(const LaterPtr& later, const AskPtr& ask, Obtained obtained,
                                      Answer answer) {
  std::string event = viewer_response_event(context_of(*ask), ask->viewer, answer.head);
  run_function(*ask, ask->behavior->response_function, std::move(event),
               [this, later, ask, obtained = std::move(obtained),
                answer = std::move(answer)](javascript::Ran ran) mutable {
                 const auto drop = [&] {
                   if (obtained.body) obtained.body->viewer_gone();
                 };
                 auto changed = ran.end == javascript::End::ok ? response_verdict(ran.output, answer.head)
                                                               : Result<FunctionResponse>(fail(ran.output));
                 if (!changed) broke_rules(ran, changed.error());
                 log_function(*ask, ask->behavior->response_function, ran);
                 if (later->transaction() == nullptr) return drop();
                 if (!changed) return drop(), function_failed(later, *ask, ran.end);
                 if (changed->body) return drop(), answer_by_function(later, *ask, std::move(*changed));
                 answer.head = {.status = changed->status, .headers = std::move(changed->headers)};
                 send(later, *ask, obtained, std::move(answer));
               });
}

}  // namespace landfall::cloudfront
