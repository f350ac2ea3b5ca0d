// Square, roots and their reciprocals.
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = flat_kernel("square", unary_kernel<math::Square>);
const KernelBuilder k2 = flat_kernel("sqrt", unary_kernel<math::Sqrt, 5>);

}  // namespace
}  // namespace mx::cpu
