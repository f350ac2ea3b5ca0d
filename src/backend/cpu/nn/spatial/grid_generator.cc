#include "ops/nn/spatial/grid_generator.h"

#include "backend/common/sampling.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

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

template <typename T>
void affine_grid(const T* matrix, int64_t height, int64_t width, T* out) {
  using C = ComputeType<T>;
  for (int row = 0; row < 2; ++row, matrix += 3)
    for (int64_t i = 0; i < height; ++i) {
      const C y = grid_coordinate(static_cast<C>(i), height);
      const C start = static_cast<C>(matrix[1]) * y + static_cast<C>(matrix[2]);
      for (int64_t j = 0; j < width; ++j)
        *out++ = static_cast<T>(
            static_cast<C>(matrix[0]) * grid_coordinate(static_cast<C>(j), width) + start);
    }
}

template <typename T>
void affine_gradient(const T* d_out, int64_t height, int64_t width, T* d_matrix) {
  using C = ComputeType<T>;
  for (int row = 0; row < 2; ++row, d_matrix += 3) {
    double d_x = 0, d_y = 0, d_one = 0;
    for (int64_t i = 0; i < height; ++i, d_out += width) {
      C along = 0, total = 0;
      for (int64_t j = 0; j < width; ++j) {
        along += static_cast<C>(d_out[j]) * grid_coordinate(static_cast<C>(j), width);
        total += static_cast<C>(d_out[j]);
      }
      d_x += along;
      d_y += total * grid_coordinate(static_cast<C>(i), height);
      d_one += total;
    }
    d_matrix[0] = static_cast<T>(static_cast<C>(d_x));
    d_matrix[1] = static_cast<T>(static_cast<C>(d_y));
    d_matrix[2] = static_cast<T>(static_cast<C>(d_one));
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
    for_each_grid(out[0], [&](int64_t n, int64_t height, int64_t width) {
      T* target = out[0].as<T>() + n * 2 * height * width;
      if (is_affine(params))
        affine_grid(in[0].as<T>() + 6 * n, height, width, target);
      else
        warp_grid(in[0].as<T>() + n * 2 * height * width, height, width, target);
    });
  });
}

void grid_backward(const Params& params, KernelContext&, Inputs in, Outputs out) {
  visit_floating(in[0].dtype, "GridGenerator", [&]<typename T>(TypeTag<T>) {
    for_each_grid(in[0], [&](int64_t n, int64_t height, int64_t width) {
      const T* d_out = in[0].as<T>() + n * 2 * height * width;
      if (is_affine(params))
        affine_gradient(d_out, height, width, out[0].as<T>() + 6 * n);
      else
        warp_gradient(d_out, height, width, out[0].as<T>() + n * 2 * height * width);
    });
  });
}

const KernelBuilder k1 = KernelBuilder("GridGenerator", "native").run(grid);
const KernelBuilder k2 = KernelBuilder("_backward_GridGenerator", "native").run(grid_backward);

}  // namespace
}  // namespace mx::cpu
