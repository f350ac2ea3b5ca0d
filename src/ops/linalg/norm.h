#pragma once
#include <optional>

#include "base/param.h"

namespace mx::linalg {

/// Which norm `flag` asks _npi_norm for; numpy.linalg.norm chooses it.
enum class NormKind : int32_t {
  kAllElements = -2,  ///< root of the sum of squares of all elements
  kOrder = -1,        ///< of order `ord`: of vectors, or of matrices without an axis
  kSingular = 0,      ///< largest singular value, or the smallest with ord -2
  kFrobenius = 1,     ///< root of the sum of squares
  kNuclear = 2        ///< sum of the singular values
};

struct NumpyNormParam {
  double ord = 2;
  std::optional<Shape> axis;
  bool keepdims = false;
  int32_t flag = -1;
  static void describe(ParamBuilder<NumpyNormParam>& fields) {
    using P = NumpyNormParam;
    fields.add("ord", &P::ord, "Order of the norm.");
    fields.add("axis", &P::axis, "The axis of vectors, or the two of matrices.");
    fields.add("keepdims", &P::keepdims, "Whether reduced axes stay with size 1.");
    fields
        .add("flag", &P::flag,
             "Which norm it is: of all elements (-2), of an order (-1), by singular values (0), "
             "Frobenius (1), nuclear (2).")
        .range(-2, 2);
  }
  NormKind kind() const { return static_cast<NormKind>(flag); }
};

}  // namespace mx::linalg
