#include "ops/detection/proposal.h"

#include "ir/op.h"
#include "ops/elemwise/common.h"

namespace mx {
namespace {

void infer_proposal_shape(ShapeContext& c) {
  const auto& p = c.params<ProposalParam>();
  const int64_t anchors = p.anchors();
  c.set_in(0, Shape{-1, 2 * anchors, -1, -1});
  c.set_in(1, Shape{-1, 4 * anchors, -1, -1});
  c.set_in(2, Shape{-1, 3});
  const Shape boxes = c.in(1);
  c.set_in(0, Shape{boxes[0], -1, boxes[2], boxes[3]});
  c.set_in(0, Shape{c.in(2)[0], -1, -1, -1});
  const Shape scores = c.in(0);
  c.set_in(1, Shape{scores[0], -1, scores[2], scores[3]});
  c.set_in(2, Shape{scores[0], 3});
  const int64_t rows = scores[0] < 0 ? -1 : scores[0] * p.rpn_post_nms_top_n;
  c.set_out(0, Shape{rows, 5});
  c.set_out(1, Shape{rows, 1});
}

OpBuilder proposal(const char* name) {
  return OpBuilder(name)
      .doc("Regions (image, x0, y0, x1, y1) that a region proposal network finds, best first.")
      .params<ProposalParam>()
      .input("cls_prob", "Of shape (N, 2 * A, H, W): the second half are scores of the anchors.")
      .input("bbox_pred", "Offsets from the anchors, of shape (N, 4 * A, H, W).")
      .input("im_info", "Rows (height, width, scale) of shape (N, 3).")
      .outputs({"output", "score"})
      .num_visible_outputs(
          [](const Params& p) { return p.as<ProposalParam>().output_score ? 2u : 1u; })
      .infer_shape(infer_proposal_shape)
      .gradient(elemwise::zero_gradient);
}

const OpBuilder r1 = proposal("_contrib_Proposal");
const OpBuilder r2 = proposal("_contrib_MultiProposal");

}  // namespace
}  // namespace mx
