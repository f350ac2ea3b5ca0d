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

constexpr const char* kConstant = "the result is a constant";

const OpBuilder zeros = OpBuilder("_zeros")
                            .doc("An array of zeros.")
                            .params<InitParam>()
                            .infer_shape(infer_fill_shape<InitParam>)
                            .infer_dtype(infer_fill_dtype<InitParam>)
                            .zero_gradient(kConstant);

const OpBuilder ones = OpBuilder("_ones")
                           .doc("An array of ones.")
                           .params<InitParam>()
                           .infer_shape(infer_fill_shape<InitParam>)
                           .infer_dtype(infer_fill_dtype<InitParam>)
                           .zero_gradient(kConstant);

const OpBuilder full = OpBuilder("_full")
                           .alias("_npi_full")
                           .doc("An array with every element `value`.")
                           .params<FullParam>()
                           .infer_shape(infer_fill_shape<FullParam>)
                           .infer_dtype(infer_fill_dtype<FullParam>)
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
