#include "backend/common/matrix/concat.h"

#include "backend/cpu/matrix/mover.h"

namespace mx::cpu {
namespace {

const moves::ConcatKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cpu
