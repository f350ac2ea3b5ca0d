// Moving averages of channels; the rest of IdentityAttachKLSparseReg are other operators.
#include "ops/nn/loss/kl_sparse_reg.h"

#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void move_average(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const float momentum = params.as<KlSparseRegParam>().momentum;
  visit_floating(in[0].dtype, "_move_average", [&](auto tag) {
    using T = typename decltype(tag)::type;
    using C = ComputeType<T>;
    const C keep = static_cast<C>(momentum);
    const T* value = in[0].as<T>();
    T *average = in[1].as<T>(), *moved = out[0].as<T>();
    for (int64_t i = 0; i < out[0].size(); ++i) {
      if (context.is_train)
        average[i] = static_cast<T>(keep * static_cast<C>(average[i]) +
                                    (1 - keep) * static_cast<C>(value[i]));
      moved[i] = average[i];
    }
  });
}

const KernelBuilder kernel = KernelBuilder("_move_average", "native").run(move_average);

}  // namespace
}  // namespace mx::cpu
