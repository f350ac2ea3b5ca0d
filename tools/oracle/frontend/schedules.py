"""Learning rates at rising numbers of updates."""

AT = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 19, 20, 21, 25, 40]
WARM = {"warmup_steps": 4, "warmup_begin_lr": 0.02}

SCHEDULES = {
    "factor": ("FactorScheduler", {"step": 10, "factor": 0.5, "base_lr": 1.0}),
    "factor_stop": (
        "FactorScheduler",
        {"step": 3, "factor": 0.1, "stop_factor_lr": 1e-3, **WARM, "base_lr": 0.5},
    ),
    "factor_constant": (
        "FactorScheduler",
        {
            "step": 3,
            "factor": 0.1,
            "warmup_steps": 4,
            "warmup_begin_lr": 0.005,
            "warmup_mode": "constant",
        },
    ),
    "multi_factor": ("MultiFactorScheduler", {"step": [5, 9, 12], "factor": 0.1, "base_lr": 2.0}),
    "multi_factor_warm": (
        "MultiFactorScheduler",
        {"step": [5, 9], "factor": 0.3, **WARM, "base_lr": 1.0},
    ),
    "poly": ("PolyScheduler", {"max_update": 20, "base_lr": 0.3}),
    "poly_warm": (
        "PolyScheduler",
        {"max_update": 20, "base_lr": 0.3, "pwr": 3, "final_lr": 0.05, **WARM},
    ),
    "cosine": ("CosineScheduler", {"max_update": 20, "base_lr": 0.3}),
    "cosine_warm": (
        "CosineScheduler",
        {"max_update": 20, "base_lr": 0.3, "final_lr": 0.05, **WARM, "warmup_mode": "constant"},
    ),
}


def _run(name, options):
    def run(mx):
        schedule = getattr(mx.lr_scheduler, name)(**options)
        later = getattr(mx.lr_scheduler, name)(**options)
        return [[schedule(i) for i in AT], [later(i) for i in (30, 2, 25)]]

    return run


CASES = {key: _run(*entry) for key, entry in SCHEDULES.items()}
