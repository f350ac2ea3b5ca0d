#include "backend/common/elemwise/trigonometric.h"

#include "backend/cpu/elemwise/rows.h"

namespace mx::cpu {
namespace {

const RowKernels kernels(math::kTrigonometric);

}  // namespace
}  // namespace mx::cpu
