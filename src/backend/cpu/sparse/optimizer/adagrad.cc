#include "ops/optimizer/adagrad.h"

#include "backend/cpu/sparse/optimizer/lazy.h"

namespace mx {
namespace {

using namespace optimizer;

void adagrad(const Params& params, KernelContext&, std::span<SparseTensor> in,
             std::span<SparseTensor> out) {
  update_rows<AdagradRule>(params.as<AdagradParam>(), in, out[0], "_sparse_adagrad_update",
                           std::index_sequence<0>{});
}

const KernelBuilder k1 =
    KernelBuilder("_sparse_adagrad_update", "lazy").refuse(refuse_not_lazy).run_sparse(adagrad);

}  // namespace
}  // namespace mx
