#include "backend/common/matrix/crop.h"

#include "backend/cpu/matrix/mover.h"

namespace mx::cpu {
namespace {

const moves::CropKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cpu
