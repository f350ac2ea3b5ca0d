#include "base/env.h"
#include "binding.h"
#include "dispatch/kernel_registry.h"
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
  d["variadic"] = op.is_variadic();
  d["differentiable"] = op.not_differentiable.empty();
  d["outputs"] = op.output_names;
  return d;
}

/// What can compute an operator on a device: its kernels, best first, and "decomposition".
std::vector<std::string> kernel_names(const std::string& name, int device_type) {
  const Op& op = get_op(name);
  const Device device{static_cast<DeviceType>(device_type), 0};
  std::vector<std::string> names;
  for (const Kernel* kernel : kernels_of(op, device.compute().type)) names.push_back(kernel->name);
  if (op.decomposition) names.push_back("decomposition");
  return names;
}

/// The table of environment variables: (name, value now, default, documentation).
nb::list environment_variables() {
  nb::list list;
  for (const env::Variable& variable : env::all())
    list.append(nb::make_tuple(std::string(variable.name), env::text(variable.name),
                               std::string(variable.fallback), std::string(variable.doc)));
  return list;
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
  m.def("check_kernel_registry", &check_kernel_registry, "Problems of the kernel registry.");
  m.def("kernel_names", &kernel_names, nb::arg("op"), nb::arg("device_type") = 1,
        "Kernels of an operator on a device, best first, and 'decomposition' if it has one.");
  m.def(
      "force_kernel",
      [](const std::string& op, const std::string& kernel) { force_kernel(get_op(op), kernel); },
      nb::arg("op"), nb::arg("kernel"),
      "For tests: use only that kernel for an operator in this thread; '' ends it.");
  m.def("environment_variables", &environment_variables,
        "Name, value, default and documentation of each environment variable.");
}

}  // namespace mx::python
