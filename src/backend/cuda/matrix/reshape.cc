// Reshape and the other views: one copy, or nothing when the output shares the input's memory.
#include "ops/matrix/reshape.h"

#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

const GpuKernel k1 = GpuKernel("Reshape", "native").run(copy_kernel);
const GpuKernel k2 = GpuKernel("Flatten", "native").run(copy_kernel);
const GpuKernel k3 = GpuKernel("expand_dims", "native").run(copy_kernel);
const GpuKernel k4 = GpuKernel("squeeze", "native").run(copy_kernel);
const GpuKernel k5 = GpuKernel("reshape_like", "native").run(copy_kernel);
const GpuKernel k6 = GpuKernel("_backward_reshape", "native").run(copy_kernel);

}  // namespace
}  // namespace mx::cuda
