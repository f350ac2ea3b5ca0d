#include "backend/common/matrix/split.h"

#include "backend/cpu/matrix/mover.h"

namespace mx::cpu {
namespace {

const moves::SplitKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cpu
