// The larger and the smaller of two.
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = flat_kernel("_maximum", binary_kernel<math::Maximum>);
const KernelBuilder k2 = plain_kernel("broadcast_maximum", binary_kernel<math::Maximum>);
const KernelBuilder k3 = plain_kernel("_maximum_scalar", scalar_kernel<math::Maximum>);
const KernelBuilder k4 = flat_kernel("_minimum", binary_kernel<math::Minimum>);
const KernelBuilder k5 = plain_kernel("broadcast_minimum", binary_kernel<math::Minimum>);
const KernelBuilder k6 = plain_kernel("_minimum_scalar", scalar_kernel<math::Minimum>);

}  // namespace
}  // namespace mx::cpu
