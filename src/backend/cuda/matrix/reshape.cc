#include "backend/common/matrix/reshape.h"

#include "backend/cuda/matrix/mover.h"

namespace mx::cuda {
namespace {

const moves::ReshapeKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cuda
