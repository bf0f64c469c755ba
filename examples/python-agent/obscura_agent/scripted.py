"""A policy without a model: look, decide, commit, and follow `nextActions` to the end.

Every answer of the pool says what can be done next, with the tool's name and arguments ready to send, so that
this needs no table of states. Must never reveal or commit anything that its caller did not ask for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any

from .pool import Json, Pool, Refused
from .sealing import Order, Sealed, seal
from .terms import Offer, Wish, limit_floor

# Where an order stays until somebody decides.
SETTLED = ("leased", "refunded", "closed")
# Steps that lead on and that a policy may take without asking.
FOLLOWED = ("lease-status", "reveal", "refund")
# One call waits for 40 s; the longest batch lasts an hour, with as long again to clear it.
MAX_STEPS = 200
# How often a commit may come too late for its window.
MAX_TRIES = 5


class Declined(Exception):
    """The market asks more than the budget allows. Nothing was locked."""


Observer = Callable[[str], None]
Trade = Coroutine[Any, Any, Json]


def silent(_: str) -> None:
    """Says nothing."""


@dataclass
class Scripted:
    """A trader that follows a script."""

    pool: Pool
    say: Observer = silent

    async def lease(self, wish: Wish) -> Json:
        """From a budget to a lease, or to a refund; `Declined` where the market is dearer than the budget."""
        await self.check_budget(wish)
        return await self.bid(wish)

    async def bid(self, wish: Wish) -> Json:
        """Bids whatever the market says, in as many batches as the wish allows."""
        if not self.pool.seals:
            return await self.follow(await self.pool.call("lease", lease_arguments(wish)), None)
        order = Order(wish.gpu_type, "bid", limit_floor(wish), wish.gpus, wish.seconds)
        return await self.try_batches(order, {"maxTotalMicro": wish.budget_micro}, wish.batches)

    async def sell(self, offer: Offer) -> Json:
        """Offers GPUs until they are let, in as many batches as the offer allows."""
        if not self.pool.seals:
            return await self.follow(await self.pool.call("commit", ask_arguments(offer)), None)
        order = Order(offer.gpu_type, "ask", offer.price_micro, offer.gpus)
        return await self.try_batches(order, {"lockGpus": offer.gpus}, offer.batches)

    async def try_batches(self, order: Order, lock: Json, batches: int) -> Json:
        """The same order under a fresh secret in batch after batch, until one fills it."""
        ended: Json = {}
        for _ in range(batches):
            ended = await self.trade(order, lock)
            if ended["state"] == "leased":
                break
        return ended

    async def keep_selling(self, offer: Offer) -> Json:
        """Offers the same in every batch."""
        once = replace(offer, batches=1)
        return await self.in_every_batch(offer.gpu_type, offer.batches, lambda: self.sell(once))

    async def keep_bidding(self, wish: Wish) -> Json:
        """Bids the same in every batch."""
        once = replace(wish, batches=1)
        return await self.in_every_batch(wish.gpu_type, wish.batches, lambda: self.bid(once))

    async def in_every_batch(self, gpu_type: str, batches: int, order: Callable[[], Trade]) -> Json:
        """Never waits for one batch to be over before it trades in the next."""
        async with asyncio.TaskGroup() as trades:
            for _ in range(batches):
                last = trades.create_task(order())
                await self.next_batch(gpu_type)
        return last.result()

    async def release(self, order: Json) -> Json:
        """Ends the running leases of an order, which pays them, and waits for what comes back."""
        for lease in order["leases"]:
            if lease["state"] == "active":
                await self.pool.call("release", {"leaseId": lease["leaseId"]})
        order = await self.status(order)
        for _ in range(MAX_STEPS):
            if order["state"] == "closed":
                break
            order = await self.status(order, wait=40)
        return order

    async def status(self, order: Json, wait: int = 0) -> Json:
        return await self.pool.call("lease-status", {"orderId": order["orderId"], "waitSeconds": wait})

    async def check_budget(self, wish: Wish) -> None:
        size = {"gpuType": wish.gpu_type, "qty": wish.gpus, "durationSeconds": wish.seconds}
        quote = await self.pool.call("quote", size)
        needed = (quote.get("estimate") or {}).get("collateralMicro", 0)
        if wish.limit_micro is not None:
            return
        if needed > wish.budget_micro or limit_floor(wish) < 1:
            raise Declined(f"at the median it takes {needed} micro-USDC, and {wish.budget_micro} is the budget")

    async def trade(self, order: Order, lock: Json) -> Json:
        """One sealed order, from its hash to its end."""
        owner = (await self.pool.call("account", {}))["owner"]
        sealed = await seal(order, owner)
        committed = await self.commit(order.gpu_type, sealed.commit | lock)
        return await self.follow(committed, sealed)

    async def commit(self, gpu_type: str, arguments: Json) -> Json:
        for _ in range(MAX_TRIES):
            try:
                return await self.pool.call("commit", arguments)
            except Refused as refused:
                if refused.code not in ("wrong_phase", "batch_full"):
                    raise
                self.say(str(refused))
                await self.next_batch(gpu_type)
        raise TimeoutError(f"no commit window was met in {MAX_TRIES} batches")

    async def next_batch(self, gpu_type: str) -> None:
        """Waits for the next commit window, on the chain's clock."""
        batch = (await self.pool.call("quote", {"gpuType": gpu_type}))["batch"]
        await asyncio.sleep(max(0, batch["endsAt"] - batch["chainTime"]))

    async def follow(self, order: Json, sealed: Sealed | None) -> Json:
        """Takes the first step that leads on, until the order is settled."""
        for _ in range(MAX_STEPS):
            self.say(describe(order))
            if order["state"] in SETTLED:
                return order
            order = await self.step(order, sealed)
        raise TimeoutError(f"order {order['orderId']} is still {order['state']}")

    async def step(self, order: Json, sealed: Sealed | None) -> Json:
        action = next(action for action in order["nextActions"] if action["tool"] in FOLLOWED)
        arguments = action["arguments"]
        if action["tool"] == "reveal" and sealed is not None:
            arguments = sealed.opening | arguments
        try:
            return await self.pool.call(action["tool"], arguments)
        except Refused as refused:
            self.say(str(refused))
            return await self.status(order, wait=40)


def lease_arguments(wish: Wish) -> Json:
    arguments: Json = {"gpuType": wish.gpu_type, "qty": wish.gpus, "durationSeconds": wish.seconds}
    arguments |= {"maxTotalMicro": wish.budget_micro, "goodForBatches": wish.batches}
    if wish.limit_micro is not None:
        arguments["maxPriceMicro"] = wish.limit_micro
    return arguments


def ask_arguments(offer: Offer) -> Json:
    arguments: Json = {"gpuType": offer.gpu_type, "side": "ask", "priceMicro": offer.price_micro}
    return arguments | {"qty": offer.gpus, "lockGpus": offer.gpus, "goodForBatches": offer.batches}


def describe(order: Json) -> str:
    """One line about where an order is."""
    parts = [f"order {order['orderId'][:8]} {order['state']}"]
    if "reason" in order:
        parts.append(f"({order['reason']})")
    parts.append(f"batch {order['batchIndex']} is {order['batchPhase']}")
    if "clearingPriceMicro" in order:
        parts.append(f"at {order['clearingPriceMicro']} micro-USDC per GPU-hour")
    return " ".join(parts)
