#pragma once
#include <vector>

#include "base/param.h"

namespace mx {

struct MultiBoxTargetParam {
  float overlap_threshold = 0.5f;
  float ignore_label = -1;
  float negative_mining_ratio = -1;
  float negative_mining_thresh = 0.5f;
  int32_t minimum_negative_samples = 0;
  std::vector<double> variances{0.1, 0.1, 0.2, 0.2};

  static void describe(ParamBuilder<MultiBoxTargetParam>& fields) {
    using P = MultiBoxTargetParam;
    fields.add("overlap_threshold", &P::overlap_threshold,
               "Overlap with an object above which an anchor belongs to it; when not positive only "
               "the best anchor of each object does.");
    fields.add("ignore_label", &P::ignore_label, "Class of anchors that are not to be learned.");
    fields.add("negative_mining_ratio", &P::negative_mining_ratio,
               "Background anchors for each anchor with an object, the least certain ones; all "
               "when not positive.");
    fields.add("negative_mining_thresh", &P::negative_mining_thresh,
               "Overlap with every object below which an anchor may count as background.");
    fields.add("minimum_negative_samples", &P::minimum_negative_samples, "Not used.");
    fields.add("variances", &P::variances, "Divide the offsets in loc_target.");
  }
  void validate(std::string_view op) const {
    require(variances.size() == 4, op, ": variances=", codec::print_double_tuple(variances),
            " has ", variances.size(), " numbers; expected 4");
    require(negative_mining_ratio <= 0 || negative_mining_thresh > 0, op,
            ": negative_mining_thresh=", negative_mining_thresh,
            " is out of range; expected more than 0 with negative_mining_ratio");
  }
};

}  // namespace mx
