"""Learning from tables: the commands ``pathgrad train`` and ``pathgrad predict``."""
