#include "plain_batch.h"

#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstring>
#include <map>
#include <utility>

#include "base/error.h"
#include "gil.h"
#include "serve/express_lane.h"
#include "serve_module.h"

namespace mx::python {
namespace nb = nanobind;
using namespace nb::literals;
using serve::AnswerBodies;
using serve::TensorJobPtr;

namespace {

/// The memory of a Python object, in C order, until the end of the scope.
class Memory {
 public:
  Memory(nb::handle object, int flags) {
    if (PyObject_GetBuffer(object.ptr(), &buffer_, flags | PyBUF_C_CONTIGUOUS))
      throw nb::python_error();
  }
  Memory(Memory&& other) noexcept : buffer_(std::exchange(other.buffer_, {})) {}
  ~Memory() {
    if (buffer_.obj) PyBuffer_Release(&buffer_);
  }
  const Py_buffer* operator->() const { return &buffer_; }

 private:
  Py_buffer buffer_{};
};

}  // namespace

PlainBatch::PlainBatch(std::vector<TensorJobPtr> jobs) : jobs_(std::move(jobs)) {
  for (const TensorJobPtr& job : jobs_) rows_ += job->rows;
}

nb::object PlainBatch::row_shapes() const {
  nb::list shapes;
  for (const serve::Shape& shape : jobs_.front()->request->row_shapes) {
    nb::list sizes;
    for (const int64_t size : shape) sizes.append(size);
    shapes.append(nb::tuple(sizes));
  }
  return shapes;
}

std::vector<double> PlainBatch::ages(double now) const {
  std::vector<double> ages;
  for (const TensorJobPtr& job : jobs_) {
    if (job->is_over) continue;
    ages.push_back(now - std::chrono::duration<double>(job->since.time_since_epoch()).count());
  }
  return ages;
}

nb::object PlainBatch::view() const {
  require(jobs_.size() == 1, "serve: one request is expected");
  nb::list views;
  for (size_t i = 0; i < jobs_.front()->request->inputs.size(); ++i) {
    const std::span<const char> bytes = jobs_.front()->input(i);
    const nb::capsule owner(new TensorJobPtr(jobs_.front()),
                            [](void* job) noexcept { delete static_cast<TensorJobPtr*>(job); });
    views.append(nb::cast(
        nb::ndarray<nb::numpy, const uint8_t, nb::ndim<1>>(bytes.data(), {bytes.size()}, owner)));
  }
  return views;
}

void PlainBatch::gather(const nb::list& rooms) const {
  std::vector<Memory> memory;
  for (const nb::handle room : rooms) memory.emplace_back(room, PyBUF_WRITABLE);
  for (size_t i = 0; i < memory.size(); ++i) {
    size_t size = 0;
    for (const TensorJobPtr& job : jobs_) size += job->input(i).size();
    require(size <= static_cast<size_t>(memory[i]->len), "serve: ", size,
            " bytes do not fit the room of input ", i);
  }
  const ReleaseGil release;
  for (size_t i = 0; i < memory.size(); ++i) {
    char* to = static_cast<char*>(memory[i]->buf);
    for (const TensorJobPtr& job : jobs_) {
      const std::span<const char> bytes = job->input(i);
      std::memcpy(to, bytes.data(), bytes.size());
      to += bytes.size();
    }
  }
}

/// Jobs of one model may have come by several ports.
template <typename Answer>
void PlainBatch::for_each_lane(const Answer& answer) {
  std::map<serve::ExpressLane*, std::vector<size_t>> numbers;
  std::vector<std::shared_ptr<serve::ExpressLane>> lanes;
  for (size_t i = 0; i < jobs_.size(); ++i) {
    std::shared_ptr<serve::ExpressLane> lane = jobs_[i]->lane.lock();
    if (!lane) continue;  // it has ended, and its connections with it
    numbers[lane.get()].push_back(i);
    if (numbers[lane.get()].size() == 1) lanes.push_back(std::move(lane));
  }
  for (const auto& lane : lanes) answer(*lane, numbers[lane.get()]);
}

void PlainBatch::complete(const nb::list& outputs) {
  std::vector<Memory> memory;
  std::vector<serve::OutputRows> rows;
  for (const nb::handle pair : outputs) {
    const Memory& array = memory.emplace_back(nb::object(pair[0]), PyBUF_FORMAT);
    rows.push_back({static_cast<const char*>(array->buf),
                    serve::Shape(array->shape, array->shape + array->ndim),
                    nb::cast<std::string>(pair[1]), static_cast<size_t>(array->itemsize)});
  }
  const ReleaseGil release;
  AnswerBodies bodies(std::move(rows));
  std::vector<AnswerBodies::Answer> answers;
  for (const TensorJobPtr& job : jobs_) answers.push_back(bodies.next(*job, jobs_.size() == 1));
  for_each_lane([&](serve::ExpressLane& lane, const std::vector<size_t>& numbers) {
    std::vector<std::pair<TensorJobPtr, AnswerBodies::Answer>> own;
    for (const size_t i : numbers) own.emplace_back(jobs_[i], std::move(answers[i]));
    lane.complete(std::move(own));
  });
}

void PlainBatch::fail(int status, const std::string& message, int retry_after) {
  serve::Failure failure;
  failure.status = status;
  failure.message = message;
  failure.retry_after = retry_after;
  for_each_lane([&](serve::ExpressLane& lane, const std::vector<size_t>& numbers) {
    std::vector<TensorJobPtr> own;
    for (const size_t i : numbers) own.push_back(jobs_[i]);
    lane.fail(std::move(own), failure);
  });
}

void bind_plain_batch(nb::module_& m) {
  nb::class_<PlainBatch>(m, "PlainBatch", "The plain requests of a batch.")
      .def("__len__", &PlainBatch::size)
      .def_prop_ro("rows", &PlainBatch::rows, "Rows of all of them.")
      .def_prop_ro("row_shapes", &PlainBatch::row_shapes,
                   "Shape of a row of each input, as tuples.")
      .def("ages", &PlainBatch::ages, "now"_a,
           "Seconds from their arrival to `now`, of the monotonic clock, of those that are waited "
           "for.")
      .def("view", &PlainBatch::view,
           "The bytes of each input of the only request, as arrays that nobody writes.")
      .def("gather", &PlainBatch::gather, "rooms"_a,
           "Copy the rows of each input to the start of an array.")
      .def("complete", &PlainBatch::complete, "outputs"_a,
           "Answer them. `outputs` has an array with their rows, in C order, and the protocol's "
           "name of its dtype for each output of the network.")
      .def("fail", &PlainBatch::fail, "status"_a, "message"_a, "retry_after"_a,
           "Have them answered with an error.");
}

}  // namespace mx::python
