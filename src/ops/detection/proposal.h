#pragma once
#include <vector>

#include "base/param.h"

namespace mx {

struct ProposalParam {
  int32_t rpn_pre_nms_top_n = 6000;
  int32_t rpn_post_nms_top_n = 300;
  float threshold = 0.7f;
  int32_t rpn_min_size = 16;
  std::vector<double> scales{4, 8, 16, 32};
  std::vector<double> ratios{0.5, 1, 2};
  int32_t feature_stride = 16;
  bool output_score = false;
  bool iou_loss = false;

  static void describe(ParamBuilder<ProposalParam>& fields) {
    using P = ProposalParam;
    fields.add("rpn_pre_nms_top_n", &P::rpn_pre_nms_top_n,
               "How many of the best boxes take part in the suppression; all when not positive.");
    fields.add("rpn_post_nms_top_n", &P::rpn_post_nms_top_n,
               "Rows for each image; when fewer boxes stay they repeat.");
    fields.add("threshold", &P::threshold,
               "Overlap above which the box with the lower score is dropped.");
    fields.add("rpn_min_size", &P::rpn_min_size,
               "Least side of a box in the unscaled image; smaller ones come last.");
    fields.add("scales", &P::scales, "Sizes of the anchors in cells.");
    fields.add("ratios", &P::ratios, "Height over width of the anchors.");
    fields.add("feature_stride", &P::feature_stride, "Size of a cell in pixels.").at_least(1);
    fields.add("output_score", &P::output_score, "Whether the scores are returned too.");
    fields.add("iou_loss", &P::iou_loss,
               "Whether bbox_pred moves the corners instead of centre and size.");
  }
  void validate(std::string_view op) const {
    require(rpn_post_nms_top_n >= 0, op, ": rpn_post_nms_top_n=", rpn_post_nms_top_n,
            " is out of range; expected at least 0");
  }
  /// Anchors in each cell.
  int64_t anchors() const { return static_cast<int64_t>(scales.size() * ratios.size()); }
};

}  // namespace mx
