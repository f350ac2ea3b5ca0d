// Points are looked at once for all channels of a region.
#include "ops/detection/rroi_align.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "backend/common/roi_cells.h"
#include "backend/common/sampling.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// A turned region: a point of it, counted from its middle, is one of the feature map.
template <typename C>
struct TurnedRegion {
  C x, y, width, height, cosine, sine;

  template <typename T>
  TurnedRegion(const T* roi, C scale)
      : x(static_cast<C>(roi[1]) * scale),
        y(static_cast<C>(roi[2]) * scale),
        width(std::max<C>(static_cast<C>(roi[3]) * scale, 1)),
        height(std::max<C>(static_cast<C>(roi[4]) * scale, 1)) {
    const C angle = static_cast<C>(roi[5]) * static_cast<C>(3.14159265358979323846 / 180);
    cosine = std::cos(angle);
    sine = std::sin(angle);
  }
  /// Points in one direction of a cell. Too many to be told apart are none: such a region is a
  /// mistake.
  static int64_t samples(C size, int64_t cells, int32_t wanted) {
    if (wanted > 0) return wanted;
    const C count = std::ceil(size / static_cast<C>(cells));
    return count < C(1 << 16) ? static_cast<int64_t>(count) : 0;
  }
  /// Beyond one pixel from the border everything is zero; up to there the last pixels go on.
  BilinearPoint<C> point(C right, C down, int64_t rows, int64_t columns) const {
    const C px = right * cosine + down * sine + x, py = down * cosine - right * sine + y;
    if (!(py >= -1 && py <= static_cast<C>(rows) && px >= -1 && px <= static_cast<C>(columns)))
      return {-2, -2, rows, columns};
    return {std::clamp<C>(py, 0, static_cast<C>(rows - 1)),
            std::clamp<C>(px, 0, static_cast<C>(columns - 1)), rows, columns};
  }
};

template <typename T>
void align_roi(const RroiAlignParam& p, const Tensor& data, const T* roi, T* out) {
  using C = ComputeType<T>;
  const int64_t channels = data.shape[1], rows = data.shape[2], columns = data.shape[3];
  const int64_t cells_y = p.pooled_size[0], cells_x = p.pooled_size[1], cells = cells_y * cells_x;
  const int64_t image = roi_image(static_cast<C>(roi[0]), data.shape[0]);
  if (image < 0 || rows * columns == 0)
    return void(std::fill_n(out, channels * cells, static_cast<T>(0)));
  const TurnedRegion<C> region(roi, static_cast<C>(p.spatial_scale));
  const int64_t down = region.samples(region.height, cells_y, p.sampling_ratio);
  const int64_t right = region.samples(region.width, cells_x, p.sampling_ratio);
  std::vector<C> sums(static_cast<size_t>(channels));
  for (int64_t cell = 0; cell < cells; ++cell) {
    std::fill(sums.begin(), sums.end(), C(0));
    for (int64_t k = 0; k < down * right; ++k) {
      const auto along = [](int64_t cell, int64_t i, int64_t samples, C size, int64_t cells) {
        const C step = size / static_cast<C>(cells);
        return static_cast<C>(cell) * step - size / 2 +
               (static_cast<C>(i) + C(0.5)) * step / static_cast<C>(samples);
      };
      const auto point = region.point(
          along(cell % cells_x, k % right, right, region.width, cells_x),
          along(cell / cells_x, k / right, down, region.height, cells_y), rows, columns);
      for (int64_t c = 0; c < channels; ++c) {
        const T* plane = data.as<T>() + (image * channels + c) * rows * columns;
        for (int q = 0; q < 4; ++q)
          sums[static_cast<size_t>(c)] += static_cast<C>(plane[point.at[q]]) * point.weight[q];
      }
    }
    const C count = static_cast<C>(std::max<int64_t>(down * right, 1));
    for (int64_t c = 0; c < channels; ++c)
      out[c * cells + cell] = static_cast<T>(sums[static_cast<size_t>(c)] / count);
  }
}

void align(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<RroiAlignParam>();
  const int64_t size = out[0].shape.size(1, 4);
  visit_floating(in[0].dtype, "_contrib_RROIAlign", [&]<typename T>(TypeTag<T>) {
    parallel_for(in[1].shape[0], 1, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r)
        align_roi(p, in[0], in[1].as<T>() + 6 * r, out[0].as<T>() + r * size);
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_contrib_RROIAlign", "native").run(align);

}  // namespace
}  // namespace mx::cpu
