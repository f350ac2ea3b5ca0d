#include "serve/express_lane.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gil.h"
#include "serve_module.h"

namespace mx::python {
namespace nb = nanobind;
using namespace nb::literals;

namespace {

using serve::Clock;
using serve::ExpressLane;

Clock::duration seconds(double number) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(number));
}

nb::bytes bytes_of(const std::string& text) { return nb::bytes(text.data(), text.size()); }

std::string text_of(const nb::bytes& bytes) { return {bytes.c_str(), bytes.size()}; }

/// A lane that ends with its Python object, without the interpreter's lock.
class Lane {
 public:
  explicit Lane(ExpressLane::Settings settings) : lane_(ExpressLane::start(std::move(settings))) {}
  ~Lane() { stop(); }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  ExpressLane& operator*() const { return *lane_; }
  void stop() {
    const ReleaseGil release;
    lane_->stop();
  }

 private:
  std::shared_ptr<ExpressLane> lane_;
};

serve::TensorInfo tensor_info(nb::handle given) {
  return {nb::cast<std::string>(given[0]), nb::cast<std::string>(given[1]),
          nb::cast<size_t>(given[2]), nb::cast<serve::Shape>(given[3])};
}

serve::Endpoint make_endpoint(uint64_t number, const std::string& model, const std::string& version,
                              const nb::list& inputs, const nb::list& outputs, bool joins,
                              double timeout, std::shared_ptr<serve::JobQueue> queue,
                              const nb::bytes& refusal) {
  serve::Endpoint endpoint;
  endpoint.number = number;
  endpoint.model = model;
  endpoint.version = version;
  for (const nb::handle each : inputs) endpoint.inputs.push_back(tensor_info(each));
  for (const nb::handle each : outputs) endpoint.outputs.push_back(tensor_info(each));
  endpoint.joins = joins;
  endpoint.timeout = seconds(timeout);
  endpoint.queue = std::move(queue);
  endpoint.refusal = text_of(refusal);
  return endpoint;
}

void set_endpoints(const Lane& lane, const nb::dict& given) {
  serve::Endpoints endpoints;
  for (const auto& [path, endpoint] : given)
    endpoints[nb::cast<std::string>(path)] =
        std::make_shared<const serve::Endpoint>(nb::cast<serve::Endpoint>(endpoint));
  (*lane).set_endpoints(std::move(endpoints));
}

struct AsTuple {
  nb::object operator()(const serve::Departure& departure) const {
    return nb::make_tuple("departure", departure.socket, bytes_of(departure.bytes),
                          departure.visits, departure.is_late);
  }
  nb::object operator()(const serve::Failure& failure) const {
    const double since = std::chrono::duration<double>(failure.since.time_since_epoch()).count();
    return nb::make_tuple("failure", failure.connection, failure.endpoint->number,
                          failure.identifier, since, failure.status, failure.message,
                          failure.retry_after);
  }
  nb::object operator()(const serve::Refusals& refusals) const {
    return nb::make_tuple("refusals", refusals.endpoint, refusals.count);
  }
};

nb::list take_events(const Lane& lane) {
  nb::list events;
  for (const serve::LaneEvent& event : (*lane).take_events())
    events.append(std::visit(AsTuple(), event));
  return events;
}

}  // namespace

void bind_express_lane(nb::module_& m) {
  nb::class_<serve::Endpoint>(m, "Endpoint", "A version of a model, as the lane sees it.")
      .def(
          "__init__",
          [](serve::Endpoint* self, uint64_t number, const std::string& model,
             const std::string& version, const nb::list& inputs, const nb::list& outputs,
             bool joins, double timeout, std::shared_ptr<serve::JobQueue> queue,
             const nb::bytes& refusal) {
            new (self) serve::Endpoint(make_endpoint(number, model, version, inputs, outputs, joins,
                                                     timeout, std::move(queue), refusal));
          },
          "number"_a, "model"_a, "version"_a, "inputs"_a, "outputs"_a, "joins"_a, "timeout"_a,
          "queue"_a, "refusal"_a);
  nb::class_<Lane>(m, "ExpressLane", "Answers plain requests without Python.")
      .def(
          "__init__",
          [](Lane* self, size_t max_header, size_t max_body, double read_timeout,
             double idle_timeout) {
            new (self) Lane({max_header, max_body, seconds(read_timeout), seconds(idle_timeout)});
          },
          "max_header"_a, "max_body"_a, "read_timeout"_a, "idle_timeout"_a)
      .def(
          "fileno", [](const Lane& lane) { return (*lane).event_descriptor(); },
          "A descriptor that is readable while there are events.")
      .def("take_events", &take_events,
           "Tuples ('departure', socket, bytes, visits, is_late), ('failure', connection, "
           "endpoint, identifier, since, status, message, retry_after) and ('refusals', endpoint, "
           "count).")
      .def("set_endpoints", &set_endpoints, "endpoints"_a, "Answer these, by their paths.")
      .def(
          "take", [](const Lane& lane, int socket, int visits) { (*lane).take(socket, visits); },
          "socket"_a, "visits"_a, "Take a connection, and its descriptor with it.")
      .def(
          "answer",
          [](const Lane& lane, uint64_t id, const nb::bytes& bytes, bool is_last) {
            (*lane).answer(id, text_of(bytes), is_last);
          },
          "connection"_a, "bytes"_a, "is_last"_a)
      .def("end", [](const Lane& lane) { (*lane).end(); })
      .def_prop_ro(
          "open", [](const Lane& lane) { return (*lane).open(); }, "Connections that are here.")
      .def("stop", &Lane::stop);
}

}  // namespace mx::python
