#include "op_signature.h"

namespace mx::python {
namespace {

PyObject* intern(const std::string& text) {
  PyObject* object = PyUnicode_InternFromString(text.c_str());
  if (!object) throw nb::python_error();
  return object;
}

PyObject* interned_out() {
  static PyObject* const text = intern("out");
  return text;
}
PyObject* interned_name() {
  static PyObject* const text = intern("name");
  return text;
}
PyObject* interned_attr() {
  static PyObject* const text = intern("attr");
  return text;
}

/// Whether an argument can be a parameter only.
bool is_value(PyObject* argument) {
  return PyLong_Check(argument) || PyFloat_Check(argument) || PyUnicode_Check(argument);
}

}  // namespace

bool ParsedCall::counts_in_order(const Op& op, const Params& params,
                                 bool (*is_input)(PyObject*)) const {
  if (op.is_variadic() || !op.input_used) return false;
  size_t given = 0, used = 0;
  bool any_unused = false;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const bool is_given = inputs[i] && is_input(inputs[i]);
    const bool is_used = op.input_used(params, i);
    given += is_given;
    used += is_used;
    any_unused |= is_given && !is_used;
  }
  return any_unused && given == used;
}

AttrValue field_value(const FieldInfo& field, PyObject* value) {
  if (field.name == "dtype" && value != Py_None && !PyLong_Check(value))
    return field_text(field, value);
  return attr_value_from(value);
}

std::string field_text(const FieldInfo& field, PyObject* value) {
  const bool is_dtype = field.name == "dtype" && value != Py_None && !PyLong_Check(value);
  if (!is_dtype || (PyUnicode_Check(value) && codec::is_none(text_of(value)))) return str_of(value);
  return std::string(dtype_name(dtype_from(value)));
}

bool ignores_argument(const Op& op, PyObject* name) {
  if (!op.param_schema->fields.empty() || op.param_schema->others_offset) return false;
  if (PyErr_WarnFormat(PyExc_UserWarning, 1,
                       "%s: %U has no effect; this operator has no parameters", op.name.c_str(),
                       name) != 0)
    throw nb::python_error();
  return true;
}

OpSignature::OpSignature(const Op& op) : op_(op) {
  for (const InputInfo& input : op.inputs_info) input_names_.push_back(intern(input.name));
  for (const FieldInfo& field : op.param_schema->fields) {
    field_names_.push_back(intern(field.name));
    if (field.name == op.variadic_count) count_field_ = &field;
    if (field.name == "ctx") ctx_field_ = &field;
  }
  internal_check(field_names_.size() < ParsedCall::kMaxParams, op.name, ": too many parameters");
}

void OpSignature::parse(PyObject* const* args, size_t num_args, PyObject* keyword_names,
                        ParsedCall& call) const {
  take_positional(args, num_args, call);
  const Py_ssize_t num_keywords = keyword_names ? PyTuple_GET_SIZE(keyword_names) : 0;
  for (Py_ssize_t i = 0; i < num_keywords; ++i)
    take_keyword(PyTuple_GET_ITEM(keyword_names, i), args[num_args + static_cast<size_t>(i)], call);
}

void OpSignature::take_positional(PyObject* const* args, size_t num_args, ParsedCall& call) const {
  if (op_.is_variadic()) {
    call.inputs.assign(args, args + num_args);
    return;
  }
  size_t num_inputs = input_names_.size();
  call.inputs.assign(num_inputs, nullptr);
  for (size_t i = 0; i < num_args; ++i) {
    // Older programs leave inputs out that they do not use: log_softmax(data, axis).
    if (i > 0 && i < num_inputs && op_.input_used && is_value(args[i])) num_inputs = i;
    const size_t f = i - num_inputs;
    if (i < num_inputs)
      call.inputs[i] = args[i];
    else if (f < field_names_.size())
      add_param(op_.param_schema->fields[f], args[i], call);
    else if (!take_last(f - field_names_.size(), args[i], call))
      fail(ErrorKind::kType, op_.name, ": ", num_args, " arguments were given; expected at most ",
           num_inputs + field_names_.size() + (call.is_of_symbols ? 3 : 2));
  }
}

bool OpSignature::take_last(size_t place, PyObject* value, ParsedCall& call) {
  if (!call.is_of_symbols) {
    if (place > 1) return false;
    (place == 0 ? call.out : call.name) = value;
    return true;
  }
  if (place > 2) return false;
  if (place == 0) call.name = value;
  if (place == 1) call.others.emplace_back(interned_attr(), value);
  if (place == 2) call.out = value;
  return true;
}

void OpSignature::add_param(const FieldInfo& field, PyObject* value, ParsedCall& call) const {
  if (value == types.null) return;
  for (size_t i = 0; i < call.num_params; ++i)
    if (call.params[i].field == &field)
      fail(ErrorKind::kType, op_.name, ": ", field.name, " was given twice");
  call.params[call.num_params++] = {&field, value};
}

bool OpSignature::take_named(PyObject* name, PyObject* value, ParsedCall& call) const {
  for (size_t i = 0; i < field_names_.size(); ++i)
    if (field_names_[i] == name) return add_param(op_.param_schema->fields[i], value, call), true;
  if (!op_.is_variadic()) {
    for (size_t i = 0; i < input_names_.size(); ++i) {
      if (input_names_[i] != name) continue;
      if (call.inputs[i] && value != Py_None)
        fail(ErrorKind::kType, op_.name, ": ", op_.inputs_info[i].name, " was given twice");
      if (value != Py_None) call.inputs[i] = value;
      return true;
    }
  }
  if (name == interned_out()) return call.out = value, true;
  if (name == interned_name()) return call.name = value, true;
  return false;
}

void OpSignature::take_keyword(PyObject* name, PyObject* value, ParsedCall& call) const {
  if (take_named(name, value, call)) return;
  Py_INCREF(name);  // a name that is not interned yet: made at run time, for instance by **kwargs
  PyUnicode_InternInPlace(&name);
  const nb::object interned = nb::steal(name);
  if (!take_named(name, value, call)) call.others.emplace_back(name, value);
}

bool ParamsCache::hits(const ParsedCall& call) const {
  if (!params_ || call.num_params != given_.size()) return false;
  for (size_t i = 0; i < call.num_params; ++i)
    if (call.params[i].field != given_[i].first || call.params[i].value != given_[i].second.ptr())
      return false;
  return true;
}

void ParamsCache::keep(const ParsedCall& call, const Params& params) {
  params_ = Params();
  given_.clear();
  for (size_t i = 0; i < call.num_params; ++i) {
    if (!is_constant(call.params[i].value)) return;
    given_.emplace_back(call.params[i].field, nb::borrow(call.params[i].value));
  }
  num_inputs_ = call.inputs.size();
  params_ = params;
}

Params ParamsCache::get(const OpSignature& signature, const ParsedCall& call) {
  const FieldInfo* count = signature.count_field();
  if (call.num_params == 0 && !count) return signature.op().default_params();
  if (hits(call) && (!count || num_inputs_ == call.inputs.size())) return params_;
  std::vector<std::pair<const FieldInfo*, AttrValue>> values;
  bool counted = false;
  for (size_t i = 0; i < call.num_params; ++i) {
    values.emplace_back(call.params[i].field,
                        field_value(*call.params[i].field, call.params[i].value));
    counted |= call.params[i].field == count;
  }
  if (count && !counted) values.emplace_back(count, static_cast<int64_t>(call.inputs.size()));
  Params built = Params::build(*signature.op().param_schema, values, signature.op().name);
  keep(call, built);
  return built;
}

}  // namespace mx::python
