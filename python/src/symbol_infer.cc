// Shape and type inference of symbols.
#include <unordered_map>

#include "binding.h"
#include "ir/infer_graph.h"
#include "ir/shape_meaning.h"
#include "ir/symbol.h"
#include "passes/legacy_pooling.h"

namespace mx::python {
namespace {

/// None where the rank is not known and the program does not write that as ().
nb::object written(const Shape& shape) {
  const Shape result = shape_to_written(shape);
  return result.has_rank() ? nb::steal(shape_to_tuple(result)) : nb::none();
}

/// The variables by name; of several with one name the first.
class InputNames {
 public:
  explicit InputNames(const GraphInputs& inputs) : all_(inputs.all) {
    for (Node* node : all_) by_name_.emplace(node->name, node);
  }

  Node* find(std::string_view name) const {
    const auto found = by_name_.find(name);
    if (found != by_name_.end()) return found->second;
    std::string known;
    for (Node* node : all_) known += (known.empty() ? "" : ", ") + node->name;
    fail(ErrorKind::kValue, "infer: ", name, " is not an argument of the symbol; expected one of ",
         known);
  }

 private:
  const std::vector<Node*>& all_;
  std::unordered_map<std::string_view, Node*> by_name_;
};

/// Lists for arguments, outputs and auxiliary states.
template <typename Convert>
nb::tuple collect(const Symbol& symbol, const GraphInputs& inputs, const GraphTypes& graph,
                  Convert convert) {
  nb::list args, outputs, aux;
  for (Node* node : inputs.arguments) args.append(convert(graph.at(node, 0)));
  for (const Value& value : symbol.outputs()) outputs.append(convert(graph[value]));
  for (Node* node : inputs.auxiliary) aux.append(convert(graph.at(node, 0)));
  return nb::make_tuple(args, outputs, aux);
}

nb::object dtype_object(DType dtype) {
  return dtype == DType::kUnknown ? nb::none() : nb::borrow(dtype_to_python(dtype));
}

using NamedShapes = std::vector<std::pair<std::string, Shape>>;

/// The symbol with old Pooling nodes rounding up, if the shapes fit only so; then with a warning.
std::optional<Symbol> resolve_pooling(const Symbol& symbol, const NamedShapes& known) {
  std::optional<ResolvedPooling> resolved = resolve_legacy_pooling(symbol, known);
  if (!resolved) return std::nullopt;
  const std::string& warning = resolved->warning;
  if (!warning.empty() && PyErr_WarnEx(PyExc_UserWarning, warning.c_str(), 1))
    throw nb::python_error();
  return std::move(resolved->symbol);
}

NamedShapes shapes_from(nb::dict known) {
  NamedShapes shapes;
  for (const auto [name, shape] : known)
    shapes.emplace_back(text_of(name.ptr()),
                        shape_from_written(shape_from(shape.ptr(), "infer_shape")));
  return shapes;
}

nb::tuple infer_shape(const Symbol& given, nb::dict known) {
  const NamedShapes shapes = shapes_from(known);
  const Symbol symbol = resolve_pooling(given, shapes).value_or(given);
  const GraphInputs inputs = graph_inputs(symbol.outputs());
  GraphTypes graph(symbol.outputs());
  const InputNames names(inputs);
  for (const auto& [name, shape] : shapes) graph.at(names.find(name), 0).shape = shape;
  infer_shapes(graph);
  return collect(symbol, inputs, graph, [](const TensorType& t) { return written(t.shape); });
}

nb::tuple infer_type(const Symbol& symbol, nb::dict known) {
  const GraphInputs inputs = graph_inputs(symbol.outputs());
  GraphTypes graph(symbol.outputs());
  const InputNames names(inputs);
  for (const auto [name, dtype] : known)
    graph.at(names.find(text_of(name.ptr())), 0).dtype = dtype_from(dtype.ptr());
  infer_dtypes(graph);
  return collect(symbol, inputs, graph, [](const TensorType& t) { return dtype_object(t.dtype); });
}

}  // namespace

void bind_symbol_infer(nb::module_& m) {
  m.def("infer_shape", &infer_shape, nb::arg("symbol"), nb::arg("known"),
        "Shapes of arguments, outputs and auxiliary states, in the thread's way to write shapes.");
  m.def("is_np_shape", &numpy_shapes, "Whether shapes have NumPy's meaning on this thread.");
  m.def("set_np_shape", &set_numpy_shapes, nb::arg("active"),
        "Chooses the meaning of shapes for this thread; returns whether it was NumPy's.");
  m.def(
      "resolve_legacy_pooling",
      [](nb::object symbol, nb::dict known) {
        const auto resolved = resolve_pooling(nb::cast<const Symbol&>(symbol), shapes_from(known));
        if (!resolved) return symbol;
        return nb::steal<nb::object>(wrap_symbol(*resolved, interface_of(symbol.ptr())));
      },
      nb::arg("symbol"), nb::arg("known"),
      "The symbol, or where its Pooling nodes of before July 2016 fit the shapes only if they "
      "round up, one that says so.");
  m.def("infer_type", &infer_type, nb::arg("symbol"), nb::arg("known"),
        "Types of arguments, outputs and auxiliary states; None is unknown.");
}

}  // namespace mx::python
