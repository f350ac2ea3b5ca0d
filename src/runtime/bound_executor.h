#pragma once
#include <mutex>
#include <vector>

#include "ir/infer_graph.h"
#include "runtime/bind_check.h"
#include "runtime/executor.h"
#include "runtime/thread_answers.h"

namespace mx {

/// What every executor has: a symbol with its arrays, and outputs.
class BoundExecutor : public Executor {
 public:
  const Symbol& symbol() const override { return symbol_; }
  const std::vector<NDArray>& args() const override { return arrays_.args; }
  const std::vector<NDArray>& grads() const override { return arrays_.grads; }
  const std::vector<NDArray>& aux() const override { return arrays_.aux; }
  const std::vector<NDArray>& outputs() const override { return outputs_; }
  std::vector<NDArray> answers() override;

 protected:
  BoundExecutor(const Symbol& symbol, BindArrays arrays, Device device);

  bool wants_gradients() const;
  /// Makes output number `i`; zeros until a forward writes it.
  void add_output(size_t i) { add_output(i, device_); }
  void add_output(size_t i, Device device);

  const Symbol symbol_;
  BindArrays arrays_;
  const Device device_;
  const GraphInputs inputs_;
  GraphTypes types_;
  std::vector<NDArray> outputs_;

  /// Guards all below and what a subclass changes. Its holder never waits for the engine or a
  /// monitor; whoever waits for it has let the interpreter's lock go.
  std::mutex mutex_;
  ThreadAnswers answers_;
  Monitor monitor_;
};

}  // namespace mx
