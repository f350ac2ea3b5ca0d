#include "ops/optimizer/group_adagrad.h"

#include "ops/optimizer/common.h"

namespace mx {
namespace {

using namespace optimizer;

void infer_group_adagrad(ShapeContext& c) {
  unify_first(c, 2);
  if (!c.in(0).has_rank()) return;
  if (c.in(0).ndim() == 0) c.fail_in(0, "is a scalar; expected rows");
  Shape history = Shape::filled(c.in(0).ndim(), 1);
  history[0] = c.in(0)[0];
  c.set_in(2, history);
}

const OpBuilder group_adagrad =
    OpBuilder("_contrib_group_adagrad_update")
        .doc("Adagrad with one sum of mean squared gradients for each row of the weight.")
        .params<GroupAdagradParam>()
        .input("weight", "The parameter.")
        .input("grad", "Its gradient; of a row-sparse one the stored rows are updated.")
        .auxiliary("history", "(rows, 1, ...) sums of the means of squared gradients.")
        .infer_shape(infer_group_adagrad)
        .infer_storage(infer::first_storage)
        .not_differentiable(kUpdate)
        .inplace(0, 0);

}  // namespace
}  // namespace mx
