// The type of the functions mx.nd.<operator> and mx.sym.<operator>.
#include "op_function.h"

#include <structmember.h>

#include <algorithm>
#include <cstddef>

namespace mx::python {
namespace {

PyTypeObject* function_type = nullptr;

void destroy(PyObject* object) {
  auto* self = reinterpret_cast<OpFunction*>(object);
  PyTypeObject* type = Py_TYPE(object);
  Py_CLEAR(self->dict);
  Py_CLEAR(self->op_name);
  Py_CLEAR(self->hint);
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
    const char* kind = self->vectorcall == call_with_symbols ? "Symbol" : "NDArray";
    return nb::object(docs.attr(what)(nb::handle(self->op_name), kind)).release().ptr();
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
PyGetSetDef getters[] = {
    {"__doc__", get_doc, nullptr, nullptr, nullptr},
    {"__signature__", get_signature, nullptr, nullptr, nullptr},
    {"op_name", get_op_name, nullptr, "Name in the registry.", nullptr},
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, nullptr, nullptr},
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

/// By the prefixes that 1.9.1 gives the operators of mx.np and mx.npx.
Interface interface_of_op(std::string_view name) {
  for (const std::string_view prefix : {"_np_", "_npi_", "_npx_"})
    if (name.starts_with(prefix)) return Interface::kNumpy;
  return Interface::kLegacy;
}

nb::object make_function(nb::str op_name, nb::str name, nb::str module, vectorcallfunc call) {
  auto* self = reinterpret_cast<OpFunction*>(function_type->tp_alloc(function_type, 0));
  if (!self) throw nb::python_error();
  self->vectorcall = call;
  self->interface = interface_of_op(text_of(op_name.ptr()));
  self->op_name = nb::object(op_name).release().ptr();
  self->hint = nb::object(name.attr("lower")()).release().ptr();
  nb::object object = nb::steal(reinterpret_cast<PyObject*>(self));
  object.attr("__name__") = name;
  object.attr("__qualname__") = name;
  object.attr("__module__") = module;
  return object;
}

}  // namespace

PyObject* call_with_either(PyObject* callable, PyObject* const* args, size_t num_args_flags,
                           PyObject* keyword_names) noexcept {
  const Py_ssize_t count =
      PyVectorcall_NARGS(num_args_flags) + (keyword_names ? PyTuple_GET_SIZE(keyword_names) : 0);
  const bool any_symbol = std::any_of(args, args + count, [](PyObject* argument) {
    return PyObject_TypeCheck(argument, types.symbol);
  });
  const auto call = any_symbol ? call_with_symbols : call_with_arrays;
  return call(callable, args, num_args_flags, keyword_names);
}

void bind_op_function(nb::module_& m) {
  function_type = reinterpret_cast<PyTypeObject*>(owned(PyType_FromSpec(&spec)).release().ptr());
  function_type->tp_new = nullptr;  // made by op_function() only
  m.attr("OpFunction") = nb::handle(reinterpret_cast<PyObject*>(function_type));
  m.def(
      "op_function",
      [](nb::str op_name, nb::str name, nb::str module) {
        return make_function(op_name, name, module, call_with_arrays);
      },
      nb::arg("op_name"), nb::arg("name"), nb::arg("module"),
      "A function that applies the operator `op_name` to NDArrays; looked up at its first call.");
  m.def(
      "symbol_function",
      [](nb::str op_name, nb::str name, nb::str module) {
        return make_function(op_name, name, module, call_with_symbols);
      },
      nb::arg("op_name"), nb::arg("name"), nb::arg("module"),
      "A function that applies the operator `op_name` to symbols; looked up at its first call.");
  m.def(
      "function",
      [](nb::str op_name, nb::str name, nb::str module) {
        return make_function(op_name, name, module, call_with_either);
      },
      nb::arg("op_name"), nb::arg("name"), nb::arg("module"),
      "A function that applies the operator `op_name` to symbols where it is given one, and to "
      "NDArrays otherwise; looked up at its first call.");
}

}  // namespace mx::python
