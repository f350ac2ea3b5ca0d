#include "backend/common/elemwise/logical.h"
#include "backend/cuda/elemwise/rows.cuh"

namespace mx::cuda {
namespace {

const RowKernels kernels(math::kLogical);

}  // namespace
}  // namespace mx::cuda
