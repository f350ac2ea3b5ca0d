// SliceChannel, _split_v2: each part is copied in runs that are contiguous on both sides.
#include "ops/matrix/split.h"

#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

void cut(const Tensor& data, KernelContext& context, Outputs out, int axis,
         const std::vector<int64_t>& begins) {
  const int64_t width = dtype_size(data.dtype), outer = data.shape.size(0, axis);
  const int64_t row = data.shape.size(axis, data.ndim());
  const int64_t inner = data.shape.size(axis + 1, data.ndim());
  for (size_t i = 0; i < out.size(); ++i) {
    if (!context.wants(i) || outer == 0) continue;
    const int64_t length = out[i].size() / outer;
    strided_copy(context, data.as<char>() + begins[i] * inner * width, out[i].data,
                 {{outer, row, length}, {length, 1, 1}}, width);
  }
}

void slice_channel(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<SliceChannelParam>();
  const int axis = normalize_axis(p.axis, in[0].ndim(), "SliceChannel");
  cut(in[0], context, out, axis, equal_parts(in[0].shape[axis], p.num_outputs));
}

void split(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<SplitParam>();
  const int axis = normalize_axis(p.axis, in[0].ndim(), "_split_v2");
  cut(in[0], context, out, axis, split_begins(p, in[0].shape[axis]));
}

const GpuKernel k1 = GpuKernel("SliceChannel", "native").run(slice_channel);
const GpuKernel k2 = GpuKernel("_split_v2", "native").run(split);

}  // namespace
}  // namespace mx::cuda
