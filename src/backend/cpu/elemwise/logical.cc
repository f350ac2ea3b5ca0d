#include "backend/common/elemwise/logical.h"

#include "backend/cpu/elemwise/rows.h"

namespace mx::cpu {
namespace {

const RowKernels kernels(math::kLogical);

}  // namespace
}  // namespace mx::cpu
