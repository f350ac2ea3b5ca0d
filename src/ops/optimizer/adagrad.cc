#include "ops/optimizer/adagrad.h"

#include "ops/optimizer/common.h"

namespace mx {
namespace {

using namespace optimizer;

const OpBuilder adagrad =
    OpBuilder("_sparse_adagrad_update")
        .doc("Steps divided by the root of the sum of squared gradients (Duchi et al. 2011).")
        .params<AdagradParam>()
        .input("weight", "The parameter.")
        .input("grad", "Its gradient; of a row-sparse one the stored rows are updated.")
        .auxiliary("history", "Sum of squared gradients.")
        .infer_shape([](ShapeContext& c) { unify_first(c, c.num_in()); })
        .infer_storage(infer::first_storage)
        .not_differentiable(kUpdate)
        .inplace(0, 0);

}  // namespace
}  // namespace mx
