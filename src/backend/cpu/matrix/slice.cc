#include "backend/common/matrix/slice.h"

#include "backend/cpu/matrix/mover.h"

namespace mx::cpu {
namespace {

const moves::SliceKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cpu
