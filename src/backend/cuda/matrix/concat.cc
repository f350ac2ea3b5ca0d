#include "backend/common/matrix/concat.h"

#include "backend/cuda/matrix/mover.h"

namespace mx::cuda {
namespace {

const moves::ConcatKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cuda
