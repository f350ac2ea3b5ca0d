// Square, roots and their reciprocals.
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = flat_kernel("square", unary_kernel<math::Square>);
const KernelBuilder k2 = flat_kernel("sqrt", unary_kernel<math::Sqrt, 5>);
const KernelBuilder k3 = plain_kernel("rsqrt", unary_kernel<math::ReciprocalSqrt, 8>);
const KernelBuilder k4 = flat_kernel("cbrt", unary_kernel<math::CubeRoot, 120>);
const KernelBuilder k5 = plain_kernel("rcbrt", unary_kernel<math::ReciprocalCubeRoot, 120>);
const KernelBuilder k6 = plain_kernel("reciprocal", unary_kernel<math::Reciprocal, 5>);

}  // namespace
}  // namespace mx::cpu
