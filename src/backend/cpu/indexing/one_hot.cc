#include "ops/indexing/one_hot.h"

#include "backend/cpu/common/fill.h"
#include "backend/cpu/common/indices.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// Rows of `depth` elements: `off`, and `on` at the row's index where that is one of them.
void write_rows(const Tensor& indices, const Tensor& out, int64_t depth, double on, double off,
                KernelContext& context) {
  const Tensor two{context.scratch->get(32), {2}, out.dtype};
  fill_value(two, off);
  fill_value({two.data, {1}, out.dtype}, on);
  visit_width(out.dtype, [&]<typename T>(TypeTag<T>) {
    const T one = two.as<T>()[0], zero = two.as<T>()[1];
    for_index_blocks(indices, 2 + 0.1 * static_cast<double>(depth),
                     [&](int64_t first, int64_t n, const int64_t* index) {
                       T* rows = out.as<T>() + first * depth;
                       std::fill_n(rows, n * depth, zero);
                       for (int64_t i = 0; i < n; ++i)
                         if (index[i] >= 0 && index[i] < depth) rows[i * depth + index[i]] = one;
                     });
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
