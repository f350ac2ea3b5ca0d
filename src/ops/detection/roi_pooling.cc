// ROIPooling and ROIAlign: regions of feature maps, brought to one size.
#include "ops/detection/roi_pooling.h"

#include "ir/op.h"
#include "ops/indexing/rows.h"

namespace mx {
namespace {

/// data (N, C, H, W), rois (R, 5) -> (R, C / parts, height, width) for every output.
void infer_roi_shape(ShapeContext& c, const Shape& size, int64_t parts) {
  c.set_in(0, Shape::unknown_dims(4));
  c.set_in(1, Shape{-1, 5});
  const int64_t channels = c.in(0)[1];
  if (channels >= 0 && channels % parts != 0)
    c.fail_in(0, "has ", channels, " channels; expected a multiple of the ", parts,
              " cells of pooled_size=", size, " with position_sensitive");
  const Shape out{c.in(1)[0], channels < 0 ? -1 : channels / parts, size[0], size[1]};
  for (size_t i = 0; i < c.num_out(); ++i) c.set_out(i, out);
  c.set_in(1, Shape{c.out(0)[0], 5});
}

void infer_pooling(ShapeContext& c) {
  infer_roi_shape(c, c.params<RoiPoolingParam>().pooled_size, 1);
}
void infer_align(ShapeContext& c) {
  const auto& p = c.params<RoiAlignParam>();
  infer_roi_shape(c, p.pooled_size, p.parts());
}

void infer_pooling_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_out(0, c.in(1));
  for (size_t i : {0u, 1u}) c.set_in(i, c.out(0));
  c.set_out(1, DType::kInt64);
}

void pooling_gradient(GradContext& g) {
  g.set(0, g.call("_add_rows", {g.d_out(), g.out(1)}, ShapeParam{g.in_shape(0)}));
}

void align_gradient(GradContext& g) {
  RoiAlignBackwardParam p;
  static_cast<RoiAlignParam&>(p) = g.params<RoiAlignParam>();
  p.data_shape = g.in_shape(0);
  g.set(0, g.call("_backward_ROIAlign", {g.d_out(), g.in(1)}, p));
}

/// Linear in d_out: its gradient is ROIAlign itself.
void align_second_gradient(GradContext& g) {
  const RoiAlignParam p = g.params<RoiAlignBackwardParam>();
  g.set(0, g.call("_contrib_ROIAlign", {g.d_out(), g.in(1)}, p));
}

const char* const kRoisDoc =
    "Rows (image, x0, y0, x1, y1) of shape (R, 5); an image that data lacks gives zeros.";

const OpBuilder pooling =
    OpBuilder("ROIPooling")
        .alias("_npx_roi_pooling")
        .doc("Largest element of each cell of a grid over regions of a feature map.")
        .params<RoiPoolingParam>()
        .input("data", "Feature maps of shape (N, C, H, W).")
        .input("rois", kRoisDoc)
        .outputs({"output", "maxidx"})
        .num_visible_outputs([](const Params&) { return 1u; })
        .infer_shape(infer_pooling)
        .infer_dtype(infer_pooling_dtype)
        .gradient(pooling_gradient);

const OpBuilder align =
    OpBuilder("_contrib_ROIAlign")
        .doc(
            "Mean over points between the elements of each cell of a grid over regions of a "
            "feature map.")
        .params<RoiAlignParam>()
        .input("data", "Feature maps of shape (N, C, H, W).")
        .input("rois", kRoisDoc)
        .infer_shape(infer_align)
        .gradient(align_gradient);

const OpBuilder align_backward = OpBuilder("_backward_ROIAlign")
                                     .doc("Gradient of _contrib_ROIAlign for data.")
                                     .params<RoiAlignBackwardParam>()
                                     .input("d_out")
                                     .input("rois")
                                     .infer_shape([](ShapeContext& c) {
                                       c.set_out(0, c.params<RoiAlignBackwardParam>().data_shape);
                                     })
                                     .gradient(align_second_gradient);

}  // namespace
}  // namespace mx
