#include "backend/common/matrix/diag.h"

#include "backend/cuda/matrix/mover.h"

namespace mx::cuda {
namespace {

const moves::DiagKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cuda
