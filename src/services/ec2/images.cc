#include "services/ec2/images.h"

#include <algorithm>

namespace landfall::ec2 {

static constexpr char kAmazon[] = "137112412989", kDebian[] = "136693071363", kCanonical[] = "099720109477";

static constexpr ImageFacts kImages[] = {
    {"ami-0a1d2023000000a64", "al2023-ami-2023.9.20251105.0-kernel-6.1-arm64",
     "Amazon Linux 2023 AMI 2023.9.20251105.0 arm64 HVM kernel-6.1", kAmazon, "amazon", Architecture::arm64,
     "2025-11-05T00:00:00.000Z", "/dev/xvda", "snap-0a1d2023000000a64"},
    {"ami-0a1d2023000000a86", "al2023-ami-2023.9.20251105.0-kernel-6.1-x86_64",
     "Amazon Linux 2023 AMI 2023.9.20251105.0 x86_64 HVM kernel-6.1", kAmazon, "amazon", Architecture::x86_64,
     "2025-11-05T00:00:00.000Z", "/dev/xvda", "snap-0a1d2023000000a86"},
    {"ami-0a1d2a2b000000a86", "amzn2-ami-hvm-2.0.20251105.0-x86_64-gp2",
     "Amazon Linux 2 AMI 2.0.20251105.0 x86_64 HVM gp2", kAmazon, "amazon", Architecture::x86_64,
     "2025-11-05T00:00:00.000Z", "/dev/xvda", "snap-0a1d2a2b000000a86"},
    {"ami-0a1ddeb1200000a86", "debian-12-amd64-20251112-2294", "Debian 12 (20251112-2294)", kDebian, "",
     Architecture::x86_64, "2025-11-12T00:00:00.000Z", "/dev/xvda", "snap-0a1ddeb1200000a86"},
    {"ami-0a1e2404000000a86", "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20251101",
     "Canonical, Ubuntu, 24.04, amd64 noble image", kCanonical, "amazon", Architecture::x86_64,
     "2025-11-01T00:00:00.000Z", "/dev/sda1", "snap-0a1e2404000000a86"},
};
static_assert(std::ranges::is_sorted(kImages, {}, &ImageFacts::id));

std::span<const ImageFacts> all_images() { return kImages; }

const ImageFacts* find_image(std::string_view id) {
  const auto found = std::ranges::lower_bound(kImages, id, {}, &ImageFacts::id);
  return found != std::end(kImages) && found->id == id ? found : nullptr;
}

const ImageFacts& default_image(Architecture architecture) {
  return architecture == Architecture::arm64 ? kImages[0] : kImages[1];
}

}  // namespace landfall::ec2
