#include "ops/nn/norm/instance_norm.h"

#include <algorithm>

#include "ir/op.h"
#include "ops/matrix/reshape.h"

namespace mx {
namespace {

/// The further outputs, mean and variance, are there because 1.9.1's files count them.
void infer_instance_norm_shape(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (!c.in(0).has_rank()) return;
  if (c.in(0).ndim() < 3)
    c.fail_in(0, "has ", c.in(0).ndim(), " axes; expected at least 3: batch, channels, places");
  c.set_in(1, Shape{c.in(0)[1]});
  c.set_in(2, Shape{c.in(0)[1]});
  Shape statistics = c.in(0);
  for (int i = 2; i < statistics.ndim(); ++i) statistics[i] = 1;
  c.set_out(1, statistics);
  c.set_out(2, statistics);
}

/// A value for each channel, in a shape that broadcasts with data of `ndim` axes.
Value per_channel(DecomposeContext& c, Value value, int ndim) {
  for (int axis = 0; axis < ndim; ++axis)
    if (axis != 1) value = c.call("expand_dims", {std::move(value)}, ExpandDimsParam{axis});
  return value;
}

void decompose_instance_norm(DecomposeContext& c) {
  const Shape& data = c.in_shape(0);
  Shape axes{};
  for (int i = 2; i < data.ndim(); ++i) axes.push_back(i);
  const double share = 1.0 / static_cast<double>(std::max<int64_t>(data.size(2, data.ndim()), 1));
  const Value mean = c.mul_scalar(c.sum(c.in(0), axes, true), share);
  const Value centred = c.call("broadcast_sub", {c.in(0), mean});
  const Value variance = c.mul_scalar(c.sum(c.call("square", {centred}), axes, true), share);
  const Value inverse =
      c.call("rsqrt", {c.add_scalar(variance, c.params<InstanceNormParam>().eps)});
  const Value scale = c.call("broadcast_mul", {inverse, per_channel(c, c.in(1), data.ndim())});
  const Value scaled = c.call("broadcast_mul", {centred, scale});
  c.set(0, c.call("broadcast_add", {scaled, per_channel(c, c.in(2), data.ndim())}));
  c.set(1, mean);
  c.set(2, variance);
}

const OpBuilder instance_norm =
    OpBuilder("InstanceNorm")
        .doc(
            "(data - mean) / sqrt(variance + eps) * gamma + beta for each channel of each "
            "instance.")
        .params<InstanceNormParam>()
        .input("data", "(batch, channels, ...)")
        .parameter("gamma", "(channels,) scale")
        .parameter("beta", "(channels,) shift")
        .outputs({"output", "mean", "var"})
        .num_visible_outputs([](const Params&) -> uint32_t { return 1; })
        .infer_shape(infer_instance_norm_shape)
        .decomposition(decompose_instance_norm);

}  // namespace
}  // namespace mx
