"""An autograder for engines that students write with micrograd's interface.

Imports mistakes and words; command imports it. Begin with checking.py; worker.py is what runs a student's code.
"""
