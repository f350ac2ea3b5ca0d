#pragma once
#include "base/param.h"
#include "ops/optimizer/fields.h"

namespace mx {

struct FtrlParam {
  float lr = 0, lamda1 = 0.01f, beta = 1, wd = 0, rescale_grad = 1, clip_gradient = -1;
  static void describe(ParamBuilder<FtrlParam>& fields) {
    optimizer::add_lr(fields);
    fields.add("lamda1", &FtrlParam::lamda1, "Strength of the L1 regularisation.");
    fields.add("beta", &FtrlParam::beta, "Slows the learning of each element down.");
    optimizer::add_wd(fields);
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
  }
};

struct FtmlParam {
  float lr = 0, beta1 = 0.6f, beta2 = 0.999f;
  double epsilon = 9.9999999392252903e-09;
  int64_t t = 1;
  float wd = 0, rescale_grad = 1, clip_grad = -1;
  static void describe(ParamBuilder<FtmlParam>& fields) {
    optimizer::add_lr(fields);
    fields.add("beta1", &FtmlParam::beta1, "Decay of the running mean.").range(0, 1);
    fields.add("beta2", &FtmlParam::beta2, "Decay of the running mean of squares.").range(0, 1);
    fields.add("epsilon", &FtmlParam::epsilon, "Added to the root.");
    fields.add("t", &FtmlParam::t, "Number of the update, from 1.").required();
    optimizer::add_wd(fields);
    optimizer::add_rescaling(fields);
    fields.add("clip_grad", &FtmlParam::clip_grad,
               "Limit of the scaled gradient's elements; none when negative.");
  }
};

}  // namespace mx
