#include "passes/plan_memory.h"

#include <algorithm>
#include <limits>

#include "ir/op.h"
#include "passes/pack_intervals.h"

namespace mx {
namespace {

constexpr int64_t kForever = std::numeric_limits<int64_t>::max();
constexpr size_t kAlignment = 64;

/// A piece of memory and the values that use it one after the other, or as views of each other.
struct Block {
  Placement::Kind kind = Placement::Kind::kArena;
  uint32_t index = 0;
  size_t bytes = 0, offset = 0;
  int64_t first = 0, last = 0;  ///< steps; `last` covers every value in the block
  int64_t taken_at = -1;        ///< step whose output took the block over
  bool exclusive = false;       ///< an output that is added to
  bool one_value = true;        ///< it has held one value, and views of it
};

class Planner {
 public:
  explicit Planner(const PlanRequest& request) : request_(request) {}

  MemoryPlan run() {
    find_last_uses();
    place_inputs();
    for (size_t i = 0; i < request_.outputs.size(); ++i)
      output_index_[request_.outputs[i]] = static_cast<uint32_t>(i);
    for (size_t t = 0; t < request_.order.size(); ++t)
      place_outputs(*request_.order[t], static_cast<int64_t>(t));
    MemoryPlan plan;
    pack(plan);
    for (const auto& [value, block] : block_of_)
      plan.placement[value] = {blocks_[block].kind, blocks_[block].index, blocks_[block].offset};
    return plan;
  }

 private:
  void find_last_uses() {
    for (size_t t = 0; t < request_.order.size(); ++t)
      for (const Value& value : request_.order[t]->inputs)
        last_use_[value] = static_cast<int64_t>(t);
    for (const Value& value : request_.kept) {
      int64_t& last = last_use_[value];
      last = std::max(last, static_cast<int64_t>(request_.split));
    }
    for (const Value& value : request_.outputs) last_use_[value] = kForever;
  }

  void place_inputs() {
    for (size_t i = 0; i < request_.inputs.size(); ++i) {
      blocks_.push_back({Placement::Kind::kInput, static_cast<uint32_t>(i), 0, 0, 0, kForever});
      block_of_[{request_.inputs[i]->shared_from_this(), 0}] = blocks_.size() - 1;
    }
  }

  void place_outputs(Node& node, int64_t t) {
    const NodePtr self = node.shared_from_this();
    for (uint32_t o = 0; o < node.num_outputs(); ++o) {
      const Value value{self, o};
      const auto use = last_use_.find(value);
      const int64_t last = use == last_use_.end() ? t : use->second;
      const auto output = output_index_.find(value);
      const bool is_output = output != output_index_.end();
      size_t block = reusable_block(node, o, value, t, is_output);
      if (block == kNone) {
        blocks_.push_back({Placement::Kind::kArena, 0, request_.bytes_of(value), 0, t, last});
        block = blocks_.size() - 1;
      }
      const bool is_view = node.op->has_trait("view") && o == 0;
      if (blocks_[block].first != t && !is_view) blocks_[block].one_value = false;
      blocks_[block].last = std::max(blocks_[block].last, last);
      blocks_[block].taken_at = t;
      if (is_output) {
        blocks_[block].kind = Placement::Kind::kOutput;
        blocks_[block].index = output->second;
        blocks_[block].exclusive = adds(output->second);
      }
      block_of_[value] = block;
    }
  }

  bool adds(uint32_t output) const {
    return output < request_.modes.size() && request_.modes[output] == WriteMode::kAdd;
  }

  static bool is_hinted(const Node& node, uint32_t input, uint32_t output) {
    const auto& hints = node.op->inplace;
    return std::find(hints.begin(), hints.end(), std::pair(input, output)) != hints.end();
  }

  /// Whether every input in the block tolerates being overwritten (data and residual of a layer may
  /// be one value; then only the residual would).
  bool only_hinted_inputs_in(size_t block, const Node& node, uint32_t output) const {
    for (uint32_t i = 0; i < node.inputs.size(); ++i)
      if (block_of_.at(node.inputs[i]) == block && !is_hinted(node, i, output)) return false;
    return true;
  }

  /// The block of an input that this output may use, or kNone. A view shares it while others read
  /// it; an in-place result replaces a value that nobody reads any more.
  size_t reusable_block(const Node& node, uint32_t o, const Value& value, int64_t t,
                        bool is_output) const {
    if (is_output && adds(output_index_.at(value))) return kNone;
    const bool view = node.op->has_trait("view") && o == 0;
    for (uint32_t i = 0; i < node.inputs.size(); ++i) {
      if (!is_hinted(node, i, o)) continue;
      const size_t block = block_of_.at(node.inputs[i]);
      const Block& b = blocks_[block];
      if (b.exclusive || !request_.same_layout(value, node.inputs[i])) continue;
      if (b.kind != Placement::Kind::kInput && b.bytes != request_.bytes_of(value)) continue;
      // A graph output needs memory of its own; a block serves one output at most.
      if (is_output && b.kind != Placement::Kind::kArena) continue;
      const auto in_backward = [&](int64_t step) {
        return static_cast<size_t>(step) >= request_.split;
      };
      if (is_output && in_backward(t) && !(view && b.one_value && in_backward(b.first))) continue;
      if (view && i == 0) return block;
      const bool free_now = b.kind == Placement::Kind::kArena && b.last <= t && b.taken_at != t;
      if (request_.inplace && free_now && only_hinted_inputs_in(block, node, o)) return block;
    }
    return kNone;
  }

  void pack(MemoryPlan& plan) {
    std::vector<size_t> arena;
    std::vector<Interval> intervals;
    const auto steps = static_cast<int64_t>(request_.order.size());
    for (size_t i = 0; i < blocks_.size(); ++i) {
      const Block& block = blocks_[i];
      if (block.kind != Placement::Kind::kArena) continue;
      const size_t bytes = (block.bytes + kAlignment - 1) / kAlignment * kAlignment;
      arena.push_back(i);
      intervals.push_back({bytes, block.first, std::min(block.last, steps - 1)});
      intervals.back().offset = plan.unshared_bytes;
      plan.unshared_bytes += bytes;
    }
    plan.arena_bytes = request_.share ? pack_intervals(intervals, steps) : plan.unshared_bytes;
    for (size_t i = 0; i < arena.size(); ++i) blocks_[arena[i]].offset = intervals[i].offset;
  }

  static constexpr size_t kNone = std::numeric_limits<size_t>::max();
  const PlanRequest& request_;
  std::vector<Block> blocks_;
  ValueMap<size_t> block_of_;
  ValueMap<int64_t> last_use_;
  ValueMap<uint32_t> output_index_;
};

}  // namespace

MemoryPlan plan_memory(const PlanRequest& request) { return Planner(request).run(); }

}  // namespace mx
