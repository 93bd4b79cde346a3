"""Pickles of networks that name the modules of layers as they were before load."""

import math
import pickle

# nn.Sequential(nn.Linear(1, 1), nn.Tanh()), with weight -0.18539 and bias -0.08242
SEQUENTIAL = (
    b"\x80\x02cnn.sequential\nSequential\n)\x81}(X\x01\x00\x00\x000cnn.linear\nLinear\n)\x81}(X\x0b\x00\x00\x00in_fe"
    b"aturesK\x01X\x0c\x00\x00\x00out_featuresK\x01X\x06\x00\x00\x00weight]]cautograd.copies\n_root\nq\x00c__builtin"
    b"__\nlist\nq\x01)R(cautograd.copies\n_restore\nq\x02(cautograd.value\nValue\nq\x03NG\xbf\xc7\xba\xf8\xc8\x0co`N"
    b"NNNN(NX\x05\x00\x00\x00n1.w1NNttRq\x04c__builtin__\ntuple\nq\x05)Re\x85R0h\x04aaX\x04\x00\x00\x00bias]h\x00h"
    b"\x01)R(h\x02(h\x03NG\xbf\xb5\x19fS(\x0c NNNNN(NX\x04\x00\x00\x00n1.bNNttRq\x06h\x05)Re\x85R0h\x06aX\x04\x00"
    b"\x00\x00pathX\x0f\x00\x00\x000  Linear(1, 1)\x85ubX\x01\x00\x00\x001cnn.activations\nTanh\n)\x81ub."
)
# nn.Neuron(1, None), with weight 0.14134 and bias 0.0
NEURON = (
    b"\x80\x02cnn.neuron\nNeuron\n)\x81}(X\n\x00\x00\x00activationNX\x01\x00\x00\x00w]cautograd.copies\n_root\nq\x00"
    b"c__builtin__\nlist\nq\x01)R(cautograd.copies\n_restore\nq\x02(cautograd.value\nValue\nq\x03NG?\xc2\x17\\\x8f"
    b"\x9e7 NNNNN(NX\x02\x00\x00\x00w1NNttRq\x04c__builtin__\ntuple\nq\x05)Re\x85R0h\x04aX\x01\x00\x00\x00bh\x00h"
    b"\x01)R(h\x02(h\x03NG\x00\x00\x00\x00\x00\x00\x00\x00NNNNN(NX\x01\x00\x00\x00bNNttRq\x06h\x05)Re\x85R0h\x06X"
    b"\x0f\x00\x00\x00activation_nameX\x06\x00\x00\x00linearX\x05\x00\x00\x00_pathX\x10\x00\x00\x00neuron  w\xc2\xb7"
    b"x + b\x85ub."
)


def test_layers():
    model, neuron = pickle.loads(SEQUENTIAL), pickle.loads(NEURON)
    weight, bias = [p.data for p in model.parameters()]
    assert (round(weight, 5), round(bias, 5)) == (-0.18539, -0.08242)
    assert math.isclose(model([2.0])[0].data, math.tanh(2.0 * weight + bias), rel_tol=1e-15)
    assert neuron([3.0]).data == 3.0 * neuron.w[0].data
    assert round(neuron.w[0].data, 5) == 0.14134
