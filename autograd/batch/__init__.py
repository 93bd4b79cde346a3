"""vmap, which runs a function of one point over many rows in lanes and on all cores; and loops that stay loops.

It sees the compiler, which traces the function, and lower, which has the lanes. Begin with vectorize.py: vmap, then
batched.py; and with loops.py: fori_loop, while_loop, scan.
"""
