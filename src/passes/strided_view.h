#pragma once
#include <optional>
#include <vector>

#include "ir/infer_graph.h"

namespace mx {

/// Elements along named axes as they lie in the memory of a value that is computed, plain, in one
/// piece. Following a value up to where its elements come from turns reshapes, transposes, slices
/// and broadcasts into steps.
class StridedView {
 public:
  /// What an axis means to whoever made the view.
  using Role = int;
  /// Indices of a role may be spread over several axes, the last of which counts fastest.
  struct Axis {
    Role role;
    int64_t size, step;
  };

  StridedView() = default;
  StridedView(Value base, int64_t offset, std::vector<Axis> axes)
      : base_(std::move(base)), offset_(offset), axes_(std::move(axes)) {
    simplify();
  }
  /// All elements of a value of that shape, each of its dimensions with a role. They are repeated
  /// along dimensions where `shape` has size 1 and `repeated` another.
  StridedView(Value value, const Shape& shape, const Shape& repeated,
              const std::vector<Role>& roles);

  const Value& base() const { return base_; }
  int64_t offset() const { return offset_; }
  /// The same places in another value of the same shape.
  StridedView with_base(Value base) const {
    StridedView view = *this;
    view.base_ = std::move(base);
    return view;
  }
  std::vector<Axis> axes_of(Role role) const;

  /// The same elements in the input of the base's operator, where that only moves them; nothing
  /// where it computes or where steps cannot say it.
  std::optional<StridedView> behind(const GraphTypes& types) const;
  /// The same elements in the output of an operator (a reshape or transpose) that reads the base;
  /// nothing where it is another or steps cannot say it.
  std::optional<StridedView> in_front(const Value& output, const GraphTypes& types) const;

 private:
  /// Gives every axis the steps of another piece of memory: `steps[d]` elements there are one along
  /// dimension d of the base's shape. Splits axes that run over several dimensions.
  bool move(const Shape& shape, const std::vector<int64_t>& steps);
  void simplify();

  Value base_;
  int64_t offset_ = 0;
  std::vector<Axis> axes_;
};

}  // namespace mx
