#include "ops/nn/norm/l2_normalization.h"

#include "ir/common_params.h"
#include "ir/op.h"

namespace mx {
namespace {

/// Axes that a norm goes over.
Shape summed_axes(const L2NormalizationParam& p, int ndim) {
  if (p.mode == L2Mode::kChannel) return Shape{1};
  Shape axes{};
  for (int i = p.mode == L2Mode::kSpatial ? 2 : 1; i < ndim; ++i) axes.push_back(i);
  return axes;
}

/// The second output, the norms, is there because 1.9.1's files count it.
void infer_l2_normalization_shape(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  const int needed = c.params<L2NormalizationParam>().mode == L2Mode::kInstance ? 2 : 3;
  if (c.in(0).has_rank() && c.in(0).ndim() < needed)
    c.fail_in(0, "has ", c.in(0).ndim(), " axes; expected at least ", needed);
  if (!c.in(0).has_rank()) return;
  Shape norms = c.in(0);
  for (int64_t axis : summed_axes(c.params<L2NormalizationParam>(), norms.ndim()))
    norms[static_cast<int>(axis)] = 1;
  c.set_out(1, norms);
}

void decompose_l2_normalization(DecomposeContext& c) {
  const auto& p = c.params<L2NormalizationParam>();
  const Shape axes = summed_axes(p, c.in_shape(0).ndim());
  const Value squares = c.sum(c.call("square", {c.in(0)}), axes, true);
  const Value norm = c.call("sqrt", {c.add_scalar(squares, p.eps)});
  c.set(0, c.call("broadcast_div", {c.in(0), norm}));
  c.set(1, norm);
}

const OpBuilder l2_normalization =
    OpBuilder("L2Normalization")
        .doc("data / sqrt(sum(data^2) + eps) over each instance, place or channel.")
        .params<L2NormalizationParam>()
        .input("data", "(batch, channels, ...)")
        .outputs({"output", "norm"})
        .num_visible_outputs([](const Params&) -> uint32_t { return 1; })
        .infer_shape(infer_l2_normalization_shape)
        .decomposition(decompose_l2_normalization);

}  // namespace
}  // namespace mx
