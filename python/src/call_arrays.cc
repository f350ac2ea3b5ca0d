#include <algorithm>

#include "op_function.h"
#include "profile/profile.h"

namespace mx::python {
namespace {

/// Whether it is an argument with its default that NumPy's functions hand to the method of their
/// name: np.mean(x) calls x.mean(axis=None, dtype=None, out=None).
bool is_default_of_numpy(std::string_view name, PyObject* value) {
  if (name == "decimals" && PyLong_Check(value) && PyLong_AsLong(value) == 0) return true;
  return value == Py_None && (name == "dtype" || name == "kind" || name == "order" ||
                              name == "stable" || name == "decimals");
}

void refuse_unknown(const Op& op, const ParsedCall& call) {
  std::string known;
  for (const InputInfo& input : op.inputs_info) known += input.name + ", ";
  for (const FieldInfo& field : op.param_schema->fields) known += field.name + ", ";
  for (const auto& [key, value] : call.others) {
    const std::string_view name = text_of(key);
    if (is_default_of_numpy(name, value)) continue;
    // A TypeError lets np.round(x, decimals=2) and the like compute in NumPy.
    const bool is_for_numpy = name == "decimals" || name == "kind";
    if (!is_for_numpy && ignores_argument(op, key)) continue;
    fail(is_for_numpy ? ErrorKind::kType : ErrorKind::kValue, op.name, ": ", name, "=",
         str_of(value), " is not an argument of this operator; expected one of ", known, "out");
  }
}

/// The arrays among the inputs; those that were not given are left out at the end only.
void gather_inputs(const Op& op, const Params& params, const ParsedCall& call,
                   std::vector<NDArray>& in) {
  if (call.counts_in_order(op, params, is_array)) {
    for (PyObject* object : call.inputs)
      if (object && is_array(object)) in.push_back(given_array_in(object));
    return;
  }
  for (size_t i = 0; i < call.inputs.size(); ++i) {
    PyObject* object = call.inputs[i];
    const std::string* name = op.is_variadic() ? nullptr : &op.inputs_info[i].name;
    const bool used = op.is_variadic() || !op.input_used || op.input_used(params, i);
    if (!object || object == Py_None) {
      if (used)
        fail(ErrorKind::kValue, op.name, ": ", name ? *name : std::to_string(i),
             " is missing; expected an NDArray");
      continue;
    }
    if (!is_array(object))
      refuse_type(op.name, ": ", name ? *name : "argument " + std::to_string(i), "=",
                  str_of(object), " is of type ", Py_TYPE(object)->tp_name,
                  "; expected an NDArray");
    if (!used)
      fail(ErrorKind::kValue, op.name, ": ", *name,
           " was given but is not used with these parameters; expected None");
    in.push_back(given_array_in(object));
  }
}

/// The parameters of an operator that takes any argument: those it does not know as text.
Params params_with_others(const Op& op, const ParsedCall& call) {
  AttrMap attrs;
  for (size_t i = 0; i < call.num_params; ++i)
    attrs[call.params[i].field->name] = field_text(*call.params[i].field, call.params[i].value);
  for (const auto& [key, value] : call.others)
    if (!is_array(value)) attrs[std::string(text_of(key))] = str_of(value);
  return op.parse_params(attrs);
}

/// Arrays that were given by the names of inputs that the parameters tell, behind those by
/// position.
void place_named_inputs(const Op& op, const Params& params, ParsedCall& call) {
  const std::vector<std::string> names = op.input_names(params);
  for (const auto& [key, value] : call.others) {
    if (!is_array(value)) continue;
    const auto found = std::find(names.begin(), names.end(), text_of(key));
    require(found != names.end(), op.name, ": ", text_of(key),
            " is an array and no input of this operator; expected ", names.size(), " inputs");
    const auto place = static_cast<size_t>(found - names.begin());
    if (place >= call.inputs.size()) call.inputs.resize(place + 1, nullptr);
    require(!call.inputs[place], op.name, ": ", *found, " was given twice; expected once");
    call.inputs[place] = value;
  }
}

/// The arrays that `out` names. Throws: TypeError.
void gather_outputs(const Op& op, const Params& params, PyObject* out,
                    std::vector<NDArray>& arrays) {
  if (is_array(out)) {
    arrays.push_back(array_in(out));
  } else if (PyTuple_Check(out) || PyList_Check(out)) {
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(out); ++i) {
      PyObject* item = PySequence_Fast_GET_ITEM(out, i);
      if (!is_array(item))
        fail(ErrorKind::kType, op.name, ": out holds a ", Py_TYPE(item)->tp_name,
             "; expected NDArrays");
      arrays.push_back(array_in(item));
    }
  } else {
    fail(ErrorKind::kType, op.name, ": out=", str_of(out), " is of type ", Py_TYPE(out)->tp_name,
         "; expected an NDArray or a list of them");
  }
  const size_t visible = op.num_visible_outputs(params);
  if (arrays.size() != visible && arrays.size() != op.num_outputs(params))
    fail(ErrorKind::kValue, op.name, ": out holds ", arrays.size(), " arrays; expected ", visible);
  arrays.resize(op.num_outputs(params));
}

Device device_of_call(const OpSignature& signature, const ParsedCall& call) {
  if (const FieldInfo* ctx = signature.ctx_field())
    for (size_t i = 0; i < call.num_params; ++i)
      if (call.params[i].field == ctx) return device_from(call.params[i].value);
  return current_device();
}

/// Results that were written over existing arrays are from now on what the tape knows of these.
void tell_outputs(PyObject* out, std::span<const NDArray> arrays) {
  if (is_array(out)) {
    array_in(out).autograd = arrays[0].autograd;
    return;
  }
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(out); ++i)
    array_in(PySequence_Fast_GET_ITEM(out, i)).autograd = arrays[static_cast<size_t>(i)].autograd;
}

PyObject* wrap_outputs(std::vector<NDArray>& out, size_t visible, Interface interface) {
  if (visible == 1) return wrap_array(std::move(out[0]), interface);
  nb::list list;
  for (size_t i = 0; i < visible; ++i)
    list.append(nb::steal(wrap_array(std::move(out[i]), interface)));
  return list.release().ptr();
}

}  // namespace

PyObject* call_with_arrays(PyObject* callable, PyObject* const* args, size_t num_args_flags,
                           PyObject* keyword_names) noexcept {
  return guarded([&] {
    auto* self = reinterpret_cast<OpFunction*>(callable);
    const profile::Span span(profile::kApi, "MXNET_C_API", "MXImperativeInvokeEx");
    const OpSignature& signature = self->get_signature();
    const Op& op = signature.op();
    ParsedCall call;
    signature.parse(args, static_cast<size_t>(PyVectorcall_NARGS(num_args_flags)), keyword_names,
                    call);
    const bool takes_any = op.param_schema->others_offset.has_value();
    if (!call.others.empty() && !takes_any) refuse_unknown(op, call);
    const Params params =
        takes_any ? params_with_others(op, call) : self->params->get(signature, call);
    if (takes_any) place_named_inputs(op, params, call);
    std::vector<NDArray> in, out;
    in.reserve(call.inputs.size());
    gather_inputs(op, params, call, in);
    const bool has_out = call.out && call.out != Py_None;
    if (has_out) gather_outputs(op, params, call.out, out);
    run_called_op(op, params, in, out, in.empty() ? device_of_call(signature, call) : Device{});
    if (has_out) {
      tell_outputs(call.out, out);
      return new_ref(call.out);
    }
    return wrap_outputs(out, op.num_visible_outputs(params), self->interface | call.interface());
  });
}

}  // namespace mx::python
