#include "backend/common/elemwise/bitwise.h"
#include "backend/cuda/elemwise/rows.cuh"

namespace mx::cuda {
namespace {

const RowKernels kernels(math::kBitwise);

}  // namespace
}  // namespace mx::cuda
