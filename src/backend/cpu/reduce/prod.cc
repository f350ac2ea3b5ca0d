// Products.
#include "backend/cpu/reduce/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = KernelBuilder("prod", "native").run(reduce_kernel<math::ProductOf>);
const KernelBuilder k2 = KernelBuilder("nanprod", "native").run(reduce_kernel<math::NanProductOf>);

}  // namespace
}  // namespace mx::cpu
