#include "backend/common/elemwise/sign.h"

#include "backend/cpu/elemwise/rows.h"

namespace mx::cpu {
namespace {

const RowKernels kernels(math::kSign);

}  // namespace
}  // namespace mx::cpu
