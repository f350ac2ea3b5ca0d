#include "ops/nn/spatial/bilinear_sampler.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_sampler_shape(ShapeContext& c) {
  c.set_in(0, Shape::unknown_dims(4));
  c.set_in(1, Shape{c.in(0)[0], 2, -1, -1});
  c.set_out(0, Shape{c.in(0)[0], c.in(0)[1], c.in(1)[2], c.in(1)[3]});
  const Shape& out = c.out(0);
  c.set_in(0, Shape{out[0], out[1], -1, -1});
  c.set_in(1, Shape{out[0], 2, out[2], out[3]});
}

void infer_backward_shape(ShapeContext& c) {
  for (size_t i : {0u, 1u}) c.set_out(i, c.in(i + 1));
}

void sampler_gradient(GradContext& g) {
  const NodePtr node = g.call_node("_backward_BilinearSampler", {g.d_out(), g.in(0), g.in(1)});
  g.set(0, {node, 0});
  g.set(1, {node, 1});
}

const OpBuilder sampler =
    OpBuilder("BilinearSampler")
        .doc(
            "Reads images at the points of a grid, between pixels on straight lines; outside there "
            "are zeros.")
        .params<BilinearSamplerParam>()
        .input("data", "(batch, channels, height, width)")
        .input("grid", "(batch, 2, out height, out width): x, then y, in [-1, 1] inside data.")
        .infer_shape(infer_sampler_shape)
        .infer_dtype(infer::floating_dtype)
        .gradient(sampler_gradient);

const OpBuilder backward =
    OpBuilder("_backward_BilinearSampler")
        .doc("Gradients of BilinearSampler for data and grid.")
        .input("d_out")
        .input("data")
        .input("grid")
        .outputs({"d_data", "d_grid"})
        .infer_shape(infer_backward_shape)
        .infer_dtype(infer::floating_dtype)
        .not_differentiable("its derivatives jump where points cross pixels");

}  // namespace
}  // namespace mx
