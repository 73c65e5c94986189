"""Every family that people list and no instrument measures, a line each."""

from collections.abc import Mapping

from negatoscope.model import continuity, critical, documents, keys, media, premises, presence, providers, radio, zones
from negatoscope.model.family import Family, Words

FAMILIES: tuple[Family, ...] = (
    *zones.FAMILIES,
    *radio.FAMILIES,
    *critical.FAMILIES,
    *presence.FAMILIES,
    *premises.FAMILIES,
    *keys.FAMILIES,
    *media.FAMILIES,
    *providers.FAMILIES,
    *continuity.FAMILIES,
    *documents.FAMILIES,
)

GROUPS: Mapping[str, Words] = {
    "people": Words("Personnes et comptes", "People and accounts"),
    "network": Words("Équipements et réseaux", "Hosts and networks"),
    "premises": Words("Locaux", "Premises"),
    "providers": Words("Prestataires", "Contractors"),
    "continuity": Words("Continuité et alerte", "Continuity and alert"),
    "papers": Words("Documents", "Documents"),
}
"""Topics, in the order in which the register's page shows them."""
