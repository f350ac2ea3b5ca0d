// The type of the functions mx.nd.<operator>: CPython calls them without making a tuple or a dict.
#include "op_signature.h"

#include <structmember.h>

#include <cstddef>

namespace mx::python {
namespace {

struct OpFunction {
  PyObject_HEAD
  vectorcallfunc vectorcall;
  PyObject* dict;
  PyObject* op_name;
  OpSignature* signature;  ///< made at the first call
  ParamsCache* params;
};

PyTypeObject* function_type = nullptr;

OpSignature& signature_of(OpFunction* self) {
  if (!self->signature) {
    self->signature = new OpSignature(get_op(text_of(self->op_name)));
    self->params = new ParamsCache;
  }
  return *self->signature;
}

[[noreturn]] void fail_unknown(const Op& op, const ParsedCall& call) {
  std::string known;
  for (const InputInfo& input : op.inputs_info) known += input.name + ", ";
  for (const FieldInfo& field : op.param_schema->fields) known += field.name + ", ";
  fail(ErrorKind::kValue, op.name, ": ", text_of(call.others[0].first), "=",
       str_of(call.others[0].second), " is not an argument of this operator; expected one of ",
       known, "out");
}

/// The arrays among the inputs; those that were not given are left out at the end only.
void gather_inputs(const Op& op, const Params& params, const ParsedCall& call,
                   std::vector<NDArray>& in) {
  for (size_t i = 0; i < call.inputs.size(); ++i) {
    PyObject* object = call.inputs[i];
    const std::string* name =
        op.is_variadic() ? nullptr : &op.inputs_info[i].name;
    const bool used = op.is_variadic() || !op.input_used || op.input_used(params, i);
    if (!object || object == Py_None) {
      if (used)
        fail(ErrorKind::kValue, op.name, ": ", name ? *name : std::to_string(i),
             " is missing; expected an NDArray");
      continue;
    }
    if (!is_array(object))
      fail(ErrorKind::kType, op.name, ": ", name ? *name : "argument " + std::to_string(i), "=",
           str_of(object), " is of type ", Py_TYPE(object)->tp_name,
           "; expected an NDArray");
    if (!used)
      fail(ErrorKind::kValue, op.name, ": ", *name,
           " was given but is not used with these parameters; expected None");
    in.push_back(array_in(object));
  }
}

/// The arrays that `out` names. Throws: TypeError.
void gather_outputs(const Op& op, const Params& params, PyObject* out, std::vector<NDArray>& arrays) {
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

PyObject* wrap_outputs(std::vector<NDArray>& out, size_t visible) {
  if (visible == 1) return wrap_array(std::move(out[0]));
  nb::list list;
  for (size_t i = 0; i < visible; ++i) list.append(nb::steal(wrap_array(std::move(out[i]))));
  return list.release().ptr();
}

PyObject* call_function(PyObject* callable, PyObject* const* args, size_t num_args_flags,
                        PyObject* keyword_names) noexcept {
  return guarded([&] {
    auto* self = reinterpret_cast<OpFunction*>(callable);
    const OpSignature& signature = signature_of(self);
    const Op& op = signature.op();
    ParsedCall call;
    signature.parse(args, static_cast<size_t>(PyVectorcall_NARGS(num_args_flags)), keyword_names,
                    call);
    if (!call.others.empty()) fail_unknown(op, call);
    const Params params = self->params->get(signature, call);
    std::vector<NDArray> in, out;
    in.reserve(call.inputs.size());
    gather_inputs(op, params, call, in);
    const bool has_out = call.out && call.out != Py_None;
    if (has_out) gather_outputs(op, params, call.out, out);
    run_op(op, params, in, out, in.empty() ? device_of_call(signature, call) : Device{});
    if (has_out) return new_ref(call.out);
    return wrap_outputs(out, op.num_visible_outputs(params));
  });
}

void destroy(PyObject* object) {
  auto* self = reinterpret_cast<OpFunction*>(object);
  PyTypeObject* type = Py_TYPE(object);
  Py_CLEAR(self->dict);
  Py_CLEAR(self->op_name);
  delete self->signature;
  delete self->params;
  type->tp_free(object);
  Py_DECREF(type);
}

PyObject* represent(PyObject* object) {
  auto* self = reinterpret_cast<OpFunction*>(object);
  return PyUnicode_FromFormat("<operator %U>", self->op_name);
}

/// Documentation and signature are written in Python, when somebody asks.
PyObject* describe(PyObject* object, const char* what) noexcept {
  return guarded([&] {
    auto* self = reinterpret_cast<OpFunction*>(object);
    const nb::object docs = nb::module_::import_("mxnet._op_docs");
    return nb::object(docs.attr(what)(nb::handle(self->op_name))).release().ptr();
  });
}
PyObject* get_doc(PyObject* object, void*) { return describe(object, "doc_of"); }
PyObject* get_signature(PyObject* object, void*) { return describe(object, "signature_of"); }
PyObject* get_op_name(PyObject* object, void*) {
  return new_ref(reinterpret_cast<OpFunction*>(object)->op_name);
}

/// Functions found in a class become its methods.
PyObject* bind_method(PyObject* self, PyObject* instance, PyObject*) {
  if (!instance || instance == Py_None) return new_ref(self);
  return PyMethod_New(self, instance);
}

/// Pickled by name: module and __name__.
PyObject* reduce(PyObject* self, PyObject*) noexcept {
  return guarded([&] {
    nb::object find = nb::module_::import_("mxnet._op_docs").attr("find_function");
    return nb::make_tuple(find, nb::make_tuple(nb::handle(self).attr("__module__"),
                                               nb::handle(self).attr("__name__")))
        .release()
        .ptr();
  });
}

PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(OpFunction, vectorcall), READONLY, nullptr},
    {"__dictoffset__", T_PYSSIZET, offsetof(OpFunction, dict), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr}};
PyGetSetDef getters[] = {{"__doc__", get_doc, nullptr, nullptr, nullptr},
                         {"__signature__", get_signature, nullptr, nullptr, nullptr},
                         {"op_name", get_op_name, nullptr, "Name in the registry.", nullptr},
                         {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, nullptr,
                          nullptr},
                         {nullptr, nullptr, nullptr, nullptr, nullptr}};
PyMethodDef methods[] = {{"__reduce__", reduce, METH_NOARGS, nullptr},
                         {nullptr, nullptr, 0, nullptr}};

PyType_Slot slots[] = {{Py_tp_dealloc, reinterpret_cast<void*>(destroy)},
                       {Py_tp_repr, reinterpret_cast<void*>(represent)},
                       {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
                       {Py_tp_descr_get, reinterpret_cast<void*>(bind_method)},
                       {Py_tp_members, members},
                       {Py_tp_getset, getters},
                       {Py_tp_methods, methods},
                       {0, nullptr}};
PyType_Spec spec = {"mxnet._core.OpFunction", sizeof(OpFunction), 0,
                    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR,
                    slots};

nb::object make_function(nb::str op_name, nb::str name, nb::str module) {
  auto* self = reinterpret_cast<OpFunction*>(function_type->tp_alloc(function_type, 0));
  if (!self) throw nb::python_error();
  self->vectorcall = call_function;
  self->op_name = nb::object(op_name).release().ptr();
  nb::object object = nb::steal(reinterpret_cast<PyObject*>(self));
  object.attr("__name__") = name;
  object.attr("__qualname__") = name;
  object.attr("__module__") = module;
  return object;
}

}  // namespace

void bind_op_function(nb::module_& m) {
  function_type = reinterpret_cast<PyTypeObject*>(owned(PyType_FromSpec(&spec)).release().ptr());
  function_type->tp_new = nullptr;  // made by op_function() only
  m.attr("OpFunction") = nb::handle(reinterpret_cast<PyObject*>(function_type));
  m.def("op_function", &make_function, nb::arg("op_name"), nb::arg("name"), nb::arg("module"),
        "A function that applies the operator `op_name` to NDArrays; looked up at its first call.");
}

}  // namespace mx::python
