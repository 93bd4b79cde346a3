"""Programs as users write them, drawn at random, and what they should give.

`script` is a program and how it is printed. `functions` (with `arguments`, `kinds`, `writing` and `derivatives`),
`methods` and `training` draw one from a seed; `exact` and `differences` evaluate it by mpmath; `checking` runs it
eagerly, compiled and exactly, and compares. Begin with `script`, then `checking`.
"""
