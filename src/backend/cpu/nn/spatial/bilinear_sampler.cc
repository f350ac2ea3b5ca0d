// BilinearSampler: a line of points is looked at once, and its pixels are read for all channels.
// Backward, an image belongs to one task for the grid's gradient and a plane to one for the data's.
#include <algorithm>
#include <vector>

#include "backend/common/sampling.h"
#include "backend/cpu/common/gradient_sums.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

struct Sizes {
  int64_t batch, channels, height, width, points;
  Sizes(const Tensor& data, const Tensor& grid)
      : batch(data.shape[0]),
        channels(data.shape[1]),
        height(data.shape[2]),
        width(data.shape[3]),
        points(grid.shape[2] * grid.shape[3]) {}
  int64_t pixels() const { return height * width; }
};

template <typename T>
BilinearPoint<ComputeType<T>> point_of(const Sizes& s, const T* grid, int64_t i) {
  using C = ComputeType<T>;
  return {grid_pixel(static_cast<C>(grid[s.points + i]), s.height),
          grid_pixel(static_cast<C>(grid[i]), s.width), s.height, s.width};
}

constexpr int64_t kBlock = 64;  // points that are looked at before their pixels are read

template <typename T>
void sample_points(const Sizes& s, const T* data, const T* grid, int64_t begin, int64_t end,
                   T* out) {
  using C = ComputeType<T>;
  std::vector<BilinearPoint<C>> points;
  for (int64_t first = begin; first < end; first += kBlock) {
    const int64_t last = std::min(end, first + kBlock);
    points.clear();
    for (int64_t i = first; i < last; ++i) points.push_back(point_of(s, grid, i));
    for (int64_t c = 0; c < s.channels; ++c) {
      const T* plane = data + c * s.pixels();
      T* target = out + c * s.points + first;
      for (const auto& p : points) {
        C sum = 0;
        for (int k = 0; k < 4; ++k) sum += static_cast<C>(plane[p.at[k]]) * p.weight[k];
        *target++ = static_cast<T>(sum);
      }
    }
  }
}

void sampler(const Params&, KernelContext&, Inputs in, Outputs out) {
  const Sizes s(in[0], in[1]);
  if (out[0].size() == 0) return;
  if (s.pixels() == 0)
    return void(std::fill_n(out[0].as<char>(), out[0].size() * dtype_size(out[0].dtype), 0));
  visit_floating(in[0].dtype, "BilinearSampler", [&]<typename T>(TypeTag<T>) {
    const double cost = 20.0 + 4.0 * static_cast<double>(s.channels);
    parallel_for(s.batch * s.points, grain_for(cost), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end;) {
        const int64_t n = i / s.points, last = std::min(end, (n + 1) * s.points);
        sample_points(s, in[0].as<T>() + n * s.channels * s.pixels(),
                      in[1].as<T>() + n * 2 * s.points, i - n * s.points, last - n * s.points,
                      out[0].as<T>() + n * s.channels * s.points);
        i = last;
      }
    });
  });
}

/// d_grid of points [begin, end) of one image.
template <typename T>
void grid_gradient(const Sizes& s, const T* d_out, const T* data, const T* grid, int64_t begin,
                   int64_t end, T* d_grid) {
  using C = ComputeType<T>;
  for (int64_t i = begin; i < end; ++i) {
    const auto p = point_of(s, grid, i);
    C d_y = 0, d_x = 0;
    for (int64_t c = 0; c < s.channels; ++c) {
      const T* plane = data + c * s.pixels();
      const C d = static_cast<C>(d_out[c * s.points + i]);
      for (int k = 0; k < 4; ++k) {
        const C pixel = static_cast<C>(plane[p.at[k]]) * d;
        d_y += pixel * p.d_y[k];
        d_x += pixel * p.d_x[k];
      }
    }
    d_grid[i] = static_cast<T>(d_x * static_cast<C>(s.width - 1) / 2);
    d_grid[s.points + i] = static_cast<T>(d_y * static_cast<C>(s.height - 1) / 2);
  }
}

/// Adds d_data of planes [begin, end) of one image to `sums`.
template <typename T>
void data_gradient(const Sizes& s, const T* d_out, const T* grid, int64_t begin, int64_t end,
                   ComputeType<T>* sums) {
  using C = ComputeType<T>;
  for (int64_t i = 0; i < s.points; ++i) {
    const auto p = point_of(s, grid, i);
    for (int64_t c = begin; c < end; ++c) {
      const C d = static_cast<C>(d_out[c * s.points + i]);
      for (int k = 0; k < 4; ++k) sums[c * s.pixels() + p.at[k]] += d * p.weight[k];
    }
  }
}

template <typename T>
void spread(const Sizes& s, const T* d_out, const T* grid, ComputeType<T>* sums) {
  // A task takes a share of an image's planes, so that few tasks look at a point again.
  const int64_t share = std::max<int64_t>(1, s.channels / parallel_threads());
  const int64_t shares = (s.channels + share - 1) / share;
  parallel_for(s.batch * shares, 1, [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; ++task) {
      const int64_t n = task / shares, first = task % shares * share;
      data_gradient(s, d_out + n * s.channels * s.points, grid + n * 2 * s.points, first,
                    std::min(s.channels, first + share), sums + n * s.channels * s.pixels());
    }
  });
}

template <typename T>
void write_data_gradient(const Sizes& s, Inputs in, const Tensor& d_data, Workspace& scratch) {
  const GradientSums<T> sums(d_data, scratch);
  sums.clear(0, d_data.size());
  spread(s, in[0].as<T>(), in[2].as<T>(), sums.data());
  sums.take(0, d_data.size());
}

void sampler_backward(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const Sizes s(in[1], in[2]);
  visit_floating(in[0].dtype, "BilinearSampler", [&]<typename T>(TypeTag<T>) {
    if (context.wants(0) && out[0].size() > 0)
      write_data_gradient<T>(s, in, out[0], *context.scratch);
    if (!context.wants(1) || out[1].size() == 0) return;
    if (s.pixels() == 0) return void(std::fill_n(out[1].as<T>(), out[1].size(), static_cast<T>(0)));
    parallel_for(s.batch * s.points, grain_for(20.0 + 8.0 * static_cast<double>(s.channels)),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t i = begin; i < end;) {
                     const int64_t n = i / s.points, last = std::min(end, (n + 1) * s.points);
                     grid_gradient(s, in[0].as<T>() + n * s.channels * s.points,
                                   in[1].as<T>() + n * s.channels * s.pixels(),
                                   in[2].as<T>() + n * 2 * s.points, i - n * s.points,
                                   last - n * s.points, out[1].as<T>() + n * 2 * s.points);
                     i = last;
                   }
                 });
  });
}

const KernelBuilder k1 = KernelBuilder("BilinearSampler", "native").run(sampler);
const KernelBuilder k2 = KernelBuilder("_backward_BilinearSampler", "native").run(sampler_backward);

}  // namespace
}  // namespace mx::cpu
