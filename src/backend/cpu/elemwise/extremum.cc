#include "backend/common/elemwise/extremum.h"

#include "backend/cpu/elemwise/rows.h"

namespace mx::cpu {
namespace {

const RowKernels kernels(math::kExtremum);

}  // namespace
}  // namespace mx::cpu
