"""What came of the tasks, as a table and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from obscura_agent.pool import Json


@dataclass(frozen=True)
class Line:
    """One task."""

    task: str
    success: bool
    leased: bool
    tool_calls: int
    tokens: int
    seconds: float
    why: str = ""


@dataclass(frozen=True)
class Report:
    """All of them."""

    policy: str
    transport: str
    tools_tokens: int
    lines: list[Line]

    @property
    def successes(self) -> int:
        return sum(line.success for line in self.lines)

    def per_lease(self, figure: str) -> float | None:
        """The mean over the tasks that ended with a lease."""
        figures = [getattr(line, figure) for line in self.lines if line.success and line.leased]
        return round(sum(figures) / len(figures), 1) if figures else None

    def as_json(self) -> Json:
        return {
            "policy": self.policy,
            "transport": self.transport,
            "successes": self.successes,
            "tasks": len(self.lines),
            "toolsTokens": self.tools_tokens,
            "toolCallsPerLease": self.per_lease("tool_calls"),
            "tokensPerLease": self.per_lease("tokens"),
            "lines": [asdict(line) for line in self.lines],
        }

    def as_table(self) -> str:
        rows = [f"{'task':16}{'':6}{'calls':>6}{'tokens':>8}{'seconds':>9}"]
        for line in self.lines:
            verdict = "ok" if line.success else "FAILED"
            row = f"{line.task:16}{verdict:6}{line.tool_calls:>6}{line.tokens:>8}{line.seconds:>9.1f}"
            rows.append(f"{row}  {line.why}".rstrip())
        rows.append(f"{self.successes} of {len(self.lines)} tasks, policy {self.policy} over {self.transport}")
        rows.append(
            f"a lease takes {self.per_lease('tool_calls')} tool calls and {self.per_lease('tokens')} tokens"
        )
        rows.append(f"on top of {self.tools_tokens} tokens that describe the tools")
        return "\n".join(rows)
