#include "backend/common/elemwise/rounding.h"

#include "backend/cpu/elemwise/rows.h"

namespace mx::cpu {
namespace {

const RowKernels kernels(math::kRounding);

}  // namespace
}  // namespace mx::cpu
