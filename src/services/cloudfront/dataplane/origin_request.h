// What the origin is asked: CloudFront's default headers and those that the behaviour forwards.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
// Pure.
#pragma once

#include "services/cloudfront/dataplane/object_cache.h"
#include "services/cloudfront/dataplane/origin.h"
#include "services/cloudfront/dataplane/worker.h"

namespace landfall::cloudfront {

enum class Purpose {
  fill,  // for the cache: the whole object, with `stale`'s validators if there is one
  pass,  // for this viewer only, with its conditions and range
};
OriginRequest origin_request(const Ask& ask, const OriginSnapshot& origin, Purpose purpose,
                             const CachedObject* stale);

}  // namespace landfall::cloudfront
