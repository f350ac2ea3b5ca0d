#include "backend/cpu/tuned/winograd_gradient.h"

#include "backend/cpu/tuned/winograd_transforms.h"

namespace mx::tuned::winograd {
namespace {

/// 4x4 vectors of one group of filters; zeros outside of the image.
inline void read_results(const Image& image, const Tile& tile, int64_t group, Vector y[16]) {
  const float* base = image.data + tile.sample * image.sample + group * image.group +
                      tile.y * image.row + tile.x * image.pixel;
  const int64_t rows = inside(tile.y, kTile, image.height).end;
  const int64_t columns = inside(tile.x, kTile, image.width).end;
  for (int64_t i = 0; i < kTile; ++i)
    for (int64_t j = 0; j < kTile; ++j)
      y[i * kTile + j] =
          i < rows && j < columns ? load(base + i * image.row + j * image.pixel) : Vector{};
}

}  // namespace

void transform_results(const Problem& p, int64_t first, int64_t last, int64_t from, int64_t to,
                       const Rows& rows) {
  for (int64_t t = first; t < last; ++t) {
    const Tile tile = tile_at(p.tiles_down, p.tiles_across, t);
    for (int64_t k = from; k < to; k += kLanes) {
      Vector y[kTile * kTile], columns[kWindow * kTile];
      read_results(p.out, tile, k / kLanes, y);
      for (int j = 0; j < kTile; ++j) spread_results(y + j, kTile, columns + j, kTile);
      float* out = rows.data + (t - first) * rows.row + k - from;
      for (int i = 0; i < kWindow; ++i) {
        Vector row[kWindow];
        spread_results(columns + i * kTile, 1, row, 1);
        for (int j = 0; j < kWindow; ++j) store(out + (i * kWindow + j) * rows.point, row[j]);
      }
    }
  }
}

void transform_sums(int64_t channels, const float* sums, int64_t point, float* d_weight) {
  for (int64_t c = 0; c < channels; c += kLanes) {
    Vector columns[3 * kWindow], g[9];
    for (int j = 0; j < kWindow; ++j) {
      Vector column[kWindow];
      for (int i = 0; i < kWindow; ++i) column[i] = load(sums + c + (i * kWindow + j) * point);
      gather_sums(column, 1, columns + j, kWindow);
    }
    for (int i = 0; i < 3; ++i) gather_sums(columns + i * kWindow, 1, g + 3 * i, 1);
    float rows[9][kLanes];
    for (int i = 0; i < 9; ++i) store(rows[i], g[i]);
    float* to = d_weight + c * 9;
    for (int64_t lane = 0; lane < kLanes; ++lane)
      for (int i = 0; i < 9; ++i) to[lane * 9 + i] = rows[i][lane];
  }
}

}  // namespace mx::tuned::winograd
