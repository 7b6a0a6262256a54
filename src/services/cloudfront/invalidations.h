// What the invalidations' operations share.
#pragma once

#include <string>

#include "cloudfront/errors.h"
#include "services/cloudfront/store.h"

namespace landfall::cloudfront {

inline std::string row_of(const InvalidationRecord& record) {
  return record.distribution_id + "/" + record.id;
}

inline std::string invalidation_location(const InvalidationRecord& record) {
  return "https://cloudfront.amazonaws.com/2020-05-31/distribution/" + record.distribution_id +
         "/invalidation/" + record.id;
}

inline Invalidation shown(const InvalidationRecord& record) {
  return {.Id = record.id,
          .Status = record.completed ? "Completed" : "InProgress",
          .CreateTime = record.created,
          .InvalidationBatch = record.batch};
}

// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html
inline void check_invalidation_path(const std::string& path) {
  const size_t star = path.find('*');
  if (path.empty() || path.front() != '/' || path.size() > 4000 ||
      (star != std::string::npos && star + 1 != path.size()))
    throw InvalidArgument("Your request contains one or more invalid invalidation paths.");
}

}  // namespace landfall::cloudfront
