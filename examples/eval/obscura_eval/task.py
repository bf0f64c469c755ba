"""What a task is: words for a model, a market to meet, a reference solution, and a check of the facts."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from obscura_agent.pool import Call, Json
from obscura_agent.scripted import Scripted
from obscura_agent.terms import Offer, Wish

from .world import World


class Failed(Exception):
    """The pool is not as the task wants it. Says what is wrong."""


@dataclass
class Attempt:
    """One try at a task: what its scene noted for the check, what the agent called, and its last words."""

    noted: Json = field(default_factory=dict)
    orders_before: set[str] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)
    words: str = ""

    def called(self, tool: str) -> bool:
        return any(call.tool == tool and not call.refused for call in self.calls)

    def figures(self) -> Json:
        """The JSON object that the last words end with."""
        start = self.words.rfind("{")
        try:
            figures = json.loads(self.words[start : self.words.rfind("}") + 1])
        except ValueError as error:
            raise Failed(f"no JSON object at the end of the answer: {self.words[-200:]!r}") from error
        if not isinstance(figures, dict):
            raise Failed(f"no JSON object at the end of the answer: {self.words[-200:]!r}")
        return figures


async def no_scene(_world: World, _attempt: Attempt) -> None:
    """Nothing to prepare."""


@dataclass(frozen=True)
class Task:
    """One of the ten."""

    name: str
    # With `{names}` of what the scene noted.
    prompt: str
    solve: Callable[[Scripted, Attempt], Awaitable[str]]
    check: Callable[[World, Attempt], Awaitable[None]]
    scene: Callable[[World, Attempt], Awaitable[None]] = no_scene
    # What the demo provider sells while the agent works.
    offer: Offer | None = None
    # What the demo buyer bids meanwhile.
    bid: Wish | None = None
    account: str = "buyer"
    # Whether its success is a lease, for the figures per lease.
    leases: bool = False


def require(condition: bool, wrong: str) -> None:
    if not condition:
        raise Failed(wrong)


async def new_orders(world: World, attempt: Attempt, account: str = "buyer") -> list[Json]:
    """The orders that appeared since the task began, the oldest first."""
    ids = await world.order_ids(account) - attempt.orders_before
    orders = [await world.order(account, order_id) for order_id in ids]
    return sorted(orders, key=lambda order: (order["batchIndex"], order["indexInBatch"]))


async def leased(world: World, attempt: Attempt, gpus: int, most_micro: int) -> Json:
    """The one order that got its GPUs; `Failed` where there is none, too many, or too much was spent."""
    orders = await new_orders(world, attempt)
    require(bool(orders), "no order was committed")
    filled = [order for order in orders if order["leases"]]
    require(len(filled) == 1, f"{len(filled)} of {len(orders)} new orders got leases, 1 should")
    order = filled[0]
    got = sum(lease["qty"] for lease in order["leases"])
    cost = sum(lease["amountMicro"] for lease in order["leases"])
    require(got == gpus, f"{got} GPUs were leased, {gpus} should be")
    require(cost <= most_micro, f"the lease costs {cost} micro-USDC, more than {most_micro}")
    for each in orders:
        require(each["lockedMicro"] <= most_micro, f"{each['lockedMicro']} micro-USDC were locked")
    return order
