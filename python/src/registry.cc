#include "base/env.h"
#include "binding.h"
#include "dispatch/invoke.h"
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
  d["differentiable"] = op.not_differentiable.empty() || op.runs_user_code;
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

WriteMode write_mode_from(const std::string& text) {
  if (text == "null") return WriteMode::kNull;
  if (text == "add") return WriteMode::kAdd;
  require(text == "write", "invoke: mode='", text, "' is unknown; expected null, write or add");
  return WriteMode::kWrite;
}

/// One application of an operator as the graph runner makes it: outputs that exist, with a mode for
/// each. Outputs behind the given ones are not wanted.
void invoke_with_modes(const std::string& name,
                       const std::vector<std::pair<std::string, std::string>>& attrs,
                       const std::vector<NDArray>& in, std::vector<NDArray> out,
                       const std::vector<std::string>& mode_texts, bool is_train) {
  const Op& op = get_op(name);
  const Params params = op.parse_params(AttrMap(attrs.begin(), attrs.end()));
  require(out.size() <= op.num_outputs(params) && mode_texts.size() == out.size(), op.name, ": ",
          out.size(), " outputs and ", mode_texts.size(), " modes were given; expected at most ",
          op.num_outputs(params), " of each");
  std::vector<WriteMode> modes;
  for (const std::string& text : mode_texts) modes.push_back(write_mode_from(text));
  modes.resize(op.num_outputs(params), WriteMode::kNull);
  InvokeOptions options;
  options.is_train = is_train;
  options.write_modes = modes;
  const ReleaseGil release;
  invoke(op, params, in, out, options);
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
      [](bool of_libraries) {
        std::vector<std::string> names;
        for (const Op* op : all_ops()) {
          if (op->has_trait("from_library") && !of_libraries) continue;
          names.push_back(op->name);
          names.insert(names.end(), op->aliases.begin(), op->aliases.end());
        }
        return names;
      },
      nb::arg("of_libraries") = false,
      "Names and aliases of all operators, also of those that the user's libraries brought.");
  m.def(
      "operator_methods",
      [] {
        std::vector<std::string> names;
        for (const Op* op : all_ops())
          if (op->has_trait("method")) names.push_back(op->traits.find("method")->second);
        return names;
      },
      "Names of operators that arrays and symbols have as methods: their first input is `self`.");
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
  m.def("invoke", &invoke_with_modes, nb::arg("op"), nb::arg("attrs"), nb::arg("inputs"),
        nb::arg("outputs"), nb::arg("modes"), nb::arg("is_train") = false,
        "For tests: apply an operator to arrays with a mode ('write', 'add' or 'null') for each "
        "output; attributes are pairs of texts.");
  m.def(
      "env_flag", [](const std::string& name) { return env::flag(name); }, nb::arg("name"),
      "Whether an environment variable of the table is switched on.");
  m.def("environment_variables", &environment_variables,
        "Name, value, default and documentation of each environment variable.");
}

}  // namespace mx::python
