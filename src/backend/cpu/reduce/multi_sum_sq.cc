// Sums of squares of many arrays: one reduction after the other, each shared out among the threads.
#include "ops/reduce/multi_sum_sq.h"

#include "backend/cpu/reduce/loops.h"

namespace mx::cpu {
namespace {

void multi_sum_sq(const Params&, KernelContext& context, Inputs in, Outputs out) {
  static constexpr ReduceTable square = wide_reduce_loops<math::SquareSumOf>();
  for (size_t i = 0; i < in.size(); ++i) {
    const Tensor target{out[0].as<float>() + i, Shape{1}, DType::kFloat32};
    const std::vector<bool> all(static_cast<size_t>(in[i].ndim()), true);
    reduce(square, Finish::kNothing, in[i], all, target, context);
  }
}

const KernelBuilder k1 = KernelBuilder("multi_sum_sq", "native").run(multi_sum_sq);

}  // namespace
}  // namespace mx::cpu
