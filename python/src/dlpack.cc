#include <nanobind/ndarray.h>

#include <memory>

#include "binding.h"

namespace mx::python {
namespace {

using DlType = nb::dlpack::dtype;
using DlCode = nb::dlpack::dtype_code;
using AnyArray = nb::ndarray<nb::c_contig>;

struct TypePair {
  DType ours;
  DlType theirs;
};

constexpr DlType dl_type(DlCode code, uint8_t bits) {
  return {static_cast<uint8_t>(code), bits, 1};
}

constexpr TypePair kTypes[] = {
    {DType::kFloat32, dl_type(DlCode::Float, 32)},   {DType::kFloat64, dl_type(DlCode::Float, 64)},
    {DType::kFloat16, dl_type(DlCode::Float, 16)},   {DType::kUint8, dl_type(DlCode::UInt, 8)},
    {DType::kInt32, dl_type(DlCode::Int, 32)},       {DType::kInt8, dl_type(DlCode::Int, 8)},
    {DType::kInt64, dl_type(DlCode::Int, 64)},       {DType::kBool, dl_type(DlCode::Bool, 8)},
    {DType::kBfloat16, dl_type(DlCode::Bfloat, 16)},
};

DlType to_dl_type(DType type) {
  for (const TypePair& pair : kTypes)
    if (pair.ours == type) return pair.theirs;
  fail(ErrorKind::kType, "to_dlpack: dtype=", dtype_name(type), " is not a type of DLPack");
}

DType from_dl_type(DlType type) {
  for (const TypePair& pair : kTypes)
    if (pair.theirs == type) return pair.ours;
  fail(ErrorKind::kType,
       "from_dlpack: the elements are of DLPack's type (code=", static_cast<int>(type.code),
       ", bits=", static_cast<int>(type.bits), ", lanes=", type.lanes,
       "); expected float, int, uint8 or bool of a size that arrays have");
}

int dl_device_type(Device device) {
  if (device.type == DeviceType::kGpu) return nb::device::cuda::value;
  return nb::device::cpu::value;
}

Device from_dl_device(int type, int id) {
  if (type == nb::device::cpu::value) return Device{};
  require(type == nb::device::cuda::value,
          "from_dlpack: the array lives on a device of DLPack's kind ", type,
          "; expected a CPU (1) or a CUDA device (2)");
  return Device{DeviceType::kGpu, id};
}

/// Waits for the work on an array and lends its memory.
void lend(const NDArray& array) {
  require(array.is_dense(), "to_dlpack: the array is ", storage_name(array.storage()),
          "; expected a dense one");
  const ReleaseGil release;
  array.wait_to_write();
  Var* writes[] = {&array.var()};
  Engine::get().run_here([&] { array.chunk()->lend(); }, writes, writes, "to_dlpack");
}

nb::object to_dlpack(const NDArray& array) {
  require(static_cast<bool>(array), "to_dlpack: the array holds nothing; expected elements");
  lend(array);
  auto owner = std::make_unique<std::shared_ptr<Chunk>>(array.chunk());
  nb::capsule keeper(owner.get(), [](void* chunk) noexcept {
    delete static_cast<std::shared_ptr<Chunk>*>(chunk);
  });
  owner.release();
  const std::vector<size_t> dims(array.shape().begin(), array.shape().end());
  return nb::cast(nb::ndarray<>(array.data(), dims.size(), dims.data(), keeper, nullptr,
                                to_dl_type(array.dtype()), dl_device_type(array.device()),
                                array.device().id));
}

/// An array in memory that `owner`, a Python object, keeps alive.
NDArray array_around(void* data, const Shape& shape, DType type, Device device, nb::object owner) {
  const auto bytes = static_cast<size_t>(shape.size() * dtype_size(type));
  PyObject* object = owner.release().ptr();
  auto buffer = std::make_shared<Buffer>(data, bytes, device, [object] { drop_reference(object); });
  return NDArray(std::move(buffer), shape, type, 0, Chunk::Source::kLent);
}

NDArray from_dlpack(nb::handle source) {
  AnyArray array;
  if (source.is_none() || !nb::try_cast(source, array, false))
    raise_error("AssertedValueError",
                concat("from_dlpack: the object is a ", nb::type_name(source.type()).c_str(),
                       "; expected a capsule that nobody has taken yet, or an object with "
                       "__dlpack__, of a C-contiguous array"));
  std::vector<int64_t> dims;
  for (size_t i = 0; i < array.ndim(); ++i) dims.push_back(static_cast<int64_t>(array.shape(i)));
  const Shape shape(dims);
  const DType type = from_dl_type(array.dtype());
  const Device device = from_dl_device(array.device_type(), array.device_id());
  void* data = array.data();
  auto keeper = std::make_unique<AnyArray>(std::move(array));
  nb::capsule owner(keeper.get(), [](void* held) noexcept { delete static_cast<AnyArray*>(held); });
  keeper.release();
  return array_around(data, shape, type, device, std::move(owner));
}

/// An array in the memory of a C-contiguous NumPy array.
NDArray share_numpy(nb::handle source, nb::handle dtype) {
  const nb::object view = owned(PyMemoryView_FromObject(source.ptr()));
  return array_around(PyMemoryView_GET_BUFFER(view.ptr())->buf,
                      shape_from(nb::object(source.attr("shape")).ptr(), "from_numpy"),
                      dtype_from(dtype.ptr()), Device{}, view);
}

}  // namespace

void bind_dlpack(nb::module_& m) {
  m.def("_to_dlpack", &to_dlpack);
  m.def("_from_dlpack", &from_dlpack, nb::arg("source").none());
  m.def("_share_numpy", &share_numpy);
  nb::handle cls(reinterpret_cast<PyObject*>(types.ndarray));
  cls.attr("__dlpack_device__") = nb::cpp_function(
      [](const NDArray& a) { return std::pair(dl_device_type(a.device()), a.device().id); },
      nb::is_method(), nb::scope(cls), nb::name("__dlpack_device__"));
}

}  // namespace mx::python
