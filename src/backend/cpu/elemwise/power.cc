// Powers and hypotenuses.
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = plain_kernel("_power", binary_kernel<math::Power, 200>);
const KernelBuilder k2 = plain_kernel("broadcast_power", binary_kernel<math::Power, 200>);
const KernelBuilder k3 = plain_kernel("_power_scalar", scalar_kernel<math::Power, false, 200>);
const KernelBuilder k4 = plain_kernel("_rpower_scalar", scalar_kernel<math::Power, true, 200>);
const KernelBuilder k5 = flat_kernel("_hypot", binary_kernel<math::Hypot, 50>);
const KernelBuilder k6 = plain_kernel("broadcast_hypot", binary_kernel<math::Hypot, 50>);
const KernelBuilder k7 = plain_kernel("_hypot_scalar", scalar_kernel<math::Hypot, false, 50>);

}  // namespace
}  // namespace mx::cpu
