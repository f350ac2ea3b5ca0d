#include "backend/common/elemwise/power.h"
#include "backend/cuda/elemwise/rows.cuh"

namespace mx::cuda {
namespace {

const RowKernels kernels(math::kPower);

}  // namespace
}  // namespace mx::cuda
