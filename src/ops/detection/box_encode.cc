// Boxes as offsets from anchors, and back.
#include "ops/detection/box_encode.h"

#include "ir/op.h"
#include "ops/elemwise/common.h"

namespace mx {
namespace {

void infer_encode_shape(ShapeContext& c) {
  c.set_in(0, Shape{-1, -1});
  c.set_in(2, Shape{-1, -1, 4});
  c.set_in(3, Shape{-1, -1, 4});
  for (size_t i : {4u, 5u}) c.set_in(i, Shape{4});
  c.set_in(0, c.in(1));
  c.set_in(0, Shape{c.in(2)[0], c.in(2)[1]});
  c.set_in(0, Shape{c.in(3)[0], -1});
  c.set_in(1, c.in(0));
  const Shape boxes{c.in(0)[0], c.in(0)[1], 4};
  c.set_in(2, boxes);
  c.set_in(3, Shape{boxes[0], -1, 4});
  for (size_t i : {0u, 1u}) c.set_out(i, boxes);
}

void infer_decode_shape(ShapeContext& c) {
  c.set_in(0, Shape{-1, -1, 4});
  c.set_in(0, c.out(0));
  c.set_in(1, Shape{1, c.in(0)[1], 4});
  c.set_in(0, Shape{-1, c.in(1)[1], 4});
  c.set_out(0, c.in(0));
}

const OpBuilder encode =
    OpBuilder("_contrib_box_encode")
        .doc("Offsets of the boxes that anchors are matched with, and a mask of those anchors.")
        .input("samples", "Of shape (N, A): above 0.5 for anchors that have a box.")
        .input("matches", "Of shape (N, A): the row of the anchor's box in refs.")
        .input("anchors", "Boxes (x0, y0, x1, y1) of shape (N, A, 4).")
        .input("refs", "Boxes (x0, y0, x1, y1) of shape (N, M, 4).")
        .input("means", "Four numbers that are taken from the offsets.")
        .input("stds", "Four numbers that divide the offsets.")
        .num_outputs([](const Params&) { return 2u; })
        .infer_shape(infer_encode_shape)
        .gradient(elemwise::zero_gradient);

const OpBuilder decode = OpBuilder("_contrib_box_decode")
                             .doc("Boxes (x0, y0, x1, y1) that offsets from anchors say.")
                             .params<BoxDecodeParam>()
                             .input("data", "Offsets of shape (N, A, 4).")
                             .input("anchors", "Boxes of shape (1, A, 4).")
                             .infer_shape(infer_decode_shape)
                             .gradient(elemwise::zero_gradient)
                             .inplace(0, 0);

}  // namespace
}  // namespace mx
