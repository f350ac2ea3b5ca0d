#pragma once
#include <algorithm>
#include <vector>

#include "ir/gradient.h"

namespace mx {

/// An array whose axes have labels, no label twice.
struct LabelledArray {
  Value value;
  Shape shape;
  std::vector<int> labels;
};

inline bool has_label(const std::vector<int>& labels, int label) {
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

/// Size of a label that two arrays share: equal sizes, or one of them 1.
inline int64_t broadcast_size(int64_t a, int64_t b) { return a == 1 ? b : a; }

/// The sum over all labels that are not in `out` of the products of a and b, as NumPy's einsum
/// means it. Sizes of one label are equal or 1; the result has the labels `out` in that order. As
/// one product of matrices where `dtype`, that of both, is a floating one.
LabelledArray contract(GraphBuilder& g, DType dtype, LabelledArray a, LabelledArray b,
                       const std::vector<int>& out);

/// The sum of one array over the labels that are not in `out`, and its axes in that order.
LabelledArray contract(GraphBuilder& g, LabelledArray a, const std::vector<int>& out);

}  // namespace mx
