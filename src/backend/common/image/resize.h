/// Resizing of pictures with the numbers of OpenCV. The operators' kernels use it, and
/// libmxnet_image.so, which is compiled with a copy of its own because it does not need the core.
#pragma once

#include <cstdint>

#define MX_IMAGE_API __attribute__((visibility("default")))

namespace mx::image {

/// How resize finds the value between pixels. The values are OpenCV's.
enum class Interpolation {
  kNearest = 0,
  kLinear = 1,
  kCubic = 2,
  kArea = 3,
  kLanczos4 = 4,
};

/// Size of a picture in memory.
struct Extent {
  int64_t height = 0;
  int64_t width = 0;
  int64_t channels = 0;
};

/// Resizes `src` to `dst` (dst_height x dst_width x src_extent.channels) with the numbers of
/// cv2.resize: uint8 with 11-bit fixed-point weights, float with float weights.
///
/// Throws: Error(Value) for an empty picture or one over 2^31 - 1 in any dimension.
/// Thread safety: may be called from any number of threads; large pictures use OpenMP.
MX_IMAGE_API void resize(const uint8_t* src, const Extent& src_extent, uint8_t* dst,
                         int64_t dst_height, int64_t dst_width, Interpolation interpolation);
MX_IMAGE_API void resize(const float* src, const Extent& src_extent, float* dst, int64_t dst_height,
                         int64_t dst_width, Interpolation interpolation);

}  // namespace mx::image
