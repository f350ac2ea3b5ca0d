#include "ops/optimizer/group_adagrad.h"

#include "backend/cpu/optimizer/group_adagrad.h"

namespace mx {
namespace {

using namespace optimizer;

void group_adagrad(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const int64_t rows = out[0].shape[0], width = out[0].shape.size(1, out[0].ndim());
  visit_floating(out[0].dtype, "_contrib_group_adagrad_update", [&]<typename T>(TypeTag<T>) {
    const GroupAdagradRow<T> update(params.as<GroupAdagradParam>(), width);
    parallel_for(rows, std::max<int64_t>(1, kGrain / (width + 1)), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r)
        update(in[0].as<T>() + r * width, in[1].as<T>() + r * width, in[2].as<T>()[r],
               out[0].as<T>() + r * width);
    });
  });
}

const KernelBuilder k1 =
    KernelBuilder("_contrib_group_adagrad_update", "native").run(group_adagrad);

}  // namespace
}  // namespace mx
