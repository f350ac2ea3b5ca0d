#include "serve/job_queue.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <utility>
#include <vector>

#include "gil.h"
#include "plain_batch.h"
#include "serve_module.h"

namespace mx::python {
namespace nb = nanobind;
using namespace nb::literals;
using serve::Clock;
using serve::Job;
using serve::JobPtr;
using serve::JobQueue;

namespace {

Clock::duration seconds(double number) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(number));
}

/// A list of Python's jobs, and the plain requests, or None where there are none.
nb::object parts_of(std::vector<JobPtr> jobs) {
  nb::list own;
  std::vector<serve::TensorJobPtr> plain;
  for (JobPtr& job : jobs) {
    if (auto tensors = std::dynamic_pointer_cast<serve::TensorJob>(job)) {
      plain.push_back(std::move(tensors));
    } else {
      own.append(nb::cast(job));
    }
  }
  nb::object rest = plain.empty()
                        ? nb::none()
                        : nb::cast(new PlainBatch(std::move(plain)), nb::rv_policy::take_ownership);
  return nb::make_tuple(own, rest);
}

JobQueue::Put put(JobQueue& queue, const JobPtr& job) {
  const JobQueue::Put outcome = queue.put(job);
  if (outcome != JobQueue::Put::kFull) return outcome;
  queue.forget_ended();
  return queue.put(job);
}

nb::object take(JobQueue& queue, int64_t max_rows, double max_delay, int64_t wanted,
                double patience) {
  std::vector<JobPtr> jobs;
  {
    const ReleaseGil release;
    jobs = queue.take({max_rows, seconds(max_delay), wanted, seconds(patience)});
  }
  if (jobs.empty()) return nb::none();
  return parts_of(std::move(jobs));
}

}  // namespace

void bind_job_queue(nb::module_& m) {
  nb::class_<Job>(m, "Job", "A request that waits in a queue.")
      .def(nb::init<int64_t, std::string>(), "rows"_a, "key"_a)
      .def_ro("rows", &Job::rows, "Rows of the batch that it takes.")
      .def_ro("key", &Job::key, "Jobs with equal keys may share a batch; one with '' comes alone.")
      .def_prop_ro(
          "since",
          [](const Job& job) {
            return std::chrono::duration<double>(job.since.time_since_epoch()).count();
          },
          "When it came, by the monotonic clock.")
      .def_prop_rw(
          "is_over", [](const Job& job) { return job.is_over.load(); },
          [](Job& job, bool is_over) { job.is_over = is_over; },
          "Whether nobody waits for its answer any more.");
  nb::enum_<JobQueue::Put>(m, "Put", "What became of a job.")
      .value("TAKEN", JobQueue::Put::kTaken)
      .value("FULL", JobQueue::Put::kFull)
      .value("CLOSED", JobQueue::Put::kClosed);
  nb::class_<JobQueue>(m, "JobQueue", "A bounded queue that hands out batches.")
      .def(nb::init<size_t>(), "size"_a)
      .def("__len__", &JobQueue::waiting)
      .def("put", &put, "job"_a)
      .def("close", &JobQueue::close)
      .def("take", &take, "max_rows"_a, "max_delay"_a, "wanted"_a, "patience"_a,
           "Wait for a batch: a list of jobs, and a PlainBatch or None. None when the queue is "
           "closed and empty.")
      .def(
          "take_all", [](JobQueue& queue) { return parts_of(queue.take_all()); },
          "All that wait, as `take` gives them.");
  m.def("key_of_rows", &serve::key_of_rows, "shapes"_a,
        "The key of requests whose inputs have rows of these shapes.");
}

}  // namespace mx::python
