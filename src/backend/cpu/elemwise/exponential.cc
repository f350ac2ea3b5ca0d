#include "backend/common/elemwise/exponential.h"

#include "backend/cpu/elemwise/rows.h"

namespace mx::cpu {
namespace {

const RowKernels kernels(math::kExponential);

}  // namespace
}  // namespace mx::cpu
