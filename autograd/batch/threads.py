"""Threads that compute parts of a batch. They are kept from call to call; the calling thread is one of them."""

import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=4)
def kept_threads(count: int) -> ThreadPoolExecutor:
    """So many threads, which wait for the next call: to start two takes longer than to run 100,000 cheap rows."""
    return ThreadPoolExecutor(count, thread_name_prefix="autograd.vmap")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=kept_threads.cache_clear)    # a copy of a process has no threads


def share_out(parts: Iterable[Any], compute: Callable[[Any], Any], threads: int, pool: Executor) -> None:
    """Compute all parts; each thread takes the next one when it is done with one.

    The first error ends it, and is raised when no thread computes any more.
    """
    left = deque(parts)

    def work() -> None:
        try:
            while left:
                try:
                    part = left.popleft()
                except IndexError:      # another thread took the last one
                    return
                compute(part)
        except BaseException:
            left.clear()
            raise

    helpers: list[Any] = []
    try:
        helpers += [pool.submit(work) for _ in range(min(threads, len(left)) - 1)]
        work()
    except BaseException:
        left.clear()
        raise
    finally:
        running = [helper for helper in helpers if not helper.cancel()]
        wait(running)
    for helper in running:
        helper.result()


def in_order(parts: Iterable[Any], compute: Callable[[Any], Any], finish: Callable[[Any, Any], None], threads: int,
             pool: Executor) -> None:
    """Compute all parts, some at a time, and ``finish(part, result)`` each in this thread, in their order."""
    waiting: deque[tuple[Any, Any]] = deque()

    def first() -> None:
        part, future = waiting[0]
        finish(part, compute(part) if future.cancel() else future.result())     # the pool may do other work
        waiting.popleft()

    try:
        for part in parts:
            waiting.append((part, pool.submit(compute, part)))
            if len(waiting) > threads:
                first()
        while waiting:
            first()
    finally:
        wait([future for _, future in waiting if not future.cancel()])
