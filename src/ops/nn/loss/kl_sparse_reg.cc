// Sparse activations: the identity, whose gradient pulls the mean of each channel to a target.
#include "ops/nn/loss/kl_sparse_reg.h"

#include <algorithm>

#include "ir/common_params.h"
#include "ir/op.h"
#include "ops/matrix/reshape.h"

namespace mx {
namespace {

void infer_kl_shape(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  if (data.ndim() < 2) c.fail_in(0, "has ", data.ndim(), " axes; expected at least 2");
  c.set_in(1, Shape{data[1]});
  c.set_out(1, Shape{data[1]});
}

void infer_kl_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  const DType data = c.in(0);
  if (data == DType::kUnknown) return;
  if (!is_floating(data))
    fail(ErrorKind::kType, c.op_name(), ": data has dtype ", dtype_name(data),
         "; expected a floating dtype");
  c.set_in(1, data);
  c.set_out(1, data);
}

void decompose_kl(DecomposeContext& c) {
  const Shape& data = c.in_shape(0);
  Shape axes{};
  int64_t count = 1;
  for (int axis = 0; axis < data.ndim(); ++axis) {
    if (axis == 1) continue;
    axes.push_back(axis);
    count *= data[axis];
  }
  const double share = 1.0 / static_cast<double>(std::max<int64_t>(count, 1));
  const Value mean = c.mul_scalar(c.sum(c.in(0), axes, false), share);
  c.set(0, c.call("_copy", {c.in(0)}));
  c.set(1, c.call("_move_average", {mean, c.in(1)}, c.raw_params()));
}

/// The derivative of the divergence of two coins, one that shows heads as often as the target says
/// and one with the average. The average itself counts as a constant.
void kl_gradient(GradContext& g) {
  const auto& p = g.params<KlSparseRegParam>();
  const Value& average = g.out(1);
  const double target = p.sparseness_target;
  const Value on = g.call("_rdiv_scalar", {average}, ScalarParam{-target});
  const Value rest = g.call("_rminus_scalar", {average}, ScalarParam{1.0});
  const Value off = g.call("_rdiv_scalar", {rest}, ScalarParam{1.0 - target});
  Value slope = g.mul_scalar(g.add(on, off), p.penalty);
  for (int axis = 0; axis < g.in_shape(0).ndim(); ++axis)
    if (axis != 1) slope = g.call("expand_dims", {std::move(slope)}, ExpandDimsParam{axis});
  g.set(0, g.call("broadcast_add", {g.d_out(), slope}));
}

const OpBuilder kl_sparse_reg =
    OpBuilder("IdentityAttachKLSparseReg")
        .doc(
            "A copy of data whose gradient keeps channels, which have values between 0 and 1, "
            "sparse: penalty * (-target / average + (1 - target) / (1 - average)) is added to it, "
            "with the moving average of the channel. Training moves the averages.")
        .params<KlSparseRegParam>()
        .input("data", "(batch, channels, ...)")
        .auxiliary("moving_avg", "(channels,) moving averages of the means")
        .trait("init.moving_avg", R"(["zero", {}])")
        .outputs({"output", "average"})
        .num_visible_outputs([](const Params&) -> uint32_t { return 1; })
        .infer_shape(infer_kl_shape)
        .infer_dtype(infer_kl_dtype)
        .uses_train_mode()
        .trait("gradient_reads_state")
        .decomposition(decompose_kl)
        .gradient(kl_gradient);

const OpBuilder move_average =
    OpBuilder("_move_average")
        .doc("The moving average, in training moved first: momentum * old + (1 - momentum) * new.")
        .params<KlSparseRegParam>()
        .input("value", "(channels,) new values")
        .auxiliary("average", "(channels,) moving averages")
        .uses_train_mode()
        .zero_gradient("moving averages count as constants");

}  // namespace
}  // namespace mx
