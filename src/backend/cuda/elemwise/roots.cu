#include "backend/common/elemwise/roots.h"
#include "backend/cuda/elemwise/rows.cuh"

namespace mx::cuda {
namespace {

const RowKernels kernels(math::kRoots);

}  // namespace
}  // namespace mx::cuda
