// Sums, differences and products of two sparse arrays of one kind.
#include "backend/cpu/sparse/elemwise/detail/same_kind.h"

namespace mx {
namespace {

const KernelBuilder k1 = same_kind::kernel<math::Add>("elemwise_add");
const KernelBuilder k2 = same_kind::kernel<math::Add>("_grad_add");
const KernelBuilder k3 = same_kind::kernel<math::Subtract>("elemwise_sub");
const KernelBuilder k4 = same_kind::kernel<math::Multiply>("elemwise_mul");

}  // namespace
}  // namespace mx
