#include "backend/common/elemwise/special.h"

#include "backend/cpu/elemwise/rows.h"

namespace mx::cpu {
namespace {

const RowKernels kernels(math::kSpecial);

}  // namespace
}  // namespace mx::cpu
