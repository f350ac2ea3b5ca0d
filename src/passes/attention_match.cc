#include "passes/attention_match.h"

#include <cmath>
#include <utility>

#include "ir/common_params.h"
#include "ir/op.h"
#include "ops/linalg/products.h"
#include "ops/matrix/dot.h"
#include "ops/nn/activation/softmax.h"
#include "ops/nn/attention/interleaved_matmul.h"

namespace mx {
namespace {

using Role = StridedView::Role;
constexpr Role kHeads = AttentionMatch::kHeads, kRows = AttentionMatch::kRows,
               kColumns = AttentionMatch::kColumns;

bool is_op(const Node& node, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (node.op == find_op(name)) return true;
  return false;
}

/// The factor by which an operator multiplies its one input.
std::optional<double> factor_of(const Node& node, const GraphTypes& types) {
  if (is_op(node, {"_mul_scalar"})) return node.params.as<ScalarParam>().scalar;
  if (is_op(node, {"_div_scalar"})) return 1 / node.params.as<ScalarParam>().scalar;
  if (is_op(node, {"_contrib_div_sqrt_dim"}))
    return 1 / std::sqrt(static_cast<double>(types[node.inputs[0]].shape.back()));
  return std::nullopt;
}

/// The number that all elements of a value have.
std::optional<double> constant_of(const Value& value, const GraphTypes& types) {
  if (value.node->is_variable()) return std::nullopt;
  const Node& node = *value.node;
  if (is_op(node, {"ones_like", "_ones"})) return 1;
  if (is_op(node, {"zeros_like", "_zeros"})) return 0;
  if (is_op(node, {"_plus_scalar"})) {
    const auto inner = constant_of(node.inputs[0], types);
    if (inner) return *inner + node.params.as<ScalarParam>().scalar;
  }
  if (const auto factor = factor_of(node, types))
    if (const auto inner = constant_of(node.inputs[0], types)) return *inner * *factor;
  return std::nullopt;
}

/// A product of matrices.
struct Product {
  Value a, b;
  bool transpose_a = false, transpose_b = false;
  double factor = 1;
};

std::optional<Product> product_of(const Node& node, const GraphTypes& types) {
  if (is_op(node, {"batch_dot", "dot"})) {
    const auto& p = node.params.as<DotParam>();
    if (is_op(node, {"dot"}))
      for (const Value& value : node.inputs)
        if (types[value].shape.ndim() != 2) return std::nullopt;
    return Product{node.inputs[0], node.inputs[1], p.transpose_a, p.transpose_b};
  }
  if (is_op(node, {"_linalg_gemm2"})) {
    const auto& p = node.params.as<linalg::Gemm2Param>();
    if (p.axis != -2) return std::nullopt;
    return Product{node.inputs[0], node.inputs[1], p.transpose_a, p.transpose_b, p.alpha};
  }
  return std::nullopt;
}

/// Matrices in the last two axes of a value, transposed or not.
StridedView matrices(const Value& value, const GraphTypes& types, bool transposed) {
  const Shape& shape = types[value].shape;
  std::vector<Role> roles(static_cast<size_t>(shape.ndim()), kHeads);
  roles[roles.size() - 2] = transposed ? kColumns : kRows;
  roles[roles.size() - 1] = transposed ? kRows : kColumns;
  return StridedView(value, shape, shape, roles);
}

/// One part (queries, keys or values) of projections as _contrib_interleaved_matmul_* lays them
/// out.
StridedView projection(const Value& value, const GraphTypes& types, int64_t heads, int64_t parts,
                       int64_t part) {
  const Shape& s = types[value].shape;
  const int64_t size = s[2] / (heads * parts);
  return StridedView(
      value, part * size,
      {{kHeads, s[1] * heads, parts * size}, {kRows, s[0], s[1] * s[2]}, {kColumns, size, 1}});
}

class Matcher {
 public:
  Matcher(const GraphTypes& types, const UseCounts& uses, const AttentionGradients* gradients)
      : types_(types), uses_(uses), gradients_(gradients) {}

  std::optional<AttentionMatch> match(const Node& node) {
    Value weights;
    if (!find_values(node, weights)) return std::nullopt;
    scores_ = types_[weights].shape;
    if (scores_.ndim() < 2 || scores_.size() == 0) return std::nullopt;
    const auto scores = before_softmax(weights);
    if (!scores || !find_products(*scores, factor_)) return std::nullopt;
    FusedAttentionParam& p = found_.params;
    if (p.mask_weights && p.mask != AttentionMask::kNone && !(weights_mask_ == scores_mask_))
      return std::nullopt;
    if (!have_one_type(node) || has_gradient(found_.mask) || has_gradient(found_.lengths))
      return std::nullopt;
    p.queries = scores_[scores_.ndim() - 2], p.keys = scores_.back();
    p.size = columns(found_.queries), p.value_size = columns(found_.values);
    follow_all();
    p.heads = found_.num_heads;
    p.batch = scores_.size() / (p.queries * p.keys * p.heads);
    return found_;
  }

 private:
  /// The weighted sum: where values, weights and result are.
  bool find_values(const Node& node, Value& weights) {
    const Value out{const_cast<Node&>(node).shared_from_this(), 0};
    const bool self = is_op(node, {"_contrib_interleaved_matmul_selfatt_valatt"});
    if (self || is_op(node, {"_contrib_interleaved_matmul_encdec_valatt"})) {
      const int64_t heads = node.params.as<InterleavedParam>().heads, parts = self ? 3 : 2;
      found_.values = projection(node.inputs[0], types_, heads, parts, parts - 1);
      found_.out = projection(out, types_, heads, 1, 0);
      found_.num_heads = heads;
      weights = node.inputs[1];
      return true;
    }
    const auto product = product_of(node, types_);
    if (!product || product->transpose_a || product->factor != 1) return false;
    if (types_[product->b].shape.ndim() < 2) return false;
    found_.values = matrices(product->b, types_, product->transpose_b);
    found_.out = matrices(out, types_, false);
    weights = product->a;
    return true;
  }

  /// Views keep the last two axes of scores.
  bool is_scores_shape(const Value& value) const {
    const Shape& shape = types_[value].shape;
    return shape.ndim() >= 2 && shape.back() == scores_.back() &&
           shape[shape.ndim() - 2] == scores_[scores_.ndim() - 2] && shape.size() == scores_.size();
  }

  /// From the weights up to what softmax reads.
  std::optional<Value> before_softmax(Value value) {
    while (!value.node->is_variable() && uses_[value] == 1 && is_scores_shape(value)) {
      const Node& node = *value.node;
      if (is_op(node, {"softmax"})) return softmax_input(node);
      if (node.op->has_trait("view")) {
        value = node.inputs[0];
      } else if (is_op(node, {"elemwise_mul", "broadcast_mul"}) && !found_.params.mask_weights) {
        const size_t side = leads_to_softmax(node.inputs[0]) ? 0 : 1;
        if (!set_mask(node.inputs[1 - side], types_[value].shape)) return std::nullopt;
        found_.params.mask_weights = true;
        weights_mask_ = node.inputs[1 - side];
        value = node.inputs[side];
      } else {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  bool leads_to_softmax(Value value) const {
    while (!value.node->is_variable() && value.node->op->has_trait("view"))
      value = value.node->inputs[0];
    return !value.node->is_variable() && is_op(*value.node, {"softmax"});
  }

  std::optional<Value> softmax_input(const Node& node) {
    const auto& p = node.params.as<SoftmaxParam>();
    const Value& in = node.inputs[0];
    const Shape& shape = types_[in].shape;
    if (normalize_axis(p.axis, shape.ndim(), node.op->name) != shape.ndim() - 1)
      return std::nullopt;
    if (p.dtype.value_or(types_[in].dtype) != types_[in].dtype) return std::nullopt;
    factor_ = 1 / p.temperature.value_or(1.0);
    if (node.inputs.size() > 1) {
      const Shape& lengths = types_[node.inputs[1]].shape;
      std::vector<Role> roles(static_cast<size_t>(lengths.ndim()), kHeads);
      roles.back() = kRows;
      found_.lengths = StridedView(node.inputs[1], lengths, lengths, roles);
    }
    return in;
  }

  /// From what softmax reads up to the product of queries and keys. `factor` is what the value is
  /// multiplied with before softmax. Leaves everything as it was where there is none.
  bool find_products(Value value, double factor) {
    for (;;) {
      if (value.node->is_variable() || !is_scores_shape(value)) return false;
      const Node& node = *value.node;
      if (const auto own = factor_of(node, types_)) {
        factor *= *own;
      } else if (is_op(node, {"elemwise_add", "broadcast_add"})) {
        return find_masked(node, value, factor);
      } else if (is_op(node, {"where"})) {
        return find_chosen(node, value, factor);
      } else if (!node.op->has_trait("view")) {
        return find_queries(node, factor);
      }
      value = node.inputs[0];
    }
  }

  /// scores + mask, in either order
  bool find_masked(const Node& node, const Value& value, double factor) {
    if (found_.params.mask != AttentionMask::kNone) return false;
    found_.params.mask = AttentionMask::kAdd;
    for (size_t side : {0, 1}) {
      const Value& mask = node.inputs[1 - side];
      if (is_scores_shape(node.inputs[side]) && find_products(node.inputs[side], factor)) {
        scores_mask_ = mask;
        found_.params.mask_factor = factor;
        return set_mask(mask, types_[value].shape);
      }
    }
    found_.params.mask = AttentionMask::kNone;
    return false;
  }

  /// where(mask, scores, a number)
  bool find_chosen(const Node& node, const Value& value, double factor) {
    const auto fill = constant_of(node.inputs[2], types_);
    if (!fill || found_.params.mask != AttentionMask::kNone) return false;
    if (types_[node.inputs[0]].shape.ndim() != types_[value].shape.ndim()) return false;
    found_.params.mask = AttentionMask::kWhere;
    found_.params.fill = *fill * factor;
    scores_mask_ = node.inputs[0];
    return set_mask(node.inputs[0], types_[value].shape) && find_products(node.inputs[1], factor);
  }

  bool find_queries(const Node& node, double factor) {
    double& scale = found_.params.scale;
    const bool self = is_op(node, {"_contrib_interleaved_matmul_selfatt_qk"});
    if (self || is_op(node, {"_contrib_interleaved_matmul_encdec_qk"})) {
      const int64_t heads = node.params.as<InterleavedParam>().heads;
      const Value &q = node.inputs[0], &k = self ? q : node.inputs[1];
      found_.queries = projection(q, types_, heads, self ? 3 : 1, 0);
      found_.keys = projection(k, types_, heads, self ? 3 : 2, self ? 1 : 0);
      found_.num_heads = heads;
      scale = factor / std::sqrt(static_cast<double>(columns(found_.queries)));
      return true;
    }
    const auto product = product_of(node, types_);
    if (!product) return false;
    found_.queries = matrices(product->a, types_, product->transpose_a);
    found_.keys = matrices(product->b, types_, !product->transpose_b);
    scale = factor * product->factor;
    return true;
  }

  /// The mask that is combined with scores of that shape. Its rows must be whole.
  bool set_mask(const Value& mask, const Shape& scores) {
    const Shape& shape = types_[mask].shape;
    if (shape.ndim() != scores.ndim() || shape.back() != scores.back()) return false;
    std::vector<Role> roles(static_cast<size_t>(shape.ndim()), kHeads);
    roles[roles.size() - 2] = kRows, roles.back() = kColumns;
    found_.mask = StridedView(mask, shape, scores, roles);
    return true;
  }

  bool have_one_type(const Node& node) const {
    const DType dtype = types_.at(&node, 0).dtype;
    if (!is_floating(dtype)) return false;
    for (const StridedView* view : {&found_.queries, &found_.keys, &found_.values})
      if (types_[view->base()].dtype != dtype) return false;
    return true;
  }

  bool has_gradient(const std::optional<StridedView>& view) const {
    return gradients_ && view && gradients_->differentiated.count(view->base().node.get()) > 0;
  }

  static int64_t columns(const StridedView& view) {
    int64_t size = 1;
    for (const auto& axis : view.axes_of(kColumns)) size *= axis.size;
    return size;
  }

  /// Looks for where all that is read lies, as far up as steps can say it. Whoever has samples and
  /// heads apart tells the number of heads.
  void follow_all() {
    std::vector<StridedView*> views{&found_.queries, &found_.keys, &found_.values};
    if (found_.mask) views.push_back(&*found_.mask);
    if (found_.lengths) views.push_back(&*found_.lengths);
    for (StridedView* view : views) {
      double factor = 1;
      const bool is_operand =
          view == &found_.queries || view == &found_.keys || view == &found_.values;
      const bool may_scale = is_operand && view != &found_.values;
      StridedView at = *view;
      while (!(gradients_ && is_operand && drops_elements(at.base())) &&
             step_up(at, factor, may_scale)) {
        const auto heads = at.axes_of(kHeads);
        if (found_.num_heads == 1 && heads.size() == 2) found_.num_heads = heads[1].size;
        if (!head_view(at, found_.num_heads)) continue;
        *view = at;
        found_.params.scale *= std::exchange(factor, 1);
      }
    }
  }

  /// Whether an operator does not pass on each of its elements once.
  bool drops_elements(const Value& value) const {
    const Node& node = *value.node;
    return node.is_variable() || !(node.op->has_trait("view") || factor_of(node, types_) ||
                                   is_op(node, {"transpose", "SwapAxis"}));
  }

  bool step_up(StridedView& view, double& factor, bool may_scale) const {
    const Node& node = *view.base().node;
    if (const auto behind = view.behind(types_)) {
      view = *behind;
      return true;
    }
    if (!may_scale || node.is_variable()) return false;
    const auto own = factor_of(node, types_);
    if (!own) return false;
    factor *= *own;
    view = view.with_base(node.inputs[0]);
    return true;
  }

  const GraphTypes& types_;
  const UseCounts& uses_;
  const AttentionGradients* gradients_;
  AttentionMatch found_;
  Shape scores_;
  double factor_ = 1;
  Value weights_mask_, scores_mask_;
};

}  // namespace

std::optional<AttentionMatch> match_attention(const Node& node, const GraphTypes& types,
                                              const UseCounts& uses,
                                              const AttentionGradients* gradients) {
  if (node.is_variable()) return std::nullopt;
  return Matcher(types, uses, gradients).match(node);
}

std::optional<HeadView> head_view(const StridedView& view, int64_t heads) {
  HeadView made;
  made.offset = view.offset();
  const auto step_of = [&](Role role, int64_t& step) {
    const auto axes = view.axes_of(role);
    if (axes.size() == 1) step = axes[0].step;
    return axes.size() < 2;
  };
  if (!step_of(kRows, made.row_step) || !step_of(kColumns, made.column_step)) return std::nullopt;
  const auto axes = view.axes_of(kHeads);
  if (axes.size() > 2 || (axes.size() == 2 && axes[1].size != heads)) return std::nullopt;
  if (axes.size() == 2) {
    made.batch_step = axes[0].step, made.head_step = axes[1].step;
  } else if (axes.size() == 1) {
    if (axes[0].size % heads != 0) return std::nullopt;
    made.head_step = axes[0].step, made.batch_step = axes[0].step * heads;
  }
  return made;
}

}  // namespace mx
