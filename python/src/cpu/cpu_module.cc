// The extension module mxnet._cpu: what this processor lacks of the lowest level for which there
// are CPU kernels (MX_CPU_BASELINE). It is asked before libmxnet.so and oneDNN are loaded, links
// neither and is compiled for any x86-64 processor.
#include <Python.h>

#include <string>
#include <string_view>

namespace {

constexpr std::string_view kBaseline = MX_CPU_BASELINE;

/// Instruction sets that the baseline has and this processor, or its operating system, has not,
/// separated by spaces. Empty for a baseline other than the levels x86-64-v2 to x86-64-v4.
std::string missing_features() {
  std::string missing;
#if defined(__x86_64__)
  __builtin_cpu_init();
  // The built-in function takes literals only.
#define MX_NEED(feature) \
  if (!__builtin_cpu_supports(feature)) missing += missing.empty() ? feature : " " feature
  if (kBaseline >= "x86-64-v2" && kBaseline <= "x86-64-v4") {
    MX_NEED("ssse3");
    MX_NEED("sse4.1");
    MX_NEED("sse4.2");
    MX_NEED("popcnt");
  }
  if (kBaseline >= "x86-64-v3" && kBaseline <= "x86-64-v4") {
    MX_NEED("avx");
    MX_NEED("avx2");
    MX_NEED("bmi");
    MX_NEED("bmi2");
    MX_NEED("f16c");
    MX_NEED("fma");
    MX_NEED("lzcnt");
    MX_NEED("movbe");
  }
  if (kBaseline == "x86-64-v4") {
    MX_NEED("avx512f");
    MX_NEED("avx512bw");
    MX_NEED("avx512cd");
    MX_NEED("avx512dq");
    MX_NEED("avx512vl");
  }
#undef MX_NEED
#endif
  return missing;
}

PyObject* missing_features_function(PyObject*, PyObject*) {
  const std::string missing = missing_features();
  return PyUnicode_FromStringAndSize(missing.data(), static_cast<Py_ssize_t>(missing.size()));
}

PyMethodDef functions[] = {
    {"missing_features", missing_features_function, METH_NOARGS,
     "Instruction sets that the library needs and this processor lacks, separated by spaces."},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef definition = {PyModuleDef_HEAD_INIT, "mxnet._cpu", nullptr, 0, functions};

}  // namespace

PyMODINIT_FUNC PyInit__cpu() {
  PyObject* module = PyModule_Create(&definition);
  if (module && PyModule_AddStringConstant(module, "baseline", MX_CPU_BASELINE) < 0) {
    Py_DECREF(module);
    return nullptr;
  }
  return module;
}
