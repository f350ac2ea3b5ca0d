#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

const GpuKernel k1 = GpuKernel("_copy", "native").run(copy_kernel);
const GpuKernel k2 = GpuKernel("BlockGrad", "native").run(copy_kernel);
const GpuKernel k3 = GpuKernel("_identity_with_attr_like_rhs", "native").run(copy_kernel);
const GpuKernel k4 = GpuKernel("_contrib_gradientmultiplier", "native").run(copy_kernel);

}  // namespace
}  // namespace mx::cuda
