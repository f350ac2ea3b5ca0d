#pragma once
#include <optional>
#include <vector>

#include "base/param.h"

namespace mx {

/// _npi_multinomial.
struct NumpyMultinomialParam {
  int64_t n = 0;
  std::optional<std::vector<double>> pvals;
  std::optional<Shape> size;

  static void describe(ParamBuilder<NumpyMultinomialParam>& fields) {
    using P = NumpyMultinomialParam;
    fields.add("n", &P::n, "Experiments of each sample.").required();
    fields.add("pvals", &P::pvals, "Probabilities of the outcomes; an input when None.");
    fields.add("size", &P::size, "Shape of the samples; one when None.");
  }
};

}  // namespace mx
