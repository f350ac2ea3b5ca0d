#include "ops/optimizer/sgd.h"

#include "backend/cpu/sparse/optimizer/lazy.h"

namespace mx {
namespace {

using namespace optimizer;

template <bool every_row>
void sgd(const Params& params, KernelContext&, std::span<SparseTensor> in,
         std::span<SparseTensor> out) {
  const auto& p = params.as<SgdParam>();
  const SgdStep step{p.lr, p.wd, 0, p.rescale_grad, p.clip_gradient};
  update_rows<SgdRule, every_row>(step, in, out[0], "sgd_update", std::index_sequence<>{});
}

template <bool every_row>
void sgd_mom(const Params& params, KernelContext&, std::span<SparseTensor> in,
             std::span<SparseTensor> out) {
  const auto& p = params.as<SgdMomentumParam>();
  const SgdStep step{p.lr, p.wd, p.momentum, p.rescale_grad, p.clip_gradient};
  update_rows<MomentumRule, every_row>(step, in, out[0], "sgd_mom_update",
                                       std::index_sequence<0>{});
}

const KernelBuilder k1 =
    KernelBuilder("sgd_update", "lazy").refuse(refuse_unless_lazy<SgdParam>).run_sparse(sgd<false>);
const KernelBuilder k2 = KernelBuilder("sgd_mom_update", "lazy")
                             .refuse(refuse_unless_lazy<SgdMomentumParam>)
                             .run_sparse(sgd_mom<false>);
const KernelBuilder k3 = KernelBuilder("sgd_update", "every_row")
                             .refuse(refuse_unless_every_row<SgdParam>)
                             .run_sparse(sgd<true>);
const KernelBuilder k4 = KernelBuilder("sgd_mom_update", "every_row")
                             .refuse(refuse_unless_every_row<SgdMomentumParam>)
                             .run_sparse(sgd_mom<true>);

}  // namespace
}  // namespace mx
