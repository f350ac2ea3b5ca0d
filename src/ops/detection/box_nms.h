#pragma once
#include "ops/detection/box_format.h"

namespace mx {

struct BoxNmsParam {
  float overlap_thresh = 0.5f;
  float valid_thresh = 0;
  int32_t topk = -1;
  int32_t coord_start = 2;
  int32_t score_index = 1;
  int32_t id_index = -1;
  int32_t background_id = -1;
  bool force_suppress = false;
  BoxFormat in_format = BoxFormat::kCorner;
  BoxFormat out_format = BoxFormat::kCorner;

  static void describe(ParamBuilder<BoxNmsParam>& fields) {
    using P = BoxNmsParam;
    fields.add("overlap_thresh", &P::overlap_thresh,
               "Overlap above which the box with the lower score is dropped.");
    fields.add("valid_thresh", &P::valid_thresh, "Boxes with at most this score are dropped.");
    fields.add("topk", &P::topk,
               "How many boxes of the highest scores take part; all when negative, and with 0 data "
               "is returned as it is.");
    fields.add("coord_start", &P::coord_start, "Column of the first of four coordinates.");
    fields.add("score_index", &P::score_index, "Column of the score.");
    fields.add("id_index", &P::id_index, "Column of the class; none when negative.");
    fields.add("background_id", &P::background_id, "Class whose boxes are dropped.");
    fields.add("force_suppress", &P::force_suppress,
               "Whether boxes of different classes suppress each other too.");
    add_box_format(fields, "in_format", &P::in_format, "Form of the coordinates in data.");
    add_box_format(fields, "out_format", &P::out_format, "Form of the coordinates in the result.");
  }
};

}  // namespace mx
