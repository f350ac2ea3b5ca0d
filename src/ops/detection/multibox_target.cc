#include "ops/detection/multibox_target.h"

#include "ir/op.h"
#include "ops/elemwise/common.h"

namespace mx {
namespace {

void infer_target_shape(ShapeContext& c) {
  c.set_in(0, Shape{1, -1, 4});
  c.set_in(1, Shape{-1, -1, -1});
  c.set_in(2, Shape{-1, -1, -1});
  if (c.in(1)[2] >= 0 && c.in(1)[2] < 5)
    c.fail_in(1, "has ", c.in(1)[2], " columns; expected at least 5: class, x0, y0, x1, y1");
  c.set_out(2, Shape{c.in(1)[0], c.in(0)[1]});
  c.set_out(2, Shape{c.in(2)[0], c.in(2)[2]});
  const int64_t images = c.out(2)[0], anchors = c.out(2)[1];
  c.set_in(0, Shape{1, anchors, 4});
  c.set_in(1, Shape{images, -1, -1});
  c.set_in(2, Shape{images, -1, anchors});
  for (size_t i : {0u, 1u}) c.set_out(i, Shape{images, anchors < 0 ? -1 : 4 * anchors});
}

const OpBuilder target =
    OpBuilder("_contrib_MultiBoxTarget")
        .alias("_npx_multibox_target")
        .doc(
            "What a detector is to learn for each anchor: offsets of the object's box, a mask of "
            "the anchors with one, and the class plus 1 (0 is the background).")
        .params<MultiBoxTargetParam>()
        .input("anchor", "Boxes (x0, y0, x1, y1) of shape (1, A, 4).")
        .input("label",
               "Objects of shape (N, M, 5 or more): class, x0, y0, x1, y1; a row of -1 ends them.")
        .input("cls_pred", "Scores of shape (N, classes, A), for negative_mining_ratio.")
        .outputs({"loc_target", "loc_mask", "cls_target"})
        .infer_shape(infer_target_shape)
        .gradient(elemwise::zero_gradient);

}  // namespace
}  // namespace mx
