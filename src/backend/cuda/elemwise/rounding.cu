#include "backend/common/elemwise/rounding.h"
#include "backend/cuda/elemwise/rows.cuh"

namespace mx::cuda {
namespace {

const RowKernels kernels(math::kRounding);

}  // namespace
}  // namespace mx::cuda
