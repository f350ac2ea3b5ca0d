#pragma once
#include "base/param.h"

namespace mx::linalg {

struct Gemm2Param {
  bool transpose_a = false, transpose_b = false;
  double alpha = 1;
  int32_t axis = -2;

  static void describe(ParamBuilder<Gemm2Param>& fields) { describe_as(fields, false); }
  /// The fields for a struct that derives from this one and may have a `beta`.
  template <typename P>
  static void describe_as(ParamBuilder<P>& fields, bool has_beta) {
    fields.template add<bool>("transpose_a", &P::transpose_a, "Whether A is transposed.");
    fields.template add<bool>("transpose_b", &P::transpose_b, "Whether B is transposed.");
    fields.template add<double>("alpha", &P::alpha, "Factor of the product.");
    if constexpr (requires(P p) { p.beta; })
      if (has_beta) fields.template add<double>("beta", &P::beta, "Factor of C.");
    fields.template add<int32_t>("axis", &P::axis,
                                 "The axis of the rows; that of the columns is the last.");
  }
};

struct GemmParam : Gemm2Param {
  double beta = 1;
  static void describe(ParamBuilder<GemmParam>& fields) { describe_as(fields, true); }
};

struct SyrkParam {
  bool transpose = false;
  double alpha = 1;
  static void describe(ParamBuilder<SyrkParam>& fields) {
    fields.add("transpose", &SyrkParam::transpose, "Whether it is A^T A and not A A^T.");
    fields.add("alpha", &SyrkParam::alpha, "Factor of the product.");
  }
};

}  // namespace mx::linalg
