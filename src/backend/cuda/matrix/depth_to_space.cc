#include "backend/common/matrix/depth_to_space.h"

#include "backend/cuda/matrix/mover.h"

namespace mx::cuda {
namespace {

const moves::DepthToSpaceKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cuda
