"""Approximations of special functions by polynomials and their quotients: the coefficients, and their source.

Where no source is named they are least-squares fits to values of mpmath at 50 digits, at Chebyshev points. The errors
stated are relative, without those of rounding.
"""

from collections.abc import Sequence
from typing import Any


def polynomial(coefficients: Sequence[Any], x: Any) -> Any:
    """The polynomial with these coefficients, that of the highest power first, by Horner's rule.

    >>> polynomial((3.0, 2.0, 1.0), 10.0)
    321.0
    """
    total = coefficients[0]
    for coefficient in coefficients[1:]:
        total = total * x + coefficient
    return total


def _quotient(over: Sequence[float], under: Sequence[float], x: Any) -> Any:
    return polynomial(over, x) / polynomial(under, x)


# ---- gamma and its kin, from 3 on by Stirling's series, below by their zeros ---------------------

STIRLING = (
    0.0017419291498849746, -0.004097129878633231, 0.0035519075686138582, -0.0004352912307735047,
    -0.0014424024417489288, 0.00017109787447712176, 0.001965488100075937, -0.0005752061245891044,
    -0.0067210904753380665, 0.00870357040042761, 0.2088856895525533, 2.5066282746310007)
LOG_STIRLING_OVER = (
    0.05060500395248027, 0.7721858205618305, 1.490707672840566, 0.7105219745595643, 0.0833333333333333)
LOG_STIRLING_UNDER = (
    0.8118848020718495, 9.797328981448668, 18.164288165696796, 8.559597028047431, 1.0)
DIGAMMA_FAR_OVER = (
    0.1084181926189536, 1.3301384880646676, 2.0731076169221003, 0.8263277837364185, 0.08333333333333298)
DIGAMMA_FAR_UNDER = (
    2.2926467606008036, 18.117838938194126, 25.831265698277967, 10.015933404829275, 1.0)
LGAMMA_OVER = (
    -9.676008329319517e-08, 1.2042372483113746e-05, 0.002303608251190272, 0.04755117992975811, 0.35337191418094027,
    1.2176201037216645, 2.106100895872452, 1.7728924582366887, 0.5772156649015329)
LGAMMA_UNDER = (
    0.0006875432840630164, 0.0230489417626781, 0.25522539386363297, 1.2990984527643665, 3.4345240300657336,
    4.8649918118979185, 3.496342787411259, 1.0)
DIGAMMA_OVER = (
    -2.0961999873091343e-08, 3.06572394787086e-06, 0.0009325166889358155, 0.02590321776149615, 0.24955479468249014,
    1.0435726180122888, 1.9197748688591307, 1.2503801375034054)
DIGAMMA_UNDER = (
    0.0002066488585653369, 0.008314583609169746, 0.1090885956724006, 0.6316154291992864, 1.749534562998517,
    2.2188997939463526, 1.0)
DIGAMMA_ROOT, DIGAMMA_ROOT_REST = 0.46163214496836236, -1.5522348162858677e-17      # in two parts
# Bernoulli's numbers B(2k) over (2k)!, k = 1 to 7
BERNOULLI = (1.0 / 12.0, -1.0 / 720.0, 1.0 / 30240.0, -1.0 / 1209600.0, 1.0 / 47900160.0, -691.0 / 1307674368000.0,
             1.0 / 74724249600.0)


def stirling(t: Any) -> Any:
    """gamma(x) e^x x^(1/2 - x) for t = 1 / x, x >= 3, to 7e-17."""
    return polynomial(STIRLING, t)


def log_stirling(t: Any) -> Any:
    """The logarithm of that over sqrt(2 pi), to 4e-16; it is at most 4 % of lgamma."""
    return t * _quotient(LOG_STIRLING_OVER, LOG_STIRLING_UNDER, t * t)


def log_less_digamma(t: Any) -> Any:
    """log(x) - digamma(x) for t = 1 / x, x >= 3; what is added to 1/2, to 5e-15, is at most 1 % of digamma."""
    return t * (0.5 + t * _quotient(DIGAMMA_FAR_OVER, DIGAMMA_FAR_UNDER, t * t))


def lgamma_after_1(z: Any) -> Any:
    """lgamma(1 + z) for -1/4 <= z <= 2, to 4e-17."""
    return z * (z - 1.0) * _quotient(LGAMMA_OVER, LGAMMA_UNDER, z) + 0.0


def digamma_after_1(z: Any) -> Any:
    """digamma(1 + z) for -1/4 <= z <= 2, to 1e-17."""
    return (z - DIGAMMA_ROOT - DIGAMMA_ROOT_REST) * _quotient(DIGAMMA_OVER, DIGAMMA_UNDER, z)


# ---- normal quantiles: M. J. Wichura, "Algorithm AS 241", Applied Statistics 37 (1988), PPND16, to 1e-16 --------

CENTRE_OVER = (
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665)
CENTRE_UNDER = (
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
    687.1870074920579, 42.31333070160091, 1.0)
TAIL_OVER = (
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835)
TAIL_UNDER = (
    1.0507500716444169e-09, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1.0)
FAR_OVER = (
    2.0103343992922881e-07, 2.7115555687434876e-05, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103)
FAR_UNDER = (
    2.0442631033899397e-15, 1.421511758316446e-07, 1.8463183175100548e-05, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1.0)


def quantile_by_distance(q: Any) -> Any:
    """The quantile of p over q = p - 1/2, for |q| <= 0.425."""
    return _quotient(CENTRE_OVER, CENTRE_UNDER, 0.180625 - q * q)


def quantile_of_tail(y: Any) -> Any:
    """The size of the quantile of p for y = sqrt(-log p) between 1.6 and 5."""
    return _quotient(TAIL_OVER, TAIL_UNDER, y - 1.6)


def quantile_of_far_tail(y: Any) -> Any:
    """The same for y between 5 and 27."""
    return _quotient(FAR_OVER, FAR_UNDER, y - 5.0)
