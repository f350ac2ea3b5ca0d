#include <utility>

#include "io/image/image.h"

namespace mx::image {

void swap_red_blue(uint8_t* pixels, int64_t num_pixels, int64_t channels) {
  if (channels == 3) {
    for (int64_t i = 0; i < num_pixels; ++i) std::swap(pixels[3 * i], pixels[3 * i + 2]);
  } else {
    for (int64_t i = 0; i < num_pixels; ++i)
      std::swap(pixels[channels * i], pixels[channels * i + 2]);
  }
}

void rgb_to_gray(const uint8_t* src, uint8_t* dst, int64_t num_pixels) {
  // Weights in units of 2^-14 that add up to one, so that white stays white.
  constexpr int kRed = 4899, kGreen = 9617, kBlue = (1 << 14) - kRed - kGreen;
  for (int64_t i = 0; i < num_pixels; ++i) {
    const uint8_t* p = src + 3 * i;
    dst[i] = static_cast<uint8_t>((p[0] * kRed + p[1] * kGreen + p[2] * kBlue + (1 << 13)) >> 14);
  }
}

}  // namespace mx::image
