"""Starting costs what it must: no module of the package imports Keras or a backend before it is asked for."""

import subprocess
import sys

CODE = """
import importlib, pkgutil, sys
import adamax_viz
for module in pkgutil.walk_packages(adamax_viz.__path__, "adamax_viz."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(sorted({"keras", "jax", "tensorflow", "torch", "optax"} & set(sys.modules)))
"""


def test_no_module_imports_keras_or_a_backend_when_it_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
