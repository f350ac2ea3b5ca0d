#include "backend/common/matrix/crop.h"

#include "backend/cuda/matrix/mover.h"

namespace mx::cuda {
namespace {

const moves::CropKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cuda
