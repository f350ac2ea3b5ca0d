#include "runtime/bound_training.h"

#include "dispatch/invoke.h"

namespace mx {
namespace {

NDArray in_dtype(const NDArray& array, DType dtype, Device device) {
  NDArray result = array;
  if (array.dtype() != dtype) {
    const Op& cast = get_op("Cast");
    std::vector<NDArray> out(1);
    invoke(cast, cast.parse_params({{"dtype", std::string(dtype_name(dtype))}}), {&array, 1}, out);
    result = out[0];
  }
  if (result.device() == device) return result;
  NDArray moved(result.shape(), dtype, device);
  copy_array(result, moved);
  return moved;
}

}  // namespace

BoundTraining::BoundTraining(std::shared_ptr<const TrainingProgram> from, const BindArrays& arrays,
                             const std::vector<NDArray>& outputs, Device device)
    : program(std::move(from)) {
  auto bound = std::make_shared<BoundGraph>();
  bound->compiled = program->graph;
  bound->device = device;
  bound->is_small = program->is_small;
  bound->inputs = arrays.args;
  bound->inputs.insert(bound->inputs.end(), arrays.aux.begin(), arrays.aux.end());
  bound->inputs.resize(program->graph->inputs().size());
  bound->outputs = outputs;
  for (size_t i : program->gradients) bound->outputs.push_back(arrays.grads[i]);
  for (size_t i : program->averages) {
    const NDArray& average = arrays.aux[i];
    NDArray& own = bound->inputs[arrays.args.size() + i];
    own = NDArray(average.shape(), average.dtype(), average.device());
    bound->before_forward.push_back({average, own});
  }
  for (size_t i : program->moved_averages)
    moved_averages.push_back({bound->inputs[arrays.args.size() + i], arrays.aux[i]});
  graph = std::move(bound);
}

std::shared_ptr<TrainingRun> start_training(std::shared_ptr<const BoundTraining> training,
                                            ArenaLease arena, bool hidden) {
  auto run = std::make_shared<TrainingRun>();
  run->graph = training->graph;
  if (hidden) {
    auto own = std::make_shared<BoundGraph>(*training->graph);
    const size_t outputs = own->outputs.size() - training->program->gradients.size();
    for (size_t i = 0; i < outputs; ++i)
      own->outputs[i] = NDArray(own->outputs[i].shape(), own->outputs[i].dtype(), own->device);
    run->graph = std::move(own);
  }
  run->training = std::move(training);
  run->arena = std::move(arena);
  push_forward(run->graph, run->arena.get());
  return run;
}

void check_head_grads(const TrainingProgram& program, const Symbol& symbol,
                      const std::vector<NDArray>& outputs, std::span<const NDArray> head_grads) {
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!program.needs_head_grad(i)) continue;
    const bool is_given = i < head_grads.size() && head_grads[i];
    require(is_given, "backward: output ", i, " (", output_name(symbol.outputs()[i]),
            ") is not a loss; expected out_grads with a gradient for it");
    require(head_grads[i].shape() == outputs[i].shape(), "backward: out_grads[", i,
            "]=", head_grads[i].shape(), " has the wrong shape; expected ", outputs[i].shape());
  }
}

void finish_training(TrainingRun& run, const BindArrays& arrays,
                     std::span<const NDArray> head_grads) {
  const TrainingProgram& program = *run.training->program;
  const size_t outputs = run.graph->outputs.size() - program.gradients.size();
  const size_t first_head = run.graph->inputs.size() - outputs;
  std::shared_ptr<BoundGraph> own;
  for (size_t i = 0; i < outputs && i < head_grads.size(); ++i) {
    if (!head_grads[i] || !program.needs_head_grad(i)) continue;
    if (!own) own = std::make_shared<BoundGraph>(*run.graph);
    own->inputs[first_head + i] = in_dtype(head_grads[i], own->outputs[i].dtype(), own->device);
  }
  if (own) run.graph = std::move(own);
  push_backward(run.graph, run.arena.get());
  for (size_t i : program.zeros)
    if (arrays.modes[i] == WriteMode::kWrite) push_zeros(arrays.grads[i]);
  for (const BoundGraph::Copy& copy : run.training->moved_averages)
    copy_array(copy.from, copy.to, true);
}

}  // namespace mx
