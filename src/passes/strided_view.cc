#include "passes/strided_view.h"

#include <algorithm>

#include "ir/op.h"
#include "ops/matrix/slice.h"
#include "ops/matrix/split.h"
#include "ops/matrix/transpose.h"

namespace mx {
namespace {

std::vector<int64_t> row_major_steps(const Shape& shape) {
  std::vector<int64_t> steps(static_cast<size_t>(shape.ndim()), 1);
  for (int i = shape.ndim() - 1; i-- > 0;)
    steps[static_cast<size_t>(i)] = steps[static_cast<size_t>(i) + 1] * shape[i + 1];
  return steps;
}

/// Which axis of its input each axis of a transpose's output is; nothing of other operators.
std::optional<Shape> permutation_of(const Node& node, int ndim) {
  if (node.op == find_op("transpose"))
    return transpose_axes(node.params.as<TransposeParam>().axes, ndim, node.op->name);
  if (node.op == find_op("SwapAxis"))
    return swapped_axes(node.params.as<SwapAxisParam>(), ndim, node.op->name);
  return std::nullopt;
}

/// The box that an output of a slicing operator is of its input.
std::optional<BoxParam> box_of(const Value& value, const Shape& in, const Shape& out) {
  const Node& node = *value.node;
  if (node.op == find_op("slice"))
    return slice_box(node.params.as<SliceParam>(), in, node.op->name);
  if (node.op == find_op("slice_axis"))
    return slice_axis_box(node.params.as<SliceAxisParam>(), in, node.op->name);
  if (node.op == find_op("SliceChannel") && in.ndim() == out.ndim()) {
    const int axis = normalize_axis(node.params.as<SliceChannelParam>().axis, in.ndim(), "split");
    BoxParam box{in, Shape::filled(in.ndim(), 0), Shape::filled(in.ndim(), 1), out};
    box.start[axis] = out[axis] * value.index;
    return box;
  }
  return std::nullopt;
}

bool repeats(const Node& node) {
  return node.op == find_op("broadcast_to") || node.op == find_op("broadcast_axis") ||
         node.op == find_op("broadcast_like");
}

}  // namespace

StridedView::StridedView(Value value, const Shape& shape, const Shape& repeated,
                         const std::vector<Role>& roles)
    : base_(std::move(value)) {
  const std::vector<int64_t> steps = row_major_steps(shape);
  for (int i = 0; i < shape.ndim(); ++i) {
    const auto n = static_cast<size_t>(i);
    axes_.push_back({roles[n], repeated[i], shape[i] == repeated[i] ? steps[n] : 0});
  }
  simplify();
}

std::vector<StridedView::Axis> StridedView::axes_of(Role role) const {
  std::vector<Axis> found;
  for (const Axis& axis : axes_)
    if (axis.role == role) found.push_back(axis);
  return found;
}

std::optional<StridedView> StridedView::behind(const GraphTypes& types) const {
  if (base_.node->is_variable()) return std::nullopt;
  const Node& node = *base_.node;
  const Shape& out = types[base_].shape;
  StridedView view = *this;
  if (node.inputs.empty()) return std::nullopt;
  int64_t start = 0;
  view.base_ = node.inputs[0];
  const Shape& in = types[view.base_].shape;
  std::vector<int64_t> steps = row_major_steps(in);
  if (node.op->has_trait("view")) return view;
  if (const auto axes = permutation_of(node, out.ndim())) {
    std::vector<int64_t> moved;
    for (int64_t axis : *axes) moved.push_back(steps[static_cast<size_t>(axis)]);
    steps = std::move(moved);
  } else if (repeats(node)) {
    for (int i = 0; i < out.ndim(); ++i)
      if (in[i] != out[i]) steps[static_cast<size_t>(i)] = 0;
  } else if (const auto box = box_of(base_, in, out)) {
    for (size_t i = 0; i < steps.size(); ++i) {
      start += box->start[static_cast<int>(i)] * steps[i];
      steps[i] *= box->step[static_cast<int>(i)];
    }
  } else {
    return std::nullopt;
  }
  if (!view.move(out, steps)) return std::nullopt;
  view.offset_ += start;
  return view;
}

std::optional<StridedView> StridedView::in_front(const Value& output,
                                                 const GraphTypes& types) const {
  const Node& node = *output.node;
  const Shape& in = types[node.inputs[0]].shape;
  StridedView view = *this;
  view.base_ = output;
  if (node.op->has_trait("view")) return view;
  const auto axes = permutation_of(node, in.ndim());
  if (!axes) return std::nullopt;
  const std::vector<int64_t> out_steps = row_major_steps(types[output].shape);
  std::vector<int64_t> steps(out_steps.size());
  for (int i = 0; i < in.ndim(); ++i)
    steps[static_cast<size_t>((*axes)[i])] = out_steps[static_cast<size_t>(i)];
  if (!view.move(in, steps)) return std::nullopt;
  return view;
}

bool StridedView::move(const Shape& shape, const std::vector<int64_t>& steps) {
  const std::vector<int64_t> old = row_major_steps(shape);
  std::vector<int64_t> last;  // of the indices that the view reaches along each dimension
  int64_t offset = 0;
  for (size_t d = 0; d < old.size(); ++d) {
    last.push_back(offset_ / old[d] % shape[static_cast<int>(d)]);
    offset += last[d] * steps[d];
  }
  std::vector<Axis> moved;
  for (const Axis& axis : axes_) {
    std::vector<Axis> parts;  // the last of them counts slowest
    int64_t left = axis.size, step = axis.step;
    while (left > 1 && step > 0) {
      size_t d = old.size();
      while (d > 0 && (shape[static_cast<int>(d) - 1] == 1 ||
                       old[d - 1] * shape[static_cast<int>(d) - 1] <= step))
        --d;
      if (d == 0 || step % old[--d] != 0) return false;
      const int64_t end = old[d] * shape[static_cast<int>(d)];  // the step of the next dimension
      int64_t size = left;
      if (step * left > end) {
        if (end % step != 0 || left % (end / step) != 0) return false;
        size = end / step;
      }
      last[d] += (size - 1) * (step / old[d]);
      if (last[d] >= shape[static_cast<int>(d)]) return false;
      parts.push_back({axis.role, size, step / old[d] * steps[d]});
      left /= size, step = end;
    }
    if (left > 1) parts.push_back({axis.role, left, 0});
    moved.insert(moved.end(), parts.rbegin(), parts.rend());
  }
  axes_ = std::move(moved);
  offset_ = offset;
  simplify();
  return true;
}

void StridedView::simplify() {
  std::vector<Axis> kept;
  for (const Axis& axis : axes_) {
    if (axis.size == 1) continue;
    if (!kept.empty() && kept.back().role == axis.role &&
        kept.back().step == axis.step * axis.size) {
      kept.back().size *= axis.size;
      kept.back().step = axis.step;
    } else {
      kept.push_back(axis);
    }
  }
  axes_ = std::move(kept);
}

}  // namespace mx
