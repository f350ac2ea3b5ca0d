#include "ops/optimizer/adam.h"

#include "backend/cpu/sparse/optimizer/lazy.h"

namespace mx {
namespace {

using namespace optimizer;

template <bool every_row>
void adam(const Params& params, KernelContext&, std::span<SparseTensor> in,
          std::span<SparseTensor> out) {
  update_rows<AdamRule, every_row>(params.as<AdamParam>(), in, out[0], "adam_update",
                                   std::index_sequence<0, 1>{});
}

const KernelBuilder k1 = KernelBuilder("adam_update", "lazy")
                             .refuse(refuse_unless_lazy<AdamParam>)
                             .run_sparse(adam<false>);
const KernelBuilder k2 = KernelBuilder("adam_update", "every_row")
                             .refuse(refuse_unless_every_row<AdamParam>)
                             .run_sparse(adam<true>);

}  // namespace
}  // namespace mx
