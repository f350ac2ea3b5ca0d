#include "ops/optimizer/ftrl.h"

#include "ops/optimizer/common.h"

namespace mx {
namespace {

using namespace optimizer;

void infer_all(ShapeContext& c) { unify_first(c, c.num_in()); }

const OpBuilder ftrl = OpBuilder("ftrl_update")
                           .alias("_sparse_ftrl_update")
                           .doc("Follow the regularised leader (McMahan et al. 2013).")
                           .params<FtrlParam>()
                           .input("weight", "The parameter.")
                           .input("grad", "Its gradient.")
                           .auxiliary("z", "Sum of adjusted gradients.")
                           .auxiliary("n", "Sum of squared gradients.")
                           .infer_shape(infer_all)
                           .infer_storage(infer::first_storage)
                           .not_differentiable(kUpdate)
                           .inplace(0, 0);

const OpBuilder ftml = OpBuilder("ftml_update")
                           .doc("Follow the moving leader (Zheng and Kwok 2017).")
                           .params<FtmlParam>()
                           .input("weight", "The parameter.")
                           .input("grad", "Its gradient.")
                           .auxiliary("d", "Scale of the last step.")
                           .auxiliary("v", "Running mean of squared gradients.")
                           .auxiliary("z", "Running sum that the weight follows.")
                           .infer_shape(infer_all)
                           .not_differentiable(kUpdate)
                           .inplace(0, 0);

}  // namespace
}  // namespace mx
