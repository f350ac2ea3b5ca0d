// Separable resizing: each input row is filtered along the row once, then output rows are weighted
// sums of filtered rows. Costs about size * (width + height ratio) multiply-adds per output value.
#include <algorithm>
#include <cmath>

#include "io/image/resample.h"

namespace mx::image {
namespace {

// uint8 rows times 2^-11 weights, or float rows.
template <typename T>
struct Filtered;
template <>
struct Filtered<uint8_t> {
  using Row = int32_t;
  using Weight = int16_t;
};
template <>
struct Filtered<float> {
  using Row = float;
  using Weight = float;
};

template <int kTaps, int kChannels, typename T, typename Row, typename Weight>
MX_IMAGE_CLONES void filter_row(const T* src, Row* out, const int32_t* index, const Weight* weight,
                                int64_t width, int64_t channels) {
  const int64_t step = kChannels ? kChannels : channels;
  for (int64_t x = 0; x < width; ++x, index += kTaps, weight += kTaps, out += step) {
    for (int64_t c = 0; c < step; ++c) {
      Row sum = src[index[0] * step + c] * weight[0];
      for (int k = 1; k < kTaps; ++k) sum += src[index[k] * step + c] * weight[k];
      out[c] = sum;
    }
  }
}

uint8_t saturate(int value) { return static_cast<uint8_t>(std::clamp(value, 0, 255)); }

template <int kTaps>
MX_IMAGE_CLONES void blend_fixed(const int32_t* const* rows, const int16_t* weight, uint8_t* out,
                                 int64_t first, int64_t count) {
  constexpr int kShift = 2 * kFixedBits;
  for (int64_t i = first; i < count; ++i) {
    int sum = rows[0][i] * weight[0];
    for (int k = 1; k < kTaps; ++k) sum += rows[k][i] * weight[k];
    out[i] = saturate((sum + (1 << (kShift - 1))) >> kShift);
  }
}

// OpenCV's linear form keeps 16 bits of each product, so that a multiply-high instruction does it.
MX_IMAGE_CLONES void blend_linear(const int32_t* const* rows, const int16_t* weight, uint8_t* out,
                                  int64_t count) {
  const int32_t *a = rows[0], *b = rows[1];
  const int wa = weight[0], wb = weight[1];
  for (int64_t i = 0; i < count; ++i) {
    const int sum = ((a[i] >> 4) * wa >> 16) + ((b[i] >> 4) * wb >> 16);
    out[i] = static_cast<uint8_t>((sum + 2) >> 2);
  }
}

// OpenCV blends whole vectors of cubic rows in float and the rest of a row in fixed point.
MX_IMAGE_CLONES void blend_cubic(const int32_t* const* rows, const int16_t* weight, uint8_t* out,
                                 int64_t count) {
  constexpr int64_t kVector = 8;
  constexpr float kUnit = 1.0f / (1 << 2 * kFixedBits);
  const float w0 = weight[0] * kUnit, w1 = weight[1] * kUnit;
  const float w2 = weight[2] * kUnit, w3 = weight[3] * kUnit;
  const int64_t whole = count / kVector * kVector;
  for (int64_t i = 0; i < whole; ++i) {
    const float sum = static_cast<float>(rows[0][i]) * w0 + static_cast<float>(rows[1][i]) * w1 +
                      static_cast<float>(rows[2][i]) * w2 + static_cast<float>(rows[3][i]) * w3;
    out[i] = saturate(static_cast<int>(std::nearbyint(sum)));
  }
  blend_fixed<4>(rows, weight, out, whole, count);
}

template <int kTaps>
void blend(const int32_t* const* rows, const int16_t* weight, uint8_t* out, int64_t count) {
  if constexpr (kTaps == 2) {
    blend_linear(rows, weight, out, count);
  } else if constexpr (kTaps == 4) {
    blend_cubic(rows, weight, out, count);
  } else {
    blend_fixed<kTaps>(rows, weight, out, 0, count);
  }
}

template <int kTaps>
MX_IMAGE_CLONES void blend(const float* const* rows, const float* weight, float* out,
                           int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    float sum = rows[0][i] * weight[0];
    for (int k = 1; k < kTaps; ++k) sum += rows[k][i] * weight[k];
    out[i] = sum;
  }
}

/// Keeps the filtered rows that the next output rows need.
template <int kTaps, typename T>
class RowCache {
 public:
  using Row = typename Filtered<T>::Row;
  using Weight = typename Filtered<T>::Weight;

  RowCache(const ResizeJob<T>& job, const Taps& taps, const Weight* weight)
      : job_(job), taps_(taps), weight_(weight) {
    for (int k = 0; k < kTaps; ++k) {
      rows_[k].resize(static_cast<size_t>(job.dst_row_size()));
      held_[k] = -1;
    }
  }

  /// Input rows index[0..kTaps), which never step back from one call to the next, filtered.
  const Row* const* get(const int32_t* index) {
    for (int k = 0; k < kTaps; ++k) {
      const int slot = index[k] % kTaps;
      if (held_[slot] != index[k]) {
        filter(job_.src_row(index[k]), rows_[slot].data());
        held_[slot] = index[k];
      }
      view_[k] = rows_[slot].data();
    }
    return view_;
  }

 private:
  void filter(const T* src, Row* out) {
    const auto run = [&](auto channels) {
      filter_row<kTaps, decltype(channels)::value>(src, out, taps_.index.data(), weight_,
                                                   job_.to.width, job_.to.channels);
    };
    switch (job_.to.channels) {
      case 1:
        return run(std::integral_constant<int, 1>{});
      case 3:
        return run(std::integral_constant<int, 3>{});
      case 4:
        return run(std::integral_constant<int, 4>{});
      default:
        return run(std::integral_constant<int, 0>{});
    }
  }

  const ResizeJob<T>& job_;
  const Taps& taps_;
  const Weight* weight_;
  std::vector<Row> rows_[kTaps];
  int64_t held_[kTaps];
  const Row* view_[kTaps];
};

template <int kTaps, typename T>
void run(const ResizeJob<T>& job, const Taps& x, const Taps& y,
         const typename Filtered<T>::Weight* x_weight,
         const typename Filtered<T>::Weight* y_weight) {
  for_row_parts(job.to, [&](int64_t first, int64_t last) {
    RowCache<kTaps, T> cache(job, x, x_weight);
    for (int64_t i = first; i < last; ++i) {
      const auto* rows = cache.get(y.index.data() + i * kTaps);
      blend<kTaps>(rows, y_weight + i * kTaps, job.dst_row(i), job.dst_row_size());
    }
  });
}

template <typename T, typename Weights>
void run_size(const ResizeJob<T>& job, const Taps& x, const Taps& y, const Weights& x_weight,
              const Weights& y_weight) {
  if (x.size == 2) return run<2>(job, x, y, x_weight.data(), y_weight.data());
  if (x.size == 4) return run<4>(job, x, y, x_weight.data(), y_weight.data());
  run<8>(job, x, y, x_weight.data(), y_weight.data());
}

}  // namespace

void resize_by_taps(const ResizeJob<uint8_t>& job, const Taps& x, const Taps& y) {
  run_size(job, x, y, to_fixed(x.weight), to_fixed(y.weight));
}

void resize_by_taps(const ResizeJob<float>& job, const Taps& x, const Taps& y) {
  run_size(job, x, y, x.weight, y.weight);
}

}  // namespace mx::image
