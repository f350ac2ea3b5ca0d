// lint: no-kernel (they are those of the operators that work in one dtype)
#include "ops/elemwise/promotion.h"

namespace mx::elemwise {
namespace {

/// Integers and floating dtypes in the order in which one gives way to the other.
int rank_of(DType dtype) {
  switch (dtype) {
    case DType::kBool:
      return 0;
    case DType::kInt8:
    case DType::kUint8:
      return 1;
    case DType::kInt32:
      return 2;
    case DType::kInt64:
      return 3;
    case DType::kBfloat16:
    case DType::kFloat16:
      return 4;
    case DType::kFloat32:
      return 5;
    default:
      return 6;
  }
}

DType quotient(DType a, DType b) {
  const DType both = common_dtype_of(a, b);
  return is_floating(both) ? both : DType::kFloat32;
}

/// The output's dtype from those of the inputs; an unknown input is taken to be like the other.
template <typename Rule>
void infer(DTypeContext& c, Rule rule) {
  const size_t last = c.num_in() - 1;
  for (size_t i = 0; i <= last; ++i)
    if (c.in(i) == DType::kUnknown && c.in(last - i) != DType::kUnknown)
      c.set_in(i, c.in(last - i));
  if (c.in(0) != DType::kUnknown) c.set_out(0, rule(c.in(0), c.in(last)));
}

}  // namespace

DType common_dtype_of(DType a, DType b) {
  if (a == b || rank_of(a) > rank_of(b)) return a;
  if (rank_of(a) < rank_of(b)) return b;
  return is_floating(a) ? DType::kFloat32 : DType::kInt32;
}

void common_dtype(DTypeContext& c) { infer(c, common_dtype_of); }
void quotient_dtype(DTypeContext& c) { infer(c, quotient); }

void truth_dtype(DTypeContext& c) {
  for (size_t i = 1; i < c.num_in(); ++i) {
    if (c.in(0) != DType::kUnknown) c.set_in(i, c.in(0));
    if (c.in(i) != DType::kUnknown) c.set_in(0, c.in(i));
  }
  c.set_out(0, DType::kBool);
}

OpBuilder promoted(const char* name, const char* op, const char* doc, Op::InferDType dtype) {
  const std::string inner = op;
  return broadcast(name, doc)
      .infer_dtype(dtype)
      .trait("kernels_from", inner)
      .decomposition([inner, dtype](DecomposeContext& c) {
        DType in[] = {c.in_dtype(0), c.in_dtype(1)}, out[] = {DType::kUnknown};
        DTypeContext types(get_op(inner), c.raw_params(), in, out);
        dtype(types);
        // Operators of numbers do not take bool.
        const DType work = out[0] == DType::kBool ? DType::kInt8 : out[0];
        const auto cast = [&](size_t i) {
          return c.in_dtype(i) == work ? c.in(i) : c.cast(c.in(i), work);
        };
        const Value result = c.call(inner, {cast(0), cast(1)});
        c.set(0, work == out[0] ? result : c.cast(result, out[0]));
      });
}

OpBuilder promoted_scalar(const char* name, const char* op, const char* doc, Op::InferDType dtype) {
  const std::string inner = op;
  return scalar(name, doc)
      .infer_dtype(dtype)
      .trait("kernels_from", inner)
      .decomposition([inner](DecomposeContext& c) {
        const bool real = is_floating(c.in_dtype(0));
        const Value data = real ? c.in(0) : c.cast(c.in(0), DType::kFloat32);
        c.set(0, c.call(inner, {data}, c.raw_params()));
      });
}

OpBuilder numpy(const char* name, const char* op, std::vector<std::string> inputs) {
  const Op& same = get_op(op);
  OpBuilder builder(name);
  builder.doc(same.doc)
      .infer_shape(same.infer_shape)
      .infer_dtype(same.infer_dtype)
      .gradient(same.gradient)
      .trait("kernels_from", same.name);
  if (same.param_schema == &schema_of<ScalarParam>()) builder.params<ScalarParam>();
  if (same.keeps_zeros) builder.keeps_zeros(same.keeps_zeros);
  for (size_t i = 0; i < inputs.size(); ++i) builder.input(inputs[i], same.inputs_info[i].doc);
  for (const auto& [input, output] : same.inplace) builder.inplace(input, output);
  for (const auto& [key, value] : same.traits) builder.trait(key, value);
  return builder;
}

OpBuilder truth(OpBuilder op, const char* kernels) {
  return op.infer_dtype(truth_dtype).trait("kernels_from", kernels).gradient(zero_gradient);
}

}  // namespace mx::elemwise
