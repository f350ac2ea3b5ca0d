#include "backend/common/matrix/reverse.h"

#include "backend/cpu/matrix/mover.h"

namespace mx::cpu {
namespace {

const moves::ReverseKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cpu
