#include "runtime/bound_graph.h"

#include <optional>
#include <string>

#include "dispatch/anomaly.h"
#include "dispatch/invoke.h"
#include "dispatch/random_state.h"

namespace mx {
namespace {

/// The Vars of an operation; those in both lists are updated.
struct Vars {
  std::vector<Var*> reads, writes;
};

Vars vars_of(const BoundGraph& graph, const StepRange& range, bool is_forward, Arena& arena) {
  Vars vars{{}, {&arena.var()}};
  if (!is_forward) vars.reads.push_back(&arena.var());
  // Draws come in the order of the program, whatever waits for whatever.
  if (range.is_random) vars.writes.push_back(&random_state(graph.device).var());
  for (uint32_t i : range.reads) vars.reads.push_back(&graph.inputs[i].var());
  for (uint32_t i : range.reads_outputs) vars.reads.push_back(&graph.outputs[i].var());
  for (uint32_t i : range.mutates) {
    vars.reads.push_back(&graph.inputs[i].var());
    vars.writes.push_back(&graph.inputs[i].var());
  }
  for (uint32_t i : range.writes) {
    const NDArray& output = graph.outputs[i];
    vars.writes.push_back(&output.var());
    if (graph.compiled->adds(i) || !output.is_whole_chunk()) vars.reads.push_back(&output.var());
  }
  if (!is_forward) return vars;
  for (const BoundGraph::Copy& copy : graph.before_forward) {
    vars.reads.push_back(&copy.from.var());
    vars.writes.push_back(&copy.to.var());
  }
  return vars;
}

/// Memory that the steps write and keep: outputs, and values to copy.
size_t bytes_of(const BoundGraph& graph, const StepRange& range, bool is_forward) {
  size_t bytes = 0;
  for (uint32_t i : range.writes) bytes += graph.outputs[i].bytes();
  if (is_forward)
    for (const BoundGraph::Copy& copy : graph.before_forward) bytes += copy.from.bytes();
  return bytes;
}

void run(const BoundGraph& graph, const StepRange& range, bool is_forward, Arena& arena) {
  if (is_forward)
    for (const BoundGraph::Copy& copy : graph.before_forward) {
      copy.to.chunk()->make_unique(false);
      copy_bytes(copy.to.data(), graph.device, copy.from.data(), graph.device, copy.to.bytes());
    }
  for (uint32_t i : range.mutates) graph.inputs[i].chunk()->make_unique(true);
  for (uint32_t i : range.writes) {
    const NDArray& output = graph.outputs[i];
    output.chunk()->make_unique(graph.compiled->adds(i) || !output.is_whole_chunk());
  }
  arena.reserve(graph.compiled->arena_bytes(), graph.device);
  graph.compiled->run(range.first, range.last, graph.inputs, graph.outputs, arena);
}

void push(const std::shared_ptr<const BoundGraph>& graph, const StepRange& range, bool is_forward,
          const std::shared_ptr<Arena>& arena) {
  const Vars vars = vars_of(*graph, range, is_forward, *arena);
  const std::string source = anomaly::current_source();
  auto work = [graph, &range, is_forward, arena, source] {
    const anomaly::SourceScope scope(source);
    run(*graph, range, is_forward, *arena);
  };
  std::optional<ScopedSerial> serial;
  if (graph->is_small) serial.emplace();
  PushOptions options{"executor"};
  options.bytes = bytes_of(*graph, range, is_forward);
  Engine::get().push(std::move(work), vars.reads, vars.writes, graph->is_small, options);
}

}  // namespace

NDArray copy_of_value(const std::shared_ptr<const BoundGraph>& graph,
                      const std::shared_ptr<Arena>& arena, const Value& value) {
  const TensorType type = graph->compiled->graph().type(value);
  const NDArray copy(type.shape, type.dtype, graph->device);
  const Placement& place = graph->compiled->placement(value);
  std::vector<Var*> reads{&arena->var()}, writes{&copy.var()};
  if (place.kind != Placement::Kind::kArena) {
    const bool is_input = place.kind == Placement::Kind::kInput;
    const NDArray& array = (is_input ? graph->inputs : graph->outputs)[place.index];
    if (!array) return {};
    reads.push_back(&array.var());
  }
  Engine::get().push(
      [graph, arena, copy, value] {
        const Tensor from = graph->compiled->tensor(value, graph->inputs, graph->outputs, *arena);
        copy_bytes(copy.data(), graph->device, from.data, graph->device, copy.bytes());
      },
      reads, writes, true, {"copy of a value"});
  return copy;
}

void push_zeros(const NDArray& array) {
  const Op& op = get_op("zeros_like");
  std::vector<NDArray> out{array};
  invoke(op, op.default_params(), {&array, 1}, out);
}

void push_forward(std::shared_ptr<const BoundGraph> graph, const std::shared_ptr<Arena>& arena) {
  push(graph, graph->compiled->forward(), true, arena);
}

void push_backward(std::shared_ptr<const BoundGraph> graph, const std::shared_ptr<Arena>& arena) {
  for (const StepRange& part : graph->compiled->backward()) push(graph, part, false, arena);
}

}  // namespace mx
