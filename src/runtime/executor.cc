#include "runtime/executor.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include "dispatch/anomaly.h"
#include "ir/infer_graph.h"
#include "runtime/bound_constants.h"
#include "runtime/bound_executor.h"
#include "runtime/bound_training.h"
#include "runtime/compile_requests.h"
#include "runtime/eager_executor.h"
#include "runtime/placement.h"
#include "runtime/small_graph.h"

namespace mx {
namespace {

/// What a forward pass left for backward.
enum class Last : uint8_t { kNone, kPredict, kTrain };

class GraphExecutor final : public BoundExecutor {
 public:
  GraphExecutor(const Symbol& symbol, BindArrays arrays, const BindOptions& options)
      : BoundExecutor(symbol, std::move(arrays), options.device), options_(options) {
    const auto* shared = dynamic_cast<const GraphExecutor*>(options.shared.get());
    arenas_ = shared ? shared->arenas_ : std::make_shared<ArenaPool>();
    cache_ = shared ? shared->cache_ : std::make_shared<InferenceCache>();
    options_.shared.reset();  // kept, it would keep all before it
    for (size_t i = 0; i < symbol_.outputs().size(); ++i) add_output(i);
  }

  void forward(bool is_train, std::span<const Feed> feeds) override {
    // Who never waits for results is some steps ahead and not thousands.
    Engine::get().wait_for_room();
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
  // Inference

  const std::shared_ptr<const BoundGraph>& inference() {
    if (inference_) return inference_;
    auto bound = std::make_shared<BoundGraph>();
    bound->is_small = is_small_graph(types_);
    std::optional<ScopedSerial> serial;  // prepared kernels fix their number of threads
    if (bound->is_small) serial.emplace();
    const auto graph =
        cache_->get(inference_request(symbol_, inputs_, types_, device_, options_.fuse));
    constants_ = std::make_unique<BoundConstants>(graph, cache_, device_, bound->is_small);
    bound->compiled = graph->shared_body();
    bound->device = device_;
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
                            compile_options(device_, is_train)};
    request.fuse = options_.fuse && !anomaly::is_on() && device_.is_host();
    request.recompute = options_.recompute || wants_recomputation(types_);
    request.watch = static_cast<bool>(monitor_);
    request.watch_inputs = monitor_all_;
    return training = std::make_shared<BoundTraining>(compile_training(std::move(request)), arrays_,
                                                      outputs_, device_);
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

  BindOptions options_;
  std::shared_ptr<ArenaPool> arenas_;
  std::shared_ptr<InferenceCache> cache_;

  // Guarded by mutex_.
  std::unique_ptr<BoundConstants> constants_;
  std::shared_ptr<const BoundGraph> inference_;
  std::shared_ptr<const BoundTraining> training_[2];  ///< in prediction mode, in training mode
  Last last_ = Last::kNone;
  bool is_used_ = false;  ///< whether backward has run since the last forward
  std::shared_ptr<TrainingRun> waiting_;
  bool monitor_all_ = false;
};

}  // namespace

std::shared_ptr<Executor> Executor::bind(const Symbol& symbol, std::vector<NDArray> args,
                                         std::vector<NDArray> grads, std::vector<WriteMode> modes,
                                         std::vector<NDArray> aux, const BindOptions& options) {
  BindArrays arrays{std::move(args), std::move(grads), std::move(modes), std::move(aux)};
  const bool is_on_several = !place_groups(symbol, options.groups, options.device).empty();
  if (is_on_several || needs_eager_executor(symbol, arrays))
    return make_eager_executor(symbol, std::move(arrays), options);
  return std::make_shared<GraphExecutor>(symbol, std::move(arrays), options);
}

}  // namespace mx
