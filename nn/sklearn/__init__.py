"""Estimators for scikit-learn: models of nn that work in its Pipeline, cross_val_score and GridSearchCV.

They need scikit-learn 1.6 or later (the extra ``sklearn``), so ``import nn`` leaves this room out: import nn.sklearn
itself. Begin with clusterers.py: SOMClusterer, which is short, then networks.py.
"""

try:
    from sklearn.utils.validation import validate_data as _of_1_6  # noqa: F401
except ImportError:
    raise ImportError('nn.sklearn needs scikit-learn 1.6 or later: pip install ".[sklearn]" in a clone of pathgrad, or '
                      'pip install "scikit-learn>=1.6"') from None

from nn.sklearn.boltzmann import RBMTransformer
from nn.sklearn.clusterers import ARTClusterer, SOMClusterer
from nn.sklearn.networks import NetworkClassifier, NetworkRegressor
from nn.sklearn.resonance import ARTMAPClassifier

__all__ = ["ARTClusterer", "ARTMAPClassifier", "NetworkClassifier", "NetworkRegressor", "RBMTransformer",
           "SOMClusterer"]
