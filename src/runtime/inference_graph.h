#pragma once
#include <memory>
#include <vector>

#include "ir/symbol.h"
#include "runtime/compiled_graph.h"
#include "runtime/constants.h"

namespace mx {

/// What the inference compiler is asked for.
struct InferenceRequest {
  Symbol symbol;
  std::vector<NodePtr> inputs;  ///< the symbol's variables in array order
  ValueMap<TensorType> types;   ///< of the variables and of operators without inputs
  CompileOptions options;
  std::vector<size_t> parameters;  ///< numbers of the inputs that change rarely
  bool fuse = true;
  DType dtype = DType::kFloat32;  ///< what layers compute in, with `fuse`
};

/// What the inference compiler makes of a symbol: recipes for constants (folded and packed
/// parameters) and a body. Immutable; many executors and threads may share it.
class InferenceGraph {
 public:
  explicit InferenceGraph(const InferenceRequest& request);

  const CompiledGraph& body() const { return *body_; }
  /// Its inputs are the arrays of the symbol's variables, and then the constants.
  std::shared_ptr<const CompiledGraph> shared_body() const { return body_; }
  const std::vector<ConstantRecipe>& constants() const { return constants_; }

 private:
  std::vector<ConstantRecipe> constants_;
  std::shared_ptr<const CompiledGraph> body_;
};

}  // namespace mx
