#include "ir/symbol.h"
#include "mixed_precision.h"
#include "op_function.h"

namespace mx::python {
namespace {

bool is_symbol(PyObject* object) { return PyObject_TypeCheck(object, types.symbol); }

using NamedSymbols = std::vector<std::pair<std::string, Symbol>>;

/// The value of an attribute as text: that of an initializer makes it again.
std::string attribute_text(PyObject* value) {
  static PyObject* const initializer =
      nb::object(nb::module_::import_("mxnet.initializer").attr("Initializer")).release().ptr();
  const int is_initializer = PyObject_IsInstance(value, initializer);
  if (is_initializer < 0) throw nb::python_error();
  return is_initializer ? str_of(nb::object(nb::handle(value).attr("dumps")()).ptr())
                        : str_of(value);
}

/// Attributes of the scope in force, and those in the argument `attr`.
void add_scope_attributes(PyObject* attr, AttrMap& attrs) {
  static PyObject* const scope =
      nb::object(nb::module_::import_("mxnet.attribute").attr("AttrScope")).release().ptr();
  const nb::object found =
      nb::handle(scope).attr("current").attr("get")(attr ? nb::handle(attr) : nb::none());
  for (const auto [key, value] : nb::cast<nb::dict>(found)) {
    if (!PyUnicode_Check(key.ptr()))
      fail(ErrorKind::kType, "attr: the key ", str_of(key.ptr()),
           " is no string; expected names of attributes");
    attrs[std::string(text_of(key.ptr()))] = attribute_text(value.ptr());
  }
}

std::string name_in_scope(PyObject* name, PyObject* hint) {
  static PyObject* const manager =
      nb::object(nb::module_::import_("mxnet.name").attr("NameManager")).release().ptr();
  const nb::object found = nb::handle(manager).attr("current").attr("get")(
      name ? nb::handle(name) : nb::none(), nb::handle(hint));
  return str_of(found.ptr());
}

[[noreturn]] void fail_no_symbol(const Op& op, const std::string& name, PyObject* object) {
  refuse_type(op.name, ": ", name, "=", str_of(object), " is of type ", Py_TYPE(object)->tp_name,
              "; expected a Symbol");
}

/// Inputs count by their names, or in their order where ParsedCall says so.
void gather_inputs(const Op& op, const AttrMap& params, const ParsedCall& call,
                   std::vector<Symbol>& args, NamedSymbols& kwargs) {
  const bool in_order =
      op.is_variadic() ||
      (op.input_used && call.counts_in_order(op, op.parse_params(params), is_symbol));
  for (size_t i = 0; i < call.inputs.size(); ++i) {
    PyObject* object = call.inputs[i];
    const std::string name =
        op.is_variadic() ? "argument " + std::to_string(i) : op.inputs_info[i].name;
    if (!op.is_variadic() && (!object || object == Py_None)) continue;
    if (!is_symbol(object)) fail_no_symbol(op, name, object);
    const Symbol& symbol = symbol_in(object);
    require(symbol.num_outputs() == 1, op.name, ": ", name, " is a symbol with ",
            symbol.num_outputs(), " outputs; expected one output");
    if (in_order)
      args.push_back(symbol);
    else
      kwargs.emplace_back(name, symbol);
  }
}

/// Keyword arguments beyond the operator's own: further inputs, `attr`, user attributes.
PyObject* take_others(const Op& op, const ParsedCall& call, NamedSymbols& kwargs, AttrMap& attrs) {
  PyObject* attr = nullptr;
  for (const auto& [key, value] : call.others) {
    const std::string name(text_of(key));
    if (is_symbol(value))
      kwargs.emplace_back(name, symbol_in(value));
    else if (name == "attr")
      attr = value == Py_None ? nullptr : value;
    else if (value != types.null) {
      if (!name.starts_with("__")) ignores_argument(op, key);
      attrs[name] = attribute_text(value);
    }
  }
  return attr;
}

/// What functions of mx.np and mx.npx give where there are several outputs, as they do for arrays.
nb::list list_of_outputs(const Symbol& symbol) {
  nb::list outputs;
  for (size_t i = 0; i < symbol.num_outputs(); ++i)
    outputs.append(nb::steal(wrap_symbol(symbol[i], Interface::kNumpy)));
  return outputs;
}

}  // namespace

PyObject* call_with_symbols(PyObject* callable, PyObject* const* args, size_t num_args_flags,
                            PyObject* keyword_names) noexcept {
  return guarded([&] {
    auto* self = reinterpret_cast<OpFunction*>(callable);
    const OpSignature& signature = self->get_signature();
    const Op& op = signature.op();
    ParsedCall call;
    call.is_of_symbols = true;
    signature.parse(args, static_cast<size_t>(PyVectorcall_NARGS(num_args_flags)), keyword_names,
                    call);
    std::vector<Symbol> inputs;
    NamedSymbols named;
    AttrMap given, attrs, params;
    PyObject* attr = take_others(op, call, named, given);
    add_scope_attributes(attr, attrs);
    attrs.merge(std::move(given));
    for (size_t i = 0; i < call.num_params; ++i)
      params[call.params[i].field->name] = field_text(*call.params[i].field, call.params[i].value);
    gather_inputs(op, params, call, inputs, named);
    for (const auto& [key, value] : params) attrs[key] = value;
    PyObject* name = call.name == Py_None ? nullptr : call.name;
    Symbol result = Symbol::create(op, attrs, name_in_scope(name, self->hint), inputs, named);
    if (const CastPolicy* policy = active_cast_policy()) cast_inputs(*policy, result);
    const Interface interface = self->interface | call.interface();
    if (self->interface == Interface::kNumpy && result.num_outputs() > 1)
      return list_of_outputs(result).release().ptr();
    return wrap_symbol(std::move(result), interface);
  });
}

}  // namespace mx::python
