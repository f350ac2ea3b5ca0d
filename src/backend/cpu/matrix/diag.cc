#include "backend/common/matrix/diag.h"

#include "backend/cpu/matrix/mover.h"

namespace mx::cpu {
namespace {

const moves::DiagKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cpu
