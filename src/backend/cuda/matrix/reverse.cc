#include "backend/common/matrix/reverse.h"

#include "backend/cuda/matrix/mover.h"

namespace mx::cuda {
namespace {

const moves::ReverseKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cuda
