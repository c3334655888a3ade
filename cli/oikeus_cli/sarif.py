"""Findings as SARIF 2.1.0, which code scanning reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import oikeus

from .extras import ci_module
from .output import harmless

_LEVELS = {
    oikeus.Severity.ERROR: "error",
    oikeus.Severity.WARNING: "warning",
    oikeus.Severity.ADVICE: "note",
}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(found: oikeus.Linted) -> str:
    """Write what checks found as one SARIF log; a suppressed finding says so.

    Raises:
        ClickException: the extra is not installed.
    """
    of = ci_module("sarif_pydantic")
    places = {check.id: place for place, check in enumerate(oikeus.CHECKS)}
    driver = of.ToolDriver(
        name="oikeus",
        version=oikeus.installed("oikeus") or "0",
        rules=[_rule(of, check) for check in oikeus.CHECKS],
    )
    results = [
        _result(of, finding, places, suppressions)
        for finding, suppressions in _with_suppressions(found)
    ]
    run = of.Run(tool=of.Tool(driver=driver), results=results)
    log = of.Sarif(schema_uri=_SCHEMA, runs=[run])
    text: str = log.model_dump_json(by_alias=True, exclude_none=True, indent=2)
    return text


def _with_suppressions(
    found: oikeus.Linted,
) -> Iterator[tuple[oikeus.LintFinding, list[dict[str, str]]]]:
    for finding in found.findings:
        yield finding, []
    for each in found.suppressed:
        yield each.finding, [{"kind": "inSource", "justification": harmless(each.why)}]


def _rule(of: Any, check: oikeus.Check) -> Any:  # noqa: ANN401 # of the extra
    level = of.Level(_LEVELS[check.severity])
    text = f"oikeus check finds {check.title}; see docs/checks/{check.id}.md"
    return of.ReportingDescriptor(
        id=check.id,
        short_description=of.Message(text=check.title),
        full_description=of.Message(text=text),
        default_configuration=of.ReportingConfiguration(level=level),
    )


def _result(
    of: Any,  # noqa: ANN401 # of the extra
    finding: oikeus.LintFinding,
    places: dict[str, int],
    suppressions: list[dict[str, str]],
) -> Any:  # noqa: ANN401 # of the extra
    text = "; ".join(filter(None, (finding.whole, finding.fix)))
    where = of.PhysicalLocation(
        artifact_location=of.ArtifactLocation(uri=quote(finding.file)),
        region=of.Region(start_line=finding.line) if finding.line else None,
    )
    return of.Result(
        rule_id=finding.check,
        rule_index=places[finding.check],
        level=of.Level(_LEVELS[finding.severity]),
        message=of.Message(text=harmless(text)),
        locations=[of.Location(physical_location=where)],
        # the library knows no such member, and hands it on as it is
        suppressions=suppressions,
    )
