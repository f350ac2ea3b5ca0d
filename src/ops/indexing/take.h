#pragma once
#include "base/param.h"

namespace mx {

enum class TakeMode : int32_t { kRaise, kWrap, kClip };

struct TakeParam {
  int64_t axis = 0;
  TakeMode mode = TakeMode::kClip;
  static void describe(ParamBuilder<TakeParam>& fields) {
    fields.add("axis", &TakeParam::axis, "The axis of a that the indices run along.");
    fields.add("mode", &TakeParam::mode, "What happens to an index outside the axis.")
        .choice("clip", TakeMode::kClip)
        .choice("raise", TakeMode::kRaise)
        .choice("wrap", TakeMode::kWrap);
  }
};

/// The gradient of take and Embedding: rows summed where they came from.
struct TakeBackwardParam {
  int64_t axis = 0;
  TakeMode mode = TakeMode::kClip;
  Shape shape = Shape({});
  bool sparse = false;
  static void describe(ParamBuilder<TakeBackwardParam>& fields) {
    fields.add("axis", &TakeBackwardParam::axis, "The axis of take.");
    fields.add("mode", &TakeBackwardParam::mode, "Mode of take.")
        .choice("clip", TakeMode::kClip)
        .choice("raise", TakeMode::kRaise)
        .choice("wrap", TakeMode::kWrap);
    fields.add("shape", &TakeBackwardParam::shape, "Shape of the array taken from.");
    fields.add("sparse", &TakeBackwardParam::sparse, "Whether the gradient is row-sparse.");
  }
};

struct EmbeddingParam {
  int64_t input_dim = 1, output_dim = 1;
  DType dtype = DType::kFloat32;
  bool sparse_grad = false;
  static void describe(ParamBuilder<EmbeddingParam>& fields) {
    using P = EmbeddingParam;
    fields.add("input_dim", &P::input_dim, "Number of rows of weight.").required().at_least(1);
    fields.add("output_dim", &P::output_dim, "Length of a row of weight.").required().at_least(1);
    fields.add("dtype", &P::dtype, "Type of weight when nothing else tells it.");
    fields.add("sparse_grad", &P::sparse_grad, "Whether the gradient of weight is row-sparse.");
  }
};

}  // namespace mx
