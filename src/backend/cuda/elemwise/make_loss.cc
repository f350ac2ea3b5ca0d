#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

const GpuKernel k1 = GpuKernel("MakeLoss", "native").run(copy_kernel);
const GpuKernel k2 = GpuKernel("make_loss", "native").run(copy_kernel);

}  // namespace
}  // namespace mx::cuda
