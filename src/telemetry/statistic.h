// Statistic: many samples as CloudWatch's StatisticSet keeps them. One thread; each worker has its own, and
// they are merged when they are read, so that counting costs an addition.
#pragma once

#include <algorithm>
#include <cstdint>

namespace landfall::telemetry {

struct Statistic {
  double sum = 0, minimum = 0, maximum = 0;
  double count = 0;

  void add(double value) {
    minimum = count == 0 ? value : std::min(minimum, value);
    maximum = count == 0 ? value : std::max(maximum, value);
    sum += value;
    count += 1;
  }
  void merge(const Statistic& other) {
    if (other.count == 0) return;
    minimum = count == 0 ? other.minimum : std::min(minimum, other.minimum);
    maximum = count == 0 ? other.maximum : std::max(maximum, other.maximum);
    sum += other.sum;
    count += other.count;
  }
};

}  // namespace landfall::telemetry
