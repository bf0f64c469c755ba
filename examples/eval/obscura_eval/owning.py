"""Tasks around leases and budgets that are there already, and of a provider."""

from __future__ import annotations

from typing import Any

from obscura_agent.pool import Json, compact
from obscura_agent.scripted import Scripted
from obscura_agent.terms import Offer, Wish

from .buying import BUDGET, H100, HOUR, PLENTY
from .task import Attempt, Failed, Task, new_orders, require
from .world import World


async def a_lease_runs(world: World, attempt: Attempt) -> None:
    attempt.noted["order"] = (await world.trade(Wish(H100, 1, HOUR, BUDGET, batches=3), PLENTY))["orderId"]


async def check_receipt(trader: Scripted, attempt: Attempt) -> str:
    said = await trader.pool.call("verify-receipt", {"orderId": attempt.noted["order"]})
    return compact({"valid": said["valid"], "priceMicro": said["clearingPriceMicro"]})


async def the_receipt_was_read(world: World, attempt: Attempt) -> None:
    order = await world.order("buyer", attempt.noted["order"])
    batch = await world.get("buyer", f"/v1/batches/{order['batchIndex']}?gpuType={H100.replace(' ', '%20')}")
    figures = attempt.figures()
    require(figures.get("valid") is True, f"a valid receipt was called {figures.get('valid')!r}")
    same(figures, "priceMicro", batch["priceMicro"])


async def report_budget(trader: Scripted, _: Attempt) -> str:
    account = await trader.pool.call("account", {})
    left, burn = account["budget"]["spendCapLeftMicro"], account["burnMicroPerHour"]
    return compact({"leftMicro": left, "burnMicroPerHour": burn})


async def the_budget_is_right(world: World, attempt: Attempt) -> None:
    """Against the figures that the chain has: the key's cap, and the price of what runs."""
    delegate = (await world.account("buyer"))["delegate"]
    orders = [await world.order("buyer", order_id) for order_id in await world.order_ids("buyer")]
    leases = [lease for order in orders for lease in order["leases"] if lease["state"] == "active"]
    require(bool(leases), "nothing runs: the scene is wrong")
    burn = sum(lease["amountMicro"] * HOUR // lease["durationSeconds"] for lease in leases)
    figures = attempt.figures()
    same(figures, "leftMicro", delegate["spendCapMicro"] - delegate["spentMicro"])
    same(figures, "burnMicroPerHour", burn)


def same(figures: Json, name: str, fact: Any) -> None:
    require(figures.get(name) == fact, f"{name} was said to be {figures.get(name)!r}; it is {fact}")


async def release(trader: Scripted, attempt: Attempt) -> str:
    order = await trader.pool.call("lease-status", {"orderId": attempt.noted["order"]})
    return str(await trader.release(order))


async def the_lease_is_over(world: World, attempt: Attempt) -> None:
    order = await world.settled("buyer", attempt.noted["order"], ("closed",))
    reasons = [lease.get("reason") for lease in order["leases"]]
    require(reasons == ["released"], f"the lease of the order ended as {reasons}")
    require(not await new_orders(world, attempt), "something was ordered")


async def list_idle_gpus(trader: Scripted, _: Attempt) -> str:
    return str(await trader.sell(Offer(H100, 4, 1_200_000, batches=3)))


async def four_are_offered(world: World, attempt: Attempt) -> None:
    orders = [order for order in await new_orders(world, attempt, "provider") if order["side"] == "ask"]
    require(bool(orders), "no ask was committed")
    orders = [await world.settled("provider", order["orderId"], ("leased",)) for order in orders]
    require(all(order["lockGpus"] == 4 for order in orders), "more or fewer than 4 GPUs were locked")
    sold = [order for order in orders if order["leases"]]
    if not sold:
        raise Failed(f"4 GPUs were wanted at 1.30 and not sold: {[order.get('reason') for order in orders]}")
    require(sum(lease["qty"] for lease in sold[0]["leases"]) == 4, "not all 4 GPUs were let")
    price = sold[0]["clearingPriceMicro"]
    require(price >= 1_200_000, f"they were let at {price} micro-USDC per GPU-hour")


TASKS = [
    Task(
        name="check-receipt",
        prompt="My order {order} was filled. Check the receipt of its batch's clearing. End with one JSON object: "
        '{{"valid": true or false, "priceMicro": what the batch cleared at per GPU-hour, in micro-USDC}}',
        scene=a_lease_runs,
        solve=check_receipt,
        check=the_receipt_was_read,
    ),
    Task(
        name="budget",
        prompt="Until this API key's spend cap, how many micro-USDC are left? And how many micro-USDC per hour do "
        "my running leases burn? Order nothing. End with one JSON object: "
        '{{"leftMicro": ..., "burnMicroPerHour": ...}}',
        scene=a_lease_runs,
        solve=report_budget,
        check=the_budget_is_right,
    ),
    Task(
        name="release",
        prompt="I am done with the lease of order {order}. End it now; I know that it is paid in full.",
        scene=a_lease_runs,
        solve=release,
        check=the_lease_is_over,
    ),
    Task(
        name="provider-lists",
        prompt="I am a provider with four idle H100 80GB. Offer exactly those four for 1.20 USDC per GPU-hour or "
        "more, and lock no more than four. Try up to three batches, until they are let.",
        solve=list_idle_gpus,
        check=four_are_offered,
        bid=Wish(H100, 4, HOUR, 5_300_000, batches=100, limit_micro=1_300_000),
        account="provider",
        leases=True,
    ),
]
