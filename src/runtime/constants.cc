#include "runtime/constants.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "runtime/shared_table.h"

namespace mx {
namespace {

/// Collects what one constant depends on.
class RecipeMaker {
 public:
  RecipeMaker(const LoweredGraph& all, const std::unordered_map<const Node*, size_t>& numbers)
      : all_(all), numbers_(numbers) {}

  ConstantRecipe make(const Value& output) {
    ConstantRecipe recipe;
    const Value outputs[] = {output};
    const std::vector<Node*> order = topological_order(outputs);
    for (Node* node : order) {
      const NodePtr self = node->shared_from_this();
      for (uint32_t i = 0; i < node->num_outputs(); ++i) copy_type(recipe.graph, {self, i});
      if (!node->is_variable()) {
        recipe.graph.steps.push_back(self);
        continue;
      }
      recipe.variables.push_back(self);
      recipe.inputs.push_back(numbers_.at(node));
    }
    recipe.graph.outputs = {output};
    recipe.graph.split = recipe.graph.steps.size();
    recipe.key = GraphKey(
        order, outputs, [&](Node& node) { return descs_of(node); }, false);
    return recipe;
  }

 private:
  void copy_type(LoweredGraph& graph, const Value& value) const {
    graph.types[value] = all_.type(value);
    if (all_.layout(value) != Layout::kPlain) graph.layouts[value] = all_.layout(value);
  }

  std::vector<TensorDesc> descs_of(Node& node) const {
    std::vector<TensorDesc> descs;
    for (uint32_t i = 0; i < node.num_outputs(); ++i)
      descs.push_back(all_.desc({node.shared_from_this(), i}));
    return descs;
  }

  const LoweredGraph& all_;
  const std::unordered_map<const Node*, size_t>& numbers_;
};

/// A recipe and the contents that it is applied to.
struct ConstantKey {
  struct Contents {
    uint64_t id;
    size_t offset;
    bool operator==(const Contents&) const = default;
  };
  GraphKey recipe;
  std::vector<Contents> contents;
  bool operator==(const ConstantKey&) const = default;
  size_t hash() const {
    size_t seed = recipe.hash();
    for (const Contents& each : contents)
      seed = hash_combine(hash_combine(seed, each.id), each.offset);
    return seed;
  }
};

SharedTable<ConstantKey, Buffer>& table() {
  static auto* instance = new SharedTable<ConstantKey, Buffer>;
  return *instance;
}

std::atomic<size_t> computed{0};

BufferPtr compute(const ConstantRecipe& recipe, const std::vector<NDArray>& inputs, Device device,
                  Arena& arena) {
  CompileOptions options;
  options.device = device;
  const CompiledGraph graph(recipe.graph, recipe.variables, options);
  arena.reserve(graph.arena_bytes(), device);
  const NDArray output(Shape{static_cast<int64_t>(graph.output_bytes())}, DType::kUint8, device);
  graph.run(0, graph.num_steps(), inputs, {&output, 1}, arena);
  // From now on the constant is what is read.
  for (const NDArray& input : inputs) input.chunk()->release_file_pages();
  ++computed;
  return output.chunk()->buffer();
}

/// Numbers of the recipes; in this order an arena grows once.
std::vector<size_t> largest_first(const std::vector<ConstantRecipe>& recipes) {
  std::vector<size_t> order(recipes.size()), bytes;
  std::iota(order.begin(), order.end(), size_t{0});
  for (const ConstantRecipe& recipe : recipes) {
    const TensorDesc desc = recipe.graph.desc(recipe.graph.outputs[0]);
    bytes.push_back(layout_bytes(desc.shape, desc.dtype, desc.layout));
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return bytes[a] > bytes[b]; });
  return order;
}

}  // namespace

std::vector<ConstantRecipe> constant_recipes(const SplitGraph& split,
                                             const std::vector<NodePtr>& inputs) {
  std::unordered_map<const Node*, size_t> numbers;
  for (size_t i = 0; i < inputs.size(); ++i) numbers[inputs[i].get()] = i;
  std::vector<ConstantRecipe> recipes;
  for (const Value& output : split.constants.outputs)
    recipes.push_back(RecipeMaker(split.constants, numbers).make(output));
  return recipes;
}

std::vector<size_t> constant_reads(const std::vector<ConstantRecipe>& recipes) {
  std::set<size_t> numbers;
  for (const ConstantRecipe& recipe : recipes)
    numbers.insert(recipe.inputs.begin(), recipe.inputs.end());
  return {numbers.begin(), numbers.end()};
}

std::vector<BufferPtr> shared_constants(const std::vector<ConstantRecipe>& recipes,
                                        std::span<const NDArray> arrays, Device device,
                                        Arena& arena) {
  std::vector<BufferPtr> buffers(recipes.size());
  for (size_t number : largest_first(recipes)) {
    const ConstantRecipe& recipe = recipes[number];
    std::vector<NDArray> inputs;
    ConstantKey key{recipe.key, {}};
    for (size_t i : recipe.inputs) {
      inputs.push_back(arrays[i]);
      key.contents.push_back({arrays[i].chunk()->contents_id(), arrays[i].byte_offset()});
    }
    buffers[number] = table().get(key, [&] { return compute(recipe, inputs, device, arena); });
  }
  return buffers;
}

ConstantStatistics constant_statistics() {
  ConstantStatistics statistics{0, 0, computed};
  table().for_each([&](const Buffer& buffer) {
    ++statistics.alive;
    statistics.bytes += buffer.bytes();
  });
  return statistics;
}

}  // namespace mx
