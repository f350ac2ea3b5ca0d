#pragma once
// Rows of the tables from which kernels of element-wise operators are made, for every device. A
// table is a tuple of rows in the file of its family; registering it (rows.h of the device) makes a
// kernel for each name in it.
#include <tuple>

namespace mx::math {

/// Whether a function maps zeros to zero, so that its kernel may work on the zero padding of
/// blocked layouts.
enum Zero : bool { kMovesZero, kKeepsZero };

/// A function of one number: the operator, and what an element costs in tenths of a nanosecond.
template <typename F, int cost = 3>
struct UnaryRow {
  Zero zero;
  const char* op;
};

/// A function of two numbers: the operators on arrays of one shape (`zero` is about this one), with
/// broadcasting, with a number as the second and as the first operand. nullptr: there is none.
template <typename F, int cost = 3>
struct BinaryRow {
  Zero zero;
  const char *same, *broadcast = nullptr, *scalar = nullptr, *reversed = nullptr;
};

}  // namespace mx::math
