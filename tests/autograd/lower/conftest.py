"""What pytest shall not look into for doctests."""

collect_ignore = ["on_jax.py"]      # imports JAX, and computes as soon as it is imported
