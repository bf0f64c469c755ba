"""The pool that an agent is tried on: a fresh `obscura-server serve`, the other side of its market, and facts.

Facts come from the pool's HTTP API and from the chain behind it, never from what an agent said. Its owners have
play money only.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import httpx2
from obscura_agent.pool import Address, Json, connect
from obscura_agent.scripted import Scripted
from obscura_agent.terms import Offer, Wish, usdc_of

# Orders of a batch on both sides are few here, and a small proof is a quick one.
MAX_ORDERS = "16"
READY_SECONDS = 120
# How long an order's end may take: a batch, its clearing, and the provider's acceptance.
PATIENCE_SECONDS = 180


@dataclass(frozen=True)
class Setting:
    """How the pool is started, and how agents reach it."""

    batch_seconds: int = 9
    # The command of a local MCP server; none means the pool's own endpoint.
    stdio: str | None = None


class World:
    """A running pool."""

    def __init__(self, ready: Json, folder: Path, setting: Setting) -> None:
        self.http: str = ready["http"]
        self.rpc: str = ready["rpc"]
        self.setting = setting
        self._mcp: str = ready["mcp"]
        self._keys: dict[str, str] = ready["apiKeys"]
        self._folder = folder
        self._client = httpx2.AsyncClient(base_url=self.http, timeout=60.0)

    def address(self, account: str) -> Address:
        """How an agent acts for an account."""
        if self.setting.stdio is None:
            return self.endpoint(account)
        environment = {
            "OBSCURA_POOL": self.http,
            "OBSCURA_API_KEY": self._keys[account],
            "XDG_DATA_HOME": str(self._folder / account),
        }
        return Address(command=tuple(self.setting.stdio.split()), environment=environment)

    def endpoint(self, account: str) -> Address:
        """The pool's own endpoint, which the other side of the market uses whatever the agent does."""
        return Address(url=self._mcp, api_key=self._keys[account])

    async def get(self, account: str, path: str) -> Json:
        headers = {"Authorization": f"Bearer {self._keys[account]}"}
        answer = await self._client.get(path, headers=headers)
        answer.raise_for_status()
        fact: Json = answer.json()
        return fact

    async def account(self, account: str) -> Json:
        return await self.get(account, "/v1/account")

    async def order(self, account: str, order_id: str) -> Json:
        return await self.get(account, f"/v1/orders/{order_id}")

    async def order_ids(self, account: str) -> set[str]:
        """Every order of an account, as the chain has them."""
        owner = (await self.account(account))["owner"]
        listed = await self.obscura("order", "list", "--owner", owner, "--all", "--rpc-url", self.rpc)
        return {order["orderId"] for order in listed["orders"]}

    async def obscura(self, *arguments: str) -> Json:
        """What the command line answers with `--json`."""
        process = await asyncio.create_subprocess_exec(
            "obscura", *arguments, "--json", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        output, errors = await process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"obscura {' '.join(arguments[:2])}: {errors.decode().strip()}")
        answer: Json = json.loads(output)
        return answer

    def demo_key(self, account: str) -> str:
        """The key file of a demo owner: to register as a provider takes the owner's own signature."""
        return str(self._folder / "pool" / "demo" / f"{account}.json")

    async def batch(self, gpu_type: str) -> Json:
        return await self.get("buyer", f"/v1/batches/current?gpuType={gpu_type.replace(' ', '%20')}")

    async def until_phase(self, gpu_type: str, phase: str) -> Json:
        """Waits for the beginning of a window, on the chain's clock."""
        batch = await self.batch(gpu_type)
        for _ in range(PATIENCE_SECONDS):
            if batch["phase"] == phase:
                return batch
            await asyncio.sleep(max(1, batch["secondsLeft"]))
            batch = await self.batch(gpu_type)
        raise TimeoutError(f"{gpu_type} was never {phase}")

    async def settled(self, account: str, order_id: str, states: tuple[str, ...]) -> Json:
        """The order once it is in one of these states, or has ended."""
        order = await self.order(account, order_id)
        for _ in range(PATIENCE_SECONDS):
            if order["state"] in (*states, "refunded", "closed"):
                return order
            order = await self.get(account, f"/v1/orders/{order_id}?waitSeconds=40")
        raise TimeoutError(f"order {order_id} did not end")

    async def trade(self, wish: Wish, offer: Offer) -> Json:
        """A trade between the two demo accounts, paid at once: history for `quote`, or a lease to look at."""
        async with self.offering(offer), connect(self.endpoint("buyer")) as pool:
            return await Scripted(pool).lease(wish)

    async def release(self, order: Json) -> None:
        async with connect(self.endpoint("buyer")) as pool:
            await Scripted(pool).release(order)

    def offering(self, offer: Offer | None) -> AbstractAsyncContextManager[None]:
        """The demo provider sells in every batch until the caller is done."""
        if offer is None:
            return nullcontext()
        command = ["sell", offer.gpu_type, "--gpus", str(offer.gpus), "--price", usdc_of(offer.price_micro)]
        return self._meanwhile("provider", [*command, "--batches", str(offer.batches), "--keep"])

    def bidding(self, wish: Wish | None) -> AbstractAsyncContextManager[None]:
        """The demo buyer bids in every batch until the caller is done."""
        if wish is None or wish.limit_micro is None:
            return nullcontext()
        command = ["lease", wish.gpu_type, "--gpus", str(wish.gpus), "--limit", usdc_of(wish.limit_micro)]
        budget = ["--budget", usdc_of(wish.budget_micro)]
        return self._meanwhile("buyer", [*command, *budget, "--batches", str(wish.batches), "--keep"])

    @asynccontextmanager
    async def _meanwhile(self, account: str, command: list[str]) -> AsyncIterator[None]:
        """An agent of the other side, as a process that ends with the caller."""
        other = await asyncio.create_subprocess_exec(
            *[sys.executable, "-m", "obscura_agent", "--url", self._mcp, *command],
            env={**os.environ, "OBSCURA_API_KEY": self._keys[account]},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                other.kill()
            await other.wait()


@asynccontextmanager
async def started(setting: Setting) -> AsyncIterator[World]:
    """A pool of its own in a temporary folder; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="obscura-eval-") as folder:
        arguments = ["serve", "--listen", "127.0.0.1:0", "--data-dir", f"{folder}/pool"]
        arguments += ["--batch-seconds", str(setting.batch_seconds), "--max-orders", MAX_ORDERS]
        server = await asyncio.create_subprocess_exec(
            "obscura-server",
            *arguments,
            env={**os.environ, "RUST_LOG": os.environ.get("RUST_LOG", "error")},
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            assert server.stdout is not None
            line = await asyncio.wait_for(server.stdout.readline(), READY_SECONDS)
            yield World(json.loads(line), Path(folder), setting)
        finally:
            server.terminate()
            await server.wait()
