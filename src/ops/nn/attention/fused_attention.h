#pragma once
#include "base/param.h"

namespace mx {

/// What a mask does with the scores.
enum class AttentionMask : int32_t {
  kNone,
  kAdd,    ///< it is added
  kWhere,  ///< a score stays where it is not zero and becomes `fill` elsewhere
};

/// Where matrices lie in one of the inputs or outputs: element (i, j) of head h of sample b is
/// offset + b * batch_step + h * head_step + i * row_step + j * column_step.
struct HeadView {
  int64_t tensor = 0, offset = 0, batch_step = 0, head_step = 0, row_step = 0, column_step = 0;

  static constexpr int kFields = 6;
  /// As it stands in parameters.
  Shape fields() const { return {tensor, offset, batch_step, head_step, row_step, column_step}; }
  static HeadView of(const Shape& f) { return {f[0], f[1], f[2], f[3], f[4], f[5]}; }
};

/// For each head of each sample: softmax(scale * queries keys^T, masked) values. The scores are
/// (queries x keys), a query and a key have `size` numbers, a value `value_size`.
struct FusedAttentionParam {
  int64_t num_args = 1;
  int64_t batch = 1, heads = 1, queries = 1, keys = 1, size = 1, value_size = 1;
  Shape query_view = Shape({}), key_view = Shape({}), value_view = Shape({}), out_view = Shape({});
  Shape out_shape = Shape({});
  double scale = 1;
  AttentionMask mask = AttentionMask::kNone;
  Shape mask_view = Shape({});
  double mask_factor = 1;  ///< of a mask that is added
  double fill = 0;
  bool mask_weights = false;      ///< whether weights are multiplied by the mask at the end
  Shape length_view = Shape({});  ///< one number for each row; empty where all keys count

  bool has_mask() const { return mask != AttentionMask::kNone || mask_weights; }
  bool has_lengths() const { return length_view.ndim() > 0; }
  static void describe(ParamBuilder<FusedAttentionParam>& fields);
  void validate(std::string_view op) const;
};

}  // namespace mx
