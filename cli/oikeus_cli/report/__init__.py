"""Pages that an auditor or an approver opens and keeps: comparisons and reviews."""

from .making import report_of
from .page import render
from .reviewing import render_review, review_view
from .values import Report, ReportSide
from .view import report_view

__all__ = [
    "Report",
    "ReportSide",
    "render",
    "render_review",
    "report_of",
    "report_view",
    "review_view",
]
