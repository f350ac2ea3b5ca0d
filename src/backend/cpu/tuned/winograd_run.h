#pragma once
// Winograd convolutions on the parallel loops.
#include <atomic>

#include "backend/cpu/tuned/layer.h"
#include "backend/cpu/tuned/winograd.h"
#include "base/env.h"

namespace mx::tuned {

inline int64_t winograd_tiles(int64_t size) {
  return (size + winograd::kTile - 1) / winograd::kTile;
}

/// Why no convolution with these parameters is computed by Winograd's algorithm; nullptr if some
/// are.
inline const char* refuse_winograd(const ConvolutionParam& p) {
  static const bool is_wanted = env::flag("REMX_WINOGRAD");
  if (!is_wanted) return "switched off by REMX_WINOGRAD";
  const bool fits = is_all(p.kernel, 3) && is_all(p.stride, 1) && is_all(p.dilate, 1);
  return fits ? nullptr : "needs a 3x3 window, and stride and dilate of 1";
}

/// Products that tiles spare each pair of a channel and a filter: 36 for a tile, however little of
/// it is inside of the picture, in place of 9 for a result.
inline int64_t spared_products(const Shape& out) {
  const int64_t tiles = winograd_tiles(out[2]) * winograd_tiles(out[3]);
  return out[0] * (9 * out[2] * out[3] - 36 * tiles);
}

/// Whether tiles spare more than it costs to read transformed weights, four times the size of the
/// weights.
inline bool has_winograd_tiles(const Shape& out) { return spared_products(out) >= 900; }

/// The same where weights are transformed for each pass, or their gradient is.
inline bool has_tiles_to_train(const Shape& out) { return spared_products(out) >= 4500; }

/// The convolution of `in` that gives `out`, both channels last or in blocks of vectors.
inline winograd::Problem winograd_problem(const Tensor& in, const Tensor& out, int64_t pad_top,
                                          int64_t pad_left) {
  winograd::Problem problem{};
  problem.in = image_of(in);
  problem.out = image_of(out);
  problem.channels = in.shape[1];
  problem.filters = out.shape[1];
  problem.pad_top = pad_top;
  problem.pad_left = pad_left;
  problem.tiles_down = winograd_tiles(out.shape[2]);
  problem.tiles_across = winograd_tiles(out.shape[3]);
  return problem;
}

inline void transform_winograd_weights(const winograd::Weights& weights, int64_t channels,
                                       int64_t filters, float* transformed) {
  parallel_for(filters / kLanes, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      winograd::transform_weights(weights, channels, filters, kLanes * i, transformed);
  });
}

/// One convolution with its threads. Many tiles: each thread takes blocks of tiles through all
/// three steps, in its own cache. Few: the threads share each step, so that the weights are read
/// once.
class WinogradRun {
 public:
  WinogradRun(const winograd::Problem& problem, const float* weights, int64_t samples,
              Workspace& scratch)
      : p_(problem),
        weights_(weights),
        panels_(problem.filters),
        tiles_(samples * p_.tiles_down * p_.tiles_across),
        scratch_(scratch) {}

  void operator()() {
    const int64_t threads = parallel_threads();
    if (tiles_ >= threads * kTilesOfThread)
      run_blocks(threads);
    else
      run_steps();
  }

 private:
  static constexpr int64_t kTilesOfThread = 40;
  static constexpr int64_t kVectorsOfThread = 128;  ///< of tiles that are transformed
  static constexpr int64_t kCacheFloats = 1 << 18;  ///< a share of a core's second cache

  float* allocate(int64_t tiles) {
    return scratch_.get_array<float>(winograd::kPoints * tiles * (p_.channels + p_.filters));
  }

  /// Large enough that reading the weights does not dominate, else as fits the cache.
  int64_t block_size() const {
    const int64_t fitting = kCacheFloats / (winograd::kPoints * (p_.channels + p_.filters));
    const bool weights_fit = winograd::weight_size(p_.channels, p_.filters) <= kCacheFloats;
    return std::max<int64_t>(fitting, weights_fit ? 32 : 96);
  }

  void run_blocks(int64_t threads) {
    int64_t blocks = (tiles_ + block_size() - 1) / block_size();
    blocks = (blocks + threads - 1) / threads * threads;
    const int64_t room = (tiles_ + blocks - 1) / blocks;
    std::vector<float*> buffers;
    for (int64_t i = 0; i < threads; ++i) buffers.push_back(allocate(room));
    std::atomic<int64_t> next_block{0};
    parallel_for(threads, 1, [&](int64_t begin, int64_t end) {
      for (int64_t thread = begin; thread < end; ++thread)
        for (int64_t b = next_block++; b < blocks; b = next_block++)
          run_block(tiles_ * b / blocks, tiles_ * (b + 1) / blocks, buffers[thread], room);
    });
  }

  void run_block(int64_t first, int64_t last, float* inputs, int64_t room) const {
    float* products = inputs + winograd::kPoints * room * p_.channels;
    transform_input(p_, first, last, 0, p_.channels, {inputs, p_.channels, room * p_.channels});
    for (int64_t point = 0; point < winograd::kPoints; ++point)
      for (int64_t panel = 0; panel < panels_.count; ++panel)
        multiply(p_, point, panel, last - first, room, inputs, weights_, products);
    transform_output(p_, first, last, 0, p_.filters, products, room);
  }

  void run_steps() {
    const int64_t room = tiles_, from = p_.channels / kLanes, to = p_.filters / kLanes;
    float* inputs = allocate(room);
    float* products = inputs + winograd::kPoints * room * p_.channels;
    parallel_for(tiles_ * from, kVectorsOfThread, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        transform_input(
            p_, i / from, i / from + 1, i % from * kLanes, (i % from + 1) * kLanes,
            {inputs + i / from * p_.channels + i % from * kLanes, p_.channels, room * p_.channels});
    });
    const int64_t grain = grain_for_products(tiles_ * p_.channels * p_.filters / panels_.count);
    parallel_for(winograd::kPoints * panels_.count, grain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        multiply(p_, i / panels_.count, i % panels_.count, tiles_, room, inputs, weights_,
                 products);
    });
    parallel_for(tiles_ * to, kVectorsOfThread, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        transform_output(p_, i / to, i / to + 1, i % to * kLanes, (i % to + 1) * kLanes,
                         products + i / to * p_.filters, room);
    });
  }

  winograd::Problem p_;
  const float* weights_;
  Panels panels_;
  int64_t tiles_;
  Workspace& scratch_;
};

}  // namespace mx::tuned
