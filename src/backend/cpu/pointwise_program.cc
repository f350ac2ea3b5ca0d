#include "backend/cpu/pointwise_program.h"

#include <charconv>
#include <unordered_map>

#include "dispatch/run_kernel.h"
#include "ir/symbol_json.h"
#include "ops/elemwise/fused_pointwise.h"

namespace mx::cpu {
namespace {

constexpr int64_t kBlock = 4096;

/// A step's operands: the operator's inputs, room between the steps, or its output.
struct Slot {
  enum class Kind { kInput, kRoom, kOutput } kind;
  size_t index;
  DType dtype;
};

struct Step {
  const Op* op;
  Params params;
  std::vector<Slot> in;
  Slot out;
  ChosenKernel of_block, of_rest;
};

/// The parsed graph: steps with places for their results, taken again once nobody reads them.
class Program {
 public:
  Program(const FusedPointwiseParam& p, std::span<const TensorDesc> inputs)
      : symbol_(symbol_from_json(p.graph, "_fused_pointwise")) {
    require(symbol_.num_outputs() == 1 && !symbol_.outputs()[0].node->is_variable(),
            "_fused_pointwise: graph has no operator or several outputs; expected one output");
    const std::vector<Node*> order = topological_order(symbol_.outputs());
    std::unordered_map<const Node*, size_t> last_use;
    for (size_t i = 0; i < order.size(); ++i)
      for (const Value& value : order[i]->inputs) last_use[value.node.get()] = i;
    for (size_t i = 0; i < order.size(); ++i) {
      if (order[i]->is_variable())
        add_input(*order[i], inputs);
      else
        add_step(*order[i], i + 1 == order.size());
      for (const Value& value : order[i]->inputs)
        if (const auto use = last_use.find(value.node.get());
            use != last_use.end() && use->second == i) {
          release(value.node.get());
          last_use.erase(use);  // an input may be given twice
        }
    }
  }

  std::vector<Step>& steps() { return steps_; }
  const std::vector<Step>& steps() const { return steps_; }
  size_t rooms() const { return rooms_; }

 private:
  void add_input(const Node& node, std::span<const TensorDesc> inputs) {
    size_t index = inputs.size();
    const char* end = node.name.data() + node.name.size();
    if (node.name.starts_with("in")) std::from_chars(node.name.data() + 2, end, index);
    require(index < inputs.size(), "_fused_pointwise: graph has the variable ", node.name,
            "; expected in0 to in", inputs.size() - 1);
    slots_[&node] = {Slot::Kind::kInput, index, inputs[index].dtype};
  }

  void add_step(const Node& node, bool is_last) {
    require(node.op->has_trait("pointwise") && node.num_outputs() == 1,
            "_fused_pointwise: graph has the operator ", node.op->name,
            "; expected pointwise operators");
    Step step{node.op, node.params, {}, {}, {}, {}};
    std::vector<DType> in, out(1, DType::kUnknown);
    for (const Value& value : node.inputs) {
      step.in.push_back(slots_.at(value.node.get()));
      in.push_back(step.in.back().dtype);
    }
    DTypeContext context(*node.op, node.params, in, out);
    node.op->infer_dtype(context);
    step.out = {is_last ? Slot::Kind::kOutput : Slot::Kind::kRoom, is_last ? 0 : take(), out[0]};
    slots_[&node] = step.out;
    steps_.push_back(std::move(step));
  }

  size_t take() {
    if (free_.empty()) return rooms_++;
    const size_t index = free_.back();
    free_.pop_back();
    return index;
  }

  void release(const Node* node) {
    const Slot slot = slots_.at(node);
    if (slot.kind == Slot::Kind::kRoom) free_.push_back(slot.index);
  }

  Symbol symbol_;
  std::unordered_map<const Node*, Slot> slots_;
  std::vector<Step> steps_;
  std::vector<size_t> free_;
  size_t rooms_ = 0;
};

class Prepared final : public PreparedKernel {
 public:
  explicit Prepared(const KernelQuery& query)
      : program_(query.params.as<FusedPointwiseParam>(), query.in),
        size_(query.out[0].shape.size()) {
    for (Step& step : program_.steps()) {
      if (size_ >= kBlock) step.of_block = choose(step, kBlock);
      if (size_ % kBlock) step.of_rest = choose(step, size_ % kBlock);
    }
  }

  void run(const Params&, KernelContext& context, Inputs in, Outputs out) override {
    const int64_t blocks = (size_ + kBlock - 1) / kBlock;
    const auto steps = static_cast<int64_t>(program_.steps().size());
    const int64_t grain = std::max<int64_t>(1, 32 / steps);
    const int64_t shares = std::clamp<int64_t>((blocks + grain - 1) / grain, 1, parallel_threads());
    std::vector<char*> rooms;
    for (int64_t i = 0; i < shares; ++i)
      rooms.push_back(
          context.scratch->get_array<char>(static_cast<int64_t>(program_.rooms()) * kRoomBytes));
    parallel_for(shares, 1, [&](int64_t begin, int64_t end) {
      for (int64_t share = begin; share < end; ++share)
        for (int64_t b = blocks * share / shares; b < blocks * (share + 1) / shares; ++b)
          run_block(b, context, in, out, rooms[static_cast<size_t>(share)]);
    });
  }

 private:
  static constexpr int64_t kRoomBytes = kBlock * static_cast<int64_t>(sizeof(double));

  static ChosenKernel choose(const Step& step, int64_t size) {
    std::vector<TensorDesc> in;
    for (const Slot& slot : step.in) in.push_back({Shape{size}, slot.dtype});
    const std::vector<TensorDesc> out{{Shape{size}, step.out.dtype}};
    const ScopedSerial serial;
    std::string refusals;
    ChosenKernel chosen =
        choose_and_prepare({*step.op, step.params, in, out}, DeviceType::kCpu, false, &refusals);
    internal_check(static_cast<bool>(chosen), refusals.c_str());
    return chosen;
  }

  void run_block(int64_t number, const KernelContext& outer, Inputs in, Outputs out,
                 char* rooms) const {
    const int64_t first = number * kBlock, size = std::min(kBlock, size_ - first);
    const auto tensor = [&](const Slot& slot) {
      const int64_t offset = first * dtype_size(slot.dtype);
      char* data = rooms + static_cast<int64_t>(slot.index) * kRoomBytes;
      if (slot.kind == Slot::Kind::kInput) data = in[slot.index].as<char>() + offset;
      if (slot.kind == Slot::Kind::kOutput) data = out[0].as<char>() + offset;
      return Tensor{data, Shape{size}, slot.dtype};
    };
    std::vector<Tensor> arguments;
    for (const Step& step : program_.steps()) {
      arguments.clear();
      for (const Slot& slot : step.in) arguments.push_back(tensor(slot));
      const Tensor result = tensor(step.out);
      Workspace scratch(outer.device);
      KernelContext context{outer.device, nullptr, outer.is_train, nullptr, {}, &scratch};
      run_part(size == kBlock ? step.of_block : step.of_rest, step.params, context, arguments,
               {&result, 1});
    }
  }

  Program program_;
  int64_t size_;
};

}  // namespace

PreparedPtr prepare_pointwise(const KernelQuery& query) {
  return std::make_shared<Prepared>(query);
}

}  // namespace mx::cpu
