#include "io/image/warp_affine.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "backend/common/image/resample.h"

namespace mx::image {
namespace {

// Places are computed in units of 2^-10 pixel, and used in units of 2^-5.
constexpr int kPlaceBits = 10, kFractionBits = 5;
constexpr int kSteps = 1 << kFractionBits;
// Weights of two axes are in units of 2^-15.
constexpr int kWeightBits = 15;

/// Weights of kSize x kSize pixels for each pair of fractions.
template <int kSize>
class WeightTable {
 public:
  template <typename Weights>
  explicit WeightTable(const Weights& weights) : values_(kSteps * kSteps * kSize * kSize) {
    float along[kSteps][kSize];
    for (int i = 0; i < kSteps; ++i) weights(static_cast<float>(i) / kSteps, along[i]);
    for (int y = 0; y < kSteps; ++y) {
      for (int x = 0; x < kSteps; ++x) multiply(along[y], along[x], row(y, x));
    }
  }

  const int16_t* at(int y, int x) const {
    return values_.data() + static_cast<size_t>((y * kSteps + x) * kSize * kSize);
  }

 private:
  int16_t* row(int y, int x) { return const_cast<int16_t*>(at(y, x)); }

  static int16_t rounded(float weight) {
    using Limits = std::numeric_limits<int16_t>;
    const float wide = std::nearbyint(weight * (1 << kWeightBits));
    return static_cast<int16_t>(
        std::clamp<float>(wide, static_cast<float>(Limits::min()), Limits::max()));
  }

  /// The sum becomes one by a change of the largest or the smallest of the four inner weights
  /// behind the middle, as OpenCV has it.
  static void multiply(const float* y, const float* x, int16_t* out) {
    int sum = 0;
    for (int i = 0; i < kSize; ++i) {
      for (int k = 0; k < kSize; ++k) sum += out[i * kSize + k] = rounded(y[i] * x[k]);
    }
    const int excess = sum - (1 << kWeightBits);
    if (excess == 0) return;
    constexpr int kMiddle = kSize / 2;
    int16_t* least = out + kMiddle * kSize + kMiddle;
    int16_t* most = least;
    for (int i = kMiddle; i < kMiddle + 2; ++i) {
      for (int k = kMiddle; k < kMiddle + 2; ++k) {
        int16_t* here = out + i * kSize + k;
        if (*here < *least) {
          least = here;
        } else if (*here > *most) {
          most = here;
        }
      }
    }
    int16_t* changed = excess < 0 ? most : least;
    *changed = static_cast<int16_t>(*changed - excess);
  }

  std::vector<int16_t> values_;
};

struct Warp {
  const uint8_t* src;
  Extent from;
  uint8_t* dst;
  Extent to;
  AffineMap back;  ///< from places of dst to those of src
  std::span<const uint8_t> fill;

  /// The pixel of src, or the fill outside of it.
  const uint8_t* pixel(int64_t y, int64_t x) const {
    const bool inside = y >= 0 && x >= 0 && y < from.height && x < from.width;
    return inside ? src + (y * from.width + x) * from.channels : fill.data();
  }
};

AffineMap turned_back(const AffineMap& m) {
  const double determinant = m[0] * m[4] - m[1] * m[3];
  const double factor = determinant != 0 ? 1 / determinant : 0;
  const AffineMap turn = {m[4] * factor, m[1] * -factor, 0, m[3] * -factor, m[0] * factor, 0};
  return {turn[0], turn[1], -turn[0] * m[2] - turn[1] * m[5],
          turn[3], turn[4], -turn[3] * m[2] - turn[4] * m[5]};
}

/// In units of 2^-10, no further away than any picture reaches; far away too for what is no number.
int64_t to_place(double pixels) {
  constexpr double kFar = 1LL << 40;
  const double place = pixels * (1 << kPlaceBits);
  return place > -kFar ? std::llrint(std::min(place, kFar)) : static_cast<int64_t>(-kFar);
}

/// How far one axis of the place in src moves from the start of a row of dst.
class Moves {
 public:
  Moves(double step, int64_t width) : moves_(static_cast<size_t>(width)) {
    for (int64_t x = 0; x < width; ++x) {
      moves_[static_cast<size_t>(x)] = to_place(step * static_cast<double>(x));
    }
  }
  int64_t at(int64_t x) const { return moves_[static_cast<size_t>(x)]; }

 private:
  std::vector<int64_t> moves_;
};

/// Calls `draw(y, x, out)` for each pixel of dst with its place in src in units of 2^-`bits`.
template <typename Draw>
void for_each_place(const Warp& warp, int bits, const Draw& draw) {
  const Moves across(warp.back[0], warp.to.width), down(warp.back[3], warp.to.width);
  const int shift = kPlaceBits - bits;
  const int64_t half = 1LL << (shift - 1);
  for_row_parts(warp.to, [&](int64_t first, int64_t last) {
    for (int64_t y = first; y < last; ++y) {
      const auto row = static_cast<double>(y);
      const int64_t x0 = to_place(warp.back[1] * row + warp.back[2]) + half;
      const int64_t y0 = to_place(warp.back[4] * row + warp.back[5]) + half;
      uint8_t* out = warp.dst + y * warp.to.width * warp.to.channels;
      for (int64_t x = 0; x < warp.to.width; ++x, out += warp.to.channels) {
        draw((y0 + down.at(x)) >> shift, (x0 + across.at(x)) >> shift, out);
      }
    }
  });
}

void warp_nearest(const Warp& warp) {
  for_each_place(warp, 0, [&](int64_t y, int64_t x, uint8_t* out) {
    std::copy_n(warp.pixel(y, x), warp.from.channels, out);
  });
}

/// Linear weights are whole numbers of 2^-10, so that they need no table.
template <int kChannels>
void warp_linear(const Warp& warp) {
  const int64_t channels = kChannels ? kChannels : warp.from.channels;
  const int64_t row = warp.from.width * channels;
  for_each_place(warp, kFractionBits, [&](int64_t place_y, int64_t place_x, uint8_t* out) {
    const int64_t y = place_y >> kFractionBits, x = place_x >> kFractionBits;
    const int down = static_cast<int>(place_y & (kSteps - 1));
    const int across = static_cast<int>(place_x & (kSteps - 1));
    const bool whole = y >= 0 && x >= 0 && y < warp.from.height - 1 && x < warp.from.width - 1;
    const uint8_t* a = warp.pixel(y, x);
    const uint8_t* b = whole ? a + channels : warp.pixel(y, x + 1);
    const uint8_t* c = whole ? a + row : warp.pixel(y + 1, x);
    const uint8_t* d = whole ? c + channels : warp.pixel(y + 1, x + 1);
    for (int64_t i = 0; i < channels; ++i) {
      const int upper = a[i] * (kSteps - across) + b[i] * across;
      const int lower = c[i] * (kSteps - across) + d[i] * across;
      const int sum = upper * (kSteps - down) + lower * down;
      out[i] = static_cast<uint8_t>((sum + kSteps * kSteps / 2) >> (2 * kFractionBits));
    }
  });
}

template <int kSize>
void warp_by_table(const Warp& warp, const WeightTable<kSize>& table) {
  const int64_t channels = warp.from.channels;
  for_each_place(warp, kFractionBits, [&](int64_t place_y, int64_t place_x, uint8_t* out) {
    const int64_t y = (place_y >> kFractionBits) - kSize / 2 + 1;
    const int64_t x = (place_x >> kFractionBits) - kSize / 2 + 1;
    const int16_t* weight = table.at(static_cast<int>(place_y & (kSteps - 1)),
                                     static_cast<int>(place_x & (kSteps - 1)));
    const uint8_t* pixels[kSize * kSize];
    for (int i = 0; i < kSize * kSize; ++i) pixels[i] = warp.pixel(y + i / kSize, x + i % kSize);
    for (int64_t c = 0; c < channels; ++c) {
      int sum = 1 << (kWeightBits - 1);
      for (int i = 0; i < kSize * kSize; ++i) sum += pixels[i][c] * weight[i];
      out[c] = static_cast<uint8_t>(std::clamp(sum >> kWeightBits, 0, 255));
    }
  });
}

}  // namespace

void warp_affine(const uint8_t* src, const Extent& src_extent, uint8_t* dst, int64_t dst_height,
                 int64_t dst_width, const AffineMap& map, Interpolation interpolation,
                 std::span<const uint8_t> fill) {
  const Extent to{dst_height, dst_width, src_extent.channels};
  const Warp warp{src, src_extent, dst, to, turned_back(map), fill};
  if (interpolation == Interpolation::kNearest) return warp_nearest(warp);
  if (interpolation == Interpolation::kCubic) {
    static const WeightTable<4> table(cubic_weights);
    return warp_by_table(warp, table);
  }
  if (interpolation == Interpolation::kLanczos4) {
    static const WeightTable<8> table(lanczos_weights);
    return warp_by_table(warp, table);
  }
  with_channels(to.channels, [&](auto channels) { warp_linear<decltype(channels)::value>(warp); });
}

}  // namespace mx::image
