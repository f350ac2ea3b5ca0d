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

/// A class by its name, and the arguments for it as text.
struct CustomParam {
  std::string op_type;
  AttrMap arguments;
  /// Made when the parameters are complete; a node, and a call of its own, have one each.
  mutable std::shared_ptr<const CustomDeclaration> declaration;

  static void describe(ParamBuilder<CustomParam>& fields) {
    fields.add("op_type", &CustomParam::op_type, "Name under which the class is registered.")
        .required();
    fields.others(&CustomParam::arguments);
  }
  void validate(std::string_view op) const;
};

}  // namespace mx
