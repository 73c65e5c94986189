"""Names that are nobody's: of places, devices, jobs, and of guests."""

from unicodedata import combining, normalize

GUESTS = frozenset({"guest", "invite", "visiteur", "visitor", "anonymous", "anonyme", "nobody", "public"})
GENERIC = frozenset({
    "radio", "radiologie", "radiologue", "manip", "garde", "manipulateur", "manipulatrice", "accueil", "standard",
    "secretaire", "secretariat", "stagiaire", "interne", "externe", "remplacant", "medecin", "docteur", "echo",
    "echographie", "irm", "mri", "scanner", "ct", "mammo", "mammographie", "senologie", "panoramique", "dentaire",
    "osteo", "xray", "us", "rx", "console", "interpretation", "workstation", "poste", "pc", "salle", "cabinet",
    "bureau", "pacs", "ris", "dicom", "admin", "administrateur", "administrator", "user", "utilisateur", "users",
    "test", "tests", "demo", "temp", "tmp", "default", "support", "maintenance", "formation", "compta",
    "comptabilite", "direction", "office", "scan", "client",
})  # fmt: skip
"""Words for a place, a device or a job rather than for somebody, in lower case without accents."""


def words(name: str) -> frozenset[str]:
    """Reduce a name to its words: no domain, case, accents, digits or separators."""
    local = name.rsplit("\\", 1)[-1].split("@", 1)[0]
    bare = "".join(c for c in normalize("NFKD", local).casefold() if not combining(c))
    return frozenset("".join(c if c.isalpha() else " " for c in bare).split())
