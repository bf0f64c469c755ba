"""What an agent wants, and the arithmetic between a budget and a limit. Integers only: micro-USDC."""

from __future__ import annotations

from argparse import ArgumentTypeError
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

SECONDS_PER_HOUR = 3600
MICRO = 1_000_000
# Every amount on the wire is below this, the largest integer that all JSON readers keep exact.
MAX_MICRO = 2**53 - 1


@dataclass(frozen=True)
class Wish:
    """A lease that somebody wants."""

    gpu_type: str
    gpus: int
    seconds: int
    budget_micro: int
    # In how many batches to bid before giving up.
    batches: int = 1
    # The highest limit to bid, where it is less than the budget allows.
    limit_micro: int | None = None


@dataclass(frozen=True)
class Offer:
    """GPUs that somebody has to let."""

    gpu_type: str
    gpus: int
    price_micro: int
    batches: int = 1


class NotAnAmount(ArgumentTypeError, ValueError):
    """No amount of USDC. Said as it stands where a command line is read."""


def micro_of(usdc: str) -> int:
    """Micro-USDC of a decimal amount, exactly."""
    try:
        micro = Decimal(usdc) * MICRO
    except InvalidOperation:
        micro = Decimal(0)
    if not micro.is_finite() or micro != micro.to_integral_value() or not 0 < micro <= MAX_MICRO:
        raise NotAnAmount(f"{usdc!r} is no amount of USDC with at most six decimals, such as 2.50")
    return int(micro)


def usdc_of(micro: int) -> str:
    return f"{micro // MICRO}.{micro % MICRO:06}"


def limit_floor(wish: Wish) -> int:
    """The highest price per GPU-hour whose collateral still fits the budget.

    A bid locks `ceil(price*gpus*seconds/3600) + gpus - 1`, because every lease of a split is rounded up.
    """
    spendable = max(0, wish.budget_micro - (wish.gpus - 1))
    affordable = spendable * SECONDS_PER_HOUR // (wish.gpus * wish.seconds)
    return affordable if wish.limit_micro is None else min(affordable, wish.limit_micro)
