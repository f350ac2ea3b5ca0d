#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "backend/common/image/resize.h"

namespace mx::image {

/// Takes the place (x, y) of a picture to (m[0] x + m[1] y + m[2], m[3] x + m[4] y + m[5]).
using AffineMap = std::array<double, 6>;

/// Draws `src` through `map` onto `dst` (dst_height x dst_width x src_extent.channels) with the
/// numbers of cv2.warpAffine: places in units of 1/32 pixel, weights in units of 2^-15. What lies
/// outside of `src` has the values `fill`, one for each channel. Interpolation::kArea is linear; a
/// map that cannot be turned back shows the first pixel everywhere.
///
/// Thread safety: may be called from any number of threads; large pictures use OpenMP.
MX_IMAGE_API void warp_affine(const uint8_t* src, const Extent& src_extent, uint8_t* dst,
                              int64_t dst_height, int64_t dst_width, const AffineMap& map,
                              Interpolation interpolation, std::span<const uint8_t> fill);

}  // namespace mx::image
