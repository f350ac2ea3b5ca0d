"""boto3, as programs ask endpoints of SageMaker with it."""

import json

import numpy as np
import pytest
from serving_helpers import DIGITS

boto3 = pytest.importorskip("boto3")


@pytest.fixture(scope="module")
def client(digits):
    return boto3.client(
        "sagemaker-runtime",
        endpoint_url=digits.url,
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )


def picture(digit):
    return (DIGITS / f"images/{digit}.png").read_bytes()


def test_invoke_endpoint(client):
    answer = client.invoke_endpoint(
        EndpointName="digits", ContentType="image/png", Accept="application/json", Body=picture(8)
    )
    assert np.argmax(json.loads(answer["Body"].read())) == 8
    assert answer["ContentType"] == "application/json"


def test_headers_of_endpoints_are_taken(client):
    answer = client.invoke_endpoint(
        EndpointName="digits",
        ContentType="image/png",
        Accept="text/csv",
        Body=picture(2),
        CustomAttributes="trace=1",
        TargetVariant="all",
        InferenceId="17",
    )
    assert np.argmax(np.fromstring(answer["Body"].read().decode(), sep=",")) == 2


def test_one_model_of_many(client):
    with pytest.raises(client.exceptions.ClientError, match="unknown model: 'other'"):
        client.invoke_endpoint(EndpointName="other", Body=b"[]")


def test_mistakes_are_said(client):
    with pytest.raises(client.exceptions.ClientError, match="text/xml is unknown") as caught:
        client.invoke_endpoint(EndpointName="digits", ContentType="text/xml", Body=b"<a/>")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 415


def test_other_ways_are_refused(client):
    with pytest.raises(client.exceptions.ClientError, match="come whole.*invoke_endpoint"):
        client.invoke_endpoint_with_response_stream(EndpointName="digits", Body=b"[]")
    with pytest.raises(client.exceptions.ClientError, match="come at once.*invoke_endpoint"):
        client.invoke_endpoint_async(EndpointName="digits", InputLocation="s3://a/b")
