"""Blocks of numbers of loops as arrays of JAX."""

from typing import Any


def varying(x: Any, like: Any) -> Any:
    """The same, which may be another number on each device where ``like`` is, as `shard_map` wants it to be said."""
    from jax import lax

    more = axes(like) - axes(x)
    return lax.pcast(x, tuple(more), to="varying") if more else x


def axes(x: Any) -> Any:
    """The axes of devices, inside `shard_map`, over which a number differs."""
    import jax

    if not hasattr(jax.lax, "pcast"):       # an older JAX does not want to know
        return frozenset()
    found = jax.typeof(x)
    return found.manual_axis_type.varying if hasattr(found, "manual_axis_type") else found.vma


def as_array(numbers: Any) -> Any:
    """Numbers as one array."""
    import jax.numpy as jnp

    if hasattr(numbers, "shape"):
        return numbers
    if all(x.__class__ is float for x in numbers):
        return jnp.asarray([*numbers], float)
    return jnp.stack([jnp.asarray(x, float) for x in numbers])


def read_item(result: Any, block: float, place: Any) -> Any:
    """One number of a loop's result."""
    from jax import lax

    found = result[int(block)]
    if place.__class__ is float:
        return found[int(place)]
    return lax.dynamic_index_in_dim(as_array(found), place.astype(int), keepdims=False)
