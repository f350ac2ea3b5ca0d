// Sign and absolute value.
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = flat_kernel("sign", unary_kernel<math::Sign>);
const KernelBuilder k2 = flat_kernel("abs", unary_kernel<math::Abs>);

}  // namespace
}  // namespace mx::cpu
