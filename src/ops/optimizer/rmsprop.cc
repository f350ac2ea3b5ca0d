#include "ops/optimizer/rmsprop.h"

#include "ops/optimizer/common.h"

namespace mx {
namespace {

using namespace optimizer;

void infer_all(ShapeContext& c) { unify_first(c, c.num_in()); }

const OpBuilder rmsprop = OpBuilder("rmsprop_update")
                              .doc("Steps divided by the root of a running mean of squares.")
                              .params<RmspropParam>()
                              .input("weight", "The parameter.")
                              .input("grad", "Its gradient.")
                              .auxiliary("n", "Running mean of squared gradients.")
                              .infer_shape(infer_all)
                              .not_differentiable(kUpdate)
                              .inplace(0, 0);

const OpBuilder alex = OpBuilder("rmspropalex_update")
                           .doc("RMSProp with momentum and a centred mean (arXiv:1308.0850).")
                           .params<RmspropAlexParam>()
                           .input("weight", "The parameter.")
                           .input("grad", "Its gradient.")
                           .auxiliary("n", "Running mean of squared gradients.")
                           .auxiliary("g", "Running mean of gradients.")
                           .auxiliary("delta", "The last step.")
                           .infer_shape(infer_all)
                           .not_differentiable(kUpdate)
                           .inplace(0, 0);

}  // namespace
}  // namespace mx
