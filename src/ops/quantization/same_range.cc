// Operators that move whole numbers or drop some, so that their range stays: Flatten, relu and
// Embedding in 8 bits.
// lint: no-kernel (each is its operator on 8 bits, and copies of the range)
#include "ops/indexing/take.h"
#include "ops/nn/activation/activation.h"
#include "ops/quantization/ranges.h"

namespace mx {
namespace {

/// Outputs 1 and 2 from inputs `first` and `first` + 1.
void keep_range(DecomposeContext& c, size_t first) {
  c.set(1, c.call("_copy", {c.in(first)}));
  c.set(2, c.call("_copy", {c.in(first + 1)}));
}

void infer_same_dtype(DTypeContext& c) {
  require_quantized(c, 0);
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  ranges_in(c, 1);
  range_out(c);
}

OpBuilder of_one_tensor(const char* name) {
  return OpBuilder(name)
      .input("data", "int8 or uint8.")
      .parameter("min_data")
      .parameter("max_data")
      .outputs({"output", "min_output", "max_output"})
      .infer_dtype(infer_same_dtype)
      .zero_gradient(kWholeNumbers);
}

const OpBuilder quantized_flatten =
    of_one_tensor("_contrib_quantized_flatten")
        .doc("Flatten of int8 or uint8 data, which keep their range.")
        .infer_shape([](ShapeContext& c) {
          infer_shape_as(c, "Flatten", 1);
          ranges_in(c, 1);
          range_out(c);
        })
        .decomposition([](DecomposeContext& c) {
          c.set(0, c.call("Flatten", {c.in(0)}));
          keep_range(c, 1);
        });

void infer_act(ShapeContext& c) {
  require(c.params<ActivationParam>().act_type == ActivationKind::kRelu, c.op_name(),
          ": act_type is not known for whole numbers; expected relu");
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  ranges_in(c, 1);
  range_out(c);
}

const OpBuilder quantized_act = of_one_tensor("_contrib_quantized_act")
                                    .doc("relu of int8 or uint8 data, which keep their range.")
                                    .params<ActivationParam>()
                                    .infer_shape(infer_act)
                                    .decomposition([](DecomposeContext& c) {
                                      c.set(0, c.call("relu", {c.in(0)}));
                                      keep_range(c, 1);
                                    });

void infer_embedding_dtype(DTypeContext& c) {
  c.set_in(1, DType::kInt8);
  ranges_in(c, 2);
  c.set_out(0, DType::kInt8);
  range_out(c);
}

const OpBuilder quantized_embedding =
    OpBuilder("_contrib_quantized_embedding")
        .doc("Rows of an int8 weight, which keep their range, picked by indices.")
        .params<EmbeddingParam>()
        .input("data", "Indices of any shape; clipped to the rows.")
        .parameter("weight", "int8 array of shape (input_dim, output_dim).")
        .parameter("min_weight")
        .parameter("max_weight")
        .outputs({"output", "min_output", "max_output"})
        .infer_shape([](ShapeContext& c) {
          infer_shape_as(c, "Embedding", 2);
          ranges_in(c, 2);
          range_out(c);
        })
        .infer_dtype(infer_embedding_dtype)
        .zero_gradient(kWholeNumbers)
        .decomposition([](DecomposeContext& c) {
          c.set(0, c.call("Embedding", {c.in(0), c.in(1)}, c.raw_params()));
          keep_range(c, 2);
        });

}  // namespace
}  // namespace mx
