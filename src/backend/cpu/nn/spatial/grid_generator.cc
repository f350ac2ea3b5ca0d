#include "ops/nn/spatial/grid_generator.h"

#include <algorithm>
#include <vector>

#include "backend/common/sampling.h"
#include "backend/cpu/common/turn.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

constexpr int64_t kSmallGrid = 64;  // pixels

bool is_affine(const Params& params) {
  return params.as<GridGeneratorParam>().transform_type == TransformType::kAffine;
}

/// Calls body(image, height, width) for each grid.
template <typename F>
void for_each_grid(const Tensor& grid, const F& body) {
  const int64_t height = grid.shape[2], width = grid.shape[3];
  parallel_for(grid.shape[0], grain_for(static_cast<double>(2 * height * width) + 1),
               [&](int64_t begin, int64_t end) {
                 for (int64_t n = begin; n < end; ++n) body(n, height, width);
               });
}

/// The coordinates of all pixels of a grid, which every affine transform begins with.
template <typename C>
struct Pixels {
  std::vector<C> x, y;

  Pixels(int64_t height, int64_t width) : x(static_cast<size_t>(height * width)), y(x.size()) {
    for (int64_t j = 0; j < width; ++j) x[j] = grid_coordinate(static_cast<C>(j), width);
    for (int64_t i = 0; i < height; ++i) {
      std::copy_n(x.begin(), width, x.begin() + i * width);
      std::fill_n(y.begin() + i * width, width, grid_coordinate(static_cast<C>(i), height));
    }
  }
  int64_t size() const { return static_cast<int64_t>(x.size()); }
};

template <typename T, typename C>
void affine_grid(const T* matrix, const Pixels<C>& pixels, T* out) {
  const C *x = pixels.x.data(), *y = pixels.y.data();
  const int64_t size = pixels.size();
  for (int row = 0; row < 2; ++row, matrix += 3, out += size) {
    const C along = static_cast<C>(matrix[0]), down = static_cast<C>(matrix[1]);
    const C shift = static_cast<C>(matrix[2]);
#pragma GCC ivdep
    for (int64_t i = 0; i < size; ++i)
      out[i] = static_cast<T>(along * x[i] + (down * y[i] + shift));
  }
}

/// Both rows at once, whose sums do not wait for each other. Those of short runs are kept in C, the
/// whole ones in double.
template <typename T, typename C>
void affine_gradient(const T* d_out, const Pixels<C>& pixels, T* d_matrix) {
  constexpr int64_t kRun = 512;
  const C *x = pixels.x.data(), *y = pixels.y.data();
  const int64_t size = pixels.size();
  double total[6] = {};
  for (int64_t first = 0; first < size; first += kRun) {
    const int64_t end = std::min(size, first + kRun);
    C sum[6] = {};
#pragma omp simd reduction(+ : sum)
    for (int64_t i = first; i < end; ++i) {
      const C above = static_cast<C>(d_out[i]), below = static_cast<C>(d_out[size + i]);
      sum[0] += above * x[i];
      sum[1] += above * y[i];
      sum[2] += above;
      sum[3] += below * x[i];
      sum[4] += below * y[i];
      sum[5] += below;
    }
    for (int k = 0; k < 6; ++k) total[k] += sum[k];
  }
  for (int k = 0; k < 6; ++k) d_matrix[k] = static_cast<T>(static_cast<C>(total[k]));
}

/// Gradients of matrices [begin, end) of small grids: rows of some of them are turned, so that the
/// lanes of a vector sum one row each.
template <typename T, typename C>
void affine_gradients(const T* d_out, const Pixels<C>& pixels, int64_t begin, int64_t end,
                      T* d_matrix) {
  constexpr int64_t kRows = 32;
  const int64_t size = pixels.size();
  T turned[kSmallGrid * kRows] = {};
  for (int64_t first = 2 * begin; first < 2 * end; first += kRows) {
    const int64_t rows = std::min(kRows, 2 * end - first);
    turn_tile(d_out + first * size, size, turned, kRows, rows, size);
    C along[kRows] = {}, down[kRows] = {}, shift[kRows] = {};
    for (int64_t i = 0; i < size; ++i)
      for (int64_t j = 0; j < kRows; ++j) {
        const C d = static_cast<C>(turned[i * kRows + j]);
        along[j] += d * pixels.x[i];
        down[j] += d * pixels.y[i];
        shift[j] += d;
      }
    T* to = d_matrix + 3 * first;
    for (int64_t j = 0; j < rows; ++j) {
      to[3 * j] = static_cast<T>(along[j]);
      to[3 * j + 1] = static_cast<T>(down[j]);
      to[3 * j + 2] = static_cast<T>(shift[j]);
    }
  }
}

/// out = coordinate of (flow + pixel) for the planes of x and of y.
template <typename T>
void warp_grid(const T* flow, int64_t height, int64_t width, T* out) {
  using C = ComputeType<T>;
  for (int64_t i = 0; i < 2 * height; ++i) {
    const bool is_x = i < height;
    for (int64_t j = 0; j < width; ++j) {
      const C pixel = static_cast<C>(*flow++) + static_cast<C>(is_x ? j : i - height);
      *out++ = static_cast<T>(grid_coordinate(pixel, is_x ? width : height));
    }
  }
}

template <typename T>
void warp_gradient(const T* d_out, int64_t height, int64_t width, T* d_flow) {
  using C = ComputeType<T>;
  const int64_t size = height * width;
  const C x_step = grid_step<C>(width), y_step = grid_step<C>(height);
  for (int64_t i = 0; i < size; ++i) {
    d_flow[i] = static_cast<T>(static_cast<C>(d_out[i]) * x_step);
    d_flow[size + i] = static_cast<T>(static_cast<C>(d_out[size + i]) * y_step);
  }
}

void grid(const Params& params, KernelContext&, Inputs in, Outputs out) {
  visit_floating(in[0].dtype, "GridGenerator", [&]<typename T>(TypeTag<T>) {
    const int64_t size = 2 * out[0].shape[2] * out[0].shape[3];
    if (!is_affine(params))
      return for_each_grid(out[0], [&](int64_t n, int64_t height, int64_t width) {
        warp_grid(in[0].as<T>() + n * size, height, width, out[0].as<T>() + n * size);
      });
    const Pixels<ComputeType<T>> pixels(out[0].shape[2], out[0].shape[3]);
    for_each_grid(out[0], [&](int64_t n, int64_t, int64_t) {
      affine_grid(in[0].as<T>() + 6 * n, pixels, out[0].as<T>() + n * size);
    });
  });
}

void grid_backward(const Params& params, KernelContext&, Inputs in, Outputs out) {
  visit_floating(in[0].dtype, "GridGenerator", [&]<typename T>(TypeTag<T>) {
    const int64_t size = 2 * in[0].shape[2] * in[0].shape[3];
    if (!is_affine(params))
      return for_each_grid(in[0], [&](int64_t n, int64_t height, int64_t width) {
        warp_gradient(in[0].as<T>() + n * size, height, width, out[0].as<T>() + n * size);
      });
    const Pixels<ComputeType<T>> pixels(in[0].shape[2], in[0].shape[3]);
    if (pixels.size() <= kSmallGrid)
      return parallel_for(in[0].shape[0], grain_for(0.5 * static_cast<double>(size)),
                          [&](int64_t begin, int64_t end) {
                            affine_gradients(in[0].as<T>(), pixels, begin, end, out[0].as<T>());
                          });
    for_each_grid(in[0], [&](int64_t n, int64_t, int64_t) {
      affine_gradient(in[0].as<T>() + n * size, pixels, out[0].as<T>() + 6 * n);
    });
  });
}

const KernelBuilder k1 = KernelBuilder("GridGenerator", "native").run(grid);
const KernelBuilder k2 = KernelBuilder("_backward_GridGenerator", "native").run(grid_backward);

}  // namespace
}  // namespace mx::cpu
