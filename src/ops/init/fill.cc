#include "ops/init/fill.h"

#include "ir/op.h"
#include "ir/shape_meaning.h"

namespace mx {
namespace {

template <typename P>
void infer_fill_shape(ShapeContext& c) {
  set_written_shape(c, c.params<P>().shape);
}

template <typename P>
void infer_fill_dtype(DTypeContext& c) {
  c.set_out(0, c.params<P>().dtype);
}

void infer_optional_dtype(DTypeContext& c) {
  const int64_t code = c.params<ZerosWithoutDTypeParam>().dtype;
  if (code < 0) return;
  require(is_dtype_code(code), c.op_name(), ": dtype=", code, " is not the number of a type");
  c.set_out(0, static_cast<DType>(code));
}

void infer_full_like_dtype(DTypeContext& c) {
  const std::optional<DType>& dtype = c.params<FullLikeParam>().dtype;
  c.set_out(0, dtype.value_or(c.in(0)));
  if (!dtype) c.set_in(0, c.out(0));
}

constexpr const char* kConstant = "the result is a constant";

OpBuilder constant(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .params<InitParam>()
      .infer_shape(infer_fill_shape<InitParam>)
      .infer_dtype(infer_fill_dtype<InitParam>)
      .zero_gradient(kConstant);
}

const OpBuilder zeros = constant("_zeros", "An array of zeros.");
const OpBuilder np_zeros = constant("_npi_zeros", "An array of zeros.");
const OpBuilder ones = constant("_ones", "An array of ones.");
const OpBuilder np_ones = constant("_npi_ones", "An array of ones.");

const OpBuilder full = OpBuilder("_full")
                           .alias("_npi_full")
                           .doc("An array with every element `value`.")
                           .params<FullParam>()
                           .infer_shape(infer_fill_shape<FullParam>)
                           .infer_dtype(infer_fill_dtype<FullParam>)
                           .zero_gradient(kConstant);

const OpBuilder full_like = OpBuilder("_npi_full_like")
                                .doc("An array in the shape of a with every element a number.")
                                .params<FullLikeParam>()
                                .input("a", "Array of any shape; its values do not matter.")
                                .infer_dtype(infer_full_like_dtype)
                                .zero_gradient(kConstant);

const OpBuilder set_value = OpBuilder("_set_value")
                                .doc("Sets every element of `out` to a number.")
                                .params<SetValueParam>()
                                .zero_gradient(kConstant);

const OpBuilder zeros_without_dtype =
    OpBuilder("_zeros_without_dtype")
        .doc("An array of zeros whose type its users decide; float32 when they do not.")
        .params<ZerosWithoutDTypeParam>()
        .infer_shape(infer_fill_shape<ZerosWithoutDTypeParam>)
        .infer_dtype(infer_optional_dtype)
        .zero_gradient(kConstant);

}  // namespace
}  // namespace mx
