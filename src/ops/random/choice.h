#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

/// _npi_choice.
struct ChoiceParam {
  std::optional<int64_t> a;
  std::optional<Shape> size;
  std::string ctx = "cpu";
  bool replace = true, weighted = false;

  static void describe(ParamBuilder<ChoiceParam>& fields) {
    using P = ChoiceParam;
    fields.add("a", &P::a, "How many there are to choose from; the size of an input when None.")
        .required();
    fields.add("size", &P::size, "Shape of the result; one number when None.").required();
    fields.add("ctx", &P::ctx, "Device in words, for instance cpu(0).");
    fields.add("replace", &P::replace, "Whether one may be chosen several times.");
    fields.add("weighted", &P::weighted, "Whether the last input holds probabilities.");
  }
  size_t num_inputs() const { return (a ? 0u : 1u) + (weighted ? 1u : 0u); }
};

}  // namespace mx
