// mxnet._records: batches of pictures from record files. Loaded by mxnet.io on first use.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gil.h"
#include "io/records/batch_reader.h"
#include "python_source.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using namespace mx::records;

/// Names and documentation of the arguments of one struct.
template <typename P>
void list_arguments(nb::dict& to) {
  for (const mx::FieldInfo& field : mx::schema_of<P>().fields) {
    to[nb::str(field.name.c_str())] = nb::make_tuple(field.type_text(), field.doc);
  }
}

nb::dict arguments(bool detection) {
  nb::dict all;
  list_arguments<ReadParam>(all);
  list_arguments<NormalizeParam>(all);
  if (detection) {
    list_arguments<DetectParam>(all);
  } else {
    list_arguments<AugmentParam>(all);
  }
  return all;
}

/// The arguments that belong to one struct, and not to `other`, read from text.
template <typename P>
P parse(const nb::dict& given, const std::string& who, const mx::ParamSchema* other = nullptr) {
  mx::AttrMap own;
  for (const auto& [key, value] : given) {
    const std::string name = nb::cast<std::string>(key);
    if (other && other->find(name)) continue;
    if (mx::schema_of<P>().find(name)) own[name] = nb::cast<std::string>(value);
  }
  return mx::Params::parse(mx::schema_of<P>(), own, who).template as<P>();
}

/// A reader that is made and goes away without the interpreter's lock, which its threads may wait
/// for while they are waited for.
class Reader {
 public:
  Reader(ReaderOptions options, std::string who) {
    const mx::python::ReleaseGil release;
    reader_ = std::make_unique<BatchReader>(std::move(options), std::move(who));
  }
  ~Reader() {
    const mx::python::ReleaseGil release;
    reader_.reset();
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  std::optional<Batch> next() {
    const mx::python::ReleaseGil release;
    return reader_->next();
  }
  void reset() {
    const mx::python::ReleaseGil release;
    reader_->reset();
  }
  int64_t label_width() const { return reader_->label_width(); }

 private:
  std::unique_ptr<BatchReader> reader_;
};

std::unique_ptr<Reader> open(const nb::dict& given, const std::string& dtype,
                             const nb::object& mean, const std::string& who, bool detection,
                             const nb::dict& remote) {
  ReaderOptions options;
  if (detection) {
    options.detect = parse<DetectParam>(given, who);
    options.read = parse<ReadParam>(given, who, &mx::schema_of<DetectParam>());
  } else {
    options.read = parse<ReadParam>(given, who);
    options.augment = parse<AugmentParam>(given, who);
  }
  options.normalize = parse<NormalizeParam>(given, who);
  options.dtype = mx::dtype_from_name(dtype);
  mx::require(options.dtype == mx::DType::kFloat32 || options.dtype == mx::DType::kUint8 ||
                  options.dtype == mx::DType::kInt8,
              who, ": dtype=", dtype, " is not supported; float32, uint8 or int8 is expected");
  if (!mean.is_none()) {
    options.mean = nb::cast<mx::NDArray>(mean);
    mx::require(options.mean.shape() == options.read.data_shape &&
                    options.mean.dtype() == mx::DType::kFloat32 && options.mean.is_dense(),
                who, ": mean_img has shape ", options.mean.shape(),
                "; float32 of data_shape=", options.read.data_shape, " is expected");
    options.mean.wait_to_read();
  }
  for (const auto& [path, file] : remote)
    options.remote[nb::cast<std::string>(path)] =
        std::make_shared<mx::python::PythonSource>(nb::borrow(file));
  return std::make_unique<Reader>(std::move(options), who);
}

nb::object read_batch(Reader& reader) {
  std::optional<Batch> batch = reader.next();
  if (!batch) return nb::none();
  return nb::make_tuple(std::move(batch->data), std::move(batch->label), batch->pad,
                        std::move(batch->keys));
}

}  // namespace

NB_MODULE(_records, m) {
  nb::module_::import_("mxnet._core");
  mx::python::watch_end_of_interpreter(m);
  mx::python::watch_sources(m);
  m.doc() = "Batches of pictures from record files; mxnet.io is the interface for users.";
  nb::class_<Reader>(m, "BatchReader", "Makes batches with threads of its own.")
      .def("read", &read_batch,
           "The next (data, label, pad, keys), or None at the end of the epoch.")
      .def("reset", &Reader::reset, "Start the next epoch.")
      .def_prop_ro("label_width", &Reader::label_width, "Numbers of a label in a batch.");
  m.def("open", &open, "arguments"_a, "dtype"_a, "mean"_a.none(), "who"_a, "detection"_a = false,
        "remote"_a = nb::dict(),
        "A BatchReader for arguments given as text. `remote` has objects with `size` and "
        "`fetch(ranges)` for paths of other machines.");
  m.def("arguments", &arguments, "detection"_a = false,
        "Type and documentation of each argument by its name.");
}
