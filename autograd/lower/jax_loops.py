"""Loops of a Program as loops of JAX: compiled once, whatever the number of iterations."""

from collections.abc import Sequence
from typing import Any

from autograd.lower.jax_blocks import as_array, axes, varying
from autograd.lower.schedule import UnspellableError
from autograd.program.nested import BLANK, CELLS, COPY, COUNT, ROWS, Access, Loop


class NativeLoop:
    """A loop as `lax.fori_loop`, or `lax.while_loop` where a number that is computed says when it is over.

    hidden: the constants, behind a barrier, by their bits. alive: whether all guards hold so far; where they do not, a
    loop whose end is computed does not run, as it might have none.
    A result has, for each block, a tuple of the numbers that are only read and written at their own places, or else an
    array; and last, the count and the way that ended the loop.
    """

    def __init__(self, loop: Loop, codes: Sequence[Any]) -> None:
        """codes: the Steps of each way."""
        self.loop, self.codes = loop, codes
        if (loop.count is None or loop.count < 0) and any(block.kind in (ROWS, BLANK) for block in loop.blocks):
            raise UnspellableError(f"{loop.name}: how often it runs is a number that is computed, so JAX, whose arrays "
                                   "have fixed sizes, cannot keep what each iteration leaves, for a result or for the "
                                   "way back; give it a constant count, or run it through jit or vmap")
        accesses = (*loop.reads, *loop.writes)
        self.moving = {access.block for access in accesses
                       if access.step or access.table or loop.blocks[access.block].kind != CELLS}
        self.written = sorted({access.block for access in loop.writes})

    def scalars(self, operands: Sequence[Any]) -> list[Any]:
        """The operands that are numbers of their own, and not in an array."""
        spread = {place for i in self.moving for place in range(
            self.loop.blocks[i].first, self.loop.blocks[i].first + self.loop.blocks[i].size)}
        return [x for place, x in enumerate(operands) if place not in spread]

    # ---- running it ----

    def run(self, operands: Sequence[Any], hidden: Any, alive: Any) -> tuple[Any, Any]:
        """The result; and whether every iteration found a way."""
        import jax.numpy as jnp

        count, fine = self.count(operands, alive)
        return self.iterate(self.begun(operands, hidden, self.loop.count or 0), hidden, alive, fine,
                            jnp.asarray(0), count)

    def begun(self, operands: Sequence[Any], hidden: Any, rows: int) -> list[Any]:
        """The blocks before the first iteration."""
        import jax.numpy as jnp

        found: list[Any] = []
        for number, block in enumerate(self.loop.blocks):
            if block.kind == CELLS:
                cells = operands[block.first:block.first + block.size]
                found.append(as_array(cells) if number in self.moving else tuple(
                    [hidden[x.hex()] if x.__class__ is float else x for x in cells]))
            elif block.kind in (ROWS, BLANK):
                found.append(jnp.full(rows + 1, 1.0 if block.of else -0.0))
            else:
                found.append(as_array(operands[block.first][block.of]))
        return found

    def count(self, operands: Sequence[Any], alive: Any) -> tuple[Any, Any]:
        """How many iterations there are, None where a way ends the loop; and whether that is a number."""
        import jax.numpy as jnp

        loop = self.loop
        if loop.count is not None:
            return (loop.count if loop.count >= 0 else None), jnp.asarray(True)
        given = operands[loop.count_at]
        given = given[COUNT][0] if isinstance(given, list) else given
        fine = jnp.abs(given) < 2.0**63
        return jnp.where(alive & fine & (given > 0), given, 0.0).astype(int), fine

    def iterate(self, blocks: list[Any], hidden: Any, alive: Any, fine: Any, first: Any, count: Any,
                low: Any = 0) -> tuple[Any, Any]:
        """Run iterations on blocks: ``count`` of them from ``first`` on, or until a way ends the loop.

        low: which iteration the rows begin with.
        """
        import jax
        import jax.numpy as jnp
        from jax import lax

        loop = self.loop

        def step(t: Any, carried: Any, fine: Any, ending: bool) -> tuple[Any, Any, Any]:
            """What an iteration leaves: the blocks, the way that ended the loop, and whether it found a way."""
            known = [*blocks]
            for number, block in zip(self.written, carried, strict=True):
                known[number] = block
            inputs = [t.astype(float), *[self._read(known, access, t, low) for access in loop.reads]]
            outputs, ended, found = self._way(0, inputs, hidden, alive & fine)
            for access, x in zip(loop.writes, outputs, strict=True):
                x = jnp.where(found & (ended < 0), x, self._read(known, access, t, low)) if ending else x
                known[access.block] = self._written(known[access.block], access, t, low, x)
            return [known[number] for number in self.written], ended, fine & found

        carried, fine, over = jax.tree.map(lambda x: varying(x, alive), (
            [blocks[number] for number in self.written], fine, jnp.asarray(-1.0)))
        if count is None:
            def more(state: Any) -> Any:
                return (state[2] < 0) & state[3] & alive

            def go(state: Any) -> Any:
                carried, ended, fine = step(state[1], state[0], state[3], True)
                return carried, state[1] + (ended < 0), ended, fine

            carried, done, ended, fine = lax.while_loop(more, go, (carried, varying(first, alive), over, fine))
        else:
            def turn(k: Any, state: Any) -> Any:
                carried, _, fine = step(first + (count - 1 - k if loop.backwards else k), state[0], state[1], False)
                return carried, fine

            carried, fine = lax.fori_loop(0, count, turn, (carried, fine))
            done, ended = jnp.asarray(count), over
        for number, block in zip(self.written, carried, strict=True):
            blocks[number] = block
        return [*blocks, (done.astype(float), ended)], fine

    def _way(self, number: int, inputs: Sequence[Any], hidden: Any, alive: Any) -> Any:
        """What an iteration writes, the way that ended the loop, and whether it found a way, from this way on."""
        import jax
        import jax.numpy as jnp
        from jax import lax

        loop, way = self.loop, self.loop.ways[number]
        below = dict(way.below)
        short = way.longer >= 0     # its guards, on its inputs, only say which of the longer ways runs
        outputs, events = self.codes[number].run(inputs, hidden, alive, not short)

        def decided(place: int, alive: Any) -> Any:
            while place < len(events) and short and below[events[place][0]] == way.longer:
                place += 1
            if place == len(events) and short:
                return self._way(way.longer, inputs, hidden, alive)
            if place == len(events):
                left = [jnp.asarray(0.0)] * len(loop.writes) if way.ends else outputs
                over = jnp.asarray(float(number) if way.ends else -1.0)
                return jax.tree.map(lambda x: varying(x, alive), (left, over, jnp.asarray(True)))
            guard, held = events[place]
            if guard not in below:
                left, over, found = decided(place + 1, alive & held)
                return left, over, found & held
            ways = (lambda: decided(place + 1, alive & held),
                    lambda: self._way(below[guard], inputs, hidden, alive & ~held))
            if axes(alive):     # JAX does not map a `cond` over rows inside shard_map
                return jax.tree.map(lambda x, y: jnp.where(held, x, y), ways[0](), ways[1]())
            return lax.cond(held, *ways)

        return decided(0, alive)

    # ---- its blocks ----

    def _place(self, access: Access, t: Any, low: Any) -> Any:
        import jax.numpy as jnp

        if access.table:
            return jnp.asarray(access.table)[t]
        return access.offset + access.step * (t if self.loop.blocks[access.block].kind in (CELLS, COPY) else t - low)

    def _read(self, blocks: Sequence[Any], access: Access, t: Any, low: Any) -> Any:
        from jax import lax

        block = blocks[access.block]
        if access.block not in self.moving:
            return block[access.offset]
        return lax.dynamic_index_in_dim(block, self._place(access, t, low), keepdims=False)

    def _written(self, block: Any, access: Access, t: Any, low: Any, x: Any) -> Any:
        from jax import lax

        if access.block not in self.moving:
            return (*block[:access.offset], x, *block[access.offset + 1:])
        return lax.dynamic_update_index_in_dim(block, x, self._place(access, t, low), 0)
