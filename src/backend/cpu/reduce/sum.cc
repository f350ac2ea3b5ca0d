// Sum, mean and product.
#include "backend/cpu/reduce/loops.h"
#include "ir/common_params.h"
#include "ops/reduce/axes.h"

namespace mx::cpu {
namespace {

template <typename R, Finish finish>
void reduce_kernel(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  static constexpr ReduceTable table = reduce_loops<R>();
  const auto& p = params.as<ReduceParam>();
  const auto axes = reduce::reduced_axes(p.axis, p.exclude, in[0].ndim(), "reduce");
  reduce(table, finish, in[0], axes, out[0], context);
}

const KernelBuilder k1 =
    KernelBuilder("sum", "native").run(reduce_kernel<math::SumOf, Finish::kNothing>);

}  // namespace
}  // namespace mx::cpu
