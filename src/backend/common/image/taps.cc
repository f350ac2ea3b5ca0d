// Weights of the separable methods. Which numbers are float and which double follows OpenCV, since
// the last bit decides how a weight rounds to 2^-11.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "backend/common/image/resample.h"

namespace mx::image {

// Cubic convolution with a = -0.75.
void cubic_weights(float x, float* out) {
  constexpr float a = -0.75f;
  out[0] = ((a * (x + 1) - 5 * a) * (x + 1) + 8 * a) * (x + 1) - 4 * a;
  out[1] = ((a + 2) * x - (a + 3)) * x * x + 1;
  out[2] = ((a + 2) * (1 - x) - (a + 3)) * (1 - x) * (1 - x) + 1;
  out[3] = 1.0f - out[0] - out[1] - out[2];
}

// Lanczos window of four lobes, up to a factor, then brought to a sum of one.
void lanczos_weights(float x, float* out) {
  constexpr int kSize = 8;
  if (x < std::numeric_limits<float>::epsilon()) {
    std::fill(out, out + kSize, 0.0f);
    out[3] = 1.0f;
    return;
  }
  // sin((x + 3 - i) pi / 4) for all i by the addition theorem from i = 0.
  constexpr double kHalf = 0.70710678118654752440084436210485;
  constexpr double kTurns[kSize][2] = {{1, 0},  {-kHalf, -kHalf}, {0, 1},  {kHalf, -kHalf},
                                       {-1, 0}, {kHalf, kHalf},   {0, -1}, {-kHalf, kHalf}};
  constexpr double kQuarter = std::numbers::pi * 0.25;
  const double start = -(x + 3) * kQuarter;
  const double sine = std::sin(start), cosine = std::cos(start);
  float sum = 0;
  for (int i = 0; i < kSize; ++i) {
    const double y = -(x + 3 - i) * kQuarter;
    out[i] = static_cast<float>((kTurns[i][0] * sine + kTurns[i][1] * cosine) / (y * y));
    sum += out[i];
  }
  sum = 1.0f / sum;
  for (int i = 0; i < kSize; ++i) out[i] *= sum;
}

namespace {

struct Place {
  int64_t whole;
  float fraction;
};

/// Input coordinate of output place `i`, with pixel centres at whole numbers.
Place center_place(int64_t i, double scale) {
  const float x = static_cast<float>((static_cast<double>(i) + 0.5) * scale - 0.5);
  const int64_t whole = static_cast<int64_t>(std::floor(x));
  return {whole, x - static_cast<float>(whole)};
}

Place area_place(int64_t i, double scale, double inverse) {
  const int64_t whole = static_cast<int64_t>(std::floor(static_cast<double>(i) * scale));
  const float x =
      static_cast<float>(static_cast<double>(i + 1) - static_cast<double>(whole + 1) * inverse);
  return {whole, x <= 0 ? 0.0f : x - std::floor(x)};
}

template <typename Weights>
Taps kernel_taps(int64_t src_size, int64_t dst_size, int size, const Weights& weights) {
  const double inverse = static_cast<double>(dst_size) / static_cast<double>(src_size);
  const double scale = 1.0 / inverse;
  Taps taps;
  taps.size = size;
  taps.index.resize(static_cast<size_t>(dst_size * size));
  taps.weight.resize(taps.index.size());
  for (int64_t i = 0; i < dst_size; ++i) {
    const Place place = center_place(i, scale);
    for (int k = 0; k < size; ++k) {
      const int64_t at = place.whole - size / 2 + 1 + k;
      taps.index[static_cast<size_t>(i * size + k)] =
          static_cast<int32_t>(std::clamp<int64_t>(at, 0, src_size - 1));
    }
    weights(place.fraction, taps.weight.data() + i * size);
  }
  return taps;
}

}  // namespace

Taps linear_taps(int64_t src_size, int64_t dst_size, LinearRule rule, Axis axis) {
  const double inverse = static_cast<double>(dst_size) / static_cast<double>(src_size);
  const double scale = 1.0 / inverse;
  const auto clamp = [&](int64_t at) {
    return static_cast<int32_t>(std::clamp<int64_t>(at, 0, src_size - 1));
  };
  Taps taps;
  taps.size = 2;
  taps.index.reserve(static_cast<size_t>(2 * dst_size));
  taps.weight.reserve(static_cast<size_t>(2 * dst_size));
  for (int64_t i = 0; i < dst_size; ++i) {
    Place place =
        rule == LinearRule::kArea ? area_place(i, scale, inverse) : center_place(i, scale);
    if (axis == Axis::kAlongRow && (place.whole < 0 || place.whole >= src_size - 1)) {
      place.fraction = 0;
    }
    taps.index.push_back(clamp(std::max<int64_t>(place.whole, axis == Axis::kAlongRow ? 0 : -1)));
    taps.index.push_back(clamp(place.whole + 1));
    taps.weight.push_back(1.0f - place.fraction);
    taps.weight.push_back(place.fraction);
  }
  return taps;
}

Taps cubic_taps(int64_t src_size, int64_t dst_size) {
  return kernel_taps(src_size, dst_size, 4, cubic_weights);
}

Taps lanczos_taps(int64_t src_size, int64_t dst_size) {
  return kernel_taps(src_size, dst_size, 8, lanczos_weights);
}

std::vector<int32_t> to_fixed(const std::vector<float>& weight) {
  std::vector<int32_t> fixed(weight.size());
  for (size_t i = 0; i < weight.size(); ++i) {
    fixed[i] = static_cast<int32_t>(std::lrintf(weight[i] * (1 << kFixedBits)));
  }
  return fixed;
}

}  // namespace mx::image
