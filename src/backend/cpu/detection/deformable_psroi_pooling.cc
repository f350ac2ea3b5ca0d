#include "ops/detection/deformable_psroi_pooling.h"

#include <algorithm>
#include <cmath>

#include "backend/common/roi_cells.h"
#include "backend/common/sampling.h"
#include "backend/cpu/common/gradient_sums.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// One region: where its cells are and which points they have.
template <typename T>
struct Region {
  using C = ComputeType<T>;
  const DeformablePsRoiPoolingParam& p;
  const Shape& data;
  int64_t image, classes;
  C left, top, width, height;
  const T* trans;  ///< of this region; nullptr when cells stay where they are

  Region(const DeformablePsRoiPoolingParam& p, const Shape& data, const T* roi, const Tensor* moves,
         int64_t r)
      : p(p),
        data(data),
        image(data[2] * data[3] > 0 ? roi_image(static_cast<C>(roi[0]), data[0]) : -1),
        classes(moves ? moves->shape[1] / 2 : 1),
        trans(moves ? moves->as<T>() + r * moves->shape.size(1, 4) : nullptr) {
    const auto scaled = [&](int i, C more) {
      return (std::round(static_cast<C>(roi[i])) + more) * static_cast<C>(p.spatial_scale) - C(0.5);
    };
    left = scaled(1, 0);
    top = scaled(2, 0);
    width = std::max<C>(scaled(3, 1) - left, C(0.1));
    height = std::max<C>(scaled(4, 1) - top, C(0.1));
  }

  /// Where the move of cell (i, j) of channel c to the right is in `trans`; down follows after.
  int64_t move(int64_t c, int64_t i, int64_t j) const {
    const int64_t parts = p.parts(), cells = p.pooled_size;
    const int64_t part = cell_group(i, cells, parts) * parts + cell_group(j, cells, parts);
    return 2 * (c / (p.output_dim / classes)) * parts * parts + part;
  }
  int64_t move_step() const { return p.parts() * p.parts(); }

  int64_t channel(int64_t c, int64_t i, int64_t j) const {
    const int64_t cells = p.pooled_size, group = p.group_size;
    return (image * data[1] + (c * group + cell_group(i, cells, group)) * group) +
           cell_group(j, cells, group);
  }

  /// Calls body(point, whether it can move down, right) for the points of a cell that lie on the
  /// image.
  template <typename F>
  void for_each_point(int64_t c, int64_t i, int64_t j, const F& body) const {
    const C step_y = height / static_cast<C>(p.pooled_size);
    const C step_x = width / static_cast<C>(p.pooled_size);
    C y0 = static_cast<C>(i) * step_y + top, x0 = static_cast<C>(j) * step_x + left;
    if (trans) {
      const int64_t at = move(c, i, j);
      x0 += static_cast<C>(trans[at]) * static_cast<C>(p.trans_std) * width;
      y0 += static_cast<C>(trans[at + move_step()]) * static_cast<C>(p.trans_std) * height;
    }
    const auto samples = static_cast<C>(p.sample_per_part);
    const C last_y = static_cast<C>(data[2] - 1), last_x = static_cast<C>(data[3] - 1);
    for (int64_t k = 0; k < int64_t{p.sample_per_part} * p.sample_per_part; ++k) {
      const C y = y0 + static_cast<C>(k / p.sample_per_part) * step_y / samples;
      const C x = x0 + static_cast<C>(k % p.sample_per_part) * step_x / samples;
      if (!(y >= C(-0.5) && y <= last_y + C(0.5) && x >= C(-0.5) && x <= last_x + C(0.5))) continue;
      const C on_y = std::clamp<C>(y, 0, last_y), on_x = std::clamp<C>(x, 0, last_x);
      body(BilinearPoint<C>(on_y, on_x, data[2], data[3]), on_y == y, on_x == x);
    }
  }

  int64_t count(int64_t c, int64_t i, int64_t j) const {
    int64_t n = 0;
    for_each_point(c, i, j, [&](const auto&, bool, bool) { ++n; });
    return n;
  }
};

const Tensor* trans_of(Inputs in, size_t i) { return in.size() > i ? &in[i] : nullptr; }

template <typename T>
void pool_region(const Region<T>& region, const T* data, T* out) {
  using C = ComputeType<T>;
  const int64_t cells = region.p.pooled_size, pixels = region.data[2] * region.data[3];
  for (int64_t c = 0; c < region.p.output_dim; ++c)
    for (int64_t i = 0; i < cells; ++i)
      for (int64_t j = 0; j < cells; ++j) {
        const T* plane = data + region.channel(c, i, j) * pixels;
        C sum = 0;
        int64_t count = 0;
        region.for_each_point(c, i, j, [&](const BilinearPoint<C>& point, bool, bool) {
          for (int k = 0; k < 4; ++k) sum += static_cast<C>(plane[point.at[k]]) * point.weight[k];
          ++count;
        });
        *out++ = static_cast<T>(count > 0 ? sum / static_cast<C>(count) : C(0));
      }
}

void pooling(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<DeformablePsRoiPoolingParam>();
  const int64_t size = out[0].shape.size(1, 4);
  visit_floating(in[0].dtype, "_contrib_DeformablePSROIPooling", [&]<typename T>(TypeTag<T>) {
    parallel_for(in[1].shape[0], 1, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        const Region<T> region(p, in[0].shape, in[1].as<T>() + 5 * r, trans_of(in, 2), r);
        T* target = out[0].as<T>() + r * size;
        if (region.image < 0)
          std::fill_n(target, size, static_cast<T>(0));
        else
          pool_region(region, in[0].as<T>(), target);
      }
    });
  });
}

/// Adds what one region sends back to data and to its moves.
template <typename T, typename C>
void spread(const Region<T>& region, const T* d_out, const T* data, C* d_data, C* d_trans) {
  const auto& p = region.p;
  const int64_t cells = p.pooled_size, pixels = region.data[2] * region.data[3];
  for (int64_t c = 0; c < p.output_dim; ++c)
    for (int64_t i = 0; i < cells; ++i)
      for (int64_t j = 0; j < cells; ++j) {
        const int64_t channel = region.channel(c, i, j), count = region.count(c, i, j);
        const C d = static_cast<C>(*d_out++) / static_cast<C>(std::max<int64_t>(count, 1));
        C down = 0, right = 0;
        region.for_each_point(c, i, j, [&](const auto& point, bool moves_y, bool moves_x) {
          for (int k = 0; k < 4; ++k) {
            const int64_t at = channel * pixels + point.at[k];
            d_data[at] += d * point.weight[k];
            if (moves_y) down += d * static_cast<C>(data[at]) * point.d_y[k];
            if (moves_x) right += d * static_cast<C>(data[at]) * point.d_x[k];
          }
        });
        if (!d_trans) continue;
        const int64_t at = region.move(c, i, j);
        d_trans[at] += right * static_cast<C>(p.trans_std) * region.width;
        d_trans[at + region.move_step()] += down * static_cast<C>(p.trans_std) * region.height;
      }
}

void pooling_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<DeformablePsRoiPoolingParam>();
  const Tensor* trans = trans_of(in, 3);
  visit_floating(in[0].dtype, "_contrib_DeformablePSROIPooling", [&]<typename T>(TypeTag<T>) {
    // Regions overlap on data, so that one thread goes through them all.
    const auto sums_of = [&](size_t i, const Shape& shape) {
      const bool is_wanted = i < out.size() && context.wants(i);
      Tensor gradient{nullptr, shape, in[0].dtype};
      gradient.data = is_wanted ? out[i].data
                                : context.scratch->get_array<T>(std::max<int64_t>(shape.size(), 1));
      return GradientSums<T>(gradient, *context.scratch);
    };
    const int64_t size = in[1].size(), moves = trans ? trans->size() : 0;
    const GradientSums<T> d_data = sums_of(0, in[1].shape);
    const GradientSums<T> d_trans = sums_of(1, trans ? trans->shape : Shape{0});
    d_data.clear(0, size);
    d_trans.clear(0, moves);
    for (int64_t r = 0; r < in[2].shape[0]; ++r) {
      const Region<T> region(p, in[1].shape, in[2].as<T>() + 5 * r, trans, r);
      if (region.image < 0) continue;
      spread(region, in[0].as<T>() + r * in[0].shape.size(1, 4), in[1].as<T>(), d_data.data(),
             trans ? d_trans.data() + r * trans->shape.size(1, 4) : nullptr);
    }
    d_data.take(0, size);
    d_trans.take(0, moves);
  });
}

const KernelBuilder k1 = KernelBuilder("_contrib_DeformablePSROIPooling", "native").run(pooling);
const KernelBuilder k2 =
    KernelBuilder("_backward_contrib_DeformablePSROIPooling", "native").run(pooling_backward);

}  // namespace
}  // namespace mx::cpu
