// Comparisons give 1 and 0 in the dtype of their operands; gradients are zero.
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = plain_kernel("_equal", binary_kernel<math::Equal>);
const KernelBuilder k2 = plain_kernel("broadcast_equal", binary_kernel<math::Equal>);
const KernelBuilder k3 = plain_kernel("_equal_scalar", scalar_kernel<math::Equal>);
const KernelBuilder k4 = plain_kernel("_not_equal", binary_kernel<math::NotEqual>);
const KernelBuilder k5 = plain_kernel("broadcast_not_equal", binary_kernel<math::NotEqual>);
const KernelBuilder k6 = plain_kernel("_not_equal_scalar", scalar_kernel<math::NotEqual>);
const KernelBuilder k7 = plain_kernel("_lesser", binary_kernel<math::Lesser>);
const KernelBuilder k8 = plain_kernel("broadcast_lesser", binary_kernel<math::Lesser>);
const KernelBuilder k9 = plain_kernel("_lesser_scalar", scalar_kernel<math::Lesser>);
const KernelBuilder k10 = plain_kernel("_lesser_equal", binary_kernel<math::LesserEqual>);
const KernelBuilder k11 = plain_kernel("broadcast_lesser_equal", binary_kernel<math::LesserEqual>);
const KernelBuilder k12 = plain_kernel("_lesser_equal_scalar", scalar_kernel<math::LesserEqual>);
const KernelBuilder k13 = plain_kernel("_greater", binary_kernel<math::Greater>);
const KernelBuilder k14 = plain_kernel("broadcast_greater", binary_kernel<math::Greater>);
const KernelBuilder k15 = plain_kernel("_greater_scalar", scalar_kernel<math::Greater>);
const KernelBuilder k16 = plain_kernel("_greater_equal", binary_kernel<math::GreaterEqual>);
const KernelBuilder k17 =
    plain_kernel("broadcast_greater_equal", binary_kernel<math::GreaterEqual>);
const KernelBuilder k18 = plain_kernel("_greater_equal_scalar", scalar_kernel<math::GreaterEqual>);

}  // namespace
}  // namespace mx::cpu
