#include "backend/common/elemwise/roots.h"

#include "backend/cpu/elemwise/rows.h"

namespace mx::cpu {
namespace {

const RowKernels kernels(math::kRoots);

}  // namespace
}  // namespace mx::cpu
