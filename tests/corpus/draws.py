"""Links as chance deals them, the same at each call: every setting with all of its values, some of them broken."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from urllib.parse import quote, urlencode

Card = tuple[str, str]  # a setting and its text

# What stands between spaces is one value as a link writes it.
OPTIMIZER = {
    "learning_rate": "0.0 1e-05 0.001 0.01 0.05 0.1 0.3 1.0 -0.02 5",
    "beta_1": "0.0 0.5 0.8 0.95 0.99 0.999",
    "beta_2": "0.0 0.5 0.9 0.99 0.9999 1.0",
    "epsilon": "0.0 1e-12 1e-07 0.001 0.1 1.0",
    "weight_decay": "none 0.0 0.004 0.1 0.5",
    "clipnorm": "none 0.01 0.5 1.0 10.0",
    "clipvalue": "none 0.01 0.5 1.0 10.0",
    "global_clipnorm": "none 0.01 0.5 1.0 10.0",
    "use_ema": "true false",
    "ema_momentum": "0.0 0.5 0.9 0.99 1.0",
    "ema_overwrite_frequency": "none 1 2 7 20",
    "loss_scale_factor": "none 0.5 256.0 16384.0 65536.0",
    "gradient_accumulation_steps": "none 2 3 5 8",
    "decay_steps": "10.0 50.0 500.0",
    "decay_rate": "0.1 0.5 0.96 10.0",
    "staircase": "true false",
    "end_learning_rate": "0.0 0.0001 0.01",
    "power": "0.5 1.0 2.0",
    "cycle": "true false",
    "alpha": "0.0 0.1 0.5",
    "warmup_target": "none 0.2 1.0",
    "warmup_steps": "0 5 20",
    "first_decay_steps": "10.0 30.0 100.0",
    "t_mul": "1.0 1.5 2.0",
    "m_mul": "0.5 0.9 1.0",
    "dynamic_loss_scale": "true true true false",
    "initial_scale": "1.0 1024.0 32768.0 1e+38",
    "dynamic_growth_steps": "1 5 10 2000",
    "gradient_dtype": "none float16 float16",
}
SCHEDULES: tuple[dict[str, str], ...] = (
    {"schedule": "none"},
    {"schedule": "ExponentialDecay", "decay_steps": "20.0", "decay_rate": "0.5"},
    {"schedule": "ExponentialDecay", "decay_steps": "10.0", "staircase": "true"},
    {"schedule": "PiecewiseConstantDecay", "boundaries": "5,15", "values": "0.1,0.02,0.2"},
    {"schedule": "PiecewiseConstantDecay"},
    {"schedule": "PolynomialDecay", "decay_steps": "15.0", "power": "2.0", "end_learning_rate": "0.001"},
    {"schedule": "PolynomialDecay", "decay_steps": "7.0", "cycle": "true"},
    {"schedule": "InverseTimeDecay", "decay_steps": "10.0", "decay_rate": "2.0"},
    {"schedule": "InverseTimeDecay", "decay_steps": "10.0", "staircase": "true"},
    {"schedule": "CosineDecay", "decay_steps": "40.0", "alpha": "0.1"},
    {"schedule": "CosineDecay", "decay_steps": "30.0", "warmup_target": "0.3", "warmup_steps": "7"},
    {"schedule": "CosineDecayRestarts", "first_decay_steps": "8.0", "t_mul": "1.5", "m_mul": "0.8"},
    {"schedule": "CosineDecayRestarts", "t_mul": "0.5", "alpha": "0.2"},
)
ON_SURFACE = {
    "variables": "one two",
    "start": "none 1.0,1.0 -1.5,2.0 0.0,0.0 2.5,-0.4 1e-05,-2",
    "dtype": "float64 float32",
    "tolerance": "none 1e-06 0.05 1.0",
    "noise": "none gaussian heavy_tailed spikes outlier",
    "noise_scale": "0.0 0.5 4.0 300.0 -30.0",
    "noise_probability": "0.0 0.02 0.3 1.0",
    "noise_step": "0 3 20",
    "noise_envelope": "1 exp(-t/10) 1+t/5 sin(t)",
    "seed": "0 1 7 4294967295",
}
STEPS = "1 2 7 12 20 25 30 40 60 90"
NAMED = (
    "round_bowl scaled_bowl ravine rotated_ravine booth matyas rosenbrock beale goldstein_price tiny_network "
    "himmelblau three_hump_camel six_hump_camel mccormick branin styblinski_tang ackley rastrigin griewank levy "
    "schwefel bohachevsky drop_wave easom plateau saddle monkey_saddle cliff kink trap_and_valley drifting_bowl "
    "rare_feature noise_bursts"
)
OWN_PARAMETERS = (
    "scaled_bowl scale 1e-09 0.01 1000000.0 | ravine condition 1 200.0 1000 | rotated_ravine condition 1 200.0 | "
    "plateau tilt 0 0.5 | saddle steepness 0.1 4 | cliff height 5 50 | trap_and_valley sharpness 5 100 | "
    "drifting_bowl speed 0.001 0.1 | rare_feature period 4 100 | noise_bursts strength 0.1 2"
)
FORMULAS = (
    "x**2 + 3*y**2",
    "x^4/4 + 3*abs(y)",
    "abs(x) + 0.001*t*y",
    "sin(3*x)*cos(2*y) + (x^2 + y^2)/10",
    "log(1 + x^2) + exp(y/2) - y",
    "sqrt(x^2 + y^2 + 0.01)",
    "max(x, y)^2 + min(x, y)^2/9",
    "(x - sin(t/20))^2 + tanh(y)^2",
    "1/(1 + x^2 + y^2) + 0.05*(x^2 + y^2)",
    "1e-8*x^2 + y^2",
)
BEYOND = {
    "rule": "adamax adamax_uncorrected torch_adamax",
    "l2_in_loss": "none 0.01 0.5",
    "l2_in_gradient": "none 0.01 0.5",
    "average_by_hand": "none 2 5",
}
BROKEN: tuple[Card, ...] = (
    ("learning_rate", "fast"),
    ("learning_rate", "nan"),
    ("learning_rate", ""),
    ("beta_1", "true"),
    ("beta_2", "2.0"),
    ("epsilon", "inf"),
    ("steps", "0"),
    ("steps", "2.5"),
    ("steps", "1000000000"),
    ("steps", "20500"),
    ("use_ema", "perhaps"),
    ("ema_momentum", "1.5"),
    ("schedule", "StepDecay"),
    ("decay_steps", "0"),
    ("gradient_accumulation_steps", "1"),
    ("loss_scale_factor", "x"),
    ("seed", "-1"),
    ("nonsense", "1"),
    ("v", "99"),
)
BROKEN_ON_SURFACE: tuple[Card, ...] = (
    ("surface", "rosenbrok"),
    ("start", "1"),
    ("start", "inf,0"),
    ("start", "a,b"),
    ("formula", "x**"),
    ("formula", "__import__('os')"),
    ("domain", "1,0,0,1"),
    ("noise", "loud"),
    ("noise_probability", "2"),
    ("noise_envelope", "x"),
    ("dtype", "float16"),
    ("tolerance", "-1"),
    ("parameters", "3"),
    ("parameters.depth", "3"),
    ("boundaries", "5,a"),
)
OF_THE_PAGE = {
    "step": "0 3 19 999999 -1 two",
    "panels": "loss loss,m,u ratio,step rate,ema,bucket charts,loss",
    "locked": "all beta_1,start all,!learning_rate,!start all,!surface, ,, nothing",
    "present": "1 0",
    "show": "transport knobs,tabs,chooser words,ledger,panels kitchen,landscape",
    "v": "1 0 99 one",
    "embed": "true",
}
EFFECTS = (
    "clipping clipping_one rescaling ema ema_overwrite ema_window accumulation accumulation_by_hand "
    "accumulation_schedule weight_decay schedules schedules_shaped bias_correction beta_1 beta_2 epsilon loss_scale "
    "dynamic_loss_scale noise outlier no_such_effect"
)
OF_EFFECTS = {"panels": "loss,weights difference turn,scaled,updates nothing", "v": "1 99", "embed": "true"}
MODELS = {  # with their data sets and a few sizes, so that few of them have to be compiled
    "linear_regression": ("line moons", "4"),
    "logistic_regression": ("blobs moons xor line", "3"),
    "mlp": ("moons circles xor spirals own curve", "16,16 8 3,3,3 40,40,40"),
    "mlp_curve": ("curve line own", "16,16 5"),
    "cnn": ("pictures moons", "4 2,6"),
    "gru": ("signal line", "8 3"),
    "autoencoder": ("low_rank", "2 1 7"),
    "transformer": ("moons", "4"),
}
OF_MODELS = {
    "points": "none 60 200 5",
    "data_noise": "none 0.0 0.3 7",
    "data_seed": "0 1 999 1000",
    "activation": "none relu sigmoid silu tanh gelu",
    "batch_size": "none 8 0 100000 -1",
    "seed": "0 1 42 999 1000",
    "steps": "1 5 500 50001",
    "beside": "auto alone adam nobody",
    "locked": "all beta_1,steps all,!learning_rate",
    "v": "1 99",
}
LESSONS = (
    "what-a-step-is momentum the-infinity-norm-u bias-correction from-adam-to-adamax why-a-step-is-about-alpha "
    "clipping-three-ways ema accumulation-and-noise weight-decay-twice learning-rate-schedules one-outlier "
    "a-world-that-moves inside-a-tiny-network no-such-lesson"
)
ANSWERS = "a b c d f _0 _0.05 _0.25 _5 _-3 _1e-05 _1.5_-0.4 _0_0 _x g"
OF_LESSONS = {
    "present": "1 0",
    "show": "knobs,ledger transport kitchen",
    "seen": "momentum.3 momentum.99~ema.2 nothing.4 ema ema.2~~one-outlier.1",
    "locked": "all all,!learning_rate",
    "v": "1 99",
}
PS = "2 2.5 3 4 8 16 100 1000 inf 1 0 -3 p nan"
SCENES = "1 2 3 4 5 5 0 9 last"
GRADIENTS = (
    "1,2,3 0,0,0,0 1,-1,1,-1,0.2,-0.2 4 5,nan 1e-30,1e30,1 0.5,0.5,0.5,4,0.5,0.5,0.5,0.5 a,b -2.5,1e-08,3,0,0,0,7,-7"
)


class Deck:
    """Cards that come again only when all have been dealt."""

    def __init__(self, cards: Sequence[Card], chance: Random) -> None:
        self.cards, self.chance, self.left = list(cards), chance, list[Card]()

    def deal(self, count: int) -> dict[str, str]:
        """So many cards; of one setting the last counts."""
        return dict(self._one() for _ in range(count))

    def _one(self) -> Card:
        if not self.left:
            self.left = self.chance.sample(self.cards, len(self.cards))
        return self.left.pop()


def cards_of(*tables: Mapping[str, str]) -> list[Card]:
    """Each setting with each of its values."""
    return [(name, text) for table in tables for name, texts in table.items() for text in texts.split(" ")]


def link(params: Mapping[str, str]) -> str:
    """Parameters as a link's query."""
    return urlencode(params, quote_via=quote, safe=",*/()^!~")


def places() -> list[dict[str, str]]:
    """What can be minimised: the built-in surfaces, those with parameters also with others, and formulas."""
    own = [text.split() for text in OWN_PARAMETERS.split("|")]
    with_own = [
        {"surface": name, f"parameters.{parameter}": value} for name, parameter, *values in own for value in values
    ]
    typed = [{"surface": "custom", "formula": formula, "domain": "-2.0,2.5,-3.0,3.0"} for formula in FORMULAS]
    return [*({"surface": name} for name in NAMED.split()), *with_own, *typed, {}]


def playground(count: int = 200, seed: int = 1) -> Iterator[str]:
    """Links of the Playground."""
    chance = Random(seed)
    settings, broken = Deck(cards_of(OPTIMIZER, ON_SURFACE), chance), Deck((*BROKEN, *BROKEN_ON_SURFACE), chance)
    page = Deck(cards_of(OF_THE_PAGE), chance)
    where = chance.sample(places(), len(places()))
    for i in range(count):
        params = where[i % len(where)] | settings.deal(chance.randint(2, 7)) | {"steps": chance.choice(STEPS.split())}
        params |= SCHEDULES[i // 3 % len(SCHEDULES)] if i % 3 == 0 else {}
        yield link(params | page.deal(chance.randint(0, 2)) | broken.deal(i % 5 == 4))


def effects(count: int = 150, seed: int = 2) -> Iterator[str]:
    """Links of Effects: a base that is another, variants of one's own, or both."""
    chance = Random(seed)
    base, broken = Deck(cards_of(OPTIMIZER, ON_SURFACE, BEYOND), chance), Deck((*BROKEN, *BROKEN_ON_SURFACE), chance)
    names = EFFECTS.split()
    page, beyond = Deck(cards_of(OF_EFFECTS), chance), Deck(cards_of(BEYOND), chance)
    where = chance.sample(places(), len(places()))
    for i in range(count):
        params = {"effect": names[i % len(names)]} | {"steps": chance.choice(STEPS.split())}
        params |= base.deal(i // 20 % 3) | (where[i % len(where)] if i % 4 == 3 else {})
        if i // 20 % 2 == 0 or i % 3 == 0:
            for letter in "abcd"[: chance.randint(1 + (i % 9 != 0), 4)]:
                own = base.deal(chance.randint(0, 2)) | beyond.deal(chance.random() < 0.2)
                own |= chance.choice(SCHEDULES) if chance.random() < 0.15 else {}
                own |= broken.deal(chance.random() < 0.07)
                params |= {f"{letter}.{name}": text for name, text in own.items()} or {letter: "base"}
        yield link(params | page.deal(i % 6 == 5) | broken.deal(i % 7 == 6))


def models(count: int = 60, seed: int = 3) -> Iterator[str]:
    """Links of Models."""
    chance = Random(seed)
    optimizer, own = Deck(cards_of(OPTIMIZER), chance), Deck(cards_of(OF_MODELS), chance)
    broken, names = Deck(BROKEN, chance), list(MODELS)
    for i in range(count):
        name = names[i % 7] if i % 20 != 19 else names[7]
        datasets, widths = (texts.split() for texts in MODELS[name])
        params = {"model": name} | own.deal(chance.randint(0, 2)) | optimizer.deal(chance.randint(0, 4))
        params |= {"dataset": datasets[i // 7 % len(datasets)]} if i % 2 else {}
        params |= {"widths": widths[i // 14 % len(widths)]} if i % 3 == 1 else {}
        params |= SCHEDULES[i // 4 % len(SCHEDULES)] if i % 4 == 0 else {}
        yield link(params | broken.deal(i % 8 == 7))


def norms(count: int = 40, seed: int = 4) -> Iterator[str]:
    """Links of From Adam to Adamax, with gradients drawn by hand too."""
    chance = Random(seed)
    settings, broken = Deck(cards_of(OPTIMIZER, ON_SURFACE), chance), Deck((*BROKEN, *BROKEN_ON_SURFACE), chance)
    where, ps, gradients = chance.sample(places(), len(places())), PS.split(), GRADIENTS.split()
    for i in range(count):
        params = (where[i] | {"steps": chance.choice(STEPS.split())}) if i % 5 else {}
        params |= settings.deal(chance.randint(0, 3)) if i % 5 else {}
        params |= {"p": ps[i % len(ps)]} | ({"g": gradients[i // 2 % len(gradients)]} if i % 2 else {})
        yield link(params | broken.deal(i % 9 == 8))


def lessons(count: int = 50, seed: int = 5) -> Iterator[str]:
    """Links of Lessons with answers, progress, locks, and parts to show."""
    chance = Random(seed)
    page, names, answers = Deck(cards_of(OF_LESSONS), chance), LESSONS.split(), ANSWERS.split()
    for i in range(count):
        params = {"lesson": names[i % len(names)], "scene": chance.choice(SCENES.split())}
        answered = [f"{scene}{chance.choice(answers)}" for scene in range(1, 6) if chance.random() < 0.6]
        params |= {"answers": "~".join(answered)} if answered else {}
        yield link(params | page.deal(chance.randint(0, 2)))


DRAWN = {"playground": playground, "effect": effects, "models": models, "norms": norms, "lesson": lessons}
