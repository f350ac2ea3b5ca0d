#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void shape_array(const Params&, KernelContext&, Inputs in, Outputs out) {
  std::copy_n(in[0].shape.data(), in[0].ndim(), out[0].as<int64_t>());
}

void size_array(const Params&, KernelContext&, Inputs in, Outputs out) {
  *out[0].as<int64_t>() = in[0].size();
}

const KernelBuilder k1 = KernelBuilder("shape_array", "native").run(shape_array);
const KernelBuilder k2 = KernelBuilder("size_array", "native").run(size_array);

}  // namespace
}  // namespace mx::cpu
