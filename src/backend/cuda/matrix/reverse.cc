// reverse: a strided copy that reads backwards along the given axes.
#include "ops/matrix/reverse.h"

#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

void reverse(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  if (in[0].size() == 0) return;
  const BoxParam p = reverse_box(params.as<ReverseParam>(), in[0].shape);
  StridedBox box(p.shape, p.start, p.step, p.count);
  const int64_t width = dtype_size(in[0].dtype);
  strided_copy(context, in[0].as<char>() + box.offset * width, out[0].data, std::move(box.dims),
               width);
}

const GpuKernel k1 = GpuKernel("reverse", "native").run(reverse);

}  // namespace
}  // namespace mx::cuda
