"""What the fields of cases, reviews and signatures are called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

FIELDS: Mapping[str, Text] = {
    "accesses": _("accès à donner"),
    "things": _("choses à remettre"),
    "lessons": _("formations à suivre"),
    "on": _("date"),
    "opened_at": _("ouvert le"),
    "opened_by": _("ouvert par"),
    "closed_at": _("clos le"),
    "closed_by": _("clos par"),
    "case": _("dossier"),
    "what": _("tâche"),
    "done_at": _("fait le"),
    "done_by": _("fait par"),
    "at": _("instant"),
    "by": _("par qui"),
    "act": _("acte"),
    "detail": _("détail"),
    "signed_on": _("signé ou lu le"),
    "recorded_by": _("noté par"),
    "concluded": _("conclusion"),
    "list_digest": _("empreinte de la liste"),
    "size": _("nombre de lignes"),
    "campaign": _("revue"),
    "number": _("ligne"),
    "reviewer": _("chargé de la revue"),
    "decision": _("décision"),
    "note": _("remarque"),
}
