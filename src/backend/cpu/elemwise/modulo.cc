// Remainders with the sign of the divisor.
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = plain_kernel("_mod", binary_kernel<math::Modulo, 100>);
const KernelBuilder k2 = plain_kernel("broadcast_mod", binary_kernel<math::Modulo, 100>);
const KernelBuilder k3 = plain_kernel("_mod_scalar", scalar_kernel<math::Modulo, false, 100>);
const KernelBuilder k4 = plain_kernel("_rmod_scalar", scalar_kernel<math::Modulo, true, 100>);

}  // namespace
}  // namespace mx::cpu
