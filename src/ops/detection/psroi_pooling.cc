#include "ops/detection/psroi_pooling.h"

#include "ir/op.h"

namespace mx {

void PsRoiPoolingParam::check_sizes(std::string_view op, int32_t output_dim, int32_t pooled_size) {
  constexpr int32_t kMost = 1 << 20;
  require(output_dim > 0 && output_dim <= kMost, op, ": output_dim=", output_dim,
          " is out of range; expected 1 to ", kMost);
  require(pooled_size > 0 && pooled_size <= kMost, op, ": pooled_size=", pooled_size,
          " is out of range; expected 1 to ", kMost);
}

namespace {

void infer_pooling_shape(ShapeContext& c) {
  const auto& p = c.params<PsRoiPoolingParam>();
  c.set_in(0, Shape{-1, p.channels(), -1, -1});
  c.set_in(1, Shape{-1, 5});
  c.set_out(0, Shape{c.in(1)[0], p.output_dim, p.pooled_size, p.pooled_size});
  c.set_in(1, Shape{c.out(0)[0], 5});
}

void pooling_gradient(GradContext& g) {
  PsRoiPoolingBackwardParam p;
  static_cast<PsRoiPoolingParam&>(p) = g.params<PsRoiPoolingParam>();
  p.data_shape = g.in_shape(0);
  g.set(0, g.call("_backward_contrib_PSROIPooling", {g.d_out(), g.in(1)}, p));
}

/// Linear in d_out: its gradient is the pooling itself.
void backward_gradient(GradContext& g) {
  const PsRoiPoolingParam p = g.params<PsRoiPoolingBackwardParam>();
  g.set(0, g.call("_contrib_PSROIPooling", {g.d_out(), g.in(1)}, p));
}

const OpBuilder pooling =
    OpBuilder("_contrib_PSROIPooling")
        .doc("Means of the cells of regions, each read from channels of its own.")
        .params<PsRoiPoolingParam>()
        .input("data", "Feature maps (N, output_dim * group_size * group_size, H, W).")
        .input("rois", "Rows (image, x0, y0, x1, y1); an image that data lacks gives zeros.")
        .infer_shape(infer_pooling_shape)
        .infer_dtype(infer::floating_dtype)
        .gradient(pooling_gradient);

const OpBuilder backward = OpBuilder("_backward_contrib_PSROIPooling")
                               .doc("Gradient of _contrib_PSROIPooling for data.")
                               .params<PsRoiPoolingBackwardParam>()
                               .input("d_out")
                               .input("rois")
                               .infer_shape([](ShapeContext& c) {
                                 c.set_out(0, c.params<PsRoiPoolingBackwardParam>().data_shape);
                               })
                               .infer_dtype(infer::floating_dtype)
                               .gradient(backward_gradient);

}  // namespace
}  // namespace mx
