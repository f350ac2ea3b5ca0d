#include "ir/infer_context.h"

#include <algorithm>
#include <cmath>

#include "base/checked.h"
#include "ir/op.h"

namespace mx {
namespace {

std::string name_of_input(const Op& op, const Params& params, size_t i) {
  const auto index = static_cast<uint32_t>(i);
  return i < op.num_inputs(params) ? op.input_name(params, index) : concat("input ", i);
}

}  // namespace

std::string_view ShapeContext::op_name() const { return op_.name; }
std::string ShapeContext::in_name(size_t i) const { return name_of_input(op_, params_, i); }

namespace {

/// An argument that is large enough to explain a shape that is, as text.
std::string largest_argument(const Params& params) {
  constexpr double kLarge = 1 << 24;
  if (!params) return {};
  const FieldInfo* largest = nullptr;
  double size = kLarge;
  for (const FieldInfo& field : params.schema()->fields) {
    const void* value = static_cast<const char*>(params.data()) + field.offset;
    double number = std::abs(field.codec->number(value).value_or(0));
    if (field.codec == &codec_of<Shape>())
      for (int64_t dim : *static_cast<const Shape*>(value))
        number = std::max(number, std::abs(static_cast<double>(dim)));
    if (number > size) size = number, largest = &field;
  }
  return largest ? largest->name + "=" + largest->print(params.data()) : "";
}

void check_size(const Shape& shape, std::string_view op, const Params& params) {
  if (is_countable(shape)) return;
  const std::string argument = largest_argument(params);
  fail(ErrorKind::kValue, op, ": ", argument.empty() ? concat("shape=", shape) : argument,
       " makes an array of shape ", shape, ", more than memory can hold; expected a smaller one");
}

}  // namespace

void ShapeContext::set_in(size_t i, const Shape& expected) {
  if (!merge_shape(in_[i], expected)) fail_in(i, "has the wrong shape; expected ", expected);
  check_size(in_[i], op_name(), params_);
}

void ShapeContext::set_out(size_t i, const Shape& expected) {
  if (!merge_shape(out_[i], expected))
    fail(ErrorKind::kValue, op_name(), ": output ", i, "=", out_[i],
         " has the wrong shape; expected ", expected);
  check_size(out_[i], op_name(), params_);
}

void ShapeContext::unify_all() {
  Shape common;
  for (const Shape& shape : out_) merge_shape(common, shape);
  for (const Shape& shape : in_) merge_shape(common, shape);
  for (size_t i = 0; i < in_.size(); ++i) set_in(i, common);
  for (size_t i = 0; i < out_.size(); ++i) set_out(i, common);
}

std::string_view DTypeContext::op_name() const { return op_.name; }
std::string DTypeContext::in_name(size_t i) const { return name_of_input(op_, params_, i); }

namespace {
bool merge_dtype(DType& target, DType source) {
  if (source == DType::kUnknown || target == source) return true;
  if (target != DType::kUnknown) return false;
  target = source;
  return true;
}
}  // namespace

void DTypeContext::set_in(size_t i, DType expected) {
  if (!merge_dtype(in_[i], expected))
    fail(ErrorKind::kType, op_name(), ": ", in_name(i), " has dtype ", dtype_name(in_[i]),
         "; expected ", dtype_name(expected));
}

void DTypeContext::set_out(size_t i, DType expected) {
  if (!merge_dtype(out_[i], expected))
    fail(ErrorKind::kType, op_name(), ": output ", i, " has dtype ", dtype_name(out_[i]),
         "; expected ", dtype_name(expected));
}

void DTypeContext::unify_all() {
  DType common = DType::kUnknown;
  for (DType dtype : in_) merge_dtype(common, dtype);
  for (DType dtype : out_) merge_dtype(common, dtype);
  for (size_t i = 0; i < in_.size(); ++i) set_in(i, common);
  for (size_t i = 0; i < out_.size(); ++i) set_out(i, common);
}

Shape broadcast_shapes(const Shape& a, const Shape& b, std::string_view op) {
  if (!a.has_rank() || !b.has_rank()) return {};
  const int ndim = std::max(a.ndim(), b.ndim());
  Shape result = Shape::filled(ndim, 1);
  for (int i = 0; i < ndim; ++i) {
    const int ia = i - (ndim - a.ndim()), ib = i - (ndim - b.ndim());
    const int64_t da = ia < 0 ? 1 : a[ia], db = ib < 0 ? 1 : b[ib];
    if (da == db || db == 1)
      result[i] = da;
    else if (da == 1)
      result[i] = db;
    else if (da < 0 || db < 0)
      result[i] = std::max(da, db);  // the unknown one must fit the other
    else
      fail(ErrorKind::kValue, op, ": lhs=", a, " cannot be broadcast with rhs=", b,
           "; expected equal dimensions or 1 in dimension ", i);
  }
  return result;
}

namespace infer {

void same_shape(ShapeContext& context) { context.unify_all(); }
void same_dtype(DTypeContext& context) { context.unify_all(); }
void floating_dtype(DTypeContext& context) {
  context.unify_all();
  const DType dtype = context.in(0);
  if (dtype != DType::kUnknown && !is_floating(dtype))
    fail(ErrorKind::kType, context.op_name(), ": ", context.in_name(0), " has dtype ",
         dtype_name(dtype), "; expected a floating dtype");
}
void broadcast_shape(ShapeContext& context) {
  context.set_out(0, broadcast_shapes(context.in(0), context.in(1), context.op_name()));
}

}  // namespace infer
}  // namespace mx
