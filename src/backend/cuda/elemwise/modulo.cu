#include "backend/common/elemwise/modulo.h"
#include "backend/cuda/elemwise/rows.cuh"

namespace mx::cuda {
namespace {

const RowKernels kernels(math::kModulo);

}  // namespace
}  // namespace mx::cuda
