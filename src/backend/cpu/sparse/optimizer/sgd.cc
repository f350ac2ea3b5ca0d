#include "ops/optimizer/sgd.h"

#include "backend/cpu/sparse/optimizer/lazy.h"

namespace mx {
namespace {

using namespace optimizer;

void sgd(const Params& params, KernelContext&, std::span<SparseTensor> in,
         std::span<SparseTensor> out) {
  const auto& p = params.as<SgdParam>();
  const SgdStep step{p.lr, p.wd, 0, p.rescale_grad, p.clip_gradient};
  update_rows<SgdRule>(step, in, out[0], "sgd_update", std::index_sequence<>{});
}

void sgd_mom(const Params& params, KernelContext&, std::span<SparseTensor> in,
             std::span<SparseTensor> out) {
  const auto& p = params.as<SgdMomentumParam>();
  const SgdStep step{p.lr, p.wd, p.momentum, p.rescale_grad, p.clip_gradient};
  update_rows<MomentumRule>(step, in, out[0], "sgd_mom_update", std::index_sequence<0>{});
}

const KernelBuilder k1 =
    KernelBuilder("sgd_update", "lazy").refuse(refuse_unless_lazy<SgdParam>).run_sparse(sgd);
const KernelBuilder k2 = KernelBuilder("sgd_mom_update", "lazy")
                             .refuse(refuse_unless_lazy<SgdMomentumParam>)
                             .run_sparse(sgd_mom);

}  // namespace
}  // namespace mx
