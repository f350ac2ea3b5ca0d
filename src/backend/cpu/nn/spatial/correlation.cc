// Correlation: one displacement after the other, along the lines of windows. Backward, a plane of
// both gradients belongs to one task.
#include "ops/nn/spatial/correlation.h"

#include <algorithm>
#include <type_traits>
#include <vector>

#include "backend/common/correlation_grid.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Calls body(pixel of data1, pixel of data2, place) for each place whose window has both of its
/// elements k on the images, where data2 is moved by displacement d. A pixel outside is -1.
template <typename F>
void for_each_pair(const CorrelationGrid& g, int64_t d, int64_t k, const F& body) {
  for (int64_t i = 0; i < g.out_height; ++i) {
    const int64_t y1 = g.place(i, k / g.kernel), y2 = y1 + g.down(d);
    for (int64_t j = 0; j < g.out_width; ++j) {
      const int64_t x1 = g.place(j, k % g.kernel), x2 = x1 + g.right(d);
      body(g.inside(y1, x1) ? y1 * g.width + x1 : -1, g.inside(y2, x2) ? y2 * g.width + x2 : -1,
           i * g.out_width + j);
    }
  }
}

template <typename C, typename T>
C pixel(const T* plane, int64_t at) {
  return at < 0 ? C(0) : static_cast<C>(plane[at]);
}

template <typename T>
void correlate(const CorrelationGrid& g, int64_t d, const T* data1, const T* data2, T* out) {
  using C = ComputeType<T>;
  std::vector<C> sums(static_cast<size_t>(g.places()));
  for (int64_t c = 0; c < g.channels; ++c)
    for (int64_t k = 0; k < g.kernel * g.kernel; ++k)
      for_each_pair(g, d, k, [&](int64_t at1, int64_t at2, int64_t place) {
        const C a = pixel<C>(data1 + c * g.pixels(), at1);
        const C b = pixel<C>(data2 + c * g.pixels(), at2);
        sums[static_cast<size_t>(place)] += g.multiplies ? a * b : a > b ? a - b : b - a;
      });
  for (int64_t i = 0; i < g.places(); ++i)
    out[i] = static_cast<T>(sums[static_cast<size_t>(i)] / static_cast<C>(g.divisor()));
}

void correlation(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const CorrelationGrid g(params.as<CorrelationParam>(), in[0].shape.data(), out[0].shape.data());
  const int64_t count = in[0].shape[0] * g.displacements(), image = g.channels * g.pixels();
  visit_floating(in[0].dtype, "Correlation", [&]<typename T>(TypeTag<T>) {
    const double cost = 2.0 * static_cast<double>(g.divisor() * g.places() + 1);
    parallel_for(count, grain_for(cost), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t n = i / g.displacements();
        correlate(g, i % g.displacements(), in[0].as<T>() + n * image, in[1].as<T>() + n * image,
                  out[0].as<T>() + i * g.places());
      }
    });
  });
}

/// Adds what one channel of one image gets back.
template <typename T, typename C>
void spread(const CorrelationGrid& g, const T* d_out, const T* data1, const T* data2, C* d_data1,
            C* d_data2) {
  const C share = C(1) / static_cast<C>(g.divisor());
  for (int64_t d = 0; d < g.displacements(); ++d)
    for (int64_t k = 0; k < g.kernel * g.kernel; ++k)
      for_each_pair(g, d, k, [&](int64_t at1, int64_t at2, int64_t place) {
        const C a = pixel<C>(data1, at1), b = pixel<C>(data2, at2);
        const C d_sum = static_cast<C>(d_out[d * g.places() + place]) * share;
        const C sign = a >= b ? d_sum : -d_sum;
        if (at1 >= 0) d_data1[at1] += g.multiplies ? b * d_sum : sign;
        if (at2 >= 0) d_data2[at2] += g.multiplies ? a * d_sum : -sign;
      });
}

void correlation_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const CorrelationGrid g(params.as<CorrelationParam>(), in[1].shape.data(), in[0].shape.data());
  const int64_t planes = in[1].shape[0] * g.channels, size = g.pixels();
  visit_floating(in[0].dtype, "Correlation", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const int64_t window = g.kernel * g.kernel * g.displacements();
    parallel_for(
        planes, grain_for(3.0 * static_cast<double>(window * g.places() + 1)),
        [&](int64_t begin, int64_t end) {
          std::vector<C> sums(static_cast<size_t>(2 * size));
          for (int64_t i = begin; i < end; ++i) {
            std::fill(sums.begin(), sums.end(), C(0));
            const T* d_out = in[0].as<T>() + i / g.channels * g.displacements() * g.places();
            spread(g, d_out, in[1].as<T>() + i * size, in[2].as<T>() + i * size, sums.data(),
                   sums.data() + size);
            for (size_t o : {0u, 1u})
              for (int64_t j = 0; j < size && context.wants(o); ++j)
                out[o].as<T>()[i * size + j] =
                    static_cast<T>(sums[o * static_cast<size_t>(size) + static_cast<size_t>(j)]);
          }
        });
  });
}

const KernelBuilder k1 = KernelBuilder("Correlation", "native").run(correlation);
const KernelBuilder k2 = KernelBuilder("_backward_Correlation", "native").run(correlation_backward);

}  // namespace
}  // namespace mx::cpu
