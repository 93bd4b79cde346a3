"""An autograder for engines that students write with micrograd's interface.

Imports mistakes and words; command imports it. Begin with checking.py; worker.py is what runs a student's code.
"""

from viz.engine_check.checking import check_engine
from viz.engine_check.report import Counterexample, Report
from viz.engine_check.student_file import check_file

__all__ = ["Counterexample", "Report", "check_engine", "check_file"]
