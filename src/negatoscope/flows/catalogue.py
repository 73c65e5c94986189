"""The collectors by name, as flows call them."""

from typing import Any

from negatoscope.observe import catalogue
from negatoscope.observe.collector import Collector

COLLECTORS: dict[str, Collector[Any]] = {collector.name: collector for collector in catalogue.COLLECTORS}
