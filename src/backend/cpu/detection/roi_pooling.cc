// ROIPooling looks at each element of a cell. ROIAlign's points form a grid, and the share of an
// element in their mean is a product of its row's and its column's share: so a cell costs its
// elements, however many points there are.
#include "ops/detection/roi_pooling.h"

#include <cmath>
#include <limits>
#include <vector>

#include "backend/common/bounded_index.h"
#include "backend/common/roi_cells.h"
#include "backend/cpu/common/fill.h"
#include "backend/cpu/common/gradient_sums.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// Elements [first, last) of each cell along one axis of `extent` elements.
template <typename C>
std::vector<std::pair<int64_t, int64_t>> cell_ranges(C from, C to, int64_t cells, int64_t extent) {
  constexpr C kFar = 1e9f;
  const C start = std::round(std::clamp(from, -kFar, kFar));
  const C size = std::max<C>(std::round(std::clamp(to, -kFar, kFar)) - start + 1, 1);
  const C step = size / static_cast<C>(cells);
  const auto inside = [&](C place) { return bounded_length(place + start, extent); };
  std::vector<std::pair<int64_t, int64_t>> ranges;
  for (int64_t i = 0; i < cells; ++i)
    ranges.emplace_back(inside(std::floor(static_cast<C>(i) * step)),
                        inside(std::ceil(static_cast<C>(i + 1) * step)));
  return ranges;
}

/// Position of the largest element of a cell in its plane; -1 when the cell is empty.
template <typename T>
int64_t find_largest(const T* plane, int64_t width, std::pair<int64_t, int64_t> rows,
                     std::pair<int64_t, int64_t> columns) {
  using C = ComputeType<T>;
  C top = std::numeric_limits<C>::lowest();
  int64_t best = -1;
  for (int64_t y = rows.first; y < rows.second; ++y)
    for (int64_t x = columns.first; x < columns.second; ++x) {
      const auto v = static_cast<C>(plane[y * width + x]);
      if (v > top) top = v, best = y * width + x;
    }
  return best;
}

/// What a cell without a largest element holds: zero, or the least number when there are elements.
template <typename T>
T empty_value(std::pair<int64_t, int64_t> rows, std::pair<int64_t, int64_t> columns) {
  const bool empty = rows.second <= rows.first || columns.second <= columns.first;
  return static_cast<T>(empty ? 0 : std::numeric_limits<ComputeType<T>>::lowest());
}

template <typename T>
void pool_roi(const RoiPoolingParam& p, const Tensor& data, const T* roi, T* out, int64_t* index) {
  using C = ComputeType<T>;
  const int64_t channels = data.shape[1], height = data.shape[2], width = data.shape[3];
  const int64_t cells = p.pooled_size.size();
  const int64_t image = roi_image(static_cast<double>(roi[0]), data.shape[0]);
  if (image < 0) {
    std::fill_n(out, channels * cells, static_cast<T>(0));
    if (index) std::fill_n(index, channels * cells, int64_t{-1});
    return;
  }
  const auto scaled = [&](int i) {
    return static_cast<C>(roi[i]) * static_cast<C>(p.spatial_scale);
  };
  const auto columns = cell_ranges(scaled(1), scaled(3), p.pooled_size[1], width);
  const auto rows = cell_ranges(scaled(2), scaled(4), p.pooled_size[0], height);
  for (int64_t c = 0; c < channels; ++c) {
    const int64_t start = (image * channels + c) * height * width;
    for (const auto& row : rows)
      for (const auto& column : columns) {
        const int64_t best = find_largest(data.as<T>() + start, width, row, column);
        *out++ = best < 0 ? empty_value<T>(row, column) : data.as<T>()[start + best];
        if (index) *index++ = best < 0 ? -1 : start + best;
      }
  }
}

void pooling(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<RoiPoolingParam>();
  const int64_t size = out[0].shape.size(1, 4);
  visit_floating(in[0].dtype, "ROIPooling", [&]<typename T>(TypeTag<T>) {
    parallel_for(in[1].shape[0], 1, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r)
        pool_roi(p, in[0], in[1].as<T>() + 5 * r, out[0].as<T>() + r * size,
                 context.wants(1) ? out[1].as<int64_t>() + r * size : nullptr);
    });
  });
}

/// Shares of the elements of one axis in each cell.
template <typename C>
struct AxisShares {
  int64_t extent;
  std::vector<C> share;                             ///< cells x extent
  std::vector<std::pair<int64_t, int64_t>> ranges;  ///< where a cell's shares are not zero
  double points = 0;                                ///< in each cell

  AxisShares(C from, C size, int64_t cells, int64_t extent, int32_t wanted)
      : extent(extent), share(static_cast<size_t>(cells * extent), 0) {
    const C step = size / static_cast<C>(cells);
    points = wanted > 0 ? wanted : std::ceil(static_cast<double>(step));
    for (int64_t i = 0; i < cells; ++i) {
      ranges.emplace_back(extent, 0);
      const C start = from + static_cast<C>(i) * step;
      // Points before -1 or behind the extent count as zero; the few near the ends are looked at.
      const double gap = points > 0 ? static_cast<double>(step) / points : 0;
      // Points too many to be told apart are none: such a region is a mistake.
      double first = 0, last = points < 1e15 ? points : 0;
      if (gap > 0 && last > 0) {
        first = std::clamp(std::floor((-1 - static_cast<double>(start)) / gap) - 2, 0.0, points);
        last = std::clamp(
            std::ceil((static_cast<double>(extent - 1) + 1 - static_cast<double>(start)) / gap) + 2,
            0.0, points);
      }
      for (double k = first; k < last; ++k)
        add_point(i, start + (static_cast<C>(k) + C(0.5)) * step / static_cast<C>(points));
    }
  }

 private:
  void add_point(int64_t cell, C place) {
    if (!(place >= -1 && place <= static_cast<C>(extent))) return;
    place = std::max<C>(place, 0);
    const auto low = std::min(static_cast<int64_t>(place), extent - 1);
    const C above = low + 1 < extent ? place - static_cast<C>(low) : 0;
    auto& [first, last] = ranges.back();
    C* row = share.data() + cell * extent;
    row[low] += 1 - above;
    if (above > 0) row[low + 1] += above;
    first = std::min(first, low);
    last = std::max(last, above > 0 ? low + 2 : low + 1);
  }
};

template <typename C>
struct RoiShares {
  AxisShares<C> y, x;
  C points;

  template <typename T>
  static RoiShares of(const RoiAlignParam& p, const T* roi, int64_t height, int64_t width) {
    const C offset = p.aligned ? C(0.5) : C(0);
    const auto scaled = [&](int i) {
      return static_cast<C>(roi[i]) * static_cast<C>(p.spatial_scale) - offset;
    };
    const auto axis = [&](int i, int64_t cells, int64_t extent) {
      const C size = std::max<C>(scaled(i + 2) - scaled(i), p.aligned ? 0 : 1);
      return AxisShares<C>(scaled(i), size, cells, extent, p.sample_ratio);
    };
    RoiShares s{axis(2, p.pooled_size[0], height), axis(1, p.pooled_size[1], width), 1};
    s.points = static_cast<C>(std::max(s.y.points * s.x.points, 1.0));
    return s;
  }

  /// Calls body(element of the plane, its share) for the elements of a cell.
  template <typename F>
  void for_each(int64_t row, int64_t column, const F& body) const {
    const C* y_share = y.share.data() + row * y.extent;
    const C* x_share = x.share.data() + column * x.extent;
    const auto [x_first, x_last] = x.ranges[static_cast<size_t>(column)];
    const auto [y_first, y_last] = y.ranges[static_cast<size_t>(row)];
    for (int64_t i = y_first; i < y_last; ++i)
      for (int64_t j = x_first; j < x_last; ++j) body(i * x.extent + j, y_share[i] * x_share[j]);
  }
};

/// Channel of data that a cell of a channel of the result reads.
int64_t source_channel(const RoiAlignParam& p, int64_t c, int64_t cell) {
  return p.position_sensitive ? c * p.parts() + cell : c;
}

template <typename T>
void align_roi(const RoiAlignParam& p, const Tensor& data, const T* roi, int64_t channels, T* out) {
  using C = ComputeType<T>;
  const int64_t height = data.shape[2], width = data.shape[3], cells = p.pooled_size.size();
  const int64_t image = roi_image(static_cast<double>(roi[0]), data.shape[0]);
  if (image < 0) return void(std::fill_n(out, channels * cells, static_cast<T>(0)));
  const auto shares = RoiShares<C>::of(p, roi, height, width);
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t cell = 0; cell < cells; ++cell) {
      const T* plane =
          data.as<T>() + (image * data.shape[1] + source_channel(p, c, cell)) * height * width;
      C sum = 0;
      shares.for_each(cell / p.pooled_size[1], cell % p.pooled_size[1],
                      [&](int64_t at, C share) { sum += static_cast<C>(plane[at]) * share; });
      *out++ = static_cast<T>(sum / shares.points);
    }
}

void align(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<RoiAlignParam>();
  const int64_t size = out[0].shape.size(1, 4);
  visit_floating(in[0].dtype, "_contrib_ROIAlign", [&]<typename T>(TypeTag<T>) {
    parallel_for(in[1].shape[0], 1, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r)
        align_roi(p, in[0], in[1].as<T>() + 5 * r, out[0].shape[1], out[0].as<T>() + r * size);
    });
  });
}

/// Adds to channels [begin, end) what all regions send back; channels are independent.
template <typename T>
void align_backward_channels(const RoiAlignParam& p, const Tensor& d_out, const Tensor& rois,
                             const Shape& data, int64_t begin, int64_t end,
                             ComputeType<T>* d_data) {
  using C = ComputeType<T>;
  const int64_t height = data[2], width = data[3], cells = p.pooled_size.size();
  for (int64_t r = 0; r < rois.shape[0]; ++r) {
    const T* roi = rois.as<T>() + 5 * r;
    const int64_t image = roi_image(static_cast<double>(roi[0]), data[0]);
    if (image < 0) continue;
    const auto shares = RoiShares<C>::of(p, roi, height, width);
    for (int64_t c = begin; c < end; ++c)
      for (int64_t cell = 0; cell < cells; ++cell) {
        C* plane = d_data + (image * data[1] + source_channel(p, c, cell)) * height * width;
        const C d = static_cast<C>(d_out.as<T>()[(r * d_out.shape[1] + c) * cells + cell]);
        shares.for_each(cell / p.pooled_size[1], cell % p.pooled_size[1],
                        [&](int64_t at, C share) { plane[at] += d / shares.points * share; });
      }
  }
}

void align_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<RoiAlignBackwardParam>();
  visit_floating(in[0].dtype, "_backward_ROIAlign", [&]<typename T>(TypeTag<T>) {
    const cpu::GradientSums<T> sums(out[0], *context.scratch);
    sums.clear(0, out[0].size());
    const int64_t channels = in[0].shape[1];
    const int64_t share = std::max<int64_t>(1, channels / parallel_threads());
    parallel_for(channels, share, [&](int64_t begin, int64_t end) {
      align_backward_channels<T>(p, in[0], in[1], out[0].shape, begin, end, sums.data());
    });
    sums.take(0, out[0].size());
  });
}

const KernelBuilder k1 = KernelBuilder("ROIPooling", "native").run(pooling);
const KernelBuilder k2 = KernelBuilder("_contrib_ROIAlign", "native").run(align);
const KernelBuilder k3 = KernelBuilder("_backward_ROIAlign", "native").run(align_backward);

}  // namespace
}  // namespace mx
