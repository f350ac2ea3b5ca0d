#pragma once
// The gradient of a 3x3 convolution with respect to its weights, by the transpose of F(4x4, 3x3):
// 36 products for the 144 of a tile of 4x4 results. Where C = A^T [(G g G^T) * (B^T d B)] A are the
// results of weights g and a window d, the gradient of g is G^T [(A dC A^T) * (B^T d B)] G, summed
// over all tiles; that sum is 36 products of matrices whose depth is the tiles.
#include <algorithm>

#include "backend/cpu/tuned/layer.h"
#include "backend/cpu/tuned/outer_gemm.h"
#include "backend/cpu/tuned/winograd.h"

namespace mx::tuned {

namespace winograd {

/// 36 matrices (tiles x filters) from the gradient of the results in `problem.out`, for the tiles
/// [first, last) and filters [from, to).
void transform_results(const Problem& problem, int64_t first, int64_t last, int64_t from,
                       int64_t to, const Rows& rows);

/// Gradients of the weights of one filter for `channels` channels, from 36 rows of sums that lie
/// `point` floats apart.
void transform_sums(int64_t channels, const float* sums, int64_t point, float* d_weight);

}  // namespace winograd

/// One such gradient. `problem.out` is the gradient of the results. Tiles are taken in chunks whose
/// transforms stay in the last cache, sums in blocks of filters and channels.
class WinogradGradient {
 public:
  WinogradGradient(const winograd::Problem& problem, int64_t samples, float* d_weight,
                   Workspace& scratch)
      : p_(problem),
        d_weight_(d_weight),
        down_(p_.filters),
        across_(p_.channels),
        tiles_(samples * p_.tiles_down * p_.tiles_across) {
    const int64_t floats = winograd::kPoints * (p_.channels + p_.filters);
    chunk_ =
        std::clamp<int64_t>(kTransformedFloats / floats, std::min(kFewestTiles, tiles_), tiles_);
    const int64_t blocks = down_.count * across_.count;
    // Transforms of all tiles are kept for the next blocks; else all sums for the next tiles.
    round_ = chunk_ == tiles_
                 ? std::min(blocks, std::max<int64_t>(kBlocksOfSums, parallel_threads()))
                 : blocks;
    data_ = scratch.get_array<float>(winograd::kPoints * chunk_ * p_.channels);
    results_ = scratch.get_array<float>(winograd::kPoints * chunk_ * p_.filters);
    sums_ = scratch.get_array<float>(round_ * kBlockFloats);
  }

  void operator()() const {
    const int64_t blocks = down_.count * across_.count;
    for (int64_t block = 0; block < blocks; block += round_) {
      const int64_t count = std::min(round_, blocks - block);
      for (int64_t first = 0; first < tiles_; first += chunk_) {
        const int64_t last = std::min(first + chunk_, tiles_);
        if (block == 0) transform(first, last);
        multiply(block, count, last - first, first > 0);
      }
      finish(block, count);
    }
  }

 private:
  static constexpr int64_t kTransformedFloats = 5 << 20;
  static constexpr int64_t kFewestTiles = 128;  ///< of a chunk, however many channels there are
  static constexpr int64_t kBlocksOfSums =
      (8 << 12) / (kPanel * kPanel);  ///< of sums, 5 MB together
  static constexpr int64_t kBlockFloats = winograd::kPoints * kPanel * kPanel;

  /// Each panel of channels or filters is a contiguous matrix for each point.
  winograd::Rows rows_of(float* data, const Panels& panels, int64_t panel, int64_t tile) const {
    const int64_t width = panels.width(panel);
    return {data + winograd::kPoints * chunk_ * panels.begin(panel) + tile * width, width,
            chunk_ * width};
  }

  void transform(int64_t first, int64_t last) const {
    const int64_t panels = across_.count + down_.count;
    parallel_for((last - first) * panels, 16, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t tile = i / panels, panel = i % panels, at = first + tile;
        if (panel < across_.count) {
          transform_input(p_, at, at + 1, across_.begin(panel), across_.begin(panel + 1),
                          rows_of(data_, across_, panel, tile));
        } else {
          const int64_t filters = panel - across_.count;
          transform_results(p_, at, at + 1, down_.begin(filters), down_.begin(filters + 1),
                            rows_of(results_, down_, filters, tile));
        }
      }
    });
  }

  void multiply(int64_t first, int64_t blocks, int64_t tiles, bool accumulate) const {
    parallel_for(blocks * winograd::kPoints, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t block = i / winograd::kPoints, point = i % winograd::kPoints;
        const int64_t down = (first + block) / across_.count,
                      across = (first + block) % across_.count;
        const winograd::Rows a = rows_of(results_, down_, down, 0);
        const winograd::Rows b = rows_of(data_, across_, across, 0);
        multiply_transposed(
            a.row, b.row, tiles, a.data + point * a.point, a.row, b.data + point * b.point, b.row,
            sums_ + block * kBlockFloats + point * a.row * b.row, b.row, accumulate);
      }
    });
  }

  void finish(int64_t first, int64_t blocks) const {
    parallel_for(blocks * kPanel, 4, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t down = (first + i / kPanel) / across_.count, row = i % kPanel;
        const int64_t across = (first + i / kPanel) % across_.count;
        if (row >= down_.width(down)) continue;
        const int64_t filter = down_.begin(down) + row, channel = across_.begin(across);
        const int64_t width = across_.width(across);
        winograd::transform_sums(width, sums_ + i / kPanel * kBlockFloats + row * width,
                                 down_.width(down) * width,
                                 d_weight_ + (filter * p_.channels + channel) * 9);
      }
    });
  }

  winograd::Problem p_;
  float* d_weight_;
  Panels down_, across_;  ///< of filters and channels
  int64_t tiles_, chunk_, round_;
  float *data_, *results_, *sums_;
};

}  // namespace mx::tuned
