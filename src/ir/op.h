#pragma once
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/param.h"
#include "ir/gradient.h"
#include "ir/infer_context.h"
#include "ir/infer_storage.h"

namespace mx {

/// What an input is to the model, which decides who makes it and who may change it.
enum class InputKind {
  kData,       ///< comes from another operator or from the user
  kParameter,  ///< learned: made as a variable named <node>_<input> when the user gives none
  kLabel,      ///< like kParameter, but fed with each batch
  kAuxiliary,  ///< state that the operator itself updates (moving averages, optimizer state)
};

struct InputInfo {
  std::string name, doc;
  InputKind kind = InputKind::kData;
};

/// Inputs that repeat: the first `size` of inputs_info come once for each of a number of groups,
/// numbered; the rest of inputs_info follows once.
struct InputGroups {
  uint32_t size = 0;           ///< 0: nothing repeats
  std::string count;           ///< the parameter that counts the groups
  std::string_view separator;  ///< between name and number
  uint32_t graphs = 0;         ///< how many of those that are counted are graphs inside the node
};

/// What an operator is: names, parameters, inputs, outputs, inference, gradient. How it is computed
/// is in src/backend. Made once, by OpBuilder, before main; never changed. Thread safety:
/// read-only.
class Op {
 public:
  using InferShape = std::function<void(ShapeContext&)>;
  using InferDType = std::function<void(DTypeContext&)>;
  using InferStorage = std::function<void(StorageContext&)>;
  using Gradient = std::function<void(GradContext&)>;
  using Decomposition = std::function<void(DecomposeContext&)>;

  std::string name;
  std::vector<std::string> aliases;
  std::string doc;
  const ParamSchema* param_schema = &schema_of<NoParam>();
  std::vector<InputInfo> inputs_info;
  /// For operators with any number of inputs: the parameter that counts them ("num_args").
  std::string variadic_count;
  InputGroups groups;
  /// For variadic operators that with some parameters have fixed inputs instead: which and when.
  std::vector<InputInfo> fixed_inputs;
  std::function<bool(const Params&)> has_fixed_inputs;
  /// For operators whose parameters alone tell all inputs: the list.
  std::function<const std::vector<InputInfo>&(const Params&)> inputs_fn;
  std::function<bool(const Params&, size_t input)> input_used;
  std::vector<std::string> output_names{"output"};
  std::function<uint32_t(const Params&)> num_outputs_fn;
  std::function<uint32_t(const Params&)> num_visible_outputs_fn;
  std::function<std::vector<std::string>(const Params&)> output_names_fn;
  InferShape infer_shape;
  InferDType infer_dtype;
  InferStorage infer_storage;  ///< none: see mx::infer_storage
  /// For functions of one array, element by element: whether zeros stay zeros with these
  /// parameters, so that a sparse array's stored values are all there is to compute.
  std::function<bool(const Params&)> keeps_zeros;
  Gradient gradient;
  Decomposition decomposition;
  std::string not_differentiable;  ///< why there is no gradient
  bool gradient_is_zero = false;   ///< the reason is that results do not change with the inputs
  bool uses_train_mode = false;    ///< computes something else while training (Dropout, BatchNorm)
  bool is_random = false;          ///< draws from the device's random state
  bool ignores_head_gradient = false;  ///< a loss: backward may start here without a gradient
  bool runs_user_code = false;         ///< has no kernel: autograd/custom_operator.h runs it
  /// Pairs (input, output): the output may be written over the input's memory.
  std::vector<std::pair<uint32_t, uint32_t>> inplace;
  /// Attributes that cross operators (AMP class, pointwise program, ONNX name ...).
  AttrMap traits;

 private:
  mutable std::once_flag default_once_;
  mutable Params default_params_;

  uint32_t num_groups(const Params& params) const;
  const InputInfo& input_info(const Params& params, uint32_t i) const;

 public:
  bool has_trait(std::string_view trait) const { return traits.find(trait) != traits.end(); }
  bool is_variadic() const { return groups.size > 0 || inputs_fn; }
  /// Throws: ValueError when the parameter that counts them is out of range.
  uint32_t num_inputs(const Params& params) const;
  uint32_t num_outputs(const Params& params) const;
  uint32_t num_visible_outputs(const Params& params) const;
  /// Indices into inputs_info that are used with these parameters.
  std::vector<uint32_t> used_inputs(const Params& params) const;
  /// Names of the inputs with these parameters: data, weight ...; arg0, arg1 ... when variadic.
  std::vector<std::string> input_names(const Params& params) const;
  /// Name of input i, counted among the used ones. The cost does not grow with their number.
  std::string input_name(const Params& params, uint32_t i) const;
  std::vector<std::string> list_output_names(const Params& params) const;
  /// Kind of input i, counted among the used ones. The cost does not grow with their number.
  InputKind input_kind(const Params& params, uint32_t i) const;
  bool mutates_inputs() const;
  /// Reads text attributes. Throws as Params::parse.
  Params parse_params(const AttrMap& attrs) const {
    return Params::parse(*param_schema, attrs, name);
  }
  /// Parameters when no attribute is given. Throws: ValueError when one is required.
  const Params& default_params() const;
};

/// Operator of that name or alias, or nullptr.
const Op* find_op(std::string_view name);
/// The same. Throws: ValueError that lists the nearest names.
const Op& get_op(std::string_view name);
/// All operators by name, aliases left out.
std::vector<const Op*> all_ops();

/// Registers an operator; used as `static const OpBuilder reg =
/// OpBuilder("softmax").alias(...)...;`. Other threads see operators that a library adds when it is
/// complete (base/registry_lock.h).
class OpBuilder {
 public:
  explicit OpBuilder(std::string name);

  OpBuilder& alias(std::string name);
  OpBuilder& doc(std::string text);
  template <typename P>
  OpBuilder& params() {
    op_->param_schema = &schema_of<P>();
    return *this;
  }
  OpBuilder& input(std::string name, std::string doc = "", InputKind kind = InputKind::kData);
  OpBuilder& parameter(std::string name, std::string doc = "") {
    return input(std::move(name), std::move(doc), InputKind::kParameter);
  }
  OpBuilder& label(std::string name, std::string doc = "") {
    return input(std::move(name), std::move(doc), InputKind::kLabel);
  }
  OpBuilder& auxiliary(std::string name, std::string doc = "") {
    return input(std::move(name), std::move(doc), InputKind::kAuxiliary);
  }
  /// Any number of inputs named <prefix>0, <prefix>1 ..., counted by the parameter `count`.
  OpBuilder& variadic(std::string count, std::string prefix = "arg");
  /// `count` graphs inside the node are counted like inputs (see ir/subgraph.h).
  OpBuilder& counts_graphs(uint32_t count);
  /// The first `size` inputs repeat, for instance weight and gradient of each of num_weights
  /// arrays: <name>_0, <name>_1 ..., counted by the parameter `count`.
  OpBuilder& input_groups(uint32_t size, std::string count);
  /// What a variadic operator has instead with the parameters for which `when` holds.
  OpBuilder& fixed_inputs(std::function<bool(const Params&)> when, std::vector<InputInfo> inputs);
  /// Any number of inputs, which the parameters list; auxiliary states may be among them.
  OpBuilder& inputs(std::function<const std::vector<InputInfo>&(const Params&)> list);
  /// Which inputs exist with given parameters, for instance no bias with no_bias.
  OpBuilder& input_used(std::function<bool(const Params&, size_t)> used);
  OpBuilder& outputs(std::vector<std::string> names);
  OpBuilder& num_outputs(std::function<uint32_t(const Params&)> count);
  OpBuilder& num_visible_outputs(std::function<uint32_t(const Params&)> count);
  OpBuilder& output_names(std::function<std::vector<std::string>(const Params&)> names);
  OpBuilder& infer_shape(Op::InferShape infer);
  OpBuilder& infer_dtype(Op::InferDType infer);
  OpBuilder& infer_storage(Op::InferStorage infer);
  OpBuilder& keeps_zeros(std::function<bool(const Params&)> when = nullptr);
  OpBuilder& gradient(Op::Gradient gradient);
  OpBuilder& decomposition(Op::Decomposition decomposition);
  /// No gradient is known: asking for one is an error.
  OpBuilder& not_differentiable(std::string reason);
  /// Results do not change with small changes of the inputs: the gradient is zero.
  OpBuilder& zero_gradient(std::string reason);
  OpBuilder& uses_train_mode();
  OpBuilder& random();
  OpBuilder& ignores_head_gradient();
  OpBuilder& runs_user_code();
  OpBuilder& inplace(uint32_t input, uint32_t output);
  OpBuilder& trait(std::string key, std::string value = "1");

 private:
  Op* op_;
};

/// Problems of the registry as text lines: duplicates, operators without doc, gradient decision or
/// inference. Empty when all is well; a test checks that.
std::vector<std::string> check_op_registry();

}  // namespace mx
