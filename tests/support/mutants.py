"""What may go wrong in a derivative: one small error in a partial of the table, or in a sum of contributions.

Works on source text. A mutant of a partial has the other sign, or is 1e-9 too large, arm by arm of what it returns;
or somewhere within it operands, arms or arguments are swapped, or a term, a factor or a minus is dropped.
A mutant of a sum keeps only the last contribution.
"""

import ast
import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

OPS = "autograd/ops/table.py"
NUMBERS = {"autograd.ops.ieee", "autograd.ops.primitives"}    # values and machinery, which no partial is made of
SUMS = ("graph/backward", "graph/value", "graph/forward_sweep", "transforms/higher_order", "transforms/dual",
        "diagnostics/routes")
CHOOSERS = {"where": 1, "ordered": 2, "_clip_slope": 4}     # the first argument that may be the result, or `nothing`
TRUTHS = {"greater", "less", "equal"}
SYMMETRIC = {"equal", "maximum", "minimum", "hypot", "product", "zip", "reduce"}
CHOOSING = {"where", "never"}       # in Python, not formulas


class Mutant(NamedTuple):
    """One changed place in one file."""

    file: str
    line: int
    what: str
    ops: tuple[str, ...]    # whose derivatives it is in; none where it is in everything's
    source: str             # the whole file with the change

    def diff(self, root: Path) -> str:
        old, new = (root / self.file).read_text().splitlines(), self.source.splitlines()
        return "\n".join(list(difflib.unified_diff(old, new, self.file, self.file, n=0, lineterm=""))[2:])


Edit = tuple[ast.AST, str, str]     # the node, what is done to it, the new text


def negated(node: ast.expr) -> str:
    inner = node.operand if isinstance(node, ast.UnaryOp) else None
    return ast.unparse(inner) if inner else f"-({ast.unparse(node)})"


def scaled(node: ast.expr) -> str:
    return f"({ast.unparse(node)}) * (1.0 + 1e-9)"


def called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def results(node: ast.expr, local: list[tuple[str, ast.expr]]) -> Iterator[ast.expr]:
    """The expressions that may become the result: arms, elements, and what a local name stands for."""
    match node:
        case ast.Call() if called(node) in CHOOSERS:
            parts = node.args[CHOOSERS[called(node)]:]
        case ast.Name(name) if name in [known for known, _ in local]:
            last = max(i for i, (known, _) in enumerate(local) if known == name)
            yield from results(local[last][1], local[:last])
            return
        case ast.IfExp():
            parts = [node.body, node.orelse]
        case ast.List() | ast.Tuple():
            parts = node.elts
        case ast.ListComp():
            parts = [node.elt]
        case ast.BinOp(left=ast.List()):        # [x] * n
            parts = [node.left]
        case _:
            constant = ast.unparse(node) in ("nothing", "NAN", "0.0")
            if not constant and called(node) not in TRUTHS:
                yield node
            return
    for part in parts:
        yield from results(part, local)


def of_results(node: ast.Lambda | ast.FunctionDef) -> Iterator[Edit]:
    """Sign and size of what a partial returns."""
    if isinstance(node, ast.Lambda):
        ends, local = [node.body], []
    elif node.name in CHOOSERS:
        return
    else:
        ends = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value]
        local = [(inner.targets[0].id, inner.value) for inner in node.body
                 if isinstance(inner, ast.Assign) and isinstance(inner.targets[0], ast.Name)]
    for end in ends:
        for leaf in results(end, local):
            for what, change in (("other sign", negated), ("1e-9 more", scaled)):
                if isinstance(leaf, ast.Starred):
                    element = change(ast.Name("each"))
                    yield leaf.value, what, f"[{element} for each in {ast.unparse(leaf.value)}]"
                elif not (change is scaled and ast.unparse(leaf) in ("INF", "-INF")):
                    yield leaf, what, change(leaf)


def within(node: ast.AST) -> Iterator[Edit]:
    """Swapped and dropped operands, wherever they are in a formula."""
    match node:
        case ast.arguments() | ast.Slice():     # annotations; which arguments, not what of them
            return
        case ast.BinOp(left, ast.Add(), right):
            yield node, "term dropped", ast.unparse(left)
            yield node, "term dropped", ast.unparse(right)
        case ast.BinOp(left, ast.Sub(), right):
            yield node, "operands swapped", f"({ast.unparse(right)}) - ({ast.unparse(left)})"
            yield node, "term dropped", ast.unparse(left)
            yield node, "term dropped", f"-({ast.unparse(right)})"
        case ast.BinOp(left, ast.Mult(), right) if not isinstance(left, ast.List):
            yield node, "factor dropped", ast.unparse(left)
            yield node, "factor dropped", ast.unparse(right)
        case ast.BinOp(left, ast.Div(), right):
            yield node, "operands swapped", f"({ast.unparse(right)}) / ({ast.unparse(left)})"
            yield node, "factor dropped", ast.unparse(left)
            if ast.unparse(left) != "1.0":
                yield node, "factor dropped", f"1.0 / ({ast.unparse(right)})"
        case ast.BinOp(left, ast.Pow(), right):
            yield node, "operands swapped", f"({ast.unparse(right)}) ** ({ast.unparse(left)})"
        case ast.UnaryOp(ast.USub(), operand) if not isinstance(operand, ast.Constant):
            yield node, "minus dropped", ast.unparse(operand)
        case ast.Call(args=[_, _, *_]) if (name := called(node)) and name not in SYMMETRIC:
            i = 1 if name in ("where", "clip") else 0
            args = list(node.args)
            args[i], args[i + 1] = args[i + 1], args[i]
            yield node, "arguments swapped", f"{name}({', '.join(map(ast.unparse, args))})"
    for child in ast.iter_child_nodes(node):
        yield from within(child)


def of_sums(tree: ast.AST) -> Iterator[Edit]:
    """Accumulation that forgets what was there."""
    for node in ast.walk(tree):
        what = "= for +="
        match node:
            case ast.AugAssign(target, ast.Add() | ast.BitOr(), value) if ast.unparse(target) != "misses":  # steps
                yield node, what, f"{ast.unparse(target)} = {ast.unparse(value)}"
            case ast.BinOp(ast.Call(func), ast.Add(), right) if ast.unparse(func).endswith("get"):
                yield node, what, ast.unparse(right)
            case ast.IfExp(body=ast.BinOp(_, ast.Add(), new), orelse=first) | \
                 ast.IfExp(body=first, orelse=ast.BinOp(_, ast.Add(), new)) if ast.unparse(new) == ast.unparse(first):
                yield node, what, ast.unparse(new)
            case ast.Call(ast.Name("map"), [ast.Name("add"), _, new]):
                yield node, what, ast.unparse(new)
            case ast.Return(ast.BinOp(ast.Name("adjoint"), ast.Add(), new)):
                yield node, what, f"return {ast.unparse(new)}"


def put(source: str, node: ast.AST, text: str) -> str:
    """The source with ``text`` where ``node`` was."""
    lines = source.encode().splitlines(keepends=True)      # positions count bytes
    before = b"".join([*lines[:node.lineno - 1], lines[node.lineno - 1][:node.col_offset]])
    after = b"".join([lines[node.end_lineno - 1][node.end_col_offset:], *lines[node.end_lineno:]])
    text = text if isinstance(node, ast.stmt) else f"({text})"
    return (before + text.encode() + after).decode()


def functions(root: Path) -> dict[str, tuple[str, ast.FunctionDef]]:
    """Those of ops.py and of the files whose functions it takes for its formulas, each with its file."""
    tree = ast.parse((root / OPS).read_text())
    taken = [node.module for node in tree.body if isinstance(node, ast.ImportFrom)]
    files = [name.replace(".", "/") + ".py" for name in taken if name.startswith("autograd.") and name not in NUMBERS]
    return {node.name: (file, node) for file in [OPS, *files] for node in ast.parse((root / file).read_text()).body
            if isinstance(node, ast.FunctionDef)}


def formulas(root: Path) -> Iterator[tuple[str, ast.Lambda | ast.FunctionDef, list[str]]]:
    """Every partial of the table and every function that one uses: its file, itself, the ops that it serves."""
    known = functions(root)
    helpers: dict[str, list[str]] = {}
    for call in ast.walk(ast.parse((root / OPS).read_text())):
        if called(call) not in ("define", "nary"):
            continue
        op = call.args[0].value
        for partial in call.args[2:]:
            if isinstance(partial, ast.Lambda):
                yield OPS, partial, [op]
            waiting, met = [partial], set(CHOOSING)
            while waiting:
                for node in ast.walk(waiting.pop()):
                    if isinstance(node, ast.Name) and node.id in known and node.id not in met:
                        met.add(node.id)
                        helpers.setdefault(node.id, []).append(op)
                        waiting.append(known[node.id][1])
    for name, ops in helpers.items():
        yield *known[name], list(dict.fromkeys(ops))


def mutants(root: Path) -> Iterator[Mutant]:
    """All of them, of the tree at ``root``."""
    for file, formula, ops in formulas(root):
        body = [formula.body] if isinstance(formula, ast.Lambda) else formula.body
        edits = [*of_results(formula), *(edit for part in body for edit in within(part))]
        yield from _distinct(file, (root / file).read_text(), getattr(formula, "name", ops[0]), tuple(ops), edits)
    for file in (f"autograd/{name}.py" for name in SUMS):
        source = (root / file).read_text()
        yield from _distinct(file, source, "sum", (), of_sums(ast.parse(source)))


def _distinct(file: str, source: str, where: str, ops: tuple[str, ...], edits: Iterable[Edit]) -> Iterator[Mutant]:
    met = set()
    for node, what, text in edits:
        change = node.lineno, node.col_offset, node.end_col_offset, ast.dump(ast.parse(text))
        if change not in met:
            met.add(change)
            what = f"{where}: {what}: {ast.unparse(node)} -> {text}"
            yield Mutant(file, node.lineno, what, ops, put(source, node, text))
