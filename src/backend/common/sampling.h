#pragma once
#include <cmath>
#include <cstdint>

#include "base/float16.h"

namespace mx {

/// What lies around an image: zeros, reached on straight lines; or zeros that begin at once behind
/// the first pixels, and behind the last ones after a step in which these go on.
enum class Border : int8_t { kZeros, kAbrupt };

/// A point between the pixels of an image: the four pixels next to it and their weights. Pixels
/// outside have weight 0 and stand at 0.
template <typename C>
struct BilinearPoint {
  int64_t at[4] = {0, 0, 0, 0};  ///< upper left, upper right, lower left, lower right
  C weight[4] = {0, 0, 0, 0};
  C d_y[4] = {0, 0, 0, 0}, d_x[4] = {0, 0, 0, 0};  ///< derivatives of the weights

  MX_HOST_DEVICE BilinearPoint(C y, C x, int64_t height, int64_t width,
                               Border border = Border::kZeros) {
    // The first comparison is also false for NaN.
    if (!(y > -1 && y < static_cast<C>(height) && x > -1 && x < static_cast<C>(width))) return;
    C y_slope = 1, x_slope = 1;
    if (border == Border::kAbrupt) {
      if (y < 0 || x < 0) return;
      if (y > static_cast<C>(height - 1)) y = static_cast<C>(height - 1), y_slope = 0;
      if (x > static_cast<C>(width - 1)) x = static_cast<C>(width - 1), x_slope = 0;
    }
    const C top = std::floor(y), left = std::floor(x), down = y - top, right = x - left;
    const auto row = static_cast<int64_t>(top), column = static_cast<int64_t>(left);
    for (int i = 0; i < 4; ++i) {
      const int64_t r = row + i / 2, c = column + i % 2;
      if (r < 0 || r >= height || c < 0 || c >= width) continue;
      const C in_y = i / 2 ? down : 1 - down, in_x = i % 2 ? right : 1 - right;
      at[i] = r * width + c;
      weight[i] = in_y * in_x;
      d_y[i] = (i / 2 ? in_x : -in_x) * y_slope;
      d_x[i] = (i % 2 ? in_y : -in_y) * x_slope;
    }
  }
};

/// Pixel at which a coordinate of a sampling grid, in [-1, 1], lies on an axis of `size` pixels.
template <typename C>
MX_HOST_DEVICE C grid_pixel(C coordinate, int64_t size) {
  return (coordinate + 1) * static_cast<C>(size - 1) / 2;
}
/// The reverse; the middle on an axis of one pixel.
template <typename C>
MX_HOST_DEVICE C grid_coordinate(C pixel, int64_t size) {
  return size > 1 ? pixel * 2 / static_cast<C>(size - 1) - 1 : C(0);
}
/// Its derivative.
template <typename C>
MX_HOST_DEVICE C grid_step(int64_t size) {
  return size > 1 ? C(2) / static_cast<C>(size - 1) : C(0);
}

}  // namespace mx
