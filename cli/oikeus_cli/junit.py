"""What came of cases as JUnit XML, which programs of continuous integration show."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import oikeus

from .extras import ci_module
from .output import write_file


def write_junit(path: Path, found: oikeus.SuiteResult) -> None:
    """Write a file with a suite for each file of cases.

    Raises:
        OikeusError: the file cannot be written.
        ClickException: the extra `ci` is not installed.
    """
    junit = ci_module("junitparser")
    xml = junit.JUnitXml("oikeus test")
    for name, results in groupby(found.results, key=lambda result: result.case.file):
        suite = junit.TestSuite(name)
        for result in results:
            case = junit.TestCase(result.case.why, classname=name)
            if not result:
                text = "\n".join(map(str, result.failures))
                failure = junit.Failure(str(result.failures[0]), "decided otherwise")
                failure.text = f"{name}:{result.case.line}\n{text}"
                case.result = [failure]
            suite.add_testcase(case)
        xml.add_testsuite(suite)
    xml.update_statistics()
    write_file(path, xml.tostring().decode())
