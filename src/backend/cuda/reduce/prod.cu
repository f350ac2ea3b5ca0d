// Products.
#include "backend/cuda/reduce/loops.cuh"

namespace mx::cuda {
namespace {

const GpuKernel k1 = GpuKernel("prod", "native").run(reduce_kernel<math::ProductOf>);
const GpuKernel k2 = GpuKernel("nanprod", "native").run(reduce_kernel<math::NanProductOf>);

}  // namespace
}  // namespace mx::cuda
