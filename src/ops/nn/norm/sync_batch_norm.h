#pragma once
#include <string>

#include "ops/nn/norm/batch_norm.h"

namespace mx {

struct SyncBatchNormParam {
  float eps = 1e-3f, momentum = 0.9f;
  bool fix_gamma = true, use_global_stats = false, output_mean_var = false;
  int32_t ndev = 1;
  std::string key;

  static void describe(ParamBuilder<SyncBatchNormParam>& fields) {
    using P = SyncBatchNormParam;
    fields.add("eps", &P::eps, "As in BatchNorm.");
    fields.add("momentum", &P::momentum, "As in BatchNorm.");
    fields.add("fix_gamma", &P::fix_gamma, "As in BatchNorm.");
    fields.add("use_global_stats", &P::use_global_stats, "As in BatchNorm.");
    fields.add("output_mean_var", &P::output_mean_var, "As in BatchNorm.");
    fields.add("ndev", &P::ndev, "On how many devices there is a copy.").at_least(1);
    fields.add("key", &P::key, "Name that the copies have in common.").required();
  }
  /// Whether copies meet in training.
  bool meets() const { return ndev > 1 && !use_global_stats; }
  BatchNormParam alone() const {
    BatchNormParam p;
    p.eps = eps;
    p.momentum = momentum;
    p.fix_gamma = fix_gamma;
    p.use_global_stats = use_global_stats;
    p.output_mean_var = output_mean_var;
    return p;
  }
};

}  // namespace mx
