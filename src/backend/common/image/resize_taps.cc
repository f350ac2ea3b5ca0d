// Separable resizing: each input row is filtered along the row once, then output rows are weighted
// sums of filtered rows. Costs about size * (width + height ratio) multiply-adds per output value.
#include <algorithm>

#include "backend/common/image/resample.h"

namespace mx::image {
namespace {

// uint8 rows times 2^-11 weights, or float rows.
template <typename T>
struct Filtered;
template <>
struct Filtered<uint8_t> {
  using Row = int32_t;
  using Weight = int32_t;
};
template <>
struct Filtered<float> {
  using Row = float;
  using Weight = float;
};

template <int kTaps, typename T, typename Row>
inline void filter_pixel(const T* src, Row* out, const int32_t* offset, const Row* weight,
                         int64_t channels) {
  for (int64_t c = 0; c < channels; ++c) {
    Row sum = src[offset[0] + c] * weight[0];
    for (int k = 1; k < kTaps; ++k) sum += src[offset[k] + c] * weight[k];
    out[c] = sum;
  }
}

// Pixels of 3 or 4 channels are handled as four values at once. With three channels the fourth is
// the next pixel's: it is read only before `src_size`, and overwritten by that pixel.
template <int kTaps, int kChannels, typename T, typename Row>
MX_IMAGE_CLONES void filter_row(const T* src, int64_t src_size, Row* out, const int32_t* offset,
                                const Row* weight, int64_t width, int64_t channels) {
  const int64_t step = kChannels ? kChannels : channels;
  for (int64_t x = 0; x < width; ++x, offset += kTaps, weight += kTaps, out += step) {
    if (kChannels < 3 || offset[kTaps - 1] + 4 > src_size) {
      filter_pixel<kTaps>(src, out, offset, weight, step);
      continue;
    }
    Quad<Row> sum = load_quad<Row>(src + offset[0]) * weight[0];
    for (int k = 1; k < kTaps; ++k) sum += load_quad<Row>(src + offset[k]) * weight[k];
    store_quad(sum, out);
  }
}

uint8_t saturate(int value) { return static_cast<uint8_t>(std::clamp(value, 0, 255)); }

/// The filtered rows of one output row and their weights; by value, so that the compiler knows them
/// apart from the output.
template <int kTaps, typename T>
struct Operands {
  const typename Filtered<T>::Row* rows[kTaps];
  typename Filtered<T>::Weight weight[kTaps];
};

template <int kTaps>
MX_IMAGE_CLONES void blend_fixed(Operands<kTaps, uint8_t> in, uint8_t* out, int64_t first,
                                 int64_t count) {
  constexpr int kShift = 2 * kFixedBits;
  for (int64_t i = first; i < count; ++i) {
    int sum = in.rows[0][i] * in.weight[0];
    for (int k = 1; k < kTaps; ++k) sum += in.rows[k][i] * in.weight[k];
    out[i] = saturate((sum + (1 << (kShift - 1))) >> kShift);
  }
}

// OpenCV's linear form keeps 16 bits of each product, so that a multiply-high instruction does it.
MX_IMAGE_CLONES void blend_linear(Operands<2, uint8_t> in, uint8_t* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const int sum =
        ((in.rows[0][i] >> 4) * in.weight[0] >> 16) + ((in.rows[1][i] >> 4) * in.weight[1] >> 16);
    out[i] = static_cast<uint8_t>((sum + 2) >> 2);
  }
}

// OpenCV blends whole vectors of cubic rows in float and the rest of a row in fixed point.
MX_IMAGE_CLONES void blend_cubic(Operands<4, uint8_t> in, uint8_t* out, int64_t count) {
  constexpr float kUnit = 1.0f / (1 << 2 * kFixedBits);
  float weight[4];
  for (int k = 0; k < 4; ++k) weight[k] = in.weight[k] * kUnit;
  for (int64_t i = 0; i < count; ++i) {
    float sum = static_cast<float>(in.rows[0][i]) * weight[0];
    for (int k = 1; k < 4; ++k) sum += static_cast<float>(in.rows[k][i]) * weight[k];
    out[i] = round_to(sum, out);
  }
}

template <int kTaps>
void blend(const Operands<kTaps, uint8_t>& in, uint8_t* out, int64_t count) {
  if constexpr (kTaps == 2) {
    blend_linear(in, out, count);
  } else if constexpr (kTaps == 4) {
    constexpr int64_t kVector = 8;
    const int64_t whole = count / kVector * kVector;
    blend_cubic(in, out, whole);
    blend_fixed<4>(in, out, whole, count);
  } else {
    blend_fixed<kTaps>(in, out, 0, count);
  }
}

template <int kTaps>
MX_IMAGE_CLONES void blend(Operands<kTaps, float> in, float* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    float sum = in.rows[0][i] * in.weight[0];
    for (int k = 1; k < kTaps; ++k) sum += in.rows[k][i] * in.weight[k];
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
      : job_(job), weight_(weight), offset_(taps.index) {
    for (int32_t& at : offset_) at *= static_cast<int32_t>(job.to.channels);
    for (int k = 0; k < kTaps; ++k) {
      rows_[k].resize(static_cast<size_t>(job.dst_row_size()) + kQuadSlack);
      held_[k] = -1;
    }
  }

  /// Puts the input rows index[0..kTaps), filtered, into `out`. From one call to the next the rows
  /// never step back.
  void get(const int32_t* index, const Row** out) {
    for (int k = 0; k < kTaps; ++k) {
      const int slot = index[k] % kTaps;
      if (held_[slot] != index[k]) {
        filter(job_.src_row(index[k]), rows_[slot].data());
        held_[slot] = index[k];
      }
      out[k] = rows_[slot].data();
    }
  }

 private:
  void filter(const T* src, Row* out) {
    with_channels(job_.to.channels, [&](auto channels) {
      filter_row<kTaps, decltype(channels)::value>(src, job_.from.width * job_.from.channels, out,
                                                   offset_.data(), weight_, job_.to.width,
                                                   job_.to.channels);
    });
  }

  const ResizeJob<T>& job_;
  const Weight* weight_;
  std::vector<int32_t> offset_;  // of the taps along a row, in values
  std::vector<Row> rows_[kTaps];
  int64_t held_[kTaps];
};

template <int kTaps, typename T>
void run(const ResizeJob<T>& job, const Taps& x, const Taps& y,
         const typename Filtered<T>::Weight* x_weight,
         const typename Filtered<T>::Weight* y_weight) {
  for_row_parts(job.to, [&](int64_t first, int64_t last) {
    RowCache<kTaps, T> cache(job, x, x_weight);
    Operands<kTaps, T> in;
    for (int64_t i = first; i < last; ++i) {
      cache.get(y.index.data() + i * kTaps, in.rows);
      std::copy_n(y_weight + i * kTaps, kTaps, in.weight);
      blend<kTaps>(in, job.dst_row(i), job.dst_row_size());
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
