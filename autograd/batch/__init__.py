"""vmap: a function of one point runs over many, in the lanes of the machine and on its cores.

It sees the compiler, which traces the function, and lower, which has the lanes. Begin with vectorize.py: vmap, then
batched.py.
"""
