#include "backend/common/elemwise/exponential.h"
#include "backend/cuda/elemwise/rows.cuh"

namespace mx::cuda {
namespace {

const RowKernels kernels(math::kExponential);

}  // namespace
}  // namespace mx::cuda
