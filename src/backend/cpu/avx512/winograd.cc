#include "backend/cpu/avx512/winograd.h"

#include "backend/cpu/avx512/finish.h"
#include "backend/cpu/avx512/tile_gemm.h"

namespace mx::avx512::winograd {
namespace {

/// G of F(4, 3) times a column of three that lies `step` vectors apart.
inline void transform_filter(const Vector* g, int step, Vector* out, int out_step) {
  const Vector even = (g[0] + g[2 * step]) / 6, odd = g[step] / 6;
  const Vector far = g[0] / 24 + g[2 * step] / 6, twice = g[step] / 12;
  out[0 * out_step] = g[0] / 4;
  out[1 * out_step] = -even - odd;
  out[2 * out_step] = -even + odd;
  out[3 * out_step] = far + twice;
  out[4 * out_step] = far - twice;
  out[5 * out_step] = g[2 * step];
}

/// The 3x3 weights of 16 filters for one channel.
inline void read_filters(const Weights& weights, int64_t first, int64_t channel, Vector g[9]) {
  const float* from = weights.data + first * weights.filter + channel * weights.channel;
  float transposed[9][kLanes];
  for (int64_t k = 0; k < kLanes; ++k)
    for (int i = 0; i < 9; ++i) transposed[i][k] = from[k * weights.filter + i];
  for (int i = 0; i < 9; ++i) g[i] = load(transposed[weights.is_flipped ? 8 - i : i]);
}

/// B^T of F(4, 3) times a column of six that lies `step` vectors apart.
inline void transform_column(const Vector* d, int step, Vector* out, int out_step) {
  const Vector a = d[4 * step] - 4 * d[2 * step], b = d[3 * step] - 4 * d[1 * step];
  const Vector c = d[4 * step] - d[2 * step], e = 2 * (d[3 * step] - d[1 * step]);
  out[0 * out_step] = 4 * d[0] - 5 * d[2 * step] + d[4 * step];
  out[1 * out_step] = a + b;
  out[2 * out_step] = a - b;
  out[3 * out_step] = c + e;
  out[4 * out_step] = c - e;
  out[5 * out_step] = 4 * d[1 * step] - 5 * d[3 * step] + d[5 * step];
}

/// A^T of F(4, 3) times a column of six.
inline void transform_products(const Vector* m, int step, Vector* out, int out_step) {
  const Vector near = m[1 * step] + m[2 * step], near_odd = m[1 * step] - m[2 * step];
  const Vector far = m[3 * step] + m[4 * step], far_odd = m[3 * step] - m[4 * step];
  out[0 * out_step] = m[0] + near + far;
  out[1 * out_step] = near_odd + 2 * far_odd;
  out[2 * out_step] = near + 4 * far;
  out[3 * out_step] = near_odd + 8 * far_odd + m[5 * step];
}

/// The part [begin, end) of n positions from `start` that lies inside [0, size).
struct Range {
  int64_t begin, end;
};

inline Range inside(int64_t start, int64_t n, int64_t size) {
  const int64_t begin = start < 0 ? -start : 0, end = start + n > size ? size - start : n;
  return {begin, end < begin ? begin : end};
}

struct Tile {
  int64_t sample, y, x;  ///< of its first result
};

inline Tile tile_at(const Problem& p, int64_t index) {
  const int64_t of_sample = p.tiles_down * p.tiles_across;
  return {index / of_sample, index % of_sample / p.tiles_across * kTile,
          index % p.tiles_across * kTile};
}

/// 6x6 vectors of one group of channels; zeros outside of the image.
inline void read_window(const Problem& p, const Tile& tile, int64_t group, Vector d[kPoints]) {
  const Image& in = p.in;
  const int64_t top = tile.y - p.pad_top, left = tile.x - p.pad_left;
  const float* base =
      in.data + tile.sample * in.sample + group * in.group + top * in.row + left * in.pixel;
  const Range rows = inside(top, kWindow, in.height), columns = inside(left, kWindow, in.width);
  if (rows.begin == 0 && rows.end == kWindow && columns.begin == 0 && columns.end == kWindow) {
    for (int64_t i = 0; i < kWindow; ++i)
      for (int64_t j = 0; j < kWindow; ++j)
        d[i * kWindow + j] = load(base + i * in.row + j * in.pixel);
    return;
  }
  for (int64_t i = 0; i < kPoints; ++i) d[i] = Vector{};
  for (int64_t i = rows.begin; i < rows.end; ++i)
    for (int64_t j = columns.begin; j < columns.end; ++j)
      d[i * kWindow + j] = load(base + i * in.row + j * in.pixel);
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
                     float* transformed, int64_t room) {
  for (int64_t t = first; t < last; ++t) {
    const Tile tile = tile_at(p, t);
    for (int64_t c = from; c < to; c += kLanes) {
      Vector d[kPoints], columns[kPoints];
      read_window(p, tile, c / kLanes, d);
      for (int j = 0; j < kWindow; ++j) transform_column(d + j, kWindow, columns + j, kWindow);
      float* out = transformed + (t - first) * p.channels + c;
      for (int i = 0; i < kWindow; ++i) {
        Vector row[kWindow];
        transform_column(columns + i * kWindow, 1, row, 1);
        for (int j = 0; j < kWindow; ++j)
          store(out + (i * kWindow + j) * room * p.channels, row[j]);
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
    const Tile tile = tile_at(p, t);
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

}  // namespace mx::avx512::winograd
