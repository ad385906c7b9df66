"""What the columns of a run's table mean: once, for an export's README, the page that opens files, the docs."""

# Columns of the CSV that belong together; c stands for each coordinate.
COLUMNS = {
    "run": "the link that makes this run again, without the address",
    "micro_step, update, is_update": "raw step, Keras's `iterations`, and whether this step updates the weights",
    "loss": "height of the surface at `theta`, before the step",
    "lr, lr_t": "scheduled learning rate; the same divided by 1 − β₁ᵗ",
    "clip_factor": "norm after clipping / before, the smallest over the variables; "
    "with two variables one more column each",
    "loss_scale": "under a dynamic loss scale: the scale of this step",
    "theta_c": "weights before the step, for each coordinate c",
    "grad_c, grad_clipped_c": "the gradient as handed to `apply`, and what the rule receives",
    "m_c, u_c, step_c, ema_c": "after the step: both moments, what the rule added, the averaged weights",
    "v_c": "under Adam instead of `u_c`: the running mean of squared gradients",
    "u_branch_c": "which side of the max won: `gradient` or `decay`",
}


def columns_table() -> str:
    """The columns as a Markdown table."""
    rows = [f"| {', '.join(f'`{n}`' for n in names.split(', '))} | {meaning} |" for names, meaning in COLUMNS.items()]
    return "\n".join(["| column | meaning |", "| --- | --- |", *rows])
