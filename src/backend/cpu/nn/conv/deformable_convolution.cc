// Where an element of a window lies is found once for all channels that move together. Backward, a
// task takes a share of an image's channels for the data's gradient, as they write different
// planes.
#include "ops/nn/conv/deformable_convolution.h"

#include <algorithm>

#include "backend/common/deformable_sizes.h"
#include "backend/common/sampling.h"
#include "backend/cpu/common/gradient_sums.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// One element of the windows of one image: which it is and how it moves.
template <typename T>
struct Move {
  using C = ComputeType<T>;
  int64_t n, group, k;
  const T *down, *right, *mask;  ///< for each place; no mask: nullptr

  Move(const DeformableSizes& s, int64_t i, const Tensor& offset, const T* masks)
      : n(i / s.window() / s.groups),
        group(i / s.window() % s.groups),
        k(i % s.window()),
        down(offset.as<T>() + 2 * i * s.places()),
        right(down + s.places()),
        mask(masks ? masks + i * s.places() : nullptr) {}

  /// Calls f(place, point) for places [first, last).
  template <typename F>
  void for_each_point(const DeformableSizes& s, int64_t first, int64_t last, const F& f) const {
    const WindowGrid& g = s.grid;
    const int64_t top = g.place(1, 0, k / g.kernel[2]), left = g.place(2, 0, k % g.kernel[2]);
    int64_t row = first / g.out[2], column = first % g.out[2];
    for (int64_t place = first; place < last; ++place) {
      const C y = static_cast<C>(top + row * g.stride[1]) + static_cast<C>(down[place]);
      const C x = static_cast<C>(left + column * g.stride[2]) + static_cast<C>(right[place]);
      f(place, BilinearPoint<C>(y, x, g.in[1], g.in[2], s.border));
      if (++column == g.out[2]) column = 0, ++row;
    }
  }
  C factor(int64_t place) const { return mask ? static_cast<C>(mask[place]) : C(1); }
};

const Tensor* mask_of(Inputs in, size_t i) { return in.size() > i ? &in[i] : nullptr; }

template <typename T>
void gather(const DeformableSizes& s, const Move<T>& move, const T* data, T* columns) {
  using C = ComputeType<T>;
  constexpr int64_t kBlock = 64;  // places that are looked at before their pixels are read
  struct {
    int64_t at[4];
    C weight[4];
  } points[kBlock];
  for (int64_t first = 0; first < s.places(); first += kBlock) {
    const int64_t last = std::min(s.places(), first + kBlock);
    move.for_each_point(s, first, last, [&](int64_t i, const BilinearPoint<C>& p) {
      for (int q = 0; q < 4; ++q) {
        points[i - first].at[q] = p.at[q];
        points[i - first].weight[q] = p.weight[q] * move.factor(i);
      }
    });
    for (int64_t j = 0; j < s.group_channels(); ++j) {
      const int64_t c = move.group * s.group_channels() + j;
      const T* plane = data + (move.n * s.channels + c) * s.pixels();
      T* target = columns + s.column(c, move.k, move.n) + first;
      for (int64_t i = 0; i < last - first; ++i) {
        const auto& p = points[i];
        C sum = 0;
        for (int k = 0; k < 4; ++k) sum += static_cast<C>(plane[p.at[k]]) * p.weight[k];
        target[i] = static_cast<T>(sum);
      }
    }
  }
}

void columns(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const DeformableSizes s(params.as<DeformableColumnsParam>(), in[0].shape);
  if (out[0].size() == 0) return;
  visit_floating(in[0].dtype, "_deformable_columns", [&]<typename T>(TypeTag<T>) {
    const T* masks = mask_of(in, 2) ? in[2].as<T>() : nullptr;
    parallel_for(s.moves(), grain_for(s.cost()), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        gather(s, Move<T>(s, i, in[1], masks), in[0].as<T>(), out[0].as<T>());
    });
  });
}

/// Adds the gradients of channel c of image n to `sums`, from all elements of the windows.
template <typename T>
void spread(const DeformableSizes& s, Inputs in, int64_t n, int64_t c, ComputeType<T>* sums) {
  using C = ComputeType<T>;
  const T* masks = mask_of(in, 3) ? in[3].as<T>() : nullptr;
  const int64_t group = c / s.group_channels();
  C* plane = sums + (n * s.channels + c) * s.pixels();
  for (int64_t k = 0; k < s.window(); ++k) {
    const Move<T> move(s, (n * s.groups + group) * s.window() + k, in[2], masks);
    const T* d_out = in[0].as<T>() + s.column(c, k, n);
    move.for_each_point(s, 0, s.places(), [&](int64_t i, const BilinearPoint<C>& p) {
      const C d = static_cast<C>(d_out[i]) * move.factor(i);
      for (int q = 0; q < 4; ++q) plane[p.at[q]] += d * p.weight[q];
    });
  }
}

template <typename T>
void data_gradient(const DeformableSizes& s, Inputs in, const Tensor& d_data, Workspace& scratch) {
  const GradientSums<T> sums(d_data, scratch);
  const double cost = 25 * static_cast<double>(s.window() * s.places());
  parallel_for(s.batch * s.channels, grain_for(cost), [&](int64_t begin, int64_t end) {
    sums.clear(begin * s.pixels(), end * s.pixels());
    for (int64_t i = begin; i < end; ++i)
      spread<T>(s, in, i / s.channels, i % s.channels, sums.data());
    sums.take(begin * s.pixels(), end * s.pixels());
  });
}

/// d_offset and d_mask of one move.
template <typename T>
void move_gradient(const DeformableSizes& s, const Move<T>& move, const T* d_columns, const T* data,
                   T* d_down, T* d_mask) {
  using C = ComputeType<T>;
  move.for_each_point(s, 0, s.places(), [&](int64_t i, const BilinearPoint<C>& p) {
    C down = 0, right = 0, value = 0;
    for (int64_t j = 0; j < s.group_channels(); ++j) {
      const int64_t c = move.group * s.group_channels() + j;
      const T* plane = data + (move.n * s.channels + c) * s.pixels();
      const C d = static_cast<C>(d_columns[s.column(c, move.k, move.n) + i]);
      for (int k = 0; k < 4; ++k) {
        const C pixel = static_cast<C>(plane[p.at[k]]) * d;
        down += pixel * p.d_y[k];
        right += pixel * p.d_x[k];
        value += pixel * p.weight[k];
      }
    }
    d_down[i] = static_cast<T>(down * move.factor(i));
    d_down[s.places() + i] = static_cast<T>(right * move.factor(i));
    if (d_mask) d_mask[i] = static_cast<T>(value);
  });
}

void columns_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const DeformableSizes s(params.as<DeformableColumnsParam>(), in[1].shape);
  visit_floating(in[0].dtype, "_backward_deformable_columns", [&]<typename T>(TypeTag<T>) {
    if (context.wants(0) && out[0].size() > 0) data_gradient<T>(s, in, out[0], *context.scratch);
    const bool wants_mask = out.size() > 2 && context.wants(2);
    if ((!context.wants(1) && !wants_mask) || out[1].size() == 0) return;
    const T* masks = mask_of(in, 3) ? in[3].as<T>() : nullptr;
    T* d_offset = context.wants(1) ? out[1].as<T>() : context.scratch->get_array<T>(out[1].size());
    parallel_for(s.moves(), grain_for(2 * s.cost()), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        move_gradient(s, Move<T>(s, i, in[2], masks), in[0].as<T>(), in[1].as<T>(),
                      d_offset + 2 * i * s.places(),
                      wants_mask ? out[2].as<T>() + i * s.places() : nullptr);
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_deformable_columns", "native").run(columns);
const KernelBuilder k2 =
    KernelBuilder("_backward_deformable_columns", "native").run(columns_backward);

}  // namespace
}  // namespace mx::cpu
