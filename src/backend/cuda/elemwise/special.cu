#include "backend/common/elemwise/special.h"
#include "backend/cuda/elemwise/rows.cuh"

namespace mx::cuda {
namespace {

const RowKernels kernels(math::kSpecial);

}  // namespace
}  // namespace mx::cuda
