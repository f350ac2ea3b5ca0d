#include <sstream>

#include "binding.h"
#include "device/device.h"
#include "memory/storage.h"

namespace mx::python {
namespace {

thread_local Device current;

std::string device_text(Device device) { return concat(device); }

DeviceType device_type_of(std::string_view name) {
  if (name == "cpu") return DeviceType::kCpu;
  if (name == "gpu") return DeviceType::kGpu;
  if (name == "cpu_pinned") return DeviceType::kCpuPinned;
  if (name == "cpu_shared") return DeviceType::kCpuShared;
  refuse_name("Context: device_type=", name,
              " is not known; expected cpu, gpu, cpu_pinned or cpu_shared");
}

/// "gpu(1)", or "gpu" for the first.
Device device_from_text(std::string_view text) {
  const size_t open = text.find('(');
  Device device{device_type_of(text.substr(0, open)), 0};
  if (open == text.npos) return device;
  int64_t id = 0;
  if (text.back() != ')' || !codec::parse_int(text.substr(open + 1, text.size() - open - 2), id))
    fail(ErrorKind::kValue, "Context: ", text, " is not a context; expected for instance gpu(1)");
  device.id = static_cast<int32_t>(id);
  return device;
}

}  // namespace

Device current_device() { return current; }
void set_current_device(Device device) { current = device; }

PyObject* wrap_device(Device device) { return nb::cast(device).release().ptr(); }

Device device_from(PyObject* object) {
  if (object == Py_None || object == types.null) return current;
  if (PyObject_TypeCheck(object, types.context)) return *nb::inst_ptr<Device>(object);
  if (PyUnicode_Check(object)) return device_from_text(text_of(object));
  fail(ErrorKind::kType, "ctx=", str_of(object), " is of type ", Py_TYPE(object)->tp_name,
       "; expected a Context");
}

void bind_context(nb::module_& m) {
  auto cls =
      nb::class_<Device>(m, "Context", nb::dynamic_attr(), R"(Where arrays live and operators run.

Used in a ``with`` block it is the context of all arrays made inside.

Args:
    device_type (str or Context): "cpu", "gpu", "cpu_pinned" or "cpu_shared", or a context to copy.
    device_id (int): Number of the device.
)");
  types.context = reinterpret_cast<PyTypeObject*>(cls.ptr());
  cls.def(
         "__init__",
         [](Device* self, nb::handle device_type, int32_t device_id) {
           Device device{DeviceType::kCpu, device_id};
           if (PyObject_TypeCheck(device_type.ptr(), types.context))
             device = *nb::inst_ptr<Device>(device_type);
           else if (PyUnicode_Check(device_type.ptr()))
             device.type = device_type_of(text_of(device_type.ptr()));
           else
             fail(ErrorKind::kType, "Context: device_type=", str_of(device_type.ptr()),
                  " is of type ", Py_TYPE(device_type.ptr())->tp_name,
                  "; expected the name of a kind of device, or a Context");
           new (self) Device(device);
         },
         nb::arg("device_type").none(), nb::arg("device_id") = 0,
         "Make a context of a kind of device and a number.")
      .def_prop_ro("device_typeid", [](Device d) { return static_cast<int>(d.type); })
      .def_ro("device_id", &Device::id, "Number of the device.")
      .def_prop_ro("device_type",
                   [](Device d) {
                     const std::string text = device_text(d);
                     return text.substr(0, text.find('('));
                   })
      .def_prop_rw_static(
          "default_ctx", [](nb::handle) { return current; },
          [](nb::handle, nb::handle context) { current = device_from(context.ptr()); },
          "The context in force in this thread; setting it holds up to the end of the ``with`` "
          "block around.")
      .def("__repr__", device_text)
      .def("__str__", device_text)
      .def("__hash__", [](Device d) { return static_cast<int64_t>(d.type) * 1000003 + d.id; })
      .def(
          "__eq__",
          [](Device d, nb::handle other) {
            return PyObject_TypeCheck(other.ptr(), types.context) != 0 &&
                   *nb::inst_ptr<Device>(other) == d;
          },
          nb::arg("other").none())
      .def("__reduce__", [](nb::handle self) {
        const Device d = *nb::inst_ptr<Device>(self);
        return nb::make_tuple(self.type(), nb::make_tuple(self.attr("device_type"), d.id));
      });
  m.def(
      "current_context", [] { return current; }, "The context in force in this thread.");
  m.def("_set_current_context", [](Device device) { current = device; });
  m.def("_device_count", [](int type) { return device_count(static_cast<DeviceType>(type)); });
  m.def("_release_kept_memory", [](Device device) { release_kept_memory(device); });
  m.def("_memory_stats", [](Device device) {
    if (!device.is_host()) device_interface(device.type);  // throws where there is none
    const PoolStatistics now = pool_statistics(device);
    nb::dict stats;
    stats["bytes_in_use"] = now.in_use;
    stats["peak_bytes_in_use"] = now.peak_in_use;
    stats["bytes_pooled"] = now.kept;
    stats["num_allocations"] = now.allocations;
    stats["num_device_allocations"] = now.device_allocations;
    return stats;
  });
  m.def("_reset_memory_stats", [](Device device) { reset_pool_statistics(device); });
  m.def("_memory_info", [](Device device) {
    size_t free = 0, total = 0;
    device_interface(device.type).memory_info(device.id, &free, &total);
    return std::pair(free, total);
  });
}

}  // namespace mx::python
