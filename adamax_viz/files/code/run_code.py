"""A run as Python text: in Keras alone, with the surface as plain NumPy, or in this package.

What the Keras text does is tested by running it: its path is the one on the screen.
"""

from dataclasses import asdict
from textwrap import indent

from adamax_viz.core.optimizer import Adamax
from adamax_viz.files.code.optimizer_code import LINE, call, changed, docstring, keras_name, optimizer_code, text
from adamax_viz.problems.surfaces.functions import compile_formula
from adamax_viz.problems.surfaces.noise import HEAVY_TAIL_DEGREES, Noise
from adamax_viz.problems.surfaces.surface import SurfaceProblem
from adamax_viz.runs.run import run
from adamax_viz.study.link import to_query
from adamax_viz.study.spec import RunSpec


def keras_code(settings: RunSpec) -> str:
    """The run in Keras, on JAX: a script that needs Keras, JAX and NumPy, prints both ends and leaves `path (T+1, 2)`.

    The optimizer has exactly the arguments that differ from Keras's defaults. A script of a run that Keras can't make
    says so and leaves nothing.
    """
    title, plain = settings.the_surface().title, _in_keras(settings)
    if plain is None:
        names = [name for name in settings.beyond() if name != "rule" or keras_name(settings) is None]
        beyond = ", ".join(f"{name}={getattr(settings, name)}" for name in names)
        words = f"{title}: Keras alone can't make this run, its optimizers have nothing for {beyond}."
        return f"{docstring(settings, words)}\n\nprint(__doc__)\n"
    words = f"{title}: {settings.steps} steps of keras.optimizers.{keras_name(settings)}, as Adamax Lab shows them."
    parts = (part(plain) for part in (_imports, _surface, _noise, _optimizer, _loop, _ends))
    return "\n\n".join([docstring(settings, words), *filter(None, parts)]) + "\n"


def library_code(settings: RunSpec) -> str:
    """The run in `adamax_viz`: a script that leaves `run`, with every step recorded, and `path (T+1, 2)`."""
    if set(settings.beyond()) <= {"rule"}:
        problem, imports, lines = _problem(settings)
        imports = ["import adamax_viz as av", *sorted(imports)]
        options = {"start": text(settings.start_point()), "steps": text(settings.steps)}
        options |= changed(run, settings.run_options()) | changed(Adamax, {"dtype": settings.dtype})
        lines.append("optimizer = " + optimizer_code(settings, "av"))
        lines.append("run = " + call("av.run", [problem, "optimizer"], options))
    else:
        imports = ["from adamax_viz.runs.run import run_of", "from adamax_viz.study.link import from_query"]
        lines = [f"run = run_of(from_query({text(to_query(settings))}).settings)"]
    lines.append('path = run["theta"][0]  # run["u"], run["grad_clipped"], ... are there too; run.to_frame() has all')
    lines.append("print(run.status[0], path[-1])")
    rule = keras_name(settings) or settings.rule
    words = f"{settings.the_surface().title}: {settings.steps} steps of {rule}, every one recorded."
    return "\n\n".join([docstring(settings, words), "\n".join(imports), "\n".join(lines)]) + "\n"


# -- Keras alone ---------------------------------------------------------------------------------------------


def _in_keras(settings: RunSpec) -> RunSpec | None:
    """The same run with nothing but what Keras has; None if there is none."""
    if keras_name(settings) is None:
        return None
    adamax = settings.changed(rule="adamax")
    plain = adamax.for_keras() if adamax.beyond() else adamax
    return plain and plain.changed(rule=settings.rule)


def _stateless(settings: RunSpec) -> bool:
    """Whether eager ``apply`` on JAX fails (a dynamic loss scale) or compiles anew at every call."""
    overwrites = settings.use_ema and settings.ema_overwrite_frequency
    warms_up = settings.schedule == "CosineDecay" and settings.warmup_target is not None
    branches = overwrites or warms_up or settings.schedule == "CosineDecayRestarts"
    return bool(settings.dynamic_loss_scale or settings.gradient_accumulation_steps or branches)


def _imports(settings: RunSpec) -> str:
    double = settings.dtype == "float64"
    lines = ["import os", "", 'os.environ["KERAS_BACKEND"] = "jax"', ""]
    lines += ["import jax"] * (double or _stateless(settings)) + ["import keras", "import numpy as np", ""]
    lines += ['jax.config.update("jax_enable_x64", True)  # Keras\'s own precision is float32'] * double
    lines += [f'keras.config.set_floatx("{settings.dtype}")', f"dtype = np.{settings.dtype}"]
    return "\n".join([*lines, f"steps = {settings.steps}"])


def _surface(settings: RunSpec) -> str:
    """Helpers, parameters, and the functions `loss` and `gradient`."""
    surface, problem = settings.the_surface(), settings.problem()
    height, slopes = problem.functions.height, problem.functions.slopes
    parameters = "\n".join(
        f"{name} = {value!r}  # {surface.parameters[name].help}" for name, value in problem.parameters.items()
    )
    arguments = "x, y, t" if height.moves else "x, y"
    shared = [f"{name} = {text}" for name, text in slopes.shared]
    (along_x, along_y), (value,) = slopes.results, height.results
    result = f"return np.array([{along_x}, {along_y}], dtype)"
    if len(result) > LINE:
        shared += [f"along_x = {along_x}", f"along_y = {along_y}"]
        result = "return np.array([along_x, along_y], dtype)"
    loss = f"\ndef loss({arguments}):\n    return {value}"
    gradient = f"\ndef gradient({arguments}):\n" + indent("\n".join([*shared, result]), "    ") + "\n"
    helpers = [f"\n{helper}" for helper in dict.fromkeys(height.helpers + slopes.helpers)]
    return "\n\n".join(filter(None, [*helpers, parameters, loss, gradient]))


def _noise(settings: RunSpec) -> str:
    """The same stream as on the screen: `noise (steps, 2)`, from the same seed."""
    if settings.noise == "none":
        return ""
    generator = f"np.random.default_rng([{settings.seed}, 0])"
    lines = {
        "gaussian": [f"noise = {generator}.standard_normal((steps, 2))"],
        "heavy_tailed": [f"noise = {generator}.standard_t({HEAVY_TAIL_DEGREES!r}, (steps, 2))"],
        "spikes": [
            f"signs = np.where({generator}.random((steps, 2)) < 0.5, -1.0, 1.0)",
            f"hits = np.random.default_rng([{settings.seed}, 1]).random(steps) < {settings.noise_probability!r}",
            "noise = signs * hits[:, None]",
        ],
        "outlier": ["noise = np.zeros((steps, 2))", f"noise[{settings.noise_step} : {settings.noise_step + 1}] = 1.0"],
    }[settings.noise]
    strength = repr(settings.noise_scale)
    if settings.noise_envelope.strip() != "1":
        lines.append("t = np.arange(steps, dtype=float)[:, None]")
        strength += f" * ({compile_formula(settings.noise_envelope).height.results[0]})"
    lines.append(f"noise = (noise * {strength}).astype(dtype)")
    return "\n".join(["# What disturbs the gradients, a row a step.", *lines])


def _optimizer(settings: RunSpec) -> str:
    start = list(settings.start_point())
    columns = settings.problem().variables
    rows = [f'keras.Variable({start[part]!r}, dtype=dtype, name="{n}")' for n, part in columns.items()]
    listed = rows[0] if len(rows) == 1 else "\n    " + ",\n    ".join(rows) + ",\n"
    optimizer = optimizer_code(settings, "keras.optimizers")
    lines = [f"variables = [{listed}]", f"optimizer = {optimizer}", "optimizer.build(variables)"]
    if _stateless(settings):
        why = "raises an error" if settings.dynamic_loss_scale else "compiles anew at every call"
        lines += [
            f"# With these arguments a plain optimizer.apply on JAX {why}.",
            "step = jax.jit(optimizer.stateless_apply)",
            "weights, state = [v.value for v in variables], [v.value for v in optimizer.variables]",
        ]
    if settings.dynamic_loss_scale:
        lines.append("scale_at = [v is optimizer.dynamic_scale for v in optimizer.variables].index(True)")
    return "\n".join(lines)


def _loop(settings: RunSpec) -> str:
    """The loop, and only the lines that these settings need."""
    at = ", dtype(k)" if settings.problem().functions.moves else ""
    body = [f"grad = gradient(*path[-1]{at})" + (" + noise[k]" if settings.noise != "none" else "")]
    if settings.tolerance is not None:
        body += [f"if np.abs(grad).max() <= {settings.tolerance!r}:", "    break"]
    if settings.dynamic_loss_scale:
        body.append("grad = grad * dtype(state[scale_at])  # what a scaled loss does to its gradient")
    elif settings.loss_scale_factor is not None:
        body.append(f"grad = grad * {settings.loss_scale_factor!r}  # what a scaled loss does to its gradient")
    if settings.gradient_dtype != "none":
        body.append(f"grad = grad.astype(np.{settings.gradient_dtype}).astype(dtype)")
    grads = ["grad[:1]", "grad[1:]"] if settings.variables == "two" else ["grad"]
    if _stateless(settings):
        body.append(f"weights, state = step(state, [{', '.join(grads)}], weights)")
        body.append("path.append(np.concatenate(weights))")
    else:
        tensors = ", ".join(f"keras.ops.convert_to_tensor({grad})" for grad in grads)
        body.append(f"optimizer.apply([{tensors}], variables)")
        body.append("path.append(np.concatenate([keras.ops.convert_to_numpy(v) for v in variables]))")
    first = f"path = [np.array({list(settings.start_point())!r}, dtype)]"
    return "\n".join([first, "for k in range(steps):", indent("\n".join(body), "    "), "path = np.array(path)"])


def _ends(settings: RunSpec) -> str:
    first, last = (", dtype(0)", ", dtype(len(path) - 1)") if settings.problem().functions.moves else ("", "")
    lines = [
        f'print("from", path[0], "loss", loss(*path[0]{first}))',
        f'print("to", path[-1], "loss", loss(*path[-1]{last}))',
    ]
    if settings.use_ema and _stateless(settings):
        lines.append("for v, value in zip([*variables, *optimizer.variables], [*weights, *state]):")
        lines.append("    v.assign(value)")
    if settings.use_ema:
        lines += [
            "# As fit does at its end: the average becomes the weights.",
            "optimizer.finalize_variable_values(variables)",
            'print("average", np.concatenate([keras.ops.convert_to_numpy(v) for v in variables]))',
        ]
    return "\n".join(lines)


# -- this package --------------------------------------------------------------------------------------------


def _problem(settings: RunSpec) -> tuple[str, list[str], list[str]]:
    """What `run` minimises, with the imports and the lines that make it: a name where that says it all."""
    options = changed(SurfaceProblem, {"parameters": settings.parameters or None, "split": settings.variables})
    imports, needed = [], []
    if settings.noise != "none":
        imports.append("from adamax_viz.problems.surfaces.noise import Noise")
        noise = asdict(settings.problem().noise)
        options["noise"] = call("Noise", [text(noise.pop("kind"))], changed(Noise, noise))
    if settings.surface == "custom":
        x0, x1, y0, y1 = settings.domain
        needed.append("custom")
        surface = f"custom({text(settings.formula)}, {((x0, x1), (y0, y1))})"
    elif options:
        imports.append("from adamax_viz.problems.surfaces.catalogue import find")
        surface = f"find({text(settings.surface)})"
    else:
        return text(settings.surface), [], []
    if not options:
        name, made = "surface", surface
    else:
        name, made = "problem", call("SurfaceProblem", [surface], options)
        needed.append("SurfaceProblem")
    imports.append(f"from adamax_viz.problems.surfaces.surface import {', '.join(needed)}")
    return name, imports, [f"{name} = {made}"]
