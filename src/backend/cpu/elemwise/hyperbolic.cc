#include "backend/common/elemwise/hyperbolic.h"

#include "backend/cpu/elemwise/rows.h"

namespace mx::cpu {
namespace {

const RowKernels kernels(math::kHyperbolic);

}  // namespace
}  // namespace mx::cpu
