// Sums and means.
#include "backend/cpu/reduce/loops.h"

namespace mx::cpu {
namespace {

const KernelBuilder k1 = KernelBuilder("sum", "native").run(reduce_kernel<math::SumOf>);
const KernelBuilder k2 =
    KernelBuilder("mean", "native").run(reduce_kernel<math::SumOf, Finish::kMean>);
const KernelBuilder k3 = KernelBuilder("nansum", "native").run(reduce_kernel<math::NanSumOf>);

}  // namespace
}  // namespace mx::cpu
