#include "backend/common/matrix/transpose.h"

#include "backend/cpu/matrix/mover.h"

namespace mx::cpu {
namespace {

const moves::TransposeKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cpu
