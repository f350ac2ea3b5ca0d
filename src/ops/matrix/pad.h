#pragma once
#include "base/param.h"

namespace mx {

enum class PadMode : int32_t { kConstant, kEdge, kReflect };

struct PadParam {
  PadMode mode = PadMode::kConstant;
  Shape pad_width = Shape({});
  double constant_value = 0;
  static void describe(ParamBuilder<PadParam>& fields) {
    fields.add("mode", &PadParam::mode, "What is put around: a number, the edge, the mirror image.")
        .required()
        .choice("constant", PadMode::kConstant)
        .choice("edge", PadMode::kEdge)
        .choice("reflect", PadMode::kReflect);
    fields.add("pad_width", &PadParam::pad_width, "Elements before and behind, axis by axis.")
        .required();
    fields.add("constant_value", &PadParam::constant_value, "The number of mode constant.");
  }
};

/// The gradient of Pad with mode edge or reflect: sums what came from one element.
struct PadBackwardParam {
  PadMode mode = PadMode::kEdge;
  Shape pad_width = Shape({});
  static void describe(ParamBuilder<PadBackwardParam>& fields) {
    fields.add("mode", &PadBackwardParam::mode, "Mode of Pad.")
        .choice("edge", PadMode::kEdge)
        .choice("reflect", PadMode::kReflect);
    fields.add("pad_width", &PadBackwardParam::pad_width, "Elements before and behind each axis.");
  }
};

}  // namespace mx
