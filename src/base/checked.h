#pragma once
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "base/shape.h"

namespace mx {

/// Whether an array with the known ones of these dimensions has few enough elements that an int64
/// can count their bytes.
bool is_countable(const Shape& shape);

/// A size that is computed from users' numbers: an int64 that remembers when a step of the
/// calculation did not fit. Sizes of operators' results are computed with it, so that
/// `repeats=2**62` is an error and not a small number.
///
///     out[i] = (Checked(in[i]) * reps[i]).get(op, "reps", reps);
class Checked {
 public:
  constexpr Checked(int64_t value) : value_(value) {}  // NOLINT: numbers mix with it freely

  friend constexpr Checked operator+(Checked a, Checked b) {
    return a.join(b, __builtin_add_overflow(a.value_, b.value_, &a.value_));
  }
  friend constexpr Checked operator-(Checked a, Checked b) {
    return a.join(b, __builtin_sub_overflow(a.value_, b.value_, &a.value_));
  }
  friend constexpr Checked operator*(Checked a, Checked b) {
    return a.join(b, __builtin_mul_overflow(a.value_, b.value_, &a.value_));
  }
  Checked& operator+=(Checked b) { return *this = *this + b; }
  Checked& operator*=(Checked b) { return *this = *this * b; }

  bool fits() const { return fits_; }
  /// The number. Throws: ValueError naming the argument unless every step fitted.
  template <typename Value>
  int64_t get(std::string_view op, std::string_view argument, const Value& value) const {
    require(fits_, op, ": ", argument, "=", value,
            " makes a size that 64 bits cannot hold; expected a smaller number");
    return value_;
  }

 private:
  constexpr Checked join(Checked other, bool overflows) const {
    Checked result = *this;
    result.fits_ = fits_ && other.fits_ && !overflows;
    return result;
  }

  int64_t value_;
  bool fits_ = true;
};

}  // namespace mx
