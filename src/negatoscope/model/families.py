"""Every family that people list and no instrument measures, a line each."""

from negatoscope.model import keys, premises, providers
from negatoscope.model.family import Family

FAMILIES: tuple[Family, ...] = (
    *premises.FAMILIES,
    *keys.FAMILIES,
    *providers.FAMILIES,
)
