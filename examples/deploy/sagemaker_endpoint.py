"""Make an endpoint of SageMaker from a container of `remx serve` and a model.tar.gz.

usage: python examples/deploy/sagemaker_endpoint.py --image URI --model s3://.../model.tar.gz
           --role ARN [--name NAME] [--type ml.c5.large]

Ask it with boto3's `sagemaker-runtime`, `invoke_endpoint(EndpointName=NAME, ...)`.
"""

import argparse


def requests(options):
    """The three requests that make an endpoint, by the names of boto3's methods."""
    container = {"Image": options.image, "ModelDataUrl": options.model}
    variant = {
        "VariantName": "all",
        "ModelName": options.name,
        "InstanceType": options.type,
        "InitialInstanceCount": 1,
    }
    return {
        "create_model": {
            "ModelName": options.name,
            "PrimaryContainer": container,
            "ExecutionRoleArn": options.role,
        },
        "create_endpoint_config": {
            "EndpointConfigName": options.name,
            "ProductionVariants": [variant],
        },
        "create_endpoint": {
            "EndpointName": options.name,
            "EndpointConfigName": options.name,
        },
    }


def main():
    """Run the program."""
    import boto3

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--image", required=True, help="the container, in a registry of AWS")
    parser.add_argument("--model", required=True, help="the archive, in S3")
    parser.add_argument("--role", required=True, help="the role that the endpoint has")
    parser.add_argument("--name", default="digits", help="of model and endpoint")
    parser.add_argument("--type", default="ml.c5.large", help="of the machine")
    client = boto3.client("sagemaker")
    for method, arguments in requests(parser.parse_args()).items():
        print(method)
        getattr(client, method)(**arguments)
    client.get_waiter("endpoint_in_service").wait(EndpointName=parser.parse_args().name)


if __name__ == "__main__":
    main()
