"""Training of the model that comes with the workbench (docs/training.md).

Nothing of the product imports this package; torch is imported by its modules ``network``,
``alignment``, ``optimiser`` and ``trainer`` only, which are imported where they are used.
"""
