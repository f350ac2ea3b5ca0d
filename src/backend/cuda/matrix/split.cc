#include "backend/common/matrix/split.h"

#include "backend/cuda/matrix/mover.h"

namespace mx::cuda {
namespace {

const moves::SplitKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cuda
