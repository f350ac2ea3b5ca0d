#include "backend/common/elemwise/comparison.h"

#include "backend/cpu/elemwise/rows.h"

namespace mx::cpu {
namespace {

const RowKernels kernels(math::kComparison);

}  // namespace
}  // namespace mx::cpu
