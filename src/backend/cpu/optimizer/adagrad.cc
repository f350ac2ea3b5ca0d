#include "ops/optimizer/adagrad.h"

#include "backend/cpu/optimizer/update.h"

namespace mx {
namespace {

using namespace optimizer;

void adagrad(const Params& params, KernelContext&, Inputs in, Outputs out) {
  visit_weight(in[0], in[1], nullptr, out[0], "_sparse_adagrad_update",
               [&]<typename W, typename S>(const W& weight, const auto* grad, TypeTag<S>) {
                 const AdagradRule<typename W::Compute> rule(params.as<AdagradParam>());
                 apply_rule(rule, out[0].size(), weight, grad, in[2].as<S>());
               });
}

const KernelBuilder k1 = KernelBuilder("_sparse_adagrad_update", "native").run(adagrad);

}  // namespace
}  // namespace mx
