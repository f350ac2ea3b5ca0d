#include "ops/detection/rroi_align.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_align_shape(ShapeContext& c) {
  const Shape& size = c.params<RroiAlignParam>().pooled_size;
  c.set_in(0, Shape::unknown_dims(4));
  c.set_in(1, Shape{-1, 6});
  c.set_out(0, Shape{c.in(1)[0], c.in(0)[1], size[0], size[1]});
  c.set_in(1, Shape{c.out(0)[0], 6});
  c.set_in(0, Shape{-1, c.out(0)[1], -1, -1});
}

const OpBuilder align =
    OpBuilder("_contrib_RROIAlign")
        .doc("Mean over points between the elements of each cell of a grid over turned regions.")
        .params<RroiAlignParam>()
        .input("data", "Feature maps of shape (N, C, H, W).")
        .input("rois",
               "Rows (image, middle x, middle y, width, height, angle in degrees); an image that "
               "data lacks gives zeros.")
        .infer_shape(infer_align_shape)
        .infer_dtype(infer::floating_dtype)
        .not_differentiable("1.9.1 has none either");

}  // namespace
}  // namespace mx
