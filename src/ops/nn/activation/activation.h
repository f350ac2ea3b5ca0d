#pragma once
#include "base/param.h"

namespace mx {

enum class ActivationKind : int32_t { kRelu, kSigmoid, kSoftrelu, kSoftsign, kTanh };

struct ActivationParam {
  ActivationKind act_type = ActivationKind::kRelu;

  static void describe(ParamBuilder<ActivationParam>& fields) {
    fields.add("act_type", &ActivationParam::act_type, "The function.")
        .required()
        .choice("relu", ActivationKind::kRelu)
        .choice("sigmoid", ActivationKind::kSigmoid)
        .choice("softrelu", ActivationKind::kSoftrelu)
        .choice("softsign", ActivationKind::kSoftsign)
        .choice("tanh", ActivationKind::kTanh);
  }
};

}  // namespace mx
