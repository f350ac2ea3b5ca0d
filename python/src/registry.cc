#include "binding.h"
#include "ir/op.h"

namespace mx::python {
namespace {

nb::list inputs_of(const Op& op) {
  nb::list list;
  for (const InputInfo& input : op.inputs_info) list.append(nb::make_tuple(input.name, input.doc));
  return list;
}

nb::list params_of(const Op& op) {
  const std::shared_ptr<void> defaults = op.param_schema->make();
  nb::list list;
  for (const FieldInfo& field : op.param_schema->fields) {
    nb::object fallback = nb::none();
    if (!field.is_required) fallback = nb::str(field.print(defaults.get()).c_str());
    list.append(nb::make_tuple(field.name, field.type_text(), fallback, field.doc));
  }
  return list;
}

/// Everything that signatures, documents and stubs need to know of an operator.
nb::dict describe(const Op& op) {
  nb::dict d;
  d["name"] = op.name;
  d["aliases"] = op.aliases;
  d["doc"] = op.doc;
  d["inputs"] = inputs_of(op);
  d["params"] = params_of(op);
  d["variadic_count"] = op.variadic_count;
  d["differentiable"] = op.not_differentiable.empty();
  d["outputs"] = op.output_names;
  return d;
}

}  // namespace

void bind_registry(nb::module_& m) {
  m.def(
      "list_ops",
      [] {
        std::vector<std::string> names;
        for (const Op* op : all_ops()) {
          names.push_back(op->name);
          names.insert(names.end(), op->aliases.begin(), op->aliases.end());
        }
        return names;
      },
      "Names and aliases of all operators.");
  m.def(
      "has_op", [](const std::string& name) { return find_op(name) != nullptr; }, nb::arg("name"),
      "Whether there is an operator of that name or alias.");
  m.def(
      "describe_op", [](const std::string& name) { return describe(get_op(name)); },
      nb::arg("name"), "Name, aliases, documentation, inputs and parameters of an operator.");
  m.def("check_op_registry", &check_op_registry, "Problems of the operator registry.");
}

}  // namespace mx::python
