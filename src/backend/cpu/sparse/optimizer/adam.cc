#include "ops/optimizer/adam.h"

#include "backend/cpu/sparse/optimizer/lazy.h"

namespace mx {
namespace {

using namespace optimizer;

void adam(const Params& params, KernelContext&, std::span<SparseTensor> in,
          std::span<SparseTensor> out) {
  update_rows<AdamRule>(params.as<AdamParam>(), in, out[0], "adam_update",
                        std::index_sequence<0, 1>{});
}

const KernelBuilder k1 =
    KernelBuilder("adam_update", "lazy").refuse(refuse_unless_lazy<AdamParam>).run_sparse(adam);

}  // namespace
}  // namespace mx
