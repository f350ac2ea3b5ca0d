#include "backend/common/elemwise/modulo.h"

#include "backend/cpu/elemwise/rows.h"

namespace mx::cpu {
namespace {

const RowKernels kernels(math::kModulo);

}  // namespace
}  // namespace mx::cpu
