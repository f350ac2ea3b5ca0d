#include <algorithm>
#include <cmath>
#include <limits>

#include "backend/common/image/resample.h"
#include "base/error.h"

namespace mx::image {
namespace {

void check(const Extent& from, const Extent& to) {
  constexpr int64_t kMost = std::numeric_limits<int32_t>::max();
  for (const Extent& e : {from, to}) {
    if (e.height > 0 && e.width > 0 && e.channels > 0 && e.height <= kMost &&
        e.width <= kMost / e.channels) {
      continue;
    }
    fail(
        ErrorKind::kValue, "imresize: size=", e.height, "x", e.width, "x", e.channels,
        " is no size of a picture; expected 1 or more in each dimension and at most 2^31 - 1 values"
        " in a row");
  }
}

template <typename T>
void resize_nearest(const ResizeJob<T>& job) {
  const Extent &from = job.from, &to = job.to;
  const double scale_x = 1.0 / (static_cast<double>(to.width) / static_cast<double>(from.width));
  const double scale_y = 1.0 / (static_cast<double>(to.height) / static_cast<double>(from.height));
  const auto place = [](int64_t i, double scale, int64_t size) {
    return std::min(static_cast<int64_t>(std::floor(static_cast<double>(i) * scale)), size - 1);
  };
  std::vector<int64_t> offset(static_cast<size_t>(to.width));
  for (int64_t x = 0; x < to.width; ++x) {
    offset[static_cast<size_t>(x)] = place(x, scale_x, from.width) * to.channels;
  }
  for_row_parts(to, [&](int64_t first, int64_t last) {
    for (int64_t y = first; y < last; ++y) {
      const T* src = job.src_row(place(y, scale_y, from.height));
      T* out = job.dst_row(y);
      with_channels(to.channels, [&](auto constant) {
        const int64_t channels =
            decltype(constant)::value ? decltype(constant)::value : to.channels;
        for (const int64_t at : offset) {
          for (int64_t c = 0; c < channels; ++c) *out++ = src[at + c];
        }
      });
    }
  });
}

template <typename T>
void resize_linear(const ResizeJob<T>& job, LinearRule rule) {
  resize_by_taps(job, linear_taps(job.from.width, job.to.width, rule, Axis::kAlongRow),
                 linear_taps(job.from.height, job.to.height, rule, Axis::kAlongColumn));
}

template <typename T>
void resize_any(const ResizeJob<T>& job, Interpolation interpolation) {
  const Extent &from = job.from, &to = job.to;
  check(from, to);
  if (from.height == to.height && from.width == to.width) {
    std::copy_n(job.src, from.height * job.dst_row_size(), job.dst);
    return;
  }
  switch (interpolation) {
    case Interpolation::kNearest:
      return resize_nearest(job);
    case Interpolation::kLinear:
      // Exact halving by linear weights is the mean of 2x2 pixels, which area computes faster.
      if (from.height == 2 * to.height && from.width == 2 * to.width) return resize_by_area(job);
      return resize_linear(job, LinearRule::kCenters);
    case Interpolation::kCubic:
      return resize_by_taps(job, cubic_taps(from.width, to.width),
                            cubic_taps(from.height, to.height));
    case Interpolation::kArea:
      if (from.height >= to.height && from.width >= to.width) return resize_by_area(job);
      return resize_linear(job, LinearRule::kArea);
    case Interpolation::kLanczos4:
      return resize_by_taps(job, lanczos_taps(from.width, to.width),
                            lanczos_taps(from.height, to.height));
  }
  fail(ErrorKind::kValue, "imresize: interp=", static_cast<int>(interpolation),
       " is unknown; expected 0 nearest, 1 linear, 2 cubic, 3 area or 4 Lanczos");
}

}  // namespace

void resize(const uint8_t* src, const Extent& src_extent, uint8_t* dst, int64_t dst_height,
            int64_t dst_width, Interpolation interpolation) {
  const Extent to{dst_height, dst_width, src_extent.channels};
  resize_any(ResizeJob<uint8_t>{src, src_extent, dst, to}, interpolation);
}

void resize(const float* src, const Extent& src_extent, float* dst, int64_t dst_height,
            int64_t dst_width, Interpolation interpolation) {
  const Extent to{dst_height, dst_width, src_extent.channels};
  resize_any(ResizeJob<float>{src, src_extent, dst, to}, interpolation);
}

}  // namespace mx::image
