#include "ops/detection/box_iou.h"

#include "ir/op.h"
#include "ops/elemwise/common.h"

namespace mx {
namespace {

void infer_iou_shape(ShapeContext& c) {
  Shape out = Shape({});
  for (size_t i : {0u, 1u}) {
    const Shape& boxes = c.in(i);
    if (!boxes.has_rank()) return;
    if (boxes.ndim() < 2) c.fail_in(i, "has ", boxes.ndim(), " axes; expected at least 2");
    if (boxes.back() >= 0 && boxes.back() != 4)
      c.fail_in(i, "has ", boxes.back(), " numbers in each row; expected 4");
    for (int axis = 0; axis + 1 < boxes.ndim(); ++axis) out.push_back(boxes[axis]);
  }
  c.set_out(0, out);
}

const OpBuilder iou = OpBuilder("_contrib_box_iou")
                          .doc(
                              "For each pair of boxes the area that both cover over the area "
                              "that either covers.")
                          .params<BoxIouParam>()
                          .input("lhs", "Boxes of shape (..., 4).")
                          .input("rhs", "Boxes of shape (..., 4).")
                          .infer_shape(infer_iou_shape)
                          .gradient(elemwise::zero_gradient);

}  // namespace
}  // namespace mx
