#include "ops/nn/spatial/correlation.h"

#include "base/checked.h"
#include "ir/op.h"

namespace mx {

void CorrelationParam::validate(std::string_view op) const {
  require(kernel_size % 2 == 1, op, ": kernel_size=", kernel_size,
          " is even; expected 1, 3, 5 ...");
  constexpr uint32_t kMost = 1 << 20;  // so that sizes with borders can be counted
  require(pad_size <= kMost, op, ": pad_size=", pad_size, " is out of range; expected at most ",
          kMost);
  require(kernel_size < kMost, op, ": kernel_size=", kernel_size,
          " is out of range; expected less than ", kMost);
  require(stride1 > 0, op, ": stride1=", stride1, " is out of range; expected at least 1");
  require(stride2 > 0, op, ": stride2=", stride2, " is out of range; expected at least 1");
  require(reach() < (1 << 15), op, ": max_displacement=", max_displacement,
          " makes too many displacements; expected fewer steps of stride2=", stride2);
}

namespace {

void infer_correlation_shape(ShapeContext& c) {
  const auto& p = c.params<CorrelationParam>();
  c.set_in(0, Shape::unknown_dims(4));
  c.set_in(1, c.in(0));
  c.set_in(0, c.in(1));
  Shape out{c.in(0)[0], p.displacements(), -1, -1};
  for (int axis : {2, 3}) {
    const int64_t in = c.in(0)[axis];
    if (in < 0) continue;
    out[axis] = p.windows(in);
    if (out[axis] == 0)
      c.fail_in(0, "is too small in axis ", axis, "; expected more than ",
                2 * (int64_t{p.max_displacement} + p.radius() - int64_t{p.pad_size}));
  }
  c.set_out(0, out);
  c.set_in(0, Shape{c.out(0)[0], -1, -1, -1});
}

void correlation_gradient(GradContext& g) {
  const NodePtr node =
      g.call_node("_backward_Correlation", {g.d_out(), g.in(0), g.in(1)}, g.raw_params());
  g.set(0, {node, 0});
  g.set(1, {node, 1});
}

const OpBuilder correlation = OpBuilder("Correlation")
                                  .doc(
                                      "Mean product, or mean distance, of windows of data1 and of "
                                      "windows of data2 round them.")
                                  .params<CorrelationParam>()
                                  .input("data1", "(batch, channels, height, width)")
                                  .input("data2", "(batch, channels, height, width)")
                                  .infer_shape(infer_correlation_shape)
                                  .infer_dtype(infer::floating_dtype)
                                  .gradient(correlation_gradient);

const OpBuilder backward = OpBuilder("_backward_Correlation")
                               .doc("Gradients of Correlation.")
                               .params<CorrelationParam>()
                               .input("d_out")
                               .input("data1")
                               .input("data2")
                               .outputs({"d_data1", "d_data2"})
                               .infer_shape([](ShapeContext& c) {
                                 for (size_t i : {0u, 1u}) c.set_out(i, c.in(i + 1));
                               })
                               .infer_dtype(infer::floating_dtype)
                               .not_differentiable("nobody has needed its gradient");

}  // namespace
}  // namespace mx
