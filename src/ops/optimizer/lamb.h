#pragma once
#include "base/param.h"
#include "ops/optimizer/adam.h"

namespace mx {

/// lamb_update_phase1, mp_lamb_update_phase1.
struct LambPhase1Param {
  float beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-6f;
  int64_t t = 1;
  bool bias_correction = true;
  float wd = 0, rescale_grad = 1, clip_gradient = -1;
  static void describe(ParamBuilder<LambPhase1Param>& fields) {
    using P = LambPhase1Param;
    optimizer::add_moments(fields);
    fields.add("t", &P::t, "Number of the update, from 1.").required();
    fields.add("bias_correction", &P::bias_correction, "Whether the first means are enlarged.");
    fields.add("wd", &P::wd, "Weight decay.").required();
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
  }
};

/// lamb_update_phase2, mp_lamb_update_phase2.
struct LambPhase2Param {
  float lr = 0, lower_bound = -1, upper_bound = -1;
  static void describe(ParamBuilder<LambPhase2Param>& fields) {
    using P = LambPhase2Param;
    optimizer::add_lr(fields);
    fields.add("lower_bound", &P::lower_bound, "Least norm of the weight; none when negative.");
    fields.add("upper_bound", &P::upper_bound, "Largest norm of the weight; none when negative.");
  }
};

/// _multi_lamb_update, _multi_mp_lamb_update.
struct MultiLambParam {
  std::vector<double> learning_rates;
  float beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-6f;
  std::vector<double> wds;
  float rescale_grad = 1, lower_bound = -1, upper_bound = -1, clip_gradient = -1;
  bool bias_correction = true;
  Shape step_count = Shape({});
  int64_t num_tensors = 1;
  static void describe(ParamBuilder<MultiLambParam>& fields) {
    using P = MultiLambParam;
    fields.add("learning_rates", &P::learning_rates, "Learning rate of each weight.").required();
    optimizer::add_moments(fields);
    fields.add("wds", &P::wds, "Weight decay of each weight.").required();
    optimizer::add_rescaling(fields);
    fields.add("lower_bound", &P::lower_bound, "Least norm of a weight; none when negative.");
    fields.add("upper_bound", &P::upper_bound, "Largest norm of a weight; none when negative.");
    optimizer::add_clipping(fields);
    fields.add("bias_correction", &P::bias_correction, "Whether the first means are enlarged.");
    fields.add("step_count", &P::step_count, "Number of each weight's update, from 1.").required();
    fields.add("num_tensors", &P::num_tensors, "Number of weights.").at_least(1);
  }
};

}  // namespace mx
