#include "ops/indexing/index_array.h"

#include <vector>

#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Where the index of one axis is: element / step modulo size.
struct Axis {
  int64_t step, size;
};

void index_array(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const Shape& shape = in[0].shape;
  const auto& given = params.as<IndexArrayParam>().axes;
  const auto steps = contiguous_strides(shape);
  std::vector<Axis> axes;
  for (int i = 0; i < (given ? given->ndim() : shape.ndim()); ++i) {
    const int axis =
        given ? normalize_axis((*given)[i], shape.ndim(), "_contrib_index_array", "axes") : i;
    axes.push_back({steps[static_cast<size_t>(axis)], shape[axis]});
  }
  auto* to = out[0].as<int64_t>();
  const auto width = static_cast<int64_t>(axes.size());
  parallel_for(shape.size(), grain_for(5.0 * static_cast<double>(width + 1)),
               [&](int64_t begin, int64_t end) {
                 int64_t* place = to + begin * width;
                 for (int64_t i = begin; i < end; ++i)
                   for (const Axis& axis : axes) *place++ = i / axis.step % axis.size;
               });
}

const KernelBuilder k1 = KernelBuilder("_contrib_index_array", "native").run(index_array);

}  // namespace
}  // namespace mx::cpu
