#include "backend/common/elemwise/arithmetic.h"
#include "backend/cuda/elemwise/rows.cuh"

namespace mx::cuda {
namespace {

const RowKernels kernels(math::kArithmetic);

}  // namespace
}  // namespace mx::cuda
