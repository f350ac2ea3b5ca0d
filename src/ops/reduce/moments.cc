// Mean and variance together.
// lint: no-kernel (a composition of mean and elementwise operators)
#include "ops/reduce/moments.h"

#include "ops/reduce/common.h"

namespace mx::reduce {
namespace {

std::vector<bool> moment_axes(const MomentsParam& p, int ndim) {
  require(p.axes && !p.axes->empty(),
          "moments: axes=", p.axes ? to_string(*p.axes) : std::string("None"),
          " names no axis; expected at least one, or all of them for global moments");
  return reduced_axes(p.axes, false, ndim, "moments");
}

void infer_moments_shape(ShapeContext& c) {
  if (!c.in(0).has_rank()) return;
  const auto& p = c.params<MomentsParam>();
  const Shape out = reduced_shape(c.in(0), moment_axes(p, c.in(0).ndim()), p.keepdims);
  c.set_out(0, out);
  c.set_out(1, out);
}

/// The variance from differences to the mean, which loses no digits.
void decompose_moments(DecomposeContext& c) {
  const auto& p = c.params<MomentsParam>();
  const ReduceParam kept{p.axes, true}, result{p.axes, p.keepdims};
  const Value mean = c.call("mean", {c.in(0)}, kept);
  const Value difference = c.call("broadcast_sub", {c.in(0), mean});
  c.set(0, c.call("mean", {c.in(0)}, result));
  c.set(1, c.call("mean", {c.call("square", {difference})}, result));
}

const OpBuilder moments = OpBuilder("moments")
                              .doc("Mean and variance along axes.")
                              .params<MomentsParam>()
                              .input("data", "Array of any shape.")
                              .num_outputs([](const Params&) { return 2u; })
                              .infer_shape(infer_moments_shape)
                              .decomposition(decompose_moments);

}  // namespace
}  // namespace mx::reduce
