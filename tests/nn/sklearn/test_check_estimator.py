"""scikit-learn's own checks of estimators pass for each estimator, and how many there are."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
from sklearn.utils.estimator_checks import check_estimator

from nn.sklearn import (
    ARTClusterer,
    ARTMAPClassifier,
    NetworkClassifier,
    NetworkRegressor,
    RBMTransformer,
    SOMClusterer,
    __all__,
)

SHORT = {"max_iter": 40, "learning_rate": 0.1}       # the checks fit some hundred networks
ESTIMATORS = [NetworkClassifier((4,), **SHORT), NetworkRegressor((4,), **SHORT), RBMTransformer(), SOMClusterer(),
              SOMClusterer(topology="hexagonal", batch=True), ARTClusterer(), ARTMAPClassifier()]
FEWEST = 40     # checks of scikit-learn 1.6 to 1.9 for any estimator

# a process of its own: SciPy reads the setting when it is imported, and one check is skipped without it
WITH_DEFAULTS = """
import json, warnings
warnings.simplefilter("ignore")
import nn.sklearn
from sklearn.utils.estimator_checks import check_estimator
print(json.dumps({name: [(found["check_name"], found["status"]) for found in check_estimator(
    getattr(nn.sklearn, name)(), on_fail=None, on_skip=None)] for name in nn.sklearn.__all__}))
"""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
def test_check_estimator_passes(estimator, capsys):
    results = check_estimator(estimator, on_skip=None)
    with capsys.disabled():
        found = Counter(result["status"] for result in results)
        print(f"\ncheck_estimator({type(estimator).__name__}): {found['passed']} checks passed", end="")
    skipped = {result["check_name"] for result in results if result["status"] != "passed"}
    assert skipped <= {"check_array_api_input"}
    assert len(results) - len(skipped) >= FEWEST


def test_every_estimator_is_checked():
    assert {type(estimator).__name__ for estimator in ESTIMATORS} == set(__all__)


@pytest.mark.campaign
def test_check_estimator_passes_for_the_defaults_with_no_check_skipped(figure):
    done = subprocess.run([sys.executable, "-c", WITH_DEFAULTS], env={**os.environ, "SCIPY_ARRAY_API": "1"},
                          capture_output=True, text=True, timeout=500, check=True)
    results = json.loads(done.stdout)
    assert {status for found in results.values() for _, status in found} == {"passed"}
    figure("Estimators: `check_estimator`, with their defaults", ", ".join(
        f"{name} {len(found)} checks" for name, found in results.items()) + "; all pass, none skipped")
