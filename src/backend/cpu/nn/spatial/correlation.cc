// Images are copied into borders of zeros first. Then no window leaves them, and lines of windows
// are gone through without a question. Backward, a plane of both gradients belongs to one task.
#include "ops/nn/spatial/correlation.h"

#include <algorithm>
#include <vector>

#include "backend/common/correlation_grid.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// `planes` planes, each in its border.
template <typename T>
void add_border(const CorrelationGrid& g, int64_t planes, const T* data, ComputeType<T>* padded) {
  using C = ComputeType<T>;
  std::fill_n(padded, planes * g.padded_pixels(), C(0));
  for (int64_t p = 0; p < planes; ++p)
    for (int64_t y = 0; y < g.height; ++y) {
      C* row = padded + p * g.padded_pixels() + (y + g.pad) * g.padded_width() + g.pad;
      for (int64_t x = 0; x < g.width; ++x) row[x] = static_cast<C>(*data++);
    }
}

template <typename T, typename C>
void take_from_border(const CorrelationGrid& g, const C* padded, T* data) {
  for (int64_t y = 0; y < g.height; ++y) {
    const C* row = padded + (y + g.pad) * g.padded_width() + g.pad;
    for (int64_t x = 0; x < g.width; ++x) *data++ = static_cast<T>(row[x]);
  }
}

/// Calls line(first pixel of data1, first pixel of data2, first place) for each line of windows, of
/// which it is element k that counts and data2 is moved by displacement d.
template <typename F>
void for_each_line(const CorrelationGrid& g, int64_t d, int64_t k, const F& line) {
  const int64_t move = g.down(d) * g.padded_width() + g.right(d);
  for (int64_t i = 0; i < g.out_height; ++i) {
    const int64_t at = g.place(i, k / g.kernel) * g.padded_width() + g.place(0, k % g.kernel);
    line(at, at + move, i * g.out_width);
  }
}

/// sums += products or distances of one line.
template <typename C>
void add_line(const CorrelationGrid& g, const C* a, const C* b, C* sums) {
  if (g.multiplies)
    for (int64_t j = 0; j < g.out_width; ++j) sums[j] += a[j * g.step] * b[j * g.step];
  else
    for (int64_t j = 0; j < g.out_width; ++j) {
      const C distance = a[j * g.step] - b[j * g.step];
      sums[j] += distance < 0 ? -distance : distance;
    }
}

template <typename T>
void correlation_as(const CorrelationGrid& g, Inputs in, const Tensor& out, Workspace& scratch) {
  using C = ComputeType<T>;
  const int64_t batch = in[0].shape[0], image = g.channels * g.padded_pixels();
  const C* padded[2];
  for (size_t i : {0u, 1u}) {
    C* target = scratch.get_array<C>(std::max<int64_t>(batch * image, 1));
    add_border(g, batch * g.channels, in[i].as<T>(), target);
    padded[i] = target;
  }
  const double cost = static_cast<double>(g.divisor() * g.places() + 1);
  parallel_for(batch * g.displacements(), grain_for(cost), [&](int64_t begin, int64_t end) {
    std::vector<C> sums(static_cast<size_t>(g.places()));
    for (int64_t task = begin; task < end; ++task) {
      const int64_t n = task / g.displacements(), d = task % g.displacements();
      std::fill(sums.begin(), sums.end(), C(0));
      for (int64_t c = 0; c < g.channels; ++c)
        for (int64_t k = 0; k < g.kernel * g.kernel; ++k)
          for_each_line(g, d, k, [&](int64_t at1, int64_t at2, int64_t place) {
            const int64_t plane = n * image + c * g.padded_pixels();
            add_line(g, padded[0] + plane + at1, padded[1] + plane + at2, sums.data() + place);
          });
      for (int64_t i = 0; i < g.places(); ++i)
        out.as<T>()[task * g.places() + i] =
            static_cast<T>(sums[static_cast<size_t>(i)] / static_cast<C>(g.divisor()));
    }
  });
}

void correlation(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const CorrelationGrid g(params.as<CorrelationParam>(), in[0].shape.data(), out[0].shape.data());
  visit_floating(in[0].dtype, "Correlation", [&]<typename T>(TypeTag<T>) {
    correlation_as<T>(g, in, out[0], *context.scratch);
  });
}

/// What one line of windows sends back.
template <typename C, typename T>
void spread_line(const CorrelationGrid& g, const T* d_out, C share, const C* a, const C* b, C* d_a,
                 C* d_b) {
  if (g.multiplies) {
    for (int64_t j = 0; j < g.out_width; ++j)
      d_a[j * g.step] += static_cast<C>(d_out[j]) * share * b[j * g.step];
    for (int64_t j = 0; j < g.out_width; ++j)
      d_b[j * g.step] += static_cast<C>(d_out[j]) * share * a[j * g.step];
    return;
  }
  for (int64_t j = 0; j < g.out_width; ++j) {
    const C d = static_cast<C>(d_out[j]) * share;
    const C slope = a[j * g.step] >= b[j * g.step] ? d : -d;
    d_a[j * g.step] += slope;
    d_b[j * g.step] -= slope;
  }
}

/// One plane in its border, and the gradients that it gets.
template <typename C>
struct PaddedPlane {
  std::vector<C> data[2], gradient[2];

  explicit PaddedPlane(const CorrelationGrid& g) {
    for (auto* list : {&data[0], &data[1], &gradient[0], &gradient[1]})
      list->resize(static_cast<size_t>(g.padded_pixels()));
  }
  template <typename T>
  void load(const CorrelationGrid& g, const T* first, const T* second) {
    add_border(g, 1, first, data[0].data());
    add_border(g, 1, second, data[1].data());
    for (auto& sums : gradient) std::fill(sums.begin(), sums.end(), C(0));
  }
  template <typename T>
  void spread(const CorrelationGrid& g, const T* d_out) {
    const C share = C(1) / static_cast<C>(g.divisor());
    for (int64_t d = 0; d < g.displacements(); ++d)
      for (int64_t k = 0; k < g.kernel * g.kernel; ++k)
        for_each_line(g, d, k, [&](int64_t at1, int64_t at2, int64_t place) {
          spread_line(g, d_out + d * g.places() + place, share, data[0].data() + at1,
                      data[1].data() + at2, gradient[0].data() + at1, gradient[1].data() + at2);
        });
  }
};

void correlation_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const CorrelationGrid g(params.as<CorrelationParam>(), in[1].shape.data(), in[0].shape.data());
  const int64_t planes = in[1].shape[0] * g.channels, size = g.pixels();
  const int64_t image = g.displacements() * g.places();
  visit_floating(in[0].dtype, "Correlation", [&]<typename T>(TypeTag<T>) {
    const double cost = static_cast<double>(g.kernel * g.kernel * image + 1);
    parallel_for(planes, grain_for(cost), [&](int64_t begin, int64_t end) {
      PaddedPlane<ComputeType<T>> plane(g);
      for (int64_t i = begin; i < end; ++i) {
        plane.load(g, in[1].as<T>() + i * size, in[2].as<T>() + i * size);
        plane.spread(g, in[0].as<T>() + i / g.channels * image);
        for (size_t o : {0u, 1u})
          if (context.wants(o))
            take_from_border(g, plane.gradient[o].data(), out[o].as<T>() + i * size);
      }
    });
  });
}

const KernelBuilder k1 = KernelBuilder("Correlation", "native").run(correlation);
const KernelBuilder k2 = KernelBuilder("_backward_Correlation", "native").run(correlation_backward);

}  // namespace
}  // namespace mx::cpu
