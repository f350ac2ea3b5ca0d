#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct BilinearSamplerParam {
  std::optional<bool> cudnn_off;
  static void describe(ParamBuilder<BilinearSamplerParam>& fields) {
    fields.add("cudnn_off", &BilinearSamplerParam::cudnn_off, "Not used.");
  }
};

}  // namespace mx
