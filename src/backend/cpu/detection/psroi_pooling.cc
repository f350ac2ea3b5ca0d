#include "ops/detection/psroi_pooling.h"

#include <algorithm>
#include <cmath>

#include "backend/common/roi_cells.h"
#include "backend/cpu/common/gradient_sums.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Calls body(channel of data, rows, columns, place in the result) for the cells of channel c of a
/// region.
template <typename T, typename F>
void for_each_cell(const PsRoiPoolingParam& p, const Shape& data, const T* roi, int64_t c,
                   const F& body) {
  using C = ComputeType<T>;
  const int64_t cells = p.pooled_size, group = p.group();
  const auto scaled = [&](int i, C more) {
    return (std::round(static_cast<C>(roi[i])) + more) * static_cast<C>(p.spatial_scale);
  };
  for (int64_t i = 0; i < cells; ++i) {
    const CellRange rows = CellRange::of(scaled(2, 0), scaled(4, 1), i, cells, data[2]);
    for (int64_t j = 0; j < cells; ++j) {
      const CellRange columns = CellRange::of(scaled(1, 0), scaled(3, 1), j, cells, data[3]);
      const int64_t channel =
          (c * group + cell_group(i, cells, group)) * group + cell_group(j, cells, group);
      body(channel, rows, columns, (c * cells + i) * cells + j);
    }
  }
}

template <typename T>
void pool_roi(const PsRoiPoolingParam& p, const Tensor& data, const T* roi, T* out) {
  using C = ComputeType<T>;
  const int64_t width = data.shape[3], pixels = data.shape[2] * width;
  const int64_t image = roi_image(static_cast<C>(roi[0]), data.shape[0]);
  const int64_t size = int64_t{p.output_dim} * p.pooled_size * p.pooled_size;
  if (image < 0) return void(std::fill_n(out, size, static_cast<T>(0)));
  for (int64_t c = 0; c < p.output_dim; ++c)
    for_each_cell(p, data.shape, roi, c,
                  [&](int64_t channel, CellRange rows, CellRange columns, int64_t place) {
                    const T* plane = data.as<T>() + (image * data.shape[1] + channel) * pixels;
                    C sum = 0;
                    for (int64_t y = rows.first; y < rows.last; ++y)
                      for (int64_t x = columns.first; x < columns.last; ++x)
                        sum += static_cast<C>(plane[y * width + x]);
                    const int64_t count = rows.size() * columns.size();
                    out[place] = static_cast<T>(count > 0 ? sum / static_cast<C>(count) : C(0));
                  });
}

void pooling(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<PsRoiPoolingParam>();
  const int64_t size = out[0].shape.size(1, 4);
  visit_floating(in[0].dtype, "_contrib_PSROIPooling", [&]<typename T>(TypeTag<T>) {
    parallel_for(in[1].shape[0], 1, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r)
        pool_roi(p, in[0], in[1].as<T>() + 5 * r, out[0].as<T>() + r * size);
    });
  });
}

/// Adds what all regions send back to channels of the result [begin, end): each has channels of
/// data of its own.
template <typename T>
void spread(const PsRoiPoolingParam& p, Inputs in, const Shape& data, int64_t begin, int64_t end,
            ComputeType<T>* sums) {
  using C = ComputeType<T>;
  const int64_t width = data[3], pixels = data[2] * width, size = in[0].shape.size(1, 4);
  for (int64_t r = 0; r < in[1].shape[0]; ++r) {
    const T* roi = in[1].as<T>() + 5 * r;
    const int64_t image = roi_image(static_cast<C>(roi[0]), data[0]);
    for (int64_t c = begin; c < end && image >= 0; ++c)
      for_each_cell(p, data, roi, c,
                    [&](int64_t channel, CellRange rows, CellRange columns, int64_t place) {
                      C* plane = sums + (image * data[1] + channel) * pixels;
                      const C d = static_cast<C>(in[0].as<T>()[r * size + place]) /
                                  static_cast<C>(rows.size() * columns.size());
                      for (int64_t y = rows.first; y < rows.last; ++y)
                        for (int64_t x = columns.first; x < columns.last; ++x)
                          plane[y * width + x] += d;
                    });
  }
}

void pooling_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<PsRoiPoolingBackwardParam>();
  visit_floating(in[0].dtype, "_backward_contrib_PSROIPooling", [&]<typename T>(TypeTag<T>) {
    const GradientSums<T> sums(out[0], *context.scratch);
    sums.clear(0, out[0].size());
    const int64_t share = std::max<int64_t>(1, p.output_dim / parallel_threads());
    parallel_for(p.output_dim, share, [&](int64_t begin, int64_t end) {
      spread<T>(p, in, out[0].shape, begin, end, sums.data());
    });
    sums.take(0, out[0].size());
  });
}

const KernelBuilder k1 = KernelBuilder("_contrib_PSROIPooling", "native").run(pooling);
const KernelBuilder k2 =
    KernelBuilder("_backward_contrib_PSROIPooling", "native").run(pooling_backward);

}  // namespace
}  // namespace mx::cpu
