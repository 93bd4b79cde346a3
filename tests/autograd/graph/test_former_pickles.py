"""Pickles written before modules moved load, and mean what they meant."""

import pickle
import subprocess
import sys

import pytest

import autograd as ag
from autograd import Value

# Written by the version before the rooms, of a + exp and an assignment to the leaf after that:
#     a = Value(2.0, label="a"); b = a * 3 + a.exp(); b.backward(); a.data = 5.0; b.group = Group(("t",), (a,))
GRAPH = (
    b'\x80\x03cautograd.copies\n_root\nq\x00cbuiltins\nlist\nq\x01)Rq\x02(cautogr'
    b'ad.copies\n_restore\nq\x03(cautograd.value\nValue\nq\x04NG@\x14\x00\x00\x00\x00\x00\x00'
    b'G@$\xc72\\jn\xd7NNNN(NX\x01\x00\x00\x00aq\x05NNtq\x06tq\x07Rq\x08h\x03(h\x04NG@\x18\x00\x00\x00\x00\x00'
    b'\x00G?\xf0\x00\x00\x00\x00\x00\x00h\x08G@\x08\x00\x00\x00\x00\x00\x00G@\x08\x00\x00\x00\x00\x00\x00Ncauto'
    b'grad.op\nfind\nq\tX\x03\x00\x00\x00mulq\n\x85q\x0bRq\x0ctq\rRq\x0eh\x03(h\x04NG@\x1d\x8ed\xb8\xd4\xdd\xae'
    b'G?\xf0\x00\x00\x00\x00\x00\x00h\x08NG@\x1d\x8ed\xb8\xd4\xdd\xaeNh\tX\x03\x00\x00\x00expq\x0f\x85q\x10Rq'
    b'\x11tq\x12Rq\x13h\x03(h\x04NG@*\xc72\\jn\xd7G?\xf0\x00\x00\x00\x00\x00\x00h\x0eh\x13G?\xf0\x00\x00\x00'
    b'\x00\x00\x00G?\xf0\x00\x00\x00\x00\x00\x00(h\tX\x03\x00\x00\x00addq\x14\x85q\x15Rq\x16X\x00\x00\x00\x00q'
    b'\x17cautograd.value\nGroup\nq\x18X\x01\x00\x00\x00tq\x19\x85q\x1ah\x08\x85q\x1b\x86q\x1c\x81q\x1dNtq\x1et'
    b'q\x1fRq cautograd.copies\n_assigned\nq!h\x08\x85q"Rq#cbuiltins\ntupl'
    b'e\nq$)Rq%e\x85q&R0h .'
)
# [grad(tanh), value_and_grad(tanh), jacobian(tanh), hessian(tanh)]
DERIVS = (
    b'\x80\x03]q\x00(cautograd.reverse\nTransform\nq\x01)\x81q\x02}q\x03(X\x04\x00\x00\x00ruleq\x04c'
    b'autograd.reverse\n_grad\nq\x05X\x08\x00\x00\x00functionq\x06cautograd\ntanh\nq'
    b'\x07X\x07\x00\x00\x00optionsq\x08}q\tX\x07\x00\x00\x00argnumsq\nNsX\x07\x00\x00\x00__doc__q\x0bX\x0c\x00'
    b'\x00\x00grad of tanhq\x0cubh\x01)\x81q\r}q\x0e(h\x04cautograd.reverse\n_value_a'
    b'nd_grad\nq\x0fh\x06h\x07h\x08}q\x10(h\nNX\x03\x00\x00\x00wrtq\x11Nuh\x0bX\x16\x00\x00\x00value_and_grad'
    b' of tanhq\x12ubh\x01)\x81q\x13}q\x14(h\x04cautograd.reverse\n_jacobian\nq\x15h\x06'
    b'h\x07h\x08}q\x16h\nNsh\x0bX\x10\x00\x00\x00jacobian of tanhq\x17ubh\x01)\x81q\x18}q\x19(h\x04cautog'
    b'rad.reverse\n_hessian\nq\x1ah\x06h\x07h\x08}q\x1bh\nNsh\x0bX\x0f\x00\x00\x00hessian of ta'
    b'nhq\x1cube.'
)
# [jit(tanh), jit(tanh, verify=3)]
JIT = (
    b'\x80\x03]q\x00(cautograd.compiler\nJitted\nq\x01)\x81q\x02}q\x03(X\x08\x00\x00\x00functionq'
    b'\x04cautograd\ntanh\nq\x05X\x07\x00\x00\x00backendq\x06X\x04\x00\x00\x00autoq\x07ubcautograd.c'
    b'ompiler\nVerified\nq\x08)\x81q\t}q\n(h\x04h\x05h\x06h\x07X\x06\x00\x00\x00verifyq\x0bK\x03ube.'
)
# trace(lambda x: x * x if x > 0 else x, 2.0)
PROGRAM = (
    b'\x80\x03cautograd.program\nProgram\nq\x00)\x81q\x01}q\x02(X\x04\x00\x00\x00nameq\x03X\x01\x00\x00\x00fq'
    b'\x04X\x06\x00\x00\x00inputsq\x05X\x01\x00\x00\x00xq\x06\x85q\x07X\x0c\x00\x00\x00instructionsq\x08cautogr'
    b'ad.program\nInstruction\nq\tcautograd.op\nfind\nq\nX\x03\x00\x00\x00mulq\x0b\x85'
    b'q\x0cRq\rK\x00K\x00\x86q\x0e\x86q\x0f\x81q\x10\x85q\x11X\x07\x00\x00\x00outputsq\x12K\x01\x85q\x13X\x06'
    b'\x00\x00\x00guardsq\x14cautograd.program\nGuard\nq\x15(X\x07\x00\x00\x00greaterq\x16K\x00G\x00'
    b'\x00\x00\x00\x00\x00\x00\x00\x88tq\x17\x81q\x18\x85q\x19X\x06\x00\x00\x00labelsq\x1a}q\x1bX\n\x00\x00\x00'
    b'elementaryq\x1c\x89ub.'
)
# find_anomaly(Value(0.0).log())
ANOMALY = (
    b'\x80\x03cautograd.anomalies\nAnomaly\nq\x00(cautograd.copies\n_root\n'
    b'q\x01cbuiltins\nlist\nq\x02)Rq\x03(cautograd.copies\n_restore\nq\x04(cau'
    b'tograd.value\nValue\nq\x05NG\x00\x00\x00\x00\x00\x00\x00\x00NNNNNNtq\x06Rq\x07h\x04(h\x05NG\xff\xf0\x00'
    b'\x00\x00\x00\x00\x00Nh\x07NG\x7f\xf0\x00\x00\x00\x00\x00\x00Ncautograd.op\nfind\nq\x08X\x03\x00\x00\x00lo'
    b'gq\t\x85q\nRq\x0btq\x0cRq\rcbuiltins\ntuple\nq\x0e)Rq\x0fe\x85q\x10R0h\rh\rX\x07\x00\x00\x00forw'
    b'ardq\x11NX\x10\x00\x00\x00log(0.0) is -infq\x12tq\x13\x81q\x14.'
)
# [no_grad, anomaly, Environment]
BLOCK = (
    b'\x80\x03]q\x00(cautograd.hot\nno_grad\nq\x01cautograd.anomalies\nanomal'
    b'y\nq\x02cautograd.environment\nEnvironment\nq\x03e.'
)


def test_a_graph():
    b = pickle.loads(GRAPH)
    a, = {x for x in ag.topological_order(b) if not x.args}
    assert (a.data, a.label, a.grad, b.data, b.op) == (5.0, "a", 10.38905609893065, 13.38905609893065, ag.TABLE["add"])
    assert b.group == ag.Group(("t",), (a,))
    assert type(b) is Value
    assert all(a.assigned_since(user) for user in b.args)       # still


def test_derivatives():
    slope, both, jacobian, hessian = pickle.loads(DERIVS)
    assert slope(0.5) == ag.grad(ag.tanh)(0.5) == jacobian(0.5)
    assert both(0.5) == ag.value_and_grad(ag.tanh)(0.5)
    assert hessian(0.5) == ag.hessian(ag.tanh)(0.5)


def test_compiled_functions():
    for j in pickle.loads(JIT):
        assert j(0.5) == ag.tanh(0.5)
        assert type(j) in (type(ag.jit(ag.tanh)), type(ag.jit(ag.tanh, verify=3)))


def test_a_program():
    program = pickle.loads(PROGRAM)
    assert type(program) is ag.Program
    assert str(program) == str(ag.trace(lambda x: x * x if x > 0 else x, 2.0))


def test_what_else_has_moved():
    assert pickle.loads(ANOMALY)[2:] == ("forward", None, "log(0.0) is -inf")
    assert pickle.loads(BLOCK) == [ag.no_grad, ag.anomaly, ag.Environment]
    assert pickle.loads(b"cautograd.ops\nsoftmax\n.") is ag.softmax
    assert pickle.loads(b"cautograd.transforms\ntrace\n.") is ag.trace
    assert pickle.loads(b"cautograd.op\nfind\n(S'mul'\ntR.") is ag.TABLE["mul"]


@pytest.mark.parametrize("data", [GRAPH, JIT, PROGRAM])
def test_nothing_needs_to_be_imported_before(data):
    code = f"import pickle, sys; x = pickle.loads({data!r}); print(type(x).__name__)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_new_pickles_of_functions_name_the_package():
    assert pickle.dumps(ag.tanh, 0) == b"cautograd\ntanh\np0\n."


def test_a_former_module_has_nothing_else():
    with pytest.raises(AttributeError, match="nonsense"):
        pickle.loads(b"cautograd.value\nnonsense\n.")
