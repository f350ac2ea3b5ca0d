#include "ops/detection/box_iou.h"

#include "backend/cpu/common/boxes.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

template <typename T>
Box<ComputeType<T>> load(const T* p, BoxFormat format) {
  return format == BoxFormat::kCorner ? load_box(p) : load_center_box(p);
}

/// Area of a box; none where a side is negative.
template <typename C>
C area_of(const Box<C>& b) {
  return b.x1 < b.x0 || b.y1 < b.y0 ? 0 : b.area();
}

void iou(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const BoxFormat format = params.as<BoxIouParam>().format;
  visit_floating(in[0].dtype, "_contrib_box_iou", [&]<typename T>(TypeTag<T>) {
    const int64_t rows = in[0].size() / 4, columns = in[1].size() / 4;
    BoxColumns<ComputeType<T>> boxes;
    for (int64_t j = 0; j < columns; ++j) {
      const auto box = load(in[1].as<T>() + 4 * j, format);
      boxes.push(box, area_of(box));
    }
    parallel_for(rows, grain_for(1.0 + static_cast<double>(columns)),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t i = begin; i < end; ++i) {
                     const auto box = load(in[0].as<T>() + 4 * i, format);
                     const auto area = area_of(box);
                     T* row = out[0].as<T>() + i * columns;
                     for (int64_t j = 0; j < columns; ++j)
                       row[j] = static_cast<T>(boxes.iou(static_cast<size_t>(j), box, area));
                   }
                 });
  });
}

const KernelBuilder k1 = KernelBuilder("_contrib_box_iou", "native").run(iou);

}  // namespace
}  // namespace mx
