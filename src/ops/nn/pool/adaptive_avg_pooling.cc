#include "ops/nn/pool/adaptive_avg_pooling.h"

#include "ir/common_params.h"
#include "ir/op.h"

namespace mx {

void AdaptiveAvgPoolingParam::validate(std::string_view op) const {
  require(output_size.ndim() <= 2, op, ": output_size=", output_size, " has ", output_size.ndim(),
          " numbers; expected height and width, or one for both");
  for (int64_t size : output_size)
    require(size >= 0, op, ": output_size=", output_size, " is out of range; expected at least 0");
}

namespace {

void infer_pooling_shape(ShapeContext& c) {
  const auto& p = c.params<AdaptiveAvgPoolingParam>();
  if (c.in(0).has_rank() && c.in(0).ndim() != 4)
    c.fail_in(0, "has ", c.in(0).ndim(), " axes; expected 4: batch, channels, height, width");
  c.set_in(0, Shape::unknown_dims(4));
  if ((c.in(0)[2] == 0 || c.in(0)[3] == 0) && p.height() * p.width() != 0)
    c.fail_in(0, "has no pixels; expected at least one");
  c.set_out(0, Shape{c.in(0)[0], c.in(0)[1], p.height(), p.width()});
  c.set_in(0, Shape{c.out(0)[0], c.out(0)[1], -1, -1});
}

void pooling_gradient(GradContext& g) {
  g.set(0,
        g.call("_backward_contrib_AdaptiveAvgPooling2D", {g.d_out()}, ShapeParam{g.in_shape(0)}));
}

/// Linear in d_out: its gradient is the pooling itself.
void backward_gradient(GradContext& g) {
  const Shape& out = g.in_shape(0);
  g.set(0, g.call("_contrib_AdaptiveAvgPooling2D", {g.d_out()},
                  AdaptiveAvgPoolingParam{Shape{out[2], out[3]}}));
}

const OpBuilder pooling =
    OpBuilder("_contrib_AdaptiveAvgPooling2D")
        .doc("Means of the parts of each image, cut into a grid of a given size.")
        .params<AdaptiveAvgPoolingParam>()
        .input("data", "(batch, channels, height, width)")
        .infer_shape(infer_pooling_shape)
        .infer_dtype(infer::floating_dtype)
        .gradient(pooling_gradient)
        .trait("low_precision", "follow");

const OpBuilder backward =
    OpBuilder("_backward_contrib_AdaptiveAvgPooling2D")
        .doc("Gradient of _contrib_AdaptiveAvgPooling2D for data.")
        .params<ShapeParam>()
        .input("d_out", "(batch, channels, height, width)")
        .infer_shape([](ShapeContext& c) { c.set_out(0, c.params<ShapeParam>().shape); })
        .infer_dtype(infer::floating_dtype)
        .gradient(backward_gradient);

}  // namespace
}  // namespace mx
