// Hypotenuses of two sparse arrays of one kind.
#include "backend/common/elemwise/power.h"

#include "backend/cpu/sparse/elemwise/detail/same_kind.h"

namespace mx {
namespace {

const KernelBuilder k1 = same_kind::kernel<math::Hypot>("_hypot");

}  // namespace
}  // namespace mx
