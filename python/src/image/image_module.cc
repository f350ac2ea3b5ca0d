// mxnet._image: decoding and resizing on NumPy arrays. Loaded by mxnet.image on first use.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/error.h"
#include "gil.h"
#include "io/image/image.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using mx::image::Extent;

template <typename T>
using Input = nb::ndarray<const T, nb::ndim<3>, nb::c_contig, nb::device::cpu>;
template <typename T>
using Output = nb::ndarray<nb::numpy, T, nb::ndim<3>>;

/// A NumPy array that owns `data`.
template <typename T>
Output<T> to_numpy(std::unique_ptr<T[]> data, const Extent& extent) {
  T* pixels = data.get();
  nb::capsule owner(pixels, [](void* p) noexcept { delete[] static_cast<T*>(p); });
  data.release();
  const size_t shape[3] = {static_cast<size_t>(extent.height), static_cast<size_t>(extent.width),
                           static_cast<size_t>(extent.channels)};
  return Output<T>(pixels, 3, shape, owner);
}

template <typename T>
Extent extent_of(const Input<T>& array) {
  return {static_cast<int64_t>(array.shape(0)), static_cast<int64_t>(array.shape(1)),
          static_cast<int64_t>(array.shape(2))};
}

/// The bytes behind any object with the buffer protocol, held until the view goes.
class BufferView {
 public:
  explicit BufferView(const nb::object& object) {
    if (PyObject_GetBuffer(object.ptr(), &view_, PyBUF_SIMPLE) != 0) throw nb::python_error();
  }
  ~BufferView() { PyBuffer_Release(&view_); }
  BufferView(const BufferView&) = delete;
  BufferView& operator=(const BufferView&) = delete;
  std::span<const uint8_t> bytes() const {
    return {static_cast<const uint8_t*>(view_.buf), static_cast<size_t>(view_.len)};
  }

 private:
  Py_buffer view_;
};

Output<uint8_t> decode(const nb::object& buf, int flag, bool to_rgb, bool upright, bool smooth) {
  const mx::image::DecodeOptions options{static_cast<mx::image::ColorMode>(flag), to_rgb, upright,
                                         smooth};
  const BufferView view(buf);
  mx::image::Image image;
  {
    const mx::python::ReleaseGil release;
    image = mx::image::decode(view.bytes(), options);
  }
  const Extent extent{image.height, image.width, image.channels};
  return to_numpy(std::move(image.pixels), extent);
}

template <typename T>
Output<T> resize(const Input<T>& src, int64_t height, int64_t width, int interpolation) {
  const Extent from = extent_of(src), to{height, width, from.channels};
  mx::require(height > 0 && width > 0 && width < (1 << 30) && height < (1 << 30),
              "imresize: size=", height, "x", width,
              " is out of range; expected 1 to 2^30 in each dimension");
  std::unique_ptr<T[]> out(new T[static_cast<size_t>(height * width * to.channels)]);
  {
    const mx::python::ReleaseGil release;
    mx::image::resize(src.data(), from, out.get(), height, width,
                      static_cast<mx::image::Interpolation>(interpolation));
  }
  return to_numpy(std::move(out), to);
}

Output<uint8_t> copy_make_border(const Input<uint8_t>& src, int64_t top, int64_t bottom,
                                 int64_t left, int64_t right, int border,
                                 const std::vector<uint8_t>& fill) {
  const Extent from = extent_of(src);
  const Extent to{from.height + top + bottom, from.width + left + right, from.channels};
  mx::require(
      std::min({top, bottom, left, right}) >= 0 && std::max({top, bottom, left, right}) < (1 << 30),
      "copyMakeBorder: margins=(", top, ", ", bottom, ", ", left, ", ", right,
      ") are out of range; expected 0 to 2^30");
  std::unique_ptr<uint8_t[]> out(
      new uint8_t[static_cast<size_t>(to.height * to.width * to.channels)]);
  mx::image::copy_make_border(src.data(), from, out.get(), {top, bottom, left, right},
                              static_cast<mx::image::Border>(border), fill);
  return to_numpy(std::move(out), to);
}

/// Raises an Error as mxnet.error.ValueError: all errors of this library are of that kind.
void translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const mx::Error& error) {
    const nb::object type = nb::module_::import_("mxnet.error").attr("ValueError");
    PyErr_SetString(type.ptr(), error.what());
  }
}

}  // namespace

NB_MODULE(_image, m) {
  mx::python::watch_end_of_interpreter(m);
  nb::register_exception_translator(translate);
  m.doc() = "Image decoding and resizing on NumPy arrays; mxnet.image is the interface for users.";
  m.def("decode", &decode, "buf"_a, "flag"_a = 1, "to_rgb"_a = true, "upright"_a = false,
        "smooth_vertical_chroma"_a = false,
        "Decode a JPEG, PNG, BMP or PNM file held in bytes to uint8 (height, width, channels).");
  m.def("resize", &resize<uint8_t>, nb::arg("src").noconvert(), "height"_a, "width"_a,
        "interp"_a = 1, "Resize a uint8 (height, width, channels) array.");
  m.def("resize", &resize<float>, nb::arg("src").noconvert(), "height"_a, "width"_a, "interp"_a = 1,
        "Resize a float32 (height, width, channels) array.");
  m.def("copy_make_border", &copy_make_border, nb::arg("src").noconvert(), "top"_a, "bottom"_a,
        "left"_a, "right"_a, "border"_a, "fill"_a,
        "Add rows and columns around a uint8 (height, width, channels) array.");
}
