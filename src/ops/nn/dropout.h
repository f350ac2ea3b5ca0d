#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

enum class DropoutMode : int32_t { kTraining, kAlways };

struct DropoutParam {
  float p = 0.5f;
  DropoutMode mode = DropoutMode::kTraining;
  Shape axes = Shape({});
  std::optional<bool> cudnn_off = false;

  static void describe(ParamBuilder<DropoutParam>& fields) {
    fields.add("p", &DropoutParam::p, "Share of the elements that become 0.").range(0, 1);
    fields.add("mode", &DropoutParam::mode, "Whether elements are dropped in training or always.")
        .choice("always", DropoutMode::kAlways)
        .choice("training", DropoutMode::kTraining);
    fields.add("axes", &DropoutParam::axes, "Axes along which the mask is the same.");
    fields.add("cudnn_off", &DropoutParam::cudnn_off, "Whether cuDNN is not used.");
  }
  /// Whether elements are dropped.
  bool drops(bool is_train) const { return p > 0.0f && (is_train || mode == DropoutMode::kAlways); }
};

}  // namespace mx
