#include "backend/common/matrix/reshape.h"

#include "backend/cpu/matrix/mover.h"

namespace mx::cpu {
namespace {

const moves::ReshapeKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cpu
