#pragma once
#include "base/param.h"
#include "ir/infer_context.h"

namespace mx {

struct TransposeParam {
  Shape axes = Shape({});
  static void describe(ParamBuilder<TransposeParam>& fields) {
    fields.add("axes", &TransposeParam::axes,
               "Which axis of data each axis of the result is; reversed when empty.");
  }
};

struct SwapAxisParam {
  int64_t dim1 = 0, dim2 = 0;
  static void describe(ParamBuilder<SwapAxisParam>& fields) {
    fields.add("dim1", &SwapAxisParam::dim1, "The first axis.");
    fields.add("dim2", &SwapAxisParam::dim2, "The second axis.");
  }
};

/// Inference of a result whose axis d is axis axes[d] of the input, in both directions.
void infer_permuted(ShapeContext& c, const Shape& axes);

/// The permutation in full: axes in [0, ndim).
/// Throws: ValueError unless `axes` names each of `ndim` axes once; IndexError out of range.
inline Shape transpose_axes(const Shape& axes, int ndim, std::string_view op) {
  Shape result = Shape::filled(ndim, -1);
  if (axes.ndim() <= 0) {
    for (int i = 0; i < ndim; ++i) result[i] = ndim - 1 - i;
    return result;
  }
  require(axes.ndim() == ndim, op, ": axes=", axes, " has ", axes.ndim(),
          " numbers; expected one for each of ", ndim, " dimensions");
  std::vector<bool> seen(static_cast<size_t>(ndim), false);
  for (int i = 0; i < ndim; ++i) {
    const int axis = normalize_axis(axes[i], ndim, op, "axes");
    require(!seen[static_cast<size_t>(axis)], op, ": axes=", axes, " names axis ", axis,
            " twice; expected each axis once");
    seen[static_cast<size_t>(axis)] = true;
    result[i] = axis;
  }
  return result;
}

/// The permutation that exchanges two axes.
inline Shape swapped_axes(const SwapAxisParam& p, int ndim, std::string_view op) {
  Shape result = Shape::filled(ndim, 0);
  for (int i = 0; i < ndim; ++i) result[i] = i;
  const int a = normalize_axis(p.dim1, ndim, op, "dim1");
  const int b = normalize_axis(p.dim2, ndim, op, "dim2");
  std::swap(result[a], result[b]);
  return result;
}

}  // namespace mx
