#pragma once
// A tile of results of 3x3 windows, one for each channel, in registers: each value of the image is
// loaded once for all results that read it.
#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "backend/cpu/tuned/image.h"
#include "backend/cpu/tuned/vector.h"

namespace mx::tuned {

struct Range {
  int64_t begin, end;

  bool has(int64_t i) const { return begin <= i && i < end; }
};

template <typename From, typename Write>
class DepthwiseTile {
 public:
  static constexpr int kMostRows = 2, kMostColumns = 4;

  const From* data;      ///< what the first tap of the first result reads; may lie outside
  Range down, across;    ///< rows and columns from there on that are inside of the image
  int64_t place;         ///< of the first result
  const float* weights;  ///< (taps, channels)
  int64_t channels;
  Image in, out;
  Write write;

  /// `rows` x `columns` results, of which windows lie `stride` (1 or 2) apart, for a range of
  /// channels.
  void run(int64_t stride, int64_t rows, int64_t columns, Range of_channels) const {
    static constexpr std::array run_by{by_sizes<1>(std::make_index_sequence<kSizes>()),
                                       by_sizes<2>(std::make_index_sequence<kSizes>())};
    const auto size = static_cast<size_t>((rows - 1) * kMostColumns + columns - 1);
    run_by[static_cast<size_t>(stride - 1)][size](*this, of_channels);
  }

 private:
  static constexpr size_t kSizes = kMostRows * kMostColumns;

  template <int S, size_t... I>
  static constexpr auto by_sizes(std::index_sequence<I...>) {
    return std::array{&run_size<S, static_cast<int>(I) / kMostColumns + 1,
                                static_cast<int>(I) % kMostColumns + 1>...};
  }

  template <int S, int Q, int R>
  static void run_size(const DepthwiseTile& tile, Range of_channels) {
    const bool is_inside = tile.down.begin == 0 && tile.down.end == (Q - 1) * S + 3 &&
                           tile.across.begin == 0 && tile.across.end == (R - 1) * S + 3;
    if (is_inside)
      tile.template run_vectors<S, Q, R, true>(of_channels);
    else
      tile.template run_vectors<S, Q, R, false>(of_channels);
  }

  template <int S, int Q, int R, bool kInside>
  void run_vectors(Range of_channels) const {
    for (int64_t c = of_channels.begin; c < of_channels.end; c += kLanes)
      run_vector<S, Q, R, kInside>(c);
  }

  /// Q rows of R results for the vector from channel `c` on.
  template <int S, int Q, int R, bool kInside>
  void run_vector(int64_t c) const {
    constexpr int kRows = (Q - 1) * S + 3, kColumns = (R - 1) * S + 3;
    Vector w[9], sum[Q][R][1] = {};
#pragma GCC unroll 9
    for (int i = 0; i < 9; ++i) w[i] = load(weights + i * channels + c);
    const From* first = data + c / kLanes * in.group;
#pragma GCC unroll 5
    for (int y = 0; y < kRows; ++y) {
      if (!kInside && !down.has(y)) continue;
#pragma GCC unroll 9
      for (int x = 0; x < kColumns; ++x) {
        if (!kInside && !across.has(x)) continue;
        const Vector value = widened(first + y * in.row + x * in.pixel);
#pragma GCC unroll 2
        for (int q = 0; q < Q; ++q)
#pragma GCC unroll 4
          for (int r = 0; r < R; ++r) {
            const int ky = y - q * S, kx = x - r * S;
            if (ky >= 0 && ky < 3 && kx >= 0 && kx < 3) sum[q][r][0] += value * w[ky * 3 + kx];
          }
      }
    }
#pragma GCC unroll 2
    for (int q = 0; q < Q; ++q) write(sum[q], place + q * out.row, c);
  }
};

}  // namespace mx::tuned
