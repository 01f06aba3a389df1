"""The demo portal: an invented Bitrix24 and a shop on it, for the first run, the screenshots and the tests."""

from viewer.demo.faults import Answer, Fault
from viewer.demo.portal import DemoPortal

__all__ = ["Answer", "DemoPortal", "Fault"]
