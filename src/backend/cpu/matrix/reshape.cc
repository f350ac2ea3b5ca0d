// Reshape and the other views: one copy, or nothing when the output shares the input's memory.
#include "ops/matrix/reshape.h"

#include "backend/cpu/common/strided_copy.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

void copy_view(const Params&, KernelContext&, Inputs in, Outputs out) {
  if (in[0].data == out[0].data) return;
  strided_copy(in[0].data, out[0].data, {{out[0].size(), 1, 1}}, dtype_size(out[0].dtype));
}

const KernelBuilder k1 = KernelBuilder("Reshape", "native").run(copy_view);
const KernelBuilder k2 = KernelBuilder("Flatten", "native").run(copy_view);
const KernelBuilder k3 = KernelBuilder("expand_dims", "native").run(copy_view);
const KernelBuilder k4 = KernelBuilder("squeeze", "native").run(copy_view);
const KernelBuilder k5 = KernelBuilder("reshape_like", "native").run(copy_view);
const KernelBuilder k6 = KernelBuilder("_backward_reshape", "native").run(copy_view);

}  // namespace
}  // namespace mx
