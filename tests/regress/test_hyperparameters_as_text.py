"""Hyperparameters reach a script as SageMaker's toolkit writes them.

Null was the text None, a dict was JSON behind its option, and true was True in its variable;
scripts that were written for the toolkit (sagemaker-training 5.1.4) read other text there.
"""

import json

import pytest

from mxnet.cli.sagemaker.contract import Contract


@pytest.mark.parametrize(
    ("text", "argument", "variable"),
    [
        ("3", "3", "3"),
        ("1e-3", "0.001", "0.001"),
        ("true", "True", "true"),
        ("null", "", ""),
        ('"sgd"', "sgd", "sgd"),
        ("a text", "a text", "a text"),
        ("[64, 32]", "[64, 32]", "[64, 32]"),
        ('["a"]', "['a']", '["a"]'),
        ('{"b": 0.1, "a": "x"}', "a=x,b=0.1", '{"a": "x", "b": 0.1}'),
    ],
)
def test_text_of_hyperparameters(tmp_path, text, argument, variable):
    config = tmp_path / "input/config"
    config.mkdir(parents=True)
    parameters = {"one": text, "sagemaker_program": '"train.py"'}
    (config / "hyperparameters.json").write_text(json.dumps(parameters))
    contract = Contract(str(tmp_path))
    assert contract.arguments() == ["--one", argument]
    assert contract.variables()["SM_HP_ONE"] == variable
