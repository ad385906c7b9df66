"""Where two runs part and how far, in a sentence or two."""

from adamax_viz.runs.distance import RunDifference
from adamax_viz.words.numbers import listed, number

WORDS = {  # what each array of a trajectory is called
    "theta": "weights",
    "loss": "loss",
    "grad": "gradient",
    "grad_clipped": "clipped gradient",
    "m": "first moment",
    "u": "infinity norm",
    "v": "second moment",
    "lr": "learning rate",
    "lr_t": "bias-corrected rate",
    "step": "step",
    "ema": "average",
}


def in_words(compared: RunDifference) -> str:
    """The comparison in a sentence or two."""
    unshared = ", ".join(WORDS[name] for name in compared.unshared)
    left = f" Only one of the two has: {unshared}." if unshared else ""
    firsts = {WORDS[name]: d.first for name, d in compared.quantities.items() if d.first is not None}
    if not firsts:
        return f"The two runs are equal, to the last digit, over {compared.steps} steps.{left}"
    begin = min(firsts.values())
    earliest = listed([word for word, step in firsts.items() if step == begin])
    weights = compared.quantities.get("theta")
    far = ""
    if weights is not None and weights.largest > 0:
        far = f" The weights are furthest apart at step {weights.step}: {number(weights.largest)}."
    return f"They first differ at step {begin}, in the {earliest}.{far}{left}"
