#include "ops/indexing/one_hot.h"

#include "backend/cpu/common/fill.h"
#include "backend/cpu/common/indices.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// Rows of `depth` elements: `off`, and `on` at the row's index where that is one of them.
void write_rows(const Tensor& indices, const Tensor& out, int64_t depth, double on, double off,
                KernelContext& context) {
  fill_value(out, off);
  const int64_t* at = widen_indices(indices, context);
  const Tensor number{context.scratch->get(16), {1}, out.dtype};
  fill_value(number, on);
  visit_width(out.dtype, [&]<typename T>(TypeTag<T>) {
    for (int64_t i = 0; i < indices.size(); ++i)
      if (at[i] >= 0 && at[i] < depth) out.as<T>()[i * depth + at[i]] = *number.as<T>();
  });
}

void one_hot(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<OneHotParam>();
  write_rows(in[0], out[0], p.depth, p.on_value, p.off_value, context);
}

void onehot_encode(const Params&, KernelContext& context, Inputs in, Outputs out) {
  write_rows(in[0], out[0], out[0].shape.back(), 1, 0, context);
}

const KernelBuilder k1 = KernelBuilder("one_hot", "native").run(one_hot);
const KernelBuilder k2 = KernelBuilder("_onehot_encode", "native").run(onehot_encode);

}  // namespace
}  // namespace mx
