"""Programs as users write them, drawn at random, and what they should give.

`script` is a program and how it is printed. `functions` (with `arguments`, `kinds`, `writing`, `templates` and
`derivatives`), `methods` and `training` draw one from a seed. `names` is autograd by mpmath (with `exact`, `trees` and
`differences`). `checking` runs a program eagerly, compiled and exactly, and compares. Begin with `script`, then that.
"""
