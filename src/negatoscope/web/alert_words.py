"""What detectors' codes mean, and what to do next, in words that somebody at the front desk understands."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
NEXT: Mapping[str, tuple[Text, ...]] = {
    "unusual_hours": (
        _("Appelez la personne : était-ce elle ? N’utilisez pas la messagerie pour le demander."),
        _("Si ce n’était pas elle, fermez le compte et changez son mot de passe avant tout le reste."),
        _("Si c’était elle, notez pourquoi, et ajoutez son astreinte ou ses heures au registre."),
    ),
    "transfers": (
        _("Regardez quel équipement envoie, vers où, et qui s’en sert à cette heure."),
        _("Si personne ne sait l’expliquer, débranchez cet équipement du réseau sans l’éteindre."),
        _("Si c’est une sauvegarde ou un envoi convenu, notez lequel."),
    ),
    "attempts": (
        _("Regardez si un essai a réussi : si oui, fermez le compte tout de suite."),
        _("Si les essais viennent d’Internet, faites bloquer cette adresse au pare-feu."),
        _("S’ils viennent d’un équipement du cabinet, allez le voir : un mot de passe enregistré a pu changer."),
    ),
    "inactive": (
        _("Fermez ce compte s’il est encore ouvert, et vérifiez qu’il n’a plus aucun droit."),
        _("Demandez au responsable du compte si quelqu’un s’en sert encore."),
        _("Si l’essai a réussi, changez les mots de passe que cette personne connaissait."),
    ),
    "bypass": (
        _("Regardez quel équipement a fait quoi, et qui s’en servait."),
        _("Si personne ne sait l’expliquer, débranchez-le du réseau sans l’éteindre."),
        _("Si c’est permis, écrivez-le : flux autorisé, support autorisé ou plage d’intervention."),
    ),
    "sigma": (
        _("Lisez ce que la règle cherche, et regardez l’équipement concerné."),
        _("Si personne ne sait l’expliquer, débranchez-le du réseau sans l’éteindre, et appelez votre prestataire."),
        _("Si c’était normal, dites pourquoi : cela aidera à régler la détection."),
    ),
}
"""What to do first, by what raised the alert."""
GOT_IN: tuple[Text, ...] = (
    _("Quelqu’un est entré : fermez ce compte tout de suite, puis ses sessions ouvertes."),
    _("Appelez son titulaire par téléphone : était-ce lui ? N’utilisez pas la messagerie pour le demander."),
    _("Si ce n’était pas lui, bloquez l’adresse d’origine au pare-feu et traitez ceci comme une intrusion."),
)
"""What to do first where a guessed password, or a closed account, let somebody in."""
