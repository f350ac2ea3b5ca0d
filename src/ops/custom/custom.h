#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/param.h"
#include "base/storage_kind.h"
#include "ir/op.h"

namespace mx {

/// What the class of a custom operator declares for given arguments. A language implements it; its
/// functions may run the user's code, so they are never called while a lock is held that the
/// user's code could ask for. Thread safety: any.
class CustomDeclaration {
 public:
  virtual ~CustomDeclaration() = default;

  std::string name;                  ///< of the class or operator, for traces and errors
  std::vector<InputInfo> inputs;     ///< arguments, then auxiliary states
  size_t num_arguments = 0;          ///< how many of these are arguments
  std::vector<std::string> outputs;  ///< their names, one or more
  bool needs_head_gradient = true;   ///< false for a loss: backward may start here

  /// Fill in what follows from what is known; unknown shapes have no rank, unknown dimensions are
  /// Shape::kUnknownDim. `in` has an entry for each input, `out` for each output.
  /// Throw: what the user's code throws; errors that say what it returned.
  virtual void infer_shapes(std::vector<Shape>& in, std::vector<Shape>& out) const = 0;
  virtual void infer_dtypes(std::vector<DType>& in, std::vector<DType>& out) const = 0;
  /// Storage kinds of the outputs.
  virtual std::vector<StorageKind> infer_storage(std::span<const StorageKind> in) const = 0;
};

/// Finds the class registered as `op_type` and makes a declaration of it.
/// Throws: ValueError when there is none; what the user's code throws.
using DeclareCustom = std::shared_ptr<const CustomDeclaration> (*)(const std::string& op_type,
                                                                   const AttrMap& arguments);
/// To be called once by a language that has custom operators.
void set_custom_language(DeclareCustom declare);

/// Parameters of an operator whose code comes from outside: arguments for it, as text.
struct UserCodeParam {
  AttrMap arguments;
  /// Made when the parameters are complete; a node, and a call of its own, have one each.
  mutable std::shared_ptr<const CustomDeclaration> declaration;
};

/// What the parameters of an operator that runs user code declare.
const CustomDeclaration& declaration_of(const Params& params);
/// Lets the declaration in an operator's parameters tell inputs, outputs and inference.
OpBuilder& runs_declared_code(OpBuilder& op);

/// An operator that a shared object brings (src/library) has arguments alone; its name says what
/// runs.
struct LibraryParam : UserCodeParam {
  static void describe(ParamBuilder<LibraryParam>& fields) {
    fields.others(&LibraryParam::arguments);
  }
  void validate(std::string_view op) const;
};
/// Makes the declaration of such an operator. To be called once, by src/library.
using DeclareLibraryOperator =
    std::shared_ptr<const CustomDeclaration> (*)(std::string_view op, const AttrMap& arguments);
void set_library_operators(DeclareLibraryOperator declare);

/// A class by its name, and the arguments for it.
struct CustomParam : UserCodeParam {
  std::string op_type;

  static void describe(ParamBuilder<CustomParam>& fields) {
    fields.add("op_type", &CustomParam::op_type, "Name under which the class is registered.")
        .required();
    fields.others(&CustomParam::arguments);
  }
  void validate(std::string_view op) const;
};

}  // namespace mx
