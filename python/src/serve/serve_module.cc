#include "serve_module.h"

#include "gil.h"

NB_MODULE(_serve, m) {
  nanobind::module_::import_("mxnet._core");
  mx::python::watch_end_of_interpreter(m);
  m.doc() = "Queues of requests, and connections that are answered without Python.";
  mx::python::bind_job_queue(m);
  mx::python::bind_plain_batch(m);
  mx::python::bind_express_lane(m);
}
