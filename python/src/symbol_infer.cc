// Shape and type inference of symbols. Here ends the legacy meaning of 0 as an unknown size.
#include "binding.h"
#include "ir/symbol.h"
#include "passes/infer.h"

namespace mx::python {
namespace {

Shape from_legacy(PyObject* object, std::string_view name) {
  Shape shape = shape_from(object, name);
  if (shape.ndim() == 0) return Shape();
  for (int64_t& dim : shape)
    if (dim <= 0) dim = Shape::kUnknownDim;
  return shape;
}

nb::object to_legacy(Shape shape) {
  if (!shape.has_rank()) return nb::tuple();
  for (int64_t& dim : shape)
    if (dim < 0) dim = 0;
  return nb::steal(shape_to_tuple(shape));
}

Node* find_input(const GraphInputs& inputs, std::string_view name) {
  for (Node* node : inputs.all)
    if (node->name == name) return node;
  std::string known;
  for (Node* node : inputs.all) known += (known.empty() ? "" : ", ") + node->name;
  fail(ErrorKind::kValue, "infer: ", name, " is not an argument of the symbol; expected one of ",
       known);
}

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

nb::tuple infer_shape(const Symbol& symbol, nb::dict known) {
  const GraphInputs inputs = graph_inputs(symbol.outputs());
  GraphTypes graph(symbol.outputs());
  for (const auto [name, shape] : known)
    graph.at(find_input(inputs, text_of(name.ptr())), 0).shape =
        from_legacy(shape.ptr(), "infer_shape");
  infer_shapes(graph);
  return collect(symbol, inputs, graph, [](const TensorType& t) { return to_legacy(t.shape); });
}

nb::tuple infer_type(const Symbol& symbol, nb::dict known) {
  const GraphInputs inputs = graph_inputs(symbol.outputs());
  GraphTypes graph(symbol.outputs());
  for (const auto [name, dtype] : known)
    graph.at(find_input(inputs, text_of(name.ptr())), 0).dtype = dtype_from(dtype.ptr());
  infer_dtypes(graph);
  return collect(symbol, inputs, graph, [](const TensorType& t) { return dtype_object(t.dtype); });
}

}  // namespace

void bind_symbol_infer(nb::module_& m) {
  m.def("infer_shape", &infer_shape, nb::arg("symbol"), nb::arg("known"),
        "Shapes of arguments, outputs and auxiliary states; 0 and () are what is unknown.");
  m.def("infer_type", &infer_type, nb::arg("symbol"), nb::arg("known"),
        "Types of arguments, outputs and auxiliary states; None is unknown.");
}

}  // namespace mx::python
