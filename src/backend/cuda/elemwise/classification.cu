#include "backend/common/elemwise/classification.h"
#include "backend/cuda/elemwise/rows.cuh"

namespace mx::cuda {
namespace {

const RowKernels kernels(math::kClassification);

}  // namespace
}  // namespace mx::cuda
