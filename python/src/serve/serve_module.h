#pragma once
#include <nanobind/nanobind.h>

/// mxnet._serve: queues of requests, and connections that are answered without Python.
namespace mx::python {

void bind_job_queue(nanobind::module_& m);
void bind_plain_batch(nanobind::module_& m);
void bind_express_lane(nanobind::module_& m);

}  // namespace mx::python
