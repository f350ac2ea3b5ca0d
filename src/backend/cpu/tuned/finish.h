#pragma once
// What follows a convolution, on one vector.
#include "backend/cpu/tuned/image.h"
#include "backend/cpu/tuned/vector.h"

namespace mx::tuned {

/// Applies the function of `finish`; bias and residual are added before.
inline Vector finished(Vector v, const Finish& finish) {
  switch (finish.function) {
    case Finish::Function::kNone:
      return v;
    case Finish::Function::kClamp: {
      const Vector low = broadcast(finish.low), high = broadcast(finish.high);
      v = v < low ? low : v;  // in this order NaN stays
      return v > high ? high : v;
    }
    case Finish::Function::kLeaky:
      return v > Vector{} ? v : v * finish.slope;
  }
  return v;
}

}  // namespace mx::tuned
