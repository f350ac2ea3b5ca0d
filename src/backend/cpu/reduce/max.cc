// Largest and smallest elements.
#include "backend/cpu/reduce/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = KernelBuilder("max", "native").run(reduce_kernel<math::MaximumOf>);
const KernelBuilder k2 = KernelBuilder("min", "native").run(reduce_kernel<math::MinimumOf>);

}  // namespace
}  // namespace mx::cpu
