#pragma once
#include "base/param.h"
#include "ops/optimizer/fields.h"

namespace mx {

/// sgd_update, mp_sgd_update.
struct SgdParam {
  float lr = 0, wd = 0, rescale_grad = 1, clip_gradient = -1;
  bool lazy_update = true;
  static void describe(ParamBuilder<SgdParam>& fields) {
    optimizer::add_lr(fields);
    optimizer::add_wd(fields);
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
    optimizer::add_lazy(fields);
  }
};

/// sgd_mom_update, mp_sgd_mom_update.
struct SgdMomentumParam {
  float lr = 0, momentum = 0, wd = 0, rescale_grad = 1, clip_gradient = -1;
  bool lazy_update = true;
  static void describe(ParamBuilder<SgdMomentumParam>& fields) {
    optimizer::add_lr(fields);
    fields.add("momentum", &SgdMomentumParam::momentum, "Share of the last step that goes on.");
    optimizer::add_wd(fields);
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
    optimizer::add_lazy(fields);
  }
};

/// nag_mom_update, mp_nag_mom_update.
struct NagParam {
  float lr = 0, momentum = 0, wd = 0, rescale_grad = 1, clip_gradient = -1;
  static void describe(ParamBuilder<NagParam>& fields) {
    optimizer::add_lr(fields);
    fields.add("momentum", &NagParam::momentum, "Share of the last step that goes on.");
    optimizer::add_wd(fields);
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
  }
};

}  // namespace mx
