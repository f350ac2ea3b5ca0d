"""Whether the files in examples/deploy/ are what Kubernetes and KServe take.

usage: python tools/clients/deploy_examples.py   (with the packages PyYAML and kubernetes-validate)

Objects of Kubernetes itself are held against its schemas. In all of them names have to fit: ports
of probes and services, volumes of mounts, labels of selectors, containers of KServe.
"""

import sys
from pathlib import Path

import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "examples/deploy"


def check_pod(spec):
    """Lines about names in the template of a pod that fit nothing."""
    volumes = {each["name"] for each in spec.get("volumes", [])}
    for container in spec["containers"]:
        ports = {each["name"] for each in container.get("ports", []) if "name" in each}
        for probe in ("livenessProbe", "readinessProbe"):
            port = container.get(probe, {}).get("httpGet", {}).get("port")
            if isinstance(port, str) and port not in ports:
                yield f"{probe}: port {port} is none of {sorted(ports)}"
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                yield f"volume {mount['name']} is none of {sorted(volumes)}"
        if not container.get("securityContext", {}).get("runAsNonRoot"):
            yield f"container {container['name']} may run as root"


def check_kubernetes(documents):
    """Lines about objects of Kubernetes that are not valid or do not fit each other."""
    import kubernetes_validate

    (deployment,) = [each for each in documents if each["kind"] == "Deployment"]
    for each in documents:
        try:
            kubernetes_validate.validate(each, "1.31", strict=True)
        except kubernetes_validate.ValidationError as cause:
            yield f"{each['kind']}: {' '.join(str(cause).split())[:300]}"
    template = deployment["spec"]["template"]
    labels = template["metadata"]["labels"]
    yield from check_pod(template["spec"])
    ports = {each["name"] for each in template["spec"]["containers"][0]["ports"]}
    selectors = [deployment["spec"]["selector"]["matchLabels"]]
    for service in (each for each in documents if each["kind"] == "Service"):
        selectors.append(service["spec"]["selector"])
        for port in service["spec"]["ports"]:
            if port["targetPort"] not in ports:
                yield f"service: targetPort {port['targetPort']} is none of {sorted(ports)}"
    for selector in selectors:
        if not selector.items() <= labels.items():
            yield f"selector {selector} does not fit the labels {labels}"


def check_kserve(documents):
    """Lines about objects of KServe that do not fit each other."""
    by_kind = {each["kind"]: each["spec"] for each in documents}
    runtime, service = by_kind["ServingRuntime"], by_kind["InferenceService"]
    formats = {each["name"] for each in runtime["supportedModelFormats"]}
    model = service["predictor"]["model"]
    if model["modelFormat"]["name"] not in formats:
        yield f"modelFormat {model['modelFormat']['name']} is none of {sorted(formats)}"
    if model["protocolVersion"] not in runtime["protocolVersions"]:
        yield f"protocolVersion {model['protocolVersion']} is none of {runtime['protocolVersions']}"
    names = [each["name"] for each in runtime["containers"]]
    if names != ["kserve-container"]:
        yield f"containers {names}; kserve-container is expected, the name that KServe looks for"


def main():
    """Run the program."""
    checks = {"kubernetes.yaml": check_kubernetes, "kserve.yaml": check_kserve}
    wrong = [
        f"{name}: {line}"
        for name, check in checks.items()
        for line in check(list(yaml.safe_load_all((DEPLOY / name).read_text())))
    ]
    print("\n".join(wrong) or f"examples/deploy: {', '.join(checks)} are valid")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
