#include "backend/cpu/convert.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void cast_one(const Tensor& in, const Tensor& out) {
  const int64_t from = dtype_size(in.dtype), to = dtype_size(out.dtype);
  parallel_for(in.size(), 1 << 15, [&](int64_t begin, int64_t end) {
    convert_elements(in.dtype, in.as<char>() + begin * from, out.dtype, out.as<char>() + begin * to,
                     end - begin);
  });
}

void cast(const Params&, KernelContext&, Inputs in, Outputs out) {
  for (size_t i = 0; i < in.size(); ++i) cast_one(in[i], out[i]);
}

const KernelBuilder k1 = KernelBuilder("Cast", "native").run(cast);
const KernelBuilder k2 = KernelBuilder("amp_cast", "native").run(cast);
const KernelBuilder k3 = KernelBuilder("amp_multicast", "native").run(cast);
const KernelBuilder k4 = KernelBuilder("_copyto", "native").run(cast);

}  // namespace
}  // namespace mx::cpu
