#pragma once
// The matrices of F(4x4, 3x3) on vectors of channels, and how tiles lie in images. Include from
// this folder only.
#include "backend/cpu/tuned/vector.h"
#include "backend/cpu/tuned/winograd.h"

namespace mx::tuned::winograd {

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

/// A of F(4, 3), the transpose of what transform_products() applies, times a column of four.
inline void spread_results(const Vector* y, int step, Vector* out, int out_step) {
  const Vector even = y[0] + y[2 * step], odd = y[1 * step] + y[3 * step];
  const Vector even_far = y[0] + 4 * y[2 * step], odd_far = 2 * y[1 * step] + 8 * y[3 * step];
  out[0 * out_step] = y[0];
  out[1 * out_step] = even + odd;
  out[2 * out_step] = even - odd;
  out[3 * out_step] = even_far + odd_far;
  out[4 * out_step] = even_far - odd_far;
  out[5 * out_step] = y[3 * step];
}

/// G^T of F(4, 3), the transpose of what transform_filter() applies, times a column of six.
inline void gather_sums(const Vector* m, int step, Vector* out, int out_step) {
  const Vector near = (m[1 * step] + m[2 * step]) / 6, near_odd = (m[2 * step] - m[1 * step]) / 6;
  const Vector far = (m[3 * step] + m[4 * step]) / 24, far_odd = (m[3 * step] - m[4 * step]) / 12;
  out[0 * out_step] = m[0] / 4 - near + far;
  out[1 * out_step] = near_odd + far_odd;
  out[2 * out_step] = 4 * far - near + m[5 * step];
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

inline Tile tile_at(int64_t tiles_down, int64_t tiles_across, int64_t index) {
  const int64_t of_sample = tiles_down * tiles_across;
  return {index / of_sample, index % of_sample / tiles_across * kTile,
          index % tiles_across * kTile};
}

/// 6x6 vectors of one group of channels; zeros outside of the image.
inline void read_window(const Image& in, int64_t sample, int64_t top, int64_t left, int64_t group,
                        Vector d[kPoints]) {
  const float* base =
      in.data + sample * in.sample + group * in.group + top * in.row + left * in.pixel;
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

}  // namespace mx::tuned::winograd
