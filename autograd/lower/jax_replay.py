"""A loop backwards with snapshots on JAX, which keeps the rows of one stretch of the loop forwards at a time."""

from collections.abc import Sequence
from typing import Any

from autograd.lower.jax_blocks import as_array, varying
from autograd.lower.jax_loops import NativeLoop
from autograd.program.nested import CELLS, COPY


class NativeReplay:
    """A loop backwards that runs the loop forwards again, in as many stretches as there are snapshots."""

    def __init__(self, replay: Any, ahead: NativeLoop, behind: NativeLoop) -> None:
        self.replay, self.ahead, self.behind = replay, ahead, behind
        self.loop, self.codes = replay.back, (*ahead.codes, *behind.codes)
        rows = [access for native in (ahead, behind) for access in (*native.loop.reads, *native.loop.writes)
                if native.loop.blocks[access.block].kind not in (CELLS, COPY)]
        count = self.loop.count
        # of a stretch: how many rows there are at a time
        self.length = -(-count // replay.snapshots) if count and all(
            access.step == 1 and not access.table for access in rows) else count

    def scalars(self, operands: Sequence[Any]) -> list[Any]:
        """As of a loop."""
        own = self.replay.operands
        return [*self.ahead.scalars(operands[:own]), *self.behind.scalars(operands[own:])]

    def run(self, operands: Sequence[Any], hidden: Any, alive: Any) -> tuple[Any, Any]:
        """As of a loop."""
        import jax
        import jax.numpy as jnp
        from jax import lax

        replay, ahead, behind, length = self.replay, self.ahead, self.behind, self.length
        given, later = operands[:replay.operands], [*operands[replay.operands:]]
        if length == self.loop.count:       # one stretch: all rows are kept
            later[replay.lent_at], fine = ahead.run(given, hidden, alive)
            found, also = behind.run(later, hidden, alive & fine)
            return found, fine & also
        stretches = -(-self.loop.count // length)
        state = [i for i in ahead.written if ahead.loop.blocks[i].kind in (CELLS, COPY)]
        begun = ahead.begun(given, hidden, length)

        def size(part: Any) -> Any:
            return length if self.loop.count % length == 0 else jnp.minimum(length, self.loop.count - part * length)

        def forth(part: Any, carried: Any) -> Any:
            known, kept, fine = carried
            kept = jax.tree.map(lambda x, all_of: lax.dynamic_update_index_in_dim(all_of, x, part, 0), known, kept)
            blocks, fine = ahead.iterate(restored(known), hidden, alive, fine, part * length, size(part),
                                         part * length)
            return [blocks[i] for i in state], kept, fine

        def restored(known: Any) -> list[Any]:
            blocks = [*begun]
            for i, block in zip(state, known, strict=True):
                blocks[i] = block
            return blocks

        def back(k: Any, carried: Any) -> Any:
            known, fine = carried
            part = stretches - 1 - k
            then = jax.tree.map(lambda all_of: lax.dynamic_index_in_dim(all_of, part, keepdims=False), kept)
            rows, fine = ahead.iterate(restored(then), hidden, alive, fine, part * length, size(part), part * length)
            blocks = [as_array(rows[block.of]) if block.kind != CELLS else None for block in behind.loop.blocks]
            for i, block in zip(own, known, strict=True):
                blocks[i] = block
            blocks, fine = behind.iterate(blocks, hidden, alive, fine, part * length, size(part), part * length)
            return [blocks[i] for i in own], fine

        first = [begun[i] for i in state]
        kept = jax.tree.map(lambda x: jnp.zeros((stretches, *jnp.shape(x))), first)
        started = jax.tree.map(lambda x: varying(x, alive), (first, kept, jnp.asarray(True)))
        _, kept, fine = lax.fori_loop(0, stretches, forth, started)
        own = [i for i, block in enumerate(behind.loop.blocks) if block.kind == CELLS]
        later[replay.lent_at] = begun
        found = behind.begun(later, hidden, 0)
        started = jax.tree.map(lambda x: varying(x, alive), [found[i] for i in own])
        last, fine = lax.fori_loop(0, stretches, back, (started, fine))
        for i, block in zip(own, last, strict=True):
            found[i] = block
        return [*found, (jnp.asarray(float(self.loop.count)), jnp.asarray(-1.0))], fine
