#include "ops/nn/norm/lrn.h"

#include "ir/common_params.h"
#include "ir/op.h"
#include "ops/matrix/reshape.h"
#include "ops/nn/pool/pooling.h"

namespace mx {
namespace {

/// The second output, the divisor before it is raised to beta, is there because 1.9.1's files count
/// it; no gradient needs it.
void infer_lrn_shape(ShapeContext& c) {
  c.unify_all();
  if (c.in(0).has_rank() && c.in(0).ndim() < 2)
    c.fail_in(0, "has ", c.in(0).ndim(), " axes; expected at least 2: batch and channels");
}

/// Sums over windows of channels, which are a pooling along axis 1.
Value window_sum(GraphBuilder& b, const Value& x, const Shape& shape, const LrnParam& p) {
  const Shape image{shape[0], 1, shape[1], shape.size(2, shape.ndim())};
  PoolingParam pool;
  pool.pool_type = PoolKind::kSum;
  pool.kernel = Shape{2 * p.reach() + 1, 1};
  pool.pad = Shape{p.reach(), 0};
  const Value flat = b.call("Reshape", {x}, ReshapeParam{image});
  return b.call("reshape_like", {b.call("Pooling", {flat}, pool), x});
}

/// knorm + alpha / nsize * sum of squares
Value divisor(GraphBuilder& b, const Value& x, const Shape& shape, const LrnParam& p) {
  const Value squares = window_sum(b, b.call("square", {x}), shape, p);
  return b.add_scalar(b.mul_scalar(squares, p.scale()), p.knorm);
}

Value power(GraphBuilder& b, const Value& x, double exponent) {
  return b.call("_power_scalar", {x}, ScalarParam{exponent});
}

/// With the divisor n: d_data = d_out n^-beta - 2 beta scale x * window_sum(d_out x n^(-beta-1))
void decompose_backward(DecomposeContext& c) {
  const auto& p = c.params<LrnParam>();
  const Shape& shape = c.in_shape(1);
  const Value &d_out = c.in(0), &x = c.in(1);
  const Value n = divisor(c, x, shape, p);
  const Value share = c.mul(c.mul(d_out, x), power(c, n, -p.beta - 1.0));
  const Value others = c.mul_scalar(window_sum(c, share, shape, p), 2.0 * p.beta * p.scale());
  c.set(0, c.sub(c.mul(d_out, power(c, n, -p.beta)), c.mul(x, others)));
}

const OpBuilder lrn =
    OpBuilder("LRN")
        .doc("data / (knorm + alpha / nsize * sum of squares over a window of channels)^beta.")
        .params<LrnParam>()
        .input("data", "(batch, channels, ...)")
        .outputs({"output", "tmp_norm"})
        .num_visible_outputs([](const Params&) -> uint32_t { return 1; })
        .infer_shape(infer_lrn_shape)
        .gradient([](GradContext& g) {
          g.set(0, g.call("_backward_LRN", {g.d_out(), g.in(0)}, g.raw_params()));
        });

const OpBuilder lrn_backward = OpBuilder("_backward_LRN")
                                   .doc("Gradient of LRN.")
                                   .params<LrnParam>()
                                   .input("d_out")
                                   .input("data")
                                   .decomposition(decompose_backward);

}  // namespace
}  // namespace mx
