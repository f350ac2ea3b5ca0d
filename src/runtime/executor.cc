#include "runtime/executor.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include "ir/infer_graph.h"
#include "runtime/bound_constants.h"
#include "runtime/bound_training.h"
#include "runtime/compile_requests.h"
#include "runtime/eager_executor.h"
#include "runtime/thread_answers.h"

namespace mx {
namespace {

/// What a forward pass left for backward.
enum class Last : uint8_t { kNone, kPredict, kTrain };

class GraphExecutor final : public Executor {
 public:
  GraphExecutor(const Symbol& symbol, BindArrays arrays, const BindOptions& options)
      : symbol_(symbol),
        arrays_(std::move(arrays)),
        options_(options),
        inputs_(graph_inputs(symbol_.outputs())),
        types_(symbol_.outputs()) {
    check_and_infer(inputs_, arrays_, types_);
    const auto* shared = dynamic_cast<const GraphExecutor*>(options.shared.get());
    arenas_ = shared ? shared->arenas_ : std::make_shared<ArenaPool>();
    cache_ = shared ? shared->cache_ : std::make_shared<InferenceCache>();
    options_.shared.reset();  // kept, it would keep all before it
    for (const Value& value : symbol_.outputs())
      outputs_.emplace_back(types_[value].shape, types_[value].dtype, options_.device);
  }

  void forward(bool is_train, std::span<const Feed> feeds) override {
    std::shared_ptr<TrainingRun> run;
    Monitor monitor;
    {
      std::lock_guard lock(mutex_);
      answers_.begin_forward(outputs_);
      for (const Feed& feed : feeds) copy_array(feed.value, arrays_.args[feed.argument], true);
      waiting_.reset();
      is_used_ = false;
      last_ = is_train ? Last::kTrain : Last::kPredict;
      if (!is_train && !monitor_) return predict();
      run = start_training(training(is_train), arenas_->lend(), false);
      if (wants_gradients()) waiting_ = run;
      monitor = monitor_;
    }
    if (monitor) show(run->training->program->forward_watch, run->graph, run->arena.get(), monitor);
  }

  void backward(std::span<const NDArray> head_grads) override {
    std::shared_ptr<TrainingRun> run;
    Monitor monitor;
    {
      std::lock_guard lock(mutex_);
      if (!wants_gradients()) return;
      require(last_ != Last::kNone,
              "backward: no forward came before it; expected forward(is_train=True)");
      const auto training = waiting_ ? waiting_->training : this->training(last_ == Last::kTrain);
      check_head_grads(*training->program, symbol_, outputs_, head_grads);
      run = waiting_ ? std::move(waiting_) : run_again(training);
      waiting_.reset();
      is_used_ = true;
      finish_training(*run, arrays_, head_grads);
      monitor = monitor_;
    }
    if (monitor)
      show(run->training->program->backward_watch, run->graph, run->arena.get(), monitor);
  }

  const std::vector<NDArray>& outputs() const override { return outputs_; }
  std::vector<NDArray> answers() override {
    std::lock_guard lock(mutex_);
    return answers_.get(outputs_);
  }
  const Symbol& symbol() const override { return symbol_; }
  const std::vector<NDArray>& args() const override { return arrays_.args; }
  const std::vector<NDArray>& grads() const override { return arrays_.grads; }
  const std::vector<NDArray>& aux() const override { return arrays_.aux; }

  void set_monitor(Monitor monitor, bool all) override {
    std::lock_guard lock(mutex_);
    monitor_.swap(monitor);  // the old one goes without the lock: it may need the interpreter's
    monitor_all_ = all;
    for (auto& training : training_) training.reset();
  }

  std::string debug_str() override {
    std::lock_guard lock(mutex_);
    const CompiledGraph& graph =
        wants_gradients() ? *training(true)->program->graph : *inference()->compiled;
    size_t bytes = graph.arena_bytes();
    for (const NDArray& array : outputs_) bytes += array.bytes();
    const double megabyte = 1 << 20;
    return concat(graph.describe(), "Intermediate results without sharing: ",
                  static_cast<double>(graph.unshared_bytes()) / megabyte, " MB\nTotal ",
                  static_cast<double>(bytes) / megabyte,
                  " MB allocated\nTotal 1 TempSpace resource requested\n");
  }

  Symbol optimized_symbol() override {
    std::lock_guard lock(mutex_);
    return Symbol(inference()->compiled->graph().outputs);
  }

 private:
  bool wants_gradients() const {
    return std::any_of(arrays_.modes.begin(), arrays_.modes.end(),
                       [](WriteMode mode) { return mode != WriteMode::kNull; });
  }

  // Inference

  const std::shared_ptr<const BoundGraph>& inference() {
    if (inference_) return inference_;
    auto bound = std::make_shared<BoundGraph>();
    bound->is_small = is_small_graph(types_);
    std::optional<ScopedSerial> serial;  // prepared kernels fix their number of threads
    if (bound->is_small) serial.emplace();
    const auto graph =
        cache_->get(inference_request(symbol_, inputs_, types_, options_.device, options_.fuse));
    constants_ = std::make_unique<BoundConstants>(graph, cache_, options_.device);
    bound->compiled = graph->shared_body();
    bound->device = options_.device;
    bound->inputs = arrays_.args;
    const std::vector<NDArray>&aux = arrays_.aux, &constants = constants_->arrays();
    bound->inputs.insert(bound->inputs.end(), aux.begin(), aux.end());
    bound->inputs.insert(bound->inputs.end(), constants.begin(), constants.end());
    bound->outputs = outputs_;
    inference_ = std::move(bound);
    return inference_;
  }

  void predict() {
    const auto& graph = inference();
    const ArenaLease arena = arenas_->lend();
    constants_->update(graph->inputs, arena.get());
    push_forward(graph, arena.get());
  }

  // Training

  std::shared_ptr<const BoundTraining> training(bool is_train) {
    auto& training = training_[is_train ? 1 : 0];
    if (training) return training;
    TrainingRequest request{symbol_, inputs_, types_, arrays_.modes,
                            compile_options(options_.device, is_train)};
    request.fuse = options_.fuse && options_.device.is_host();
    request.recompute = options_.recompute || wants_recomputation(types_);
    request.watch = static_cast<bool>(monitor_);
    request.watch_inputs = monitor_all_;
    return training = std::make_shared<BoundTraining>(compile_training(std::move(request)), arrays_,
                                                      outputs_, options_.device);
  }

  /// A forward pass for a backward pass that finds none waiting.
  std::shared_ptr<TrainingRun> run_again(const std::shared_ptr<const BoundTraining>& training) {
    require(!training->program->is_random,
            is_used_ ? "backward: it ran once after this forward already, whose random numbers "
                       "cannot be drawn again; expected forward(is_train=True) before it"
                     : "backward: the network draws random numbers; expected "
                       "forward(is_train=True) before it");
    return start_training(training, arenas_->lend(), true);
  }

  const Symbol symbol_;
  BindArrays arrays_;
  std::vector<NDArray> outputs_;
  BindOptions options_;
  GraphInputs inputs_;
  GraphTypes types_;
  std::shared_ptr<ArenaPool> arenas_;
  std::shared_ptr<InferenceCache> cache_;

  /// Guards all below. Its holder never waits for the engine or a monitor; whoever waits for it has
  /// let the interpreter's lock go.
  std::mutex mutex_;
  std::unique_ptr<BoundConstants> constants_;
  std::shared_ptr<const BoundGraph> inference_;
  std::shared_ptr<const BoundTraining> training_[2];  ///< in prediction mode, in training mode
  Last last_ = Last::kNone;
  bool is_used_ = false;  ///< whether backward has run since the last forward
  std::shared_ptr<TrainingRun> waiting_;
  ThreadAnswers answers_;
  Monitor monitor_;
  bool monitor_all_ = false;
};

}  // namespace

std::shared_ptr<Executor> Executor::bind(const Symbol& symbol, std::vector<NDArray> args,
                                         std::vector<NDArray> grads, std::vector<WriteMode> modes,
                                         std::vector<NDArray> aux, const BindOptions& options) {
  BindArrays arrays{std::move(args), std::move(grads), std::move(modes), std::move(aux)};
  if (needs_eager_executor(symbol, arrays))
    return make_eager_executor(symbol, std::move(arrays), options);
  return std::make_shared<GraphExecutor>(symbol, std::move(arrays), options);
}

}  // namespace mx
