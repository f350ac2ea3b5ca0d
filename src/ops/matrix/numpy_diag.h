#pragma once
#include "base/param.h"

namespace mx {

/// _np_diag and _np_diagflat.
struct NumpyDiagParam {
  int32_t k = 0;
  static void describe(ParamBuilder<NumpyDiagParam>& fields) {
    fields.add("k", &NumpyDiagParam::k, "Which diagonal: 0 the main one, positive above it.");
  }
};

/// _np_diagonal and _np_trace.
struct NumpyDiagonalParam {
  int32_t offset = 0, axis1 = 0, axis2 = 1;
  static void describe(ParamBuilder<NumpyDiagonalParam>& fields) {
    using P = NumpyDiagonalParam;
    fields.add("offset", &P::offset, "Which diagonal: 0 the main one, positive above it.");
    fields.add("axis1", &P::axis1, "The axis of rows.");
    fields.add("axis2", &P::axis2, "The axis of columns.");
  }
};

}  // namespace mx
