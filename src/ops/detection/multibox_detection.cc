#include "ops/detection/multibox_detection.h"

#include "ir/op.h"
#include "ops/elemwise/common.h"

namespace mx {
namespace {

void infer_detection_shape(ShapeContext& c) {
  c.set_in(0, Shape{-1, -1, -1});
  c.set_in(1, Shape{-1, -1});
  c.set_in(2, Shape{1, -1, 4});
  c.set_out(0, Shape{-1, -1, 6});
  const Shape loc = c.in(1);
  if (loc[1] >= 0 && loc[1] % 4 != 0)
    c.fail_in(1, "has ", loc[1], " numbers for each image; expected 4 for each anchor");
  // Each knows the number of images and of anchors; what one knows all get.
  c.set_in(0, Shape{loc[0], -1, loc[1] < 0 ? -1 : loc[1] / 4});
  c.set_in(0, Shape{c.out(0)[0], -1, c.out(0)[1]});
  c.set_in(2, Shape{1, c.in(0)[2], 4});
  const int64_t images = c.in(0)[0], anchors = c.in(2)[1];
  c.set_in(0, Shape{-1, -1, anchors});
  c.set_in(1, Shape{images, anchors < 0 ? -1 : 4 * anchors});
  c.set_out(0, Shape{images, anchors, 6});
}

const OpBuilder detection =
    OpBuilder("_contrib_MultiBoxDetection")
        .alias("_npx_multibox_detection")
        .doc(
            "Detections (class, probability, x0, y0, x1, y1) from a network's predictions, best "
            "first; class -1 marks a row without one.")
        .params<MultiBoxDetectionParam>()
        .input("cls_prob", "Probabilities of shape (N, classes, A); class 0 is the background.")
        .input("loc_pred", "Offsets of the boxes from the anchors, of shape (N, 4 * A).")
        .input("anchor", "Boxes (x0, y0, x1, y1) of shape (1, A, 4).")
        .infer_shape(infer_detection_shape)
        .gradient(elemwise::zero_gradient);

}  // namespace
}  // namespace mx
