#pragma once
#include <vector>

#include "base/param.h"

namespace mx {

struct MultiBoxDetectionParam {
  bool clip = true;
  float threshold = 0.01f;
  int32_t background_id = 0;
  float nms_threshold = 0.5f;
  bool force_suppress = false;
  std::vector<double> variances{0.1, 0.1, 0.2, 0.2};
  int32_t nms_topk = -1;

  static void describe(ParamBuilder<MultiBoxDetectionParam>& fields) {
    using P = MultiBoxDetectionParam;
    fields.add("clip", &P::clip, "Whether to cut the boxes off at the edges of the image.");
    fields.add("threshold", &P::threshold, "Least probability of a detection.");
    fields.add("background_id", &P::background_id, "Not used: the background is class 0.");
    fields.add("nms_threshold", &P::nms_threshold,
               "Overlap from which on the less probable box is dropped; outside of (0, 1] all stay "
               "and none is sorted.");
    fields.add("force_suppress", &P::force_suppress,
               "Whether boxes of different classes suppress each other too.");
    fields.add("variances", &P::variances, "Factors of the offsets in loc_pred.");
    fields.add("nms_topk", &P::nms_topk,
               "How many of the most probable boxes may stay; all when not positive.");
  }
  void validate(std::string_view op) const {
    require(variances.size() == 4, op, ": variances=", codec::print_double_tuple(variances),
            " has ", variances.size(), " numbers; expected 4");
  }
};

}  // namespace mx
