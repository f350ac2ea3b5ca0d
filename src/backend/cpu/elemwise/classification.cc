#include "backend/common/elemwise/classification.h"

#include "backend/cpu/elemwise/rows.h"

namespace mx::cpu {
namespace {

const RowKernels kernels(math::kClassification);

}  // namespace
}  // namespace mx::cpu
