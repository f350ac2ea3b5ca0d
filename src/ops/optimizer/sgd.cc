#include "ops/optimizer/sgd.h"

#include "ops/optimizer/common.h"

namespace mx {
namespace {

using namespace optimizer;

void infer_all(ShapeContext& c) { unify_first(c, c.num_in()); }

template <typename P>
OpBuilder update_op(const char* name) {
  return OpBuilder(name)
      .params<P>()
      .input("weight", "The parameter.")
      .input("grad", "Its gradient.")
      .infer_shape(infer_all)
      .infer_storage(infer::first_storage)
      .not_differentiable(kUpdate)
      .inplace(0, 0);
}

const OpBuilder sgd = update_op<SgdParam>("sgd_update")
                          .alias("_sparse_sgd_update")
                          .doc("weight = (1 - lr * wd) * weight - lr * clip(rescale_grad * grad)");

const OpBuilder sgd_mom =
    update_op<SgdMomentumParam>("sgd_mom_update")
        .alias("_sparse_sgd_mom_update")
        .doc("mom = momentum * mom - lr * (clip(rescale_grad * grad) + wd * weight); weight += mom")
        .auxiliary("mom", "The last step.");

const OpBuilder mp_sgd = update_op<SgdParam>("mp_sgd_update")
                             .doc("sgd_update with a copy of the weight in float32.")
                             .auxiliary("weight32", "The weight in float32.")
                             .infer_dtype(infer_mixed_dtype);

const OpBuilder mp_sgd_mom = update_op<SgdMomentumParam>("mp_sgd_mom_update")
                                 .doc("sgd_mom_update with a copy of the weight in float32.")
                                 .auxiliary("mom", "The last step, in float32.")
                                 .auxiliary("weight32", "The weight in float32.")
                                 .infer_dtype(infer_mixed_dtype);

const OpBuilder nag = update_op<NagParam>("nag_mom_update")
                          .doc("Gradient descent with Nesterov's momentum.")
                          .auxiliary("mom", "The last step.");

const OpBuilder mp_nag = update_op<NagParam>("mp_nag_mom_update")
                             .doc("nag_mom_update with a copy of the weight in float32.")
                             .auxiliary("mom", "The last step, in float32.")
                             .auxiliary("weight32", "The weight in float32.")
                             .infer_dtype(infer_mixed_dtype);

}  // namespace
}  // namespace mx
