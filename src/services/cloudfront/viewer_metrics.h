// What edge counts of a distribution's viewers, once a minute, for CloudWatch. Observation kind
// "DistributionMetrics", id = distribution id. Written by edge, read by control: beside snapshot.h, the other
// thing that the two planes share.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace landfall::cloudfront {

inline constexpr char kDistributionMetricsKind[] = "DistributionMetrics";

struct ViewerCounts {
  int64_t requests = 0;
  int64_t bytes_downloaded = 0;  // answers, heads included, as they went out
  int64_t bytes_uploaded = 0;    // requests, heads included
  int64_t errors_4xx = 0, errors_5xx = 0;

  void merge(const ViewerCounts& other) {
    requests += other.requests;
    bytes_downloaded += other.bytes_downloaded;
    bytes_uploaded += other.bytes_uploaded;
    errors_4xx += other.errors_4xx;
    errors_5xx += other.errors_5xx;
  }
  template <class V>
  void fields(V& v) {
    v("requests", requests);
    v("bytes_downloaded", bytes_downloaded);
    v("bytes_uploaded", bytes_uploaded);
    v("errors_4xx", errors_4xx);
    v("errors_5xx", errors_5xx);
  }
};

struct DistributionMetrics {
  std::string distribution_id, account;
  Timestamp timestamp;
  ViewerCounts counts;
  template <class V>
  void fields(V& v) {
    v("distribution_id", distribution_id);
    v("account", account);
    v("timestamp", timestamp);
    v("counts", counts);
  }
};

}  // namespace landfall::cloudfront
