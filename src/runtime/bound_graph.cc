#include "runtime/bound_graph.h"

namespace mx {
namespace {
constexpr int64_t kInlineElements = 65536;
}

bool is_small_graph(std::span<const TensorType> types) {
  int64_t elements = 0;
  for (const TensorType& type : types) elements += type.shape.size();
  return elements <= kInlineElements;
}

void BoundGraph::run(size_t first, size_t last, size_t out_first, size_t out_last,
                     const CompiledGraph::Observer& observer) {
  Engine& engine = Engine::get();
  std::vector<Var*> reads, writes{&arena->var()};
  for (size_t i : compiled->read_inputs(first, last)) reads.push_back(&inputs[i].var());
  const std::vector<size_t> mutated = compiled->mutated_inputs(first, last);
  for (size_t i : mutated) writes.push_back(&inputs[i].var());
  for (size_t i = out_first; i < out_last; ++i) writes.push_back(&outputs[i].var());
  for (size_t i = 0; i < out_first; ++i) reads.push_back(&outputs[i].var());
  auto work = [compiled = compiled, arena = arena, device = device, observer, inputs = inputs,
               outputs = outputs, mutated, out_first, out_last, first, last] {
    for (size_t i : mutated) inputs[i].chunk()->make_unique(true);
    for (size_t i = out_first; i < out_last; ++i) outputs[i].chunk()->make_unique(true);
    arena->reserve(compiled->arena_bytes(), device);
    compiled->run(first, last, inputs, outputs, *arena, observer);
  };
  if (is_small) {
    ScopedSerial serial;
    engine.push(work, reads, writes, true, "executor");
  } else {
    engine.push(std::move(work), reads, writes, static_cast<bool>(observer), "executor");
  }
  if (observer) engine.wait_to_read(arena->var());
}

}  // namespace mx
