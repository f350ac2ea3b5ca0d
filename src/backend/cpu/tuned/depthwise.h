#pragma once
// Convolutions of each channel with a window of its own, channels last or in blocks of vectors.
// Vectors run along the channels. Windows of 3x3 are computed in tiles of results; of others,
// several results of a row share the weights.
#include <algorithm>
#include <array>
#include <utility>

#include "backend/cpu/tuned/depthwise_tile.h"
#include "backend/cpu/tuned/direct_sizes.h"
#include "backend/cpu/tuned/layer.h"

namespace mx::tuned {

/// Packs weights (channels, taps) as floats (taps, channels).
template <typename From>
void pack_depthwise(const From* weight, int64_t channels, int64_t taps, float* packed) {
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t i = 0; i < taps; ++i)
      packed[i * channels + c] = static_cast<float>(weight[c * taps + i]);
}

/// One convolution with its threads, on elements of any type as floats: exact for whole numbers of
/// 8 bits in windows of up to 500 pixels. `Write` as for DirectRun.
template <typename From, typename Write>
class DepthwiseRun {
 public:
  /// Strides of `in` are in elements; `weights` are packed.
  DepthwiseRun(const DirectSizes& sizes, const From* data, const Image& in, const Image& out,
               const float* weights, const Write& write)
      : s_(sizes), data_(data), in_(in), out_(out), weights_(weights), write_(write) {}

  void operator()() const {
    const int64_t vectors = s_.channels / kLanes;
    const int64_t chunks = (s_.channels + kChannels - 1) / kChannels;
    const int64_t most = has_tiles() ? Tile::kMostRows : 1;
    const int64_t groups = (s_.out[0] + most - 1) / most;  // of rows
    const int64_t tasks = s_.samples * groups * chunks;
    const int64_t products = s_.samples * s_.channels * s_.out[0] * s_.out[1] * s_.taps();
    // Memory and edges let a quarter of the products through that matrices have.
    parallel_for(tasks, grain_for_products(4 * products / tasks), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        // Threads take rows, not channels: lines side by side belong to one of them.
        const int64_t chunk = i % chunks, group = i / chunks % groups;
        const Range rows{s_.out[0] * group / groups, s_.out[0] * (group + 1) / groups};
        const Range channels{vectors * chunk / chunks * kLanes,
                             vectors * (chunk + 1) / chunks * kLanes};
        if (has_tiles())
          run_tiles(i / chunks / groups, rows, channels);
        else
          run_row(i / chunks / groups, rows.begin, channels);
      }
    });
  }

 private:
  using Tile = DepthwiseTile<From, Write>;

  static constexpr int64_t kChannels = 256;  ///< of a task
  static constexpr int kMostResults = 8;     ///< of a group

  /// Results of a row that lie side by side and read the same taps.
  struct Group {
    const From* data;  ///< tap (0, 0) of the first result; may lie outside of the image
    int64_t place;     ///< of the first result
    Range down, across;
  };

  bool has_tiles() const {
    const auto are = [](const int64_t(&pair)[2], int64_t value) {
      return pair[0] == value && pair[1] == value;
    };
    return are(s_.kernel, 3) && are(s_.dilate, 1) && (are(s_.stride, 1) || are(s_.stride, 2));
  }

  /// Which of what `results` read, from place `first` on, lie inside of the image.
  Range part_inside(int axis, int64_t first, int64_t results) const {
    const int64_t count = s_.reach(axis, results);
    const int64_t begin = std::clamp<int64_t>(-first, 0, count);
    return {begin, std::clamp(s_.in[axis] - first, begin, count)};
  }

  void run_tiles(int64_t sample, Range rows, Range channels) const {
    const int64_t count = rows.end - rows.begin, top = rows.begin * s_.stride[0] - s_.pad[0];
    const int64_t tiles = (s_.out[1] + Tile::kMostColumns - 1) / Tile::kMostColumns;
    const Range down = part_inside(0, top, count);
    for (int64_t i = 0; i < tiles; ++i) {
      const int64_t x = s_.out[1] * i / tiles, columns = s_.out[1] * (i + 1) / tiles - x;
      const int64_t left = x * s_.stride[1] - s_.pad[1];
      const Tile tile{data_ + sample * in_.sample + top * in_.row + left * in_.pixel,
                      down,
                      part_inside(1, left, columns),
                      sample * out_.sample + rows.begin * out_.row + x * out_.pixel,
                      weights_,
                      s_.channels,
                      in_,
                      out_,
                      write_};
      tile.run(s_.stride[0], count, columns, channels);
    }
  }

  /// The taps along an axis that read inside of the image, from place `first`.
  Range taps_inside(int axis, int64_t first) const {
    const int64_t dilate = s_.dilate[axis], taps = s_.kernel[axis], size = s_.in[axis];
    const int64_t begin = std::min(first < 0 ? (dilate - 1 - first) / dilate : 0, taps);
    const int64_t end = first < size ? (size - first + dilate - 1) / dilate : 0;
    return {begin, std::clamp(end, begin, taps)};
  }

  /// The results of a row whose windows lie inside of the image.
  Range results_inside() const {
    const int64_t stride = s_.stride[1], room = s_.in[1] + s_.pad[1] - s_.reach(1, 1);
    const int64_t begin = std::min((s_.pad[1] + stride - 1) / stride, s_.out[1]);
    return {begin, std::clamp(room < 0 ? 0 : room / stride + 1, begin, s_.out[1])};
  }

  void run_row(int64_t sample, int64_t y, Range channels) const {
    static constexpr auto run_by = of_results(std::make_index_sequence<kMostResults>());
    const int64_t top = y * s_.stride[0] - s_.pad[0];
    const From* data = data_ + sample * in_.sample + top * in_.row;
    const int64_t row = sample * out_.sample + y * out_.row;
    const Range down = taps_inside(0, top);
    const auto run = [&](int64_t x, int64_t count, Range across) {
      const int64_t left = x * s_.stride[1] - s_.pad[1];
      const Group group{data + left * in_.pixel, row + x * out_.pixel, down, across};
      run_by[static_cast<size_t>(count - 1)](*this, group, channels);
    };
    const auto run_edge = [&](int64_t begin, int64_t end) {
      for (int64_t x = begin; x < end; ++x) run(x, 1, taps_inside(1, x * s_.stride[1] - s_.pad[1]));
    };
    const Range inside = results_inside();
    const int64_t count = inside.end - inside.begin;
    const int64_t groups = (count + kMostResults - 1) / kMostResults;
    run_edge(0, inside.begin);
    for (int64_t i = 0; i < groups; ++i) {
      const int64_t first = count * i / groups;
      run(inside.begin + first, count * (i + 1) / groups - first, {0, s_.kernel[1]});
    }
    run_edge(inside.end, s_.out[1]);
  }

  template <int R>
  static void run_group(const DepthwiseRun& run, const Group& group, Range channels) {
    const DirectSizes& s = run.s_;
    const int64_t step = s.stride[1] * run.in_.pixel, tap = s.dilate[1] * run.in_.pixel;
    for (int64_t c = channels.begin; c < channels.end; c += kLanes) {
      Vector sum[R][1] = {};
      const From* first = group.data + c / kLanes * run.in_.group;
      for (int64_t ky = group.down.begin; ky < group.down.end; ++ky) {
        const From* data = first + ky * s.dilate[0] * run.in_.row;
        const float* weights = run.weights_ + ky * s.kernel[1] * s.channels + c;
        for (int64_t kx = group.across.begin; kx < group.across.end; ++kx) {
          const Vector w = load(weights + kx * s.channels);
#pragma GCC unroll 8
          for (int r = 0; r < R; ++r) sum[r][0] += widened(data + kx * tap + r * step) * w;
        }
      }
      run.write_(sum, group.place, c);
    }
  }

  template <size_t... R>
  static constexpr auto of_results(std::index_sequence<R...>) {
    return std::array{&run_group<static_cast<int>(R) + 1>...};
  }

  DirectSizes s_;
  const From* data_;
  Image in_, out_;
  const float* weights_;
  Write write_;
};

}  // namespace mx::tuned
