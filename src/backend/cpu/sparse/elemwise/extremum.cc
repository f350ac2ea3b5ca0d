// The larger and the smaller of two sparse arrays of one kind.
#include "backend/common/elemwise/extremum.h"

#include "backend/cpu/sparse/elemwise/detail/same_kind.h"

namespace mx {
namespace {

const KernelBuilder k1 = same_kind::kernel<math::Maximum>("_maximum");
const KernelBuilder k2 = same_kind::kernel<math::Minimum>("_minimum");

}  // namespace
}  // namespace mx
