"""Inputs as chance and malice deal them, the same for the same seed: ``python -m tests.fuzz --minutes N``.

Each kind is a module with `make`, a case from chance, and `checking`, what every case has to pass. A worker process
runs them, so that one which hangs can be ended.
"""
