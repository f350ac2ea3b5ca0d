#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "autograd/autograd.h"
#include "runtime/arena.h"
#include "runtime/bound_graph.h"
#include "runtime/cached_symbol.h"
#include "runtime/training_program.h"

namespace mx {

/// Training of a cached operator for inputs of certain types: the program, and what each run needs
/// beside it. Immutable.
class CachedTraining {
 public:
  /// `wanted` says of which inputs, in the order of list_inputs(), gradients are wanted.
  CachedTraining(std::shared_ptr<const CachedSymbol> symbol, const GraphTypes& types, Device device,
                 bool is_train, const std::vector<bool>& wanted);

  const CachedSymbol& symbol() const { return *symbol_; }
  const TrainingProgram& program() const { return *program_; }
  Device device() const { return device_; }
  /// Arrays for a forward pass, with new ones for its outputs; `in` as CachedSymbol::for_graph
  /// gives it. Gradients have no arrays yet.
  std::shared_ptr<BoundGraph> bind(std::vector<NDArray> in) const;
  /// The same with outputs of its own, for a second forward pass.
  std::shared_ptr<BoundGraph> bind_again(const BoundGraph& bound) const;
  /// Gives a copy of a bound graph what backward needs: gradients of the outputs (none is zero) and
  /// arrays for those of the inputs.
  std::shared_ptr<BoundGraph> bind_backward(const BoundGraph& bound,
                                            std::span<const NDArray> d_out) const;
  /// The gradients in it, in the order of list_inputs(); none where there is none.
  std::vector<NDArray> gradients(const BoundGraph& bound) const;
  /// The running averages among the inputs that move with the backward pass.
  std::vector<NDArray> moving_states(const std::vector<NDArray>& in) const;
  /// Queues what a pass with those arrays does to these.
  void move_states(const BoundGraph& bound, const std::vector<NDArray>& states) const;

 private:
  /// A state that layers move: new = keep * old + what a pass adds.
  struct Average {
    size_t input;  ///< its number among the program's
    double keep;
    NDArray zeros;  ///< what a pass starts from, so that it finds what it adds
    bool moves;     ///< whether backward passes through the layer
  };
  void find_averages(const GraphTypes& types, bool is_train);
  std::vector<NDArray> new_outputs() const;

  std::shared_ptr<const CachedSymbol> symbol_;
  std::shared_ptr<const TrainingProgram> program_;
  Device device_;
  std::vector<TensorType> outputs_;
  std::vector<bool> needs_head_grad_;
  std::vector<size_t> gradient_of_;  ///< the input of each gradient, in the order of list_inputs()
  std::vector<Average> averages_;
  std::vector<size_t> fixed_averages_;  ///< numbers of states that no layer moves
};

/// A forward pass on the tape. It keeps inputs, outputs and working memory until backward has run.
/// Thread safety: any.
class CachedRun final : public autograd::Computation {
 public:
  /// Queues the forward pass.
  CachedRun(std::shared_ptr<const CachedTraining> training, std::vector<NDArray> in,
            std::shared_ptr<ArenaPool> arenas);
  /// The outputs, unknown to the tape.
  const std::vector<NDArray>& outputs() const { return pass_.bound->outputs; }

  std::string_view name() const override { return "CachedOp"; }
  bool starts_gradients() const override { return training_->symbol().starts_gradients; }
  std::vector<NDArray> gradients(const autograd::GradientRequest& request) override;
  std::vector<NDArray> unfold(std::span<const NDArray> in, bool is_train) override;
  std::vector<Value> outputs_from(std::span<const Value> in) const override;

 private:
  /// A forward pass with the working memory that it left.
  struct Pass {
    std::shared_ptr<const BoundGraph> bound;
    ArenaLease arena;
  };
  Pass pass_for_backward(bool retain);
  Pass run_again() const;
  Pass copy_of(const Pass& pass) const;
  /// What the forward pass drew, in the order of the program's draws.
  std::vector<NDArray> drawn();
  /// Puts a node that has drawn on the tape with what it drew then.
  bool repeat_draws(std::span<const NDArray> drawn, const NodePtr& node,
                    std::span<const NDArray> in, std::vector<NDArray>& out) const;

  std::shared_ptr<const CachedTraining> training_;
  std::shared_ptr<ArenaPool> arenas_;
  std::vector<NDArray> states_;
  std::mutex mutex_;  ///< guards pass_.arena; its holder never waits
  Pass pass_;         ///< its arena is gone once backward has used it up
};

}  // namespace mx
