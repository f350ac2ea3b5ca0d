#include "backend/common/elemwise/arithmetic.h"

#include "backend/cpu/elemwise/rows.h"

namespace mx::cpu {
namespace {

const RowKernels kernels(math::kArithmetic);

}  // namespace
}  // namespace mx::cpu
