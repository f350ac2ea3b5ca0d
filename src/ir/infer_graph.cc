#include "ir/infer_graph.h"

#include "base/checked.h"
#include "ir/op.h"
#include "ir/shape_meaning.h"

namespace mx {
namespace {

/// Runs one operator's inference on copies of what is known and writes back what is new.
struct ShapeTraits {
  static Shape& part(TensorType& type) { return type.shape; }
  static bool known(const TensorType& type) { return type.shape.is_known(); }
};

struct DTypeTraits {
  static DType& part(TensorType& type) { return type.dtype; }
  static bool known(const TensorType& type) { return type.dtype != DType::kUnknown; }
};

template <typename Traits>
class Inference {
 public:
  using Part = std::remove_reference_t<decltype(Traits::part(std::declval<TensorType&>()))>;

  explicit Inference(GraphTypes& types) : types_(types) {}

  void run() {
    std::vector<Node*> open;
    for (Node* node : types_.order())
      if (!node->is_variable() && (visit(*node), !done(*node))) open.push_back(node);
    // Backwards, then forwards again, over what is still open, until a round learns nothing.
    while (!open.empty()) {
      bool progress = false;
      for (auto it = open.rbegin(); it != open.rend(); ++it) progress |= visit(**it);
      for (Node* node : open) progress |= visit(*node);
      std::erase_if(open, [this](Node* node) { return done(*node); });
      if (!progress) break;
    }
  }

 private:
  bool done(const Node& node) {
    for (const Value& value : node.inputs)
      if (!Traits::known(types_[value])) return false;
    for (uint32_t i = 0; i < node.num_outputs(); ++i)
      if (!Traits::known(types_.at(&node, i))) return false;
    return true;
  }

  bool visit(const Node& node) {
    in_.clear();
    out_.clear();
    for (const Value& value : node.inputs) in_.push_back(Traits::part(types_[value]));
    for (uint32_t i = 0; i < node.num_outputs(); ++i)
      out_.push_back(Traits::part(types_.at(&node, i)));
    try {
      run(node);
    } catch (const Error& error) {
      throw Error(error.kind(),
                  error.message() + (node.name.empty() ? "" : " (in node " + node.name + ")"));
    }
    bool changed = false;
    for (size_t i = 0; i < in_.size(); ++i) changed |= store(types_[node.inputs[i]], in_[i]);
    for (uint32_t i = 0; i < out_.size(); ++i) changed |= store(types_.at(&node, i), out_[i]);
    return changed;
  }

  void run(const Node& node) {
    if constexpr (std::is_same_v<Part, Shape>) {
      ShapeContext context(*node.op, node.params, in_, out_);
      node.op->infer_shape(context);
    } else {
      std::vector<Shape> shapes;
      for (const Value& value : node.inputs) shapes.push_back(types_[value].shape);
      DTypeContext context(*node.op, node.params, in_, out_, shapes);
      node.op->infer_dtype(context);
    }
  }

  static bool store(TensorType& type, const Part& part) {
    if (Traits::part(type) == part) return false;
    Traits::part(type) = part;
    return true;
  }

  GraphTypes& types_;
  std::vector<Part> in_, out_;
};

void take_hints(GraphTypes& types) {
  for (Node* node : types.order()) {
    if (!node->is_variable()) continue;
    TensorType& type = types.at(node, 0);
    const auto shape = node->attrs.find("__shape__");
    Shape hint;
    if (shape != node->attrs.end() && !type.shape.is_known() &&
        codec::Codec<Shape>::parse(shape->second, hint))
      merge_shape(type.shape, shape_from_written(hint));
  }
}

void take_dtype_hints(GraphTypes& types) {
  for (Node* node : types.order()) {
    if (!node->is_variable() || types.at(node, 0).dtype != DType::kUnknown) continue;
    const auto found = node->attrs.find("__dtype__");
    int64_t code = -1;
    if (found != node->attrs.end() && codec::parse_int(found->second, code) && is_dtype_code(code))
      types.at(node, 0).dtype = static_cast<DType>(code);
  }
}

}  // namespace

GraphTypes::GraphTypes(std::span<const Value> outputs) : order_(topological_order(outputs)) {
  size_t count = 0;
  for (Node* node : order_) {
    offset_[node] = count;
    count += node->num_outputs();
  }
  types_.resize(count);
}

void infer_shapes(GraphTypes& types) {
  take_hints(types);
  for (const Node* node : types.order())
    if (node->is_variable())
      require(is_countable(types.at(node, 0).shape), node->name,
              ": shape=", types.at(node, 0).shape,
              " is more than memory can hold; expected a smaller one");
  Inference<ShapeTraits>(types).run();
}

void infer_dtypes(GraphTypes& types) {
  take_dtype_hints(types);
  Inference<DTypeTraits>(types).run();
}

void default_dtypes(GraphTypes& types) {
  for (Node* node : types.order()) {
    if (!node->is_variable() || types.at(node, 0).dtype != DType::kUnknown) continue;
    types.at(node, 0).dtype = DType::kFloat32;
  }
  Inference<DTypeTraits>(types).run();
}

}  // namespace mx
