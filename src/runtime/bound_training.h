#pragma once
#include <memory>
#include <span>
#include <vector>

#include "runtime/arena.h"
#include "runtime/bind_check.h"
#include "runtime/bound_graph.h"
#include "runtime/training_program.h"

namespace mx {

/// A training program with the arrays of one executor. Immutable.
///
/// Layers move their averages in the forward pass, but they are to move with the backward pass
/// alone: the program works on copies, which backward takes over.
struct BoundTraining {
  BoundTraining(std::shared_ptr<const TrainingProgram> program, const BindArrays& arrays,
                const std::vector<NDArray>& outputs, Device device);

  std::shared_ptr<const TrainingProgram> program;
  std::shared_ptr<const BoundGraph> graph;  ///< without head gradients
  std::vector<BoundGraph::Copy> moved_averages;
};

/// A forward pass that waits for its backward pass: arrays and working memory.
struct TrainingRun {
  std::shared_ptr<const BoundTraining> training;
  std::shared_ptr<const BoundGraph> graph;
  ArenaLease arena;
};

/// Queues a forward pass. With `hidden` the executor's outputs stay as they are.
std::shared_ptr<TrainingRun> start_training(std::shared_ptr<const BoundTraining> training,
                                            ArenaLease arena, bool hidden);

/// Throws: ValueError for head gradients that are missing or have a wrong shape.
void check_head_grads(const TrainingProgram& program, const Symbol& symbol,
                      const std::vector<NDArray>& outputs, std::span<const NDArray> head_grads);

/// Queues the backward pass with head gradients that are checked; they become part of run.graph.
void finish_training(TrainingRun& run, const BindArrays& arrays,
                     std::span<const NDArray> head_grads);

}  // namespace mx
