#include "backend/common/elemwise/comparison.h"
#include "backend/cuda/elemwise/rows.cuh"

namespace mx::cuda {
namespace {

const RowKernels kernels(math::kComparison);

}  // namespace
}  // namespace mx::cuda
