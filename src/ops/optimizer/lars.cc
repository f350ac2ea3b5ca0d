#include "ops/optimizer/lars.h"

#include "ops/optimizer/common.h"

namespace mx {
namespace {

using namespace optimizer;

const OpBuilder multi_lars =
    OpBuilder("multi_lars")
        .doc("Learning rates of layers from the norms of weights and gradients (arXiv:1708.03888).")
        .params<MultiLarsParam>()
        .input("lrs", "Learning rate of each weight.")
        .input("weights_sum_sq", "Squared norm of each weight.")
        .input("grads_sum_sq", "Squared norm of each gradient.")
        .input("wds", "Weight decay of each weight.")
        .not_differentiable(kUpdate)
        .inplace(0, 0);

}  // namespace
}  // namespace mx
