#include "runtime/executor.h"

#include <algorithm>

#include "base/env.h"
#include "dispatch/invoke.h"
#include "passes/assign_layouts.h"
#include "passes/fuse_pointwise.h"
#include "passes/gradient.h"
#include "passes/infer.h"
#include "passes/recompute.h"
#include "runtime/bound_constants.h"
#include "runtime/bound_graph.h"

namespace mx {
namespace {

class GraphExecutor final : public Executor {
 public:
  GraphExecutor(const Symbol& symbol, std::vector<NDArray> args, std::vector<NDArray> grads,
                std::vector<WriteMode> modes, std::vector<NDArray> aux, const BindOptions& options)
      : symbol_(symbol),
        args_(std::move(args)),
        grads_(std::move(grads)),
        modes_(std::move(modes)),
        aux_(std::move(aux)),
        options_(options),
        inputs_(graph_inputs(symbol_.outputs())),
        types_(symbol_.outputs()) {
    check_arrays();
    infer();
    const auto* shared = dynamic_cast<const GraphExecutor*>(options.shared.get());
    arena_ = shared ? shared->arena_ : std::make_shared<Arena>();
    cache_ = shared ? shared->cache_ : std::make_shared<InferenceCache>();
    options_.shared.reset();  // kept, it would keep all before it
    for (const Value& value : symbol_.outputs())
      outputs_.emplace_back(types_[value].shape, types_[value].dtype, options_.device);
  }

  void forward(bool is_train) override {
    last_train_ = is_train && wants_gradients();
    if (!is_train) return infer_forward();
    run_forward(last_train_ ? training() : train_forward());
  }

  void backward(std::span<const NDArray> head_grads, bool) override {
    BoundGraph& graph = training();
    check_head_grads(head_grads);
    if (!last_train_) run_forward(graph);
    for (size_t i = 0; i < head_grads.size(); ++i)
      if (head_grads[i]) graph.inputs[args_.size() + aux_.size() + i] = head_grads[i];
    graph.run(graph.compiled->split(), graph.compiled->num_steps(), outputs_.size(),
              graph.outputs.size());
    for (size_t i : zero_gradients_)
      if (modes_[i] == WriteMode::kWrite) write_zeros(grads_[i]);
  }

  const std::vector<NDArray>& outputs() const override { return outputs_; }
  const Symbol& symbol() const override { return symbol_; }
  const std::vector<NDArray>& args() const override { return args_; }
  const std::vector<NDArray>& grads() const override { return grads_; }
  const std::vector<NDArray>& aux() const override { return aux_; }

  void set_monitor(Monitor monitor, bool all) override {
    monitor_ = std::move(monitor);
    monitor_all_ = all;
    inference_.reset();  // compiled again without fusion: every operator is observed
  }

  std::string debug_str() override {
    const CompiledGraph& graph = wants_gradients() ? *training().compiled : *inference().compiled;
    const double megabyte = 1 << 20;
    const double shared =
        static_cast<double>(graph.arena_bytes() + forward_output_bytes()) / megabyte;
    return concat(graph.describe(), "Intermediate results without sharing: ",
                  static_cast<double>(graph.unshared_bytes()) / megabyte, " MB\nTotal ", shared,
                  " MB allocated\n");
  }

  Symbol optimized_symbol() override { return Symbol(inference().compiled->graph().outputs); }

 private:
  static void write_zeros(const NDArray& array) {
    const Op& op = get_op("zeros_like");
    std::vector<NDArray> out{array};
    invoke(op, op.default_params(), {&array, 1}, out);
  }

  bool wants_gradients() const {
    return std::any_of(modes_.begin(), modes_.end(),
                       [](WriteMode mode) { return mode != WriteMode::kNull; });
  }

  void check_arrays() {
    const auto check = [&](const std::vector<Node*>& variables, const std::vector<NDArray>& arrays,
                           const char* what) {
      require(variables.size() == arrays.size(), "bind: ", arrays.size(), " ", what,
              " arrays were given; expected ", variables.size());
      for (size_t i = 0; i < arrays.size(); ++i)
        require(static_cast<bool>(arrays[i]), "bind: the array of ", variables[i]->name,
                " is missing; expected one for every ", what);
    };
    check(inputs_.arguments, args_, "argument");
    check(inputs_.auxiliary, aux_, "auxiliary state");
    grads_.resize(args_.size());
    modes_.resize(args_.size(), WriteMode::kNull);
    for (size_t i = 0; i < grads_.size(); ++i) {
      if (!grads_[i]) modes_[i] = WriteMode::kNull;
      require(!grads_[i] || grads_[i].shape() == args_[i].shape(), "bind: the gradient of ",
              inputs_.arguments[i]->name, " has shape ", grads_[i] ? grads_[i].shape() : Shape(),
              "; expected ", args_[i].shape());
    }
  }

  void infer() {
    const auto set = [&](Node* node, const NDArray& array) {
      types_.at(node, 0) = {array.shape(), array.dtype()};
    };
    for (size_t i = 0; i < args_.size(); ++i) set(inputs_.arguments[i], args_[i]);
    for (size_t i = 0; i < aux_.size(); ++i) set(inputs_.auxiliary[i], aux_[i]);
    infer_shapes(types_);
    infer_dtypes(types_);
    const auto check = [&](Node* node, const NDArray& array) {
      const TensorType& type = types_.at(node, 0);
      require(type.shape == array.shape(), "bind: ", node->name, "=", array.shape(),
              " has the wrong shape; expected ", type.shape);
    };
    for (size_t i = 0; i < args_.size(); ++i) check(inputs_.arguments[i], args_[i]);
    for (size_t i = 0; i < aux_.size(); ++i) check(inputs_.auxiliary[i], aux_[i]);
  }

  void check_head_grads(std::span<const NDArray> head_grads) const {
    for (size_t i = 0; i < symbol_.num_outputs(); ++i) {
      const Node& node = *symbol_.outputs()[i].node;
      const bool is_given = i < head_grads.size() && head_grads[i];
      require(is_given || (node.op && node.op->ignores_head_gradient), "backward: output ", i, " (",
              output_name(symbol_.outputs()[i]),
              ") is not a loss; expected out_grads with a gradient for it");
      require(!is_given || head_grads[i].shape() == outputs_[i].shape(), "backward: out_grads[", i,
              "]=", is_given ? head_grads[i].shape() : Shape(), " has the wrong shape; expected ",
              outputs_[i].shape());
    }
  }

  std::vector<NodePtr> forward_nodes() const {
    std::vector<NodePtr> nodes;
    for (Node* node : types_.order())
      if (!node->is_variable()) nodes.push_back(node->shared_from_this());
    return nodes;
  }

  /// Of variables, and of operators without inputs, whose shape may come from their users.
  ValueMap<TensorType> source_types() const {
    ValueMap<TensorType> map;
    for (Node* node : types_.order())
      for (uint32_t i = 0; node->inputs.empty() && i < node->num_outputs(); ++i)
        map[{node->shared_from_this(), i}] = types_.at(node, i);
    return map;
  }

  std::vector<NodePtr> variables() const {
    std::vector<NodePtr> nodes;
    for (const auto* list : {&inputs_.arguments, &inputs_.auxiliary})
      for (Node* node : *list) nodes.push_back(node->shared_from_this());
    return nodes;
  }

  std::vector<NDArray> input_arrays() const {
    std::vector<NDArray> arrays = args_;
    arrays.insert(arrays.end(), aux_.begin(), aux_.end());
    return arrays;
  }

  CompileOptions compile_options(bool is_train) const {
    CompileOptions options;
    options.device = options_.device;
    options.is_train = is_train;
    options.inplace = env::flag("MXNET_EXEC_ENABLE_INPLACE");
    options.share = env::flag("MXNET_EXEC_MEMORY_SHARING");
    return options;
  }

  std::unique_ptr<BoundGraph> bind_graph(std::shared_ptr<const CompiledGraph> compiled,
                                         bool is_small) {
    return std::make_unique<BoundGraph>(BoundGraph{std::move(compiled), input_arrays(), outputs_,
                                                   arena_, options_.device, is_small});
  }

  std::unique_ptr<BoundGraph> make(LoweredGraph lowered, std::vector<NodePtr> variables,
                                   CompileOptions compile) {
    std::vector<TensorType> types;
    for (const auto& [value, type] : lowered.types) types.push_back(type);
    const bool is_small = is_small_graph(types);
    std::optional<ScopedSerial> serial;  // prepared kernels fix their number of threads
    if (is_small) serial.emplace();
    return bind_graph(std::make_shared<CompiledGraph>(std::move(lowered), std::move(variables),
                                                      std::move(compile)),
                      is_small);
  }

  BoundGraph& inference() {
    if (inference_) return *inference_;
    std::vector<TensorType> types;
    for (Node* node : types_.order()) types.push_back(types_.at(node, 0));
    const bool is_small = is_small_graph(types);
    std::optional<ScopedSerial> serial;
    if (is_small) serial.emplace();
    const auto graph = cache_->get(inference_request());
    constants_ = std::make_unique<BoundConstants>(graph, cache_, arena_, options_.device);
    inference_ = bind_graph(graph->shared_body(), is_small);
    return *inference_;
  }

  InferenceRequest inference_request() const {
    const bool fuse = options_.fuse && !monitor_ && env::text("MXNET_SUBGRAPH_BACKEND") != "NONE" &&
                      options_.device.is_host();
    return {symbol_, variables(), source_types(), compile_options(false), fuse, inference_dtype()};
  }

  static DType inference_dtype() {
    const std::string name = env::text("REMX_INFERENCE_DTYPE");
    if (name == "bfloat16") return DType::kBfloat16;
    require(name == "float32", "environment: REMX_INFERENCE_DTYPE=", name,
            " is not known; expected float32 or bfloat16");
    return DType::kFloat32;
  }

  void infer_forward() {
    BoundGraph& graph = inference();
    graph.inputs = input_arrays();
    const std::vector<NDArray>& constants = constants_->update(graph.inputs);
    graph.inputs.insert(graph.inputs.end(), constants.begin(), constants.end());
    run_forward(graph);
  }

  void run_forward(BoundGraph& graph) {
    graph.run(0, graph.compiled->split(), 0, outputs_.size(), observer());
  }

  /// Library layouts and fused operators, unless somebody looks at the values in between.
  LoweredGraph optimized_for_training(LoweredGraph graph) const {
    if (monitor_ || !options_.fuse || !options_.device.is_host()) return graph;
    return fuse_pointwise(assign_layouts(std::move(graph), options_.device.compute().type, true));
  }

  BoundGraph& train_forward() {
    if (train_forward_) return *train_forward_;
    const std::vector<NodePtr> nodes = forward_nodes();
    LoweredGraph lowered = lower(nodes, nodes.size(), symbol_.outputs(), outputs_.size(),
                                 source_types(), options_.device.compute().type, true);
    train_forward_ =
        make(optimized_for_training(std::move(lowered)), variables(), compile_options(true));
    return *train_forward_;
  }

  BoundGraph& training() {
    if (!training_) training_ = make_training();
    return *training_;
  }

  /// Large graphs wait for memory, so that keeping less of it costs them little time (ResNet-50,
  /// batch 16: 18 % less memory, 3 % more time).
  bool wants_recomputation() const {
    if (options_.recompute) return true;
    if (env::text("MXNET_BACKWARD_DO_MIRROR") != "auto")
      return env::flag("MXNET_BACKWARD_DO_MIRROR");
    constexpr int64_t kLargeBytes = int64_t{256} << 20;
    int64_t bytes = 0;
    for (Node* node : types_.order())
      if (!node->is_variable())
        bytes += types_.at(node, 0).shape.size() * dtype_size(types_.at(node, 0).dtype);
    return bytes > kLargeBytes;
  }

  std::unique_ptr<BoundGraph> make_training() {
    std::vector<Node*> wanted;
    std::vector<size_t> numbers;
    for (size_t i = 0; i < args_.size(); ++i)
      if (modes_[i] != WriteMode::kNull)
        wanted.push_back(inputs_.arguments[i]), numbers.push_back(i);
    TrainingGraph graph = gradient_graph(symbol_.outputs(), wanted, types_);
    if (wants_recomputation())
      graph.backward = recompute_cheap(graph.backward, types_, graph.gradients);
    std::vector<NodePtr> steps = forward_nodes();
    const size_t split = steps.size();
    steps.insert(steps.end(), graph.backward.begin(), graph.backward.end());
    ValueMap<TensorType> types = source_types();
    std::vector<NodePtr> inputs = variables();
    for (size_t i = 0; i < graph.head_grads.size(); ++i) {
      types[{graph.head_grads[i], 0}] = types_[symbol_.outputs()[i]];
      inputs.push_back(graph.head_grads[i]);
    }
    std::vector<Value> outputs = symbol_.outputs();
    CompileOptions compile = compile_options(true);
    compile.modes.assign(outputs.size(), WriteMode::kWrite);
    std::vector<NDArray> grads;
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (!graph.gradients[i]) {
        zero_gradients_.push_back(numbers[i]);
        continue;
      }
      outputs.push_back(graph.gradients[i]);
      compile.modes.push_back(modes_[numbers[i]]);
      grads.push_back(grads_[numbers[i]]);
    }
    LoweredGraph lowered = lower(steps, split, outputs, outputs_.size(), std::move(types),
                                 options_.device.compute().type, true);
    auto bound =
        make(optimized_for_training(std::move(lowered)), std::move(inputs), std::move(compile));
    bound->inputs.resize(bound->compiled->inputs().size(),
                         outputs_.empty() ? NDArray() : outputs_[0]);
    bound->outputs.insert(bound->outputs.end(), grads.begin(), grads.end());
    return bound;
  }

  size_t forward_output_bytes() const {
    size_t bytes = 0;
    for (const NDArray& array : outputs_) bytes += array.bytes();
    return bytes;
  }

  CompiledGraph::Observer observer() const {
    if (!monitor_) return {};
    return [monitor = monitor_, device = options_.device](const Node& node,
                                                          std::span<const Tensor> outputs) {
      for (uint32_t i = 0; i < outputs.size(); ++i) {
        NDArray copy(outputs[i].shape, outputs[i].dtype, device);
        copy_bytes(copy.data(), device, outputs[i].data, device, copy.bytes());
        monitor(output_name({const_cast<Node&>(node).shared_from_this(), i}), copy);
      }
    };
  }

  Symbol symbol_;
  std::vector<NDArray> args_, grads_;
  std::vector<WriteMode> modes_;
  std::vector<NDArray> aux_, outputs_;
  BindOptions options_;
  GraphInputs inputs_;
  GraphTypes types_;
  std::shared_ptr<Arena> arena_;
  std::shared_ptr<InferenceCache> cache_;
  std::unique_ptr<BoundConstants> constants_;
  std::unique_ptr<BoundGraph> inference_, train_forward_, training_;
  std::vector<size_t> zero_gradients_;
  Monitor monitor_;
  bool monitor_all_ = false, last_train_ = false;
};

}  // namespace

std::shared_ptr<Executor> Executor::bind(const Symbol& symbol, std::vector<NDArray> args,
                                         std::vector<NDArray> grads, std::vector<WriteMode> modes,
                                         std::vector<NDArray> aux, const BindOptions& options) {
  return std::make_shared<GraphExecutor>(symbol, std::move(args), std::move(grads),
                                         std::move(modes), std::move(aux), options);
}

}  // namespace mx
