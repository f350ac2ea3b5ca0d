#include "backend/common/elemwise/extremum.h"
#include "backend/cuda/elemwise/rows.cuh"

namespace mx::cuda {
namespace {

const RowKernels kernels(math::kExtremum);

}  // namespace
}  // namespace mx::cuda
