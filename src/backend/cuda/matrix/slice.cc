#include "backend/common/matrix/slice.h"

#include "backend/cuda/matrix/mover.h"

namespace mx::cuda {
namespace {

const moves::SliceKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cuda
