#include "backend/cpu/tuned/winograd.h"

#include "backend/cpu/tuned/finish.h"
#include "backend/cpu/tuned/tile_gemm.h"
#include "backend/cpu/tuned/winograd_transforms.h"

namespace mx::tuned::winograd {
namespace {

/// The 3x3 weights of kLanes filters for one channel.
inline void read_filters(const Weights& weights, int64_t first, int64_t channel, Vector g[9]) {
  const float* from = weights.data + first * weights.filter + channel * weights.channel;
  float transposed[9][kLanes];
  for (int64_t k = 0; k < kLanes; ++k)
    for (int i = 0; i < 9; ++i) transposed[i][k] = from[k * weights.filter + i];
  for (int i = 0; i < 9; ++i) g[i] = load(transposed[weights.is_flipped ? 8 - i : i]);
}

void write_tile(const Problem& p, const Tile& tile, int64_t group, const Vector y[16]) {
  const Image& out = p.out;
  const int64_t offset =
      tile.sample * out.sample + group * out.group + tile.y * out.row + tile.x * out.pixel;
  const int64_t rows = inside(tile.y, kTile, out.height).end;
  const int64_t columns = inside(tile.x, kTile, out.width).end;
  const Vector bias = p.finish.bias ? load(p.finish.bias + group * kLanes) : Vector{};
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) {
      const int64_t at = offset + i * out.row + j * out.pixel;
      Vector v = y[i * kTile + j] + bias;
      if (p.finish.added) v += load(p.finish.added + at);
      store(out.data + at, finished(v, p.finish));
    }
  }
}

}  // namespace

void transform_weights(const Weights& weights, int64_t channels, int64_t filters, int64_t first,
                       float* transformed) {
  const Panels panels(filters);
  int64_t panel = 0;
  while (panels.begin(panel + 1) <= first) ++panel;
  const int64_t begin = panels.begin(panel), width = panels.width(panel);
  for (int64_t c = 0; c < channels; ++c) {
    Vector g[9], rows[3 * kWindow], row[kWindow];
    read_filters(weights, first, c, g);
    for (int j = 0; j < 3; ++j) transform_filter(g + j, 3, rows + j, 3);
    for (int i = 0; i < kWindow; ++i) {
      transform_filter(rows + 3 * i, 1, row, 1);
      for (int64_t j = 0; j < kWindow; ++j)
        store(transformed + ((i * kWindow + j) * filters + begin) * channels + c * width + first -
                  begin,
              row[j]);
    }
  }
}

void transform_input(const Problem& p, int64_t first, int64_t last, int64_t from, int64_t to,
                     const Rows& rows) {
  for (int64_t t = first; t < last; ++t) {
    const Tile tile = tile_at(p.tiles_down, p.tiles_across, t);
    for (int64_t c = from; c < to; c += kLanes) {
      Vector d[kPoints], columns[kPoints];
      read_window(p.in, tile.sample, tile.y - p.pad_top, tile.x - p.pad_left, c / kLanes, d);
      for (int j = 0; j < kWindow; ++j) transform_column(d + j, kWindow, columns + j, kWindow);
      float* out = rows.data + (t - first) * rows.row + c - from;
      for (int i = 0; i < kWindow; ++i) {
        Vector row[kWindow];
        transform_column(columns + i * kWindow, 1, row, 1);
        for (int j = 0; j < kWindow; ++j) store(out + (i * kWindow + j) * rows.point, row[j]);
      }
    }
  }
}

void multiply(const Problem& p, int64_t point, int64_t panel, int64_t tiles, int64_t room,
              const float* inputs, const float* weights, float* products) {
  const Panels panels(p.filters);
  const int64_t begin = panels.begin(panel);
  multiply_panel(tiles, panels.width(panel), p.channels, inputs + point * room * p.channels,
                 p.channels, weights + (point * p.filters + begin) * p.channels,
                 products + point * room * p.filters + begin, p.filters);
}

void transform_output(const Problem& p, int64_t first, int64_t last, int64_t from, int64_t to,
                      const float* products, int64_t room) {
  for (int64_t t = first; t < last; ++t) {
    const Tile tile = tile_at(p.tiles_down, p.tiles_across, t);
    for (int64_t k = from; k < to; k += kLanes) {
      const float* m = products + (t - first) * p.filters + k;
      Vector columns[kTile * kWindow], y[kTile * kTile];
      for (int j = 0; j < kWindow; ++j) {
        Vector column[kWindow];
        for (int i = 0; i < kWindow; ++i)
          column[i] = load(m + (i * kWindow + j) * room * p.filters);
        transform_products(column, 1, columns + j, kWindow);
      }
      for (int i = 0; i < kTile; ++i)
        transform_products(columns + i * kWindow, 1, y + i * kTile, 1);
      write_tile(p, tile, k / kLanes, y);
    }
  }
}

}  // namespace mx::tuned::winograd
