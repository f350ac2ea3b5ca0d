#include "ops/nn/norm/group_norm.h"

#include <algorithm>

#include "ir/op.h"
#include "ops/matrix/reshape.h"

namespace mx {
namespace {

void infer_group_norm_shape(ShapeContext& c) {
  const int64_t groups = c.params<GroupNormParam>().num_groups;
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  c.set_in(1, Shape{groups});
  c.set_in(2, Shape{groups});
  if (!c.in(0).has_rank()) return;
  if (c.in(0).ndim() < 3)
    c.fail_in(0, "has ", c.in(0).ndim(), " axes; expected at least 3: batch, channels, places");
  if (c.in(0)[1] >= 0 && c.in(0)[1] % groups != 0)
    c.fail_in(0, "has ", c.in(0)[1], " channels; expected a multiple of num_groups=", groups);
  c.set_out(1, Shape{c.in(0)[0], groups});
  c.set_out(2, Shape{c.in(0)[0], groups});
}

void decompose_group_norm(DecomposeContext& c) {
  const auto& p = c.params<GroupNormParam>();
  const Shape& data = c.in_shape(0);
  const int64_t groups = p.num_groups, size = data.size(1, data.ndim()) / groups;
  const double share = 1.0 / static_cast<double>(std::max<int64_t>(size, 1));
  const Shape along{2}, per_group{1, groups, 1}, flat{data[0], groups};
  const auto reshape = [&](const Value& v, const Shape& shape) {
    return c.call("Reshape", {v}, ReshapeParam{shape});
  };
  const Value rows = reshape(c.in(0), Shape{data[0], groups, size});
  const Value mean = c.mul_scalar(c.sum(rows, along, true), share);
  const Value centred = c.call("broadcast_sub", {rows, mean});
  const Value variance = c.mul_scalar(c.sum(c.call("square", {centred}), along, true), share);
  const Value deviation = c.call("sqrt", {c.add_scalar(variance, p.eps)});
  const Value normal = c.call("broadcast_div", {centred, deviation});
  const Value scaled = c.call("broadcast_mul", {normal, reshape(c.in(1), per_group)});
  const Value out = c.call("broadcast_add", {scaled, reshape(c.in(2), per_group)});
  c.set(0, c.call("reshape_like", {out, c.in(0)}));
  c.set(1, reshape(mean, flat));
  c.set(2, reshape(deviation, flat));
}

const OpBuilder group_norm =
    OpBuilder("GroupNorm")
        .doc(
            "(data - mean) / sqrt(variance + eps) * gamma + beta for each group of channels of "
            "each instance.")
        .params<GroupNormParam>()
        .input("data", "(batch, channels, ...)")
        .parameter("gamma", "(num_groups,) scale")
        .parameter("beta", "(num_groups,) shift")
        .outputs({"output", "mean", "std"})
        .num_visible_outputs([](const Params& params) -> uint32_t {
          return params.as<GroupNormParam>().output_mean_var ? 3 : 1;
        })
        .infer_shape(infer_group_norm_shape)
        .decomposition(decompose_group_norm);

}  // namespace
}  // namespace mx
