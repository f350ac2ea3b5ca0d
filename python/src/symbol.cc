#include "ir/symbol.h"

#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string_view.h>

#include "binding.h"
#include "io/formats/file_contents.h"
#include "io/formats/foreign_file.h"
#include "ir/subgraph.h"
#include "ir/symbol_json.h"
#include "passes/remove_amp_cast.h"

namespace mx::python {
namespace {

using NamedSymbols = std::vector<std::pair<std::string, Symbol>>;

/// A symbol that was made of `self`, of its interface.
nb::object of_interface(nb::handle self, Symbol symbol) {
  return nb::steal(wrap_symbol(std::move(symbol), interface_of(self.ptr())));
}

AttrMap attrs_from(nb::dict dict) {
  AttrMap attrs;
  for (const auto [key, value] : dict)
    attrs[std::string(text_of(key.ptr()))] = text_of(value.ptr());
  return attrs;
}

nb::dict to_dict(const AttrMap& attrs) {
  nb::dict dict;
  for (const auto& [key, value] : attrs) dict[key.c_str()] = value;
  return dict;
}

nb::dict attr_dict(const Symbol& symbol) {
  nb::dict dict;
  for (const auto& [name, attrs] : symbol.attr_dict()) dict[name.c_str()] = to_dict(attrs);
  return dict;
}

nb::object compose(nb::handle self, const std::vector<Symbol>& args, const NamedSymbols& kwargs,
                   const std::string& name) {
  return of_interface(self, symbol_in(self.ptr()).compose(args, kwargs, name));
}

/// Several outputs as one symbol, whose parts are asked for by number or name: one of mx.sym.
nb::object plain(Symbol symbol) { return nb::steal(wrap_symbol(std::move(symbol))); }

nb::object group(const std::vector<Symbol>& symbols) { return plain(Symbol::group(symbols)); }

nb::object children_of(const Symbol& self) {
  std::optional<Symbol> children = self.get_children();
  return children ? plain(std::move(*children)) : nb::none();
}

Symbol load_json(const std::string& text, const std::string& source) {
  const ReleaseGil release;
  return symbol_from_json(text, source);
}

Symbol load_file(const std::string& path) {
  const ReleaseGil release;
  // JSON of a graph is an object.
  const std::shared_ptr<FileContents> file = FileContents::read(path, [](std::string_view bytes) {
    const size_t first = bytes.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && bytes[first] == '{';
  });
  refuse_foreign_file(file->bytes(), path, "a symbol as JSON");
  return symbol_from_json(file->bytes(), path);
}

/// What a variable is called that stands for an output inside of a node's graph.
std::string name_of_argument(const Symbol& symbol) {
  const Value& value = symbol.outputs()[0];
  return concat(value.node->name, "-", value.index);
}

/// The graph, and what stands for values from outside, by the names of its variables.
std::pair<Symbol, nb::dict> cut(const Symbol& symbol, const std::string& key,
                                const std::string& scope) {
  const CutGraph graph = cut_graph(symbol.outputs(), [&](const Node& node) {
    const auto found = node.attrs.find(key);
    return found != node.attrs.end() && found->second == scope;
  });
  nb::dict outside;
  for (const auto& [variable, value] : graph.from_outside)
    outside[variable->name.c_str()] = nb::cast(Symbol({value}));
  return {Symbol(graph.outputs), outside};
}

/// What building nodes with graphs inside needs.
void bind_graphs_of_nodes(nb::module_& m) {
  m.def("name_of_argument", &name_of_argument);
  m.def("is_variable", [](const Symbol& s) { return s.outputs()[0].node->is_variable(); });
  m.def("cut_graph", &cut, nb::arg("symbol"), nb::arg("key"), nb::arg("scope"));
  m.def("create_symbol", [](const std::string& op, nb::dict attrs, std::string name,
                            const std::vector<Symbol>& inputs) {
    return Symbol::create(get_op(op), attrs_from(attrs), std::move(name), inputs, {});
  });
}

void bind_lists(nb::class_<Symbol>& cls) {
  cls.def("list_arguments", &Symbol::list_arguments, "Names of the arguments (list of str).")
      .def("list_outputs", &Symbol::list_outputs, "Names of the outputs (list of str).")
      .def("list_auxiliary_states", &Symbol::list_auxiliary_states,
           "Names of the auxiliary states (list of str).")
      .def("list_inputs", &Symbol::list_inputs,
           "Names of arguments and auxiliary states in the order of the graph (list of str).")
      .def(
          "get_internals", [](const Symbol& self) { return plain(self.get_internals()); },
          "All outputs of all nodes, as a group.")
      .def("get_children", &children_of, "The inputs of the output's node, or None.");
}

void bind_attributes(nb::class_<Symbol>& cls) {
  cls.def_prop_ro("name", &Symbol::name, "Name of the node; None for a group.")
      .def("attr", &Symbol::attr, nb::arg("key"), "Value of an attribute (str), or None.")
      .def("_set", &Symbol::set_attr)
      .def("_list_attr", [](const Symbol& s) { return to_dict(s.list_attr()); })
      .def("attr_dict", &attr_dict,
           "Attributes of every node that has some (dict of str to dict of str to str).");
}

}  // namespace

PyObject* wrap_symbol(Symbol symbol, Interface interface) {
  if (interface == Interface::kNumpy && !types.numpy_symbol) nb::module_::import_("mxnet.numpy");
  PyTypeObject* type = interface == Interface::kNumpy ? types.numpy_symbol : types.symbol;
  PyObject* object = nb::inst_alloc(reinterpret_cast<PyObject*>(type)).release().ptr();
  new (nb::inst_ptr<Symbol>(object)) Symbol(std::move(symbol));
  nb::inst_mark_ready(object);
  return object;
}

void bind_symbol(nb::module_& m) {
  auto cls = nb::class_<Symbol>(m, "Symbol", "A computation on named inputs, not yet run.");
  types.symbol = reinterpret_cast<PyTypeObject*>(cls.ptr());
  cls.def(
      "__init__",
      [](Symbol* self, nb::handle handle) {
        const bool is_symbol = PyObject_TypeCheck(handle.ptr(), types.symbol);
        new (self) Symbol(is_symbol ? *nb::inst_ptr<Symbol>(handle) : Symbol());
      },
      nb::arg("handle").none() = nb::none(), "The same computation as another symbol.");
  bind_lists(cls);
  bind_attributes(cls);
  cls.def("__len__", &Symbol::num_outputs)
      .def("_output",
           [](nb::handle self, size_t i) { return of_interface(self, symbol_in(self.ptr())[i]); })
      .def("_copy",
           [](nb::handle self) { return of_interface(self, symbol_in(self.ptr()).copy()); })
      .def(
          "_with_interface",
          [](const Symbol& s, Truth numpy) {
            return nb::steal(wrap_symbol(s, numpy ? Interface::kNumpy : Interface::kLegacy));
          },
          nb::arg("numpy"), "The same symbol as an object of mx.np or of mx.sym.")
      .def("_compose", &compose)
      .def("_become", [](Symbol& s, const Symbol& other) { s = other; })
      .def("_tojson", [](const Symbol& s, Truth without_amp_cast) {
        return symbol_to_json(without_amp_cast ? Symbol(remove_amp_cast(s.outputs())) : s);
      });
  m.def("variable", [](std::string name, nb::dict attrs) {
    return Symbol::variable(std::move(name), attrs_from(attrs));
  });
  m.def("group", &group);
  bind_graphs_of_nodes(m);
  m.def("load_symbol_file", &load_file, nb::arg("path"));
  m.def("load_symbol_json", &load_json, nb::arg("text"), nb::arg("source"));
}

}  // namespace mx::python
