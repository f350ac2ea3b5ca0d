#include "backend/cpu/convert.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

template <int value>
void fill(const Params&, KernelContext&, Inputs, Outputs out) {
  const DType dtype = out[0].dtype;
  const double number = value;
  uint64_t bits = 0;
  convert_elements(DType::kFloat64, &number, dtype, &bits, 1);
  visit_width(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* target = out[0].as<T>();
    parallel_for(out[0].size(), 1 << 16, [&](int64_t begin, int64_t end) {
      std::fill(target + begin, target + end, static_cast<T>(bits));
    });
  });
}

const KernelBuilder k1 = KernelBuilder("zeros_like", "native").run(fill<0>);
const KernelBuilder k2 = KernelBuilder("ones_like", "native").run(fill<1>);

}  // namespace
}  // namespace mx::cpu
