#include "backend/common/elemwise/trigonometric.h"
#include "backend/cuda/elemwise/rows.cuh"

namespace mx::cuda {
namespace {

const RowKernels kernels(math::kTrigonometric);

}  // namespace
}  // namespace mx::cuda
