#include "backend/common/elemwise/sign.h"
#include "backend/cuda/elemwise/rows.cuh"

namespace mx::cuda {
namespace {

const RowKernels kernels(math::kSign);

}  // namespace
}  // namespace mx::cuda
