#include "backend/common/matrix/depth_to_space.h"

#include "backend/cpu/matrix/mover.h"

namespace mx::cpu {
namespace {

const moves::DepthToSpaceKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cpu
