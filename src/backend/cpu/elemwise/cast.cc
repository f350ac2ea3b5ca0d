#include "backend/cpu/convert.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void cast(const Params&, KernelContext&, Inputs in, Outputs out) {
  const int64_t from = dtype_size(in[0].dtype), to = dtype_size(out[0].dtype);
  parallel_for(in[0].size(), 1 << 15, [&](int64_t begin, int64_t end) {
    convert_elements(in[0].dtype, in[0].as<char>() + begin * from, out[0].dtype,
                     out[0].as<char>() + begin * to, end - begin);
  });
}

const KernelBuilder k1 = KernelBuilder("Cast", "native").run(cast);

}  // namespace
}  // namespace mx::cpu
