"""KServe's server with a network in ONNX Runtime, for peers.py: kserve_server.py FILE PORT."""

import sys

import kserve
import onnxruntime


class Network(kserve.Model):
    def __init__(self, path):
        super().__init__("mlp")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(path, options)
        self.input = self.session.get_inputs()[0].name
        self.ready = True

    async def predict(self, payload, headers=None, response_headers=None):
        (answer,) = self.session.run(None, {self.input: payload.inputs[0].as_numpy()})
        output = kserve.InferOutput("output", list(answer.shape), "FP32")
        output.set_data_from_numpy(answer, binary_data=True)
        return kserve.InferResponse(payload.id or "0", "mlp", [output])


if __name__ == "__main__":
    options = {"enable_grpc": False, "enable_latency_logging": False, "access_log_format": None}
    server = kserve.ModelServer(http_port=int(sys.argv[2]), workers=1, **options)
    server.start([Network(sys.argv[1])])
