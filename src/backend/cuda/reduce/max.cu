// Largest and smallest elements.
#include "backend/cuda/reduce/loops.cuh"

namespace mx::cuda {
namespace {

const GpuKernel k1 = GpuKernel("max", "native").run(reduce_kernel<math::MaximumOf>);
const GpuKernel k2 = GpuKernel("min", "native").run(reduce_kernel<math::MinimumOf>);

}  // namespace
}  // namespace mx::cuda
