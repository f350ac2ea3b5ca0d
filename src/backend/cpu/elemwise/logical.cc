// Logic on numbers: zero is false. Results are 1 and 0; gradients are zero.
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = plain_kernel("_logical_and", binary_kernel<math::LogicalAnd>);
const KernelBuilder k2 = plain_kernel("broadcast_logical_and", binary_kernel<math::LogicalAnd>);
const KernelBuilder k3 = plain_kernel("_logical_and_scalar", scalar_kernel<math::LogicalAnd>);
const KernelBuilder k4 = plain_kernel("_logical_or", binary_kernel<math::LogicalOr>);
const KernelBuilder k5 = plain_kernel("broadcast_logical_or", binary_kernel<math::LogicalOr>);
const KernelBuilder k6 = plain_kernel("_logical_or_scalar", scalar_kernel<math::LogicalOr>);
const KernelBuilder k7 = plain_kernel("_logical_xor", binary_kernel<math::LogicalXor>);
const KernelBuilder k8 = plain_kernel("broadcast_logical_xor", binary_kernel<math::LogicalXor>);
const KernelBuilder k9 = plain_kernel("_logical_xor_scalar", scalar_kernel<math::LogicalXor>);
const KernelBuilder k10 = plain_kernel("logical_not", unary_kernel<math::LogicalNot>);

}  // namespace
}  // namespace mx::cpu
