// lint: no-kernel (the user's code computes it, as autograd/custom_operator.h tells)
#include "ops/custom/custom.h"

#include <algorithm>
#include <atomic>

#include "base/error.h"

namespace mx {
namespace {

std::atomic<DeclareCustom> language{nullptr};
std::atomic<DeclareLibraryOperator> library_operators{nullptr};

}  // namespace

const CustomDeclaration& declaration_of(const Params& params) {
  return *static_cast<const UserCodeParam*>(params.data())->declaration;
}

void set_custom_language(DeclareCustom declare) { language = declare; }

void set_library_operators(DeclareLibraryOperator declare) { library_operators = declare; }

void LibraryParam::validate(std::string_view op) const {
  const DeclareLibraryOperator declare = library_operators;
  internal_check(declare != nullptr, "LibraryParam: no library was loaded");
  declaration = declare(op, arguments);
}

void CustomParam::validate(std::string_view op) const {
  const DeclareCustom declare = language;
  require(declare != nullptr, op, ": op_type=", op_type,
          " is not registered; expected a program in Python, which defines it");
  declaration = declare(op_type, arguments);
}

namespace {

/// The user's function is asked once something is known: before that it could only fail.
void infer_custom_shape(ShapeContext& c) {
  std::vector<Shape> in(c.num_in()), out(c.num_out());
  for (size_t i = 0; i < in.size(); ++i) in[i] = c.in(i);
  for (size_t i = 0; i < out.size(); ++i) out[i] = c.out(i);
  const auto has_rank = [](const Shape& shape) { return shape.has_rank(); };
  if (!in.empty() && std::none_of(in.begin(), in.end(), has_rank)) return;
  declaration_of(c.raw_params()).infer_shapes(in, out);
  for (size_t i = 0; i < in.size(); ++i) c.set_in(i, in[i]);
  for (size_t i = 0; i < out.size(); ++i) c.set_out(i, out[i]);
}

void infer_custom_dtype(DTypeContext& c) {
  std::vector<DType> in(c.num_in()), out(c.num_out());
  for (size_t i = 0; i < in.size(); ++i) in[i] = c.in(i);
  for (size_t i = 0; i < out.size(); ++i) out[i] = c.out(i);
  const auto is_known = [](DType dtype) { return dtype != DType::kUnknown; };
  if (!in.empty() && std::none_of(in.begin(), in.end(), is_known)) return;
  declaration_of(c.raw_params()).infer_dtypes(in, out);
  for (size_t i = 0; i < in.size(); ++i)
    if (is_known(in[i])) c.set_in(i, in[i]);
  for (size_t i = 0; i < out.size(); ++i)
    if (is_known(out[i])) c.set_out(i, out[i]);
}

void infer_custom_storage(StorageContext& c) {
  const CustomDeclaration& declaration = declaration_of(c.raw_params());
  std::vector<StorageKind> in(c.num_in());
  for (size_t i = 0; i < in.size(); ++i) in[i] = c.in(i);
  const std::vector<StorageKind> out = declaration.infer_storage(in);
  for (size_t i = 0; i < out.size(); ++i) c.set_out(i, out[i]);
}

}  // namespace

OpBuilder& runs_declared_code(OpBuilder& op) {
  return op
      .inputs([](const Params& params) -> const std::vector<InputInfo>& {
        return declaration_of(params).inputs;
      })
      .num_outputs([](const Params& params) {
        return static_cast<uint32_t>(declaration_of(params).outputs.size());
      })
      .output_names([](const Params& params) { return declaration_of(params).outputs; })
      .infer_shape(infer_custom_shape)
      .infer_dtype(infer_custom_dtype)
      .infer_storage(infer_custom_storage)
      .not_differentiable("its code has a function for the gradient")
      .runs_user_code();
}

namespace {

const OpBuilder custom = runs_declared_code(
    OpBuilder("Custom")
        .alias("_npi_Custom")
        .doc("Runs a class of the user, registered with mx.operator.register. All arguments but "
             "op_type are handed to the class as text.")
        .params<CustomParam>());

}  // namespace
}  // namespace mx
