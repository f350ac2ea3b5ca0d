#include "backend/common/elemwise/hyperbolic.h"
#include "backend/cuda/elemwise/rows.cuh"

namespace mx::cuda {
namespace {

const RowKernels kernels(math::kHyperbolic);

}  // namespace
}  // namespace mx::cuda
