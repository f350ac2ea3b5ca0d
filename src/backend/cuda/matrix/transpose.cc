#include "backend/common/matrix/transpose.h"

#include "backend/cuda/matrix/mover.h"

namespace mx::cuda {
namespace {

const moves::TransposeKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cuda
