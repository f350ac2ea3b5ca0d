#include "backend/common/elemwise/bitwise.h"

#include "backend/cpu/elemwise/rows.h"

namespace mx::cpu {
namespace {

const RowKernels kernels(math::kBitwise);

}  // namespace
}  // namespace mx::cpu
