#pragma once
#include "base/param.h"
#include "ops/optimizer/fields.h"

namespace mx {

/// The learning rates or weight decays of several weights: numbers, or arrays on the device.
/// One struct for all operators of the family would list arguments that some do not have.
struct MultiSgdParam {
  std::vector<double> lrs, wds;
  float rescale_grad = 1, clip_gradient = -1;
  int64_t num_weights = 1;
  static void describe(ParamBuilder<MultiSgdParam>& fields) {
    fields.add("lrs", &MultiSgdParam::lrs, "Learning rate of each weight.").required();
    fields.add("wds", &MultiSgdParam::wds, "Weight decay of each weight.").required();
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
    fields.add("num_weights", &MultiSgdParam::num_weights, "Number of weights.").at_least(1);
  }
};

struct MultiSgdMomentumParam {
  std::vector<double> lrs, wds;
  float momentum = 0, rescale_grad = 1, clip_gradient = -1;
  int64_t num_weights = 1;
  static void describe(ParamBuilder<MultiSgdMomentumParam>& fields) {
    using P = MultiSgdMomentumParam;
    fields.add("lrs", &P::lrs, "Learning rate of each weight.").required();
    fields.add("wds", &P::wds, "Weight decay of each weight.").required();
    fields.add("momentum", &P::momentum, "Share of the last step that goes on.");
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
    fields.add("num_weights", &P::num_weights, "Number of weights.").at_least(1);
  }
};

struct PreloadedMultiSgdParam {
  float rescale_grad = 1, clip_gradient = -1;
  int64_t num_weights = 1;
  static void describe(ParamBuilder<PreloadedMultiSgdParam>& fields) {
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
    fields.add("num_weights", &PreloadedMultiSgdParam::num_weights, "Number of weights.")
        .at_least(1);
  }
};

struct PreloadedMultiSgdMomentumParam {
  float momentum = 0, rescale_grad = 1, clip_gradient = -1;
  int64_t num_weights = 1;
  static void describe(ParamBuilder<PreloadedMultiSgdMomentumParam>& fields) {
    using P = PreloadedMultiSgdMomentumParam;
    fields.add("momentum", &P::momentum, "Share of the last step that goes on.");
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
    fields.add("num_weights", &P::num_weights, "Number of weights.").at_least(1);
  }
};

}  // namespace mx
