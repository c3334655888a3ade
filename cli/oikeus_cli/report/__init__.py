"""Two versions compared on a page that an auditor opens and keeps."""

from .making import report_of
from .page import render
from .values import Report, ReportSide
from .view import report_view

__all__ = ["Report", "ReportSide", "render", "report_of", "report_view"]
