#include "ops/optimizer/signum.h"

#include "ops/optimizer/common.h"

namespace mx {
namespace {

using namespace optimizer;

void infer_all(ShapeContext& c) { unify_first(c, c.num_in()); }

const OpBuilder signsgd = OpBuilder("signsgd_update")
                              .doc("weight = (1 - lr * wd) * weight - lr * sign(grad)")
                              .params<SignSgdParam>()
                              .input("weight", "The parameter.")
                              .input("grad", "Its gradient.")
                              .infer_shape(infer_all)
                              .not_differentiable(kUpdate)
                              .inplace(0, 0);

const OpBuilder signum =
    OpBuilder("signum_update")
        .doc("Steps in the direction of the momentum's sign (arXiv:1802.04434).")
        .params<SignumParam>()
        .input("weight", "The parameter.")
        .input("grad", "Its gradient.")
        .auxiliary("mom", "Running mean of the gradient, negated.")
        .infer_shape(infer_all)
        .not_differentiable(kUpdate)
        .inplace(0, 0);

}  // namespace
}  // namespace mx
