#pragma once
#include "ops/detection/box_format.h"

namespace mx {

struct BoxDecodeParam {
  float std0 = 1, std1 = 1, std2 = 1, std3 = 1;
  float clip = -1;
  BoxFormat format = BoxFormat::kCenter;
  static void describe(ParamBuilder<BoxDecodeParam>& fields) {
    using P = BoxDecodeParam;
    fields.add("std0", &P::std0, "Factor of the first offset, that of x.");
    fields.add("std1", &P::std1, "Factor of the second offset, that of y.");
    fields.add("std2", &P::std2, "Factor of the third offset, that of the width.");
    fields.add("std3", &P::std3, "Factor of the fourth offset, that of the height.");
    fields.add("clip", &P::clip,
               "Limit of the logarithms of width and height over the anchor's; none when not "
               "positive.");
    add_box_format(fields, "format", &P::format, "Form of the anchors; the result has corners.");
  }
};

}  // namespace mx
