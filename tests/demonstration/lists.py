"""The lists that the practice would hand over, as CSV: people and accounts from the bible, the rest written here."""

from collections.abc import Iterable

from tests.demonstration import windows
from tests.demonstration.bible import Somebody, people

DOMAIN = "tilleuls.example"
SITES = """Site;Adresse;Responsable;Téléphone
Tilleuls;14 allée des Tilleuls;srenard;05 61 00 00 10
Gare;3 place de la Gare;bcolin;05 61 00 00 20
"""
ROOMS = """Pièce;Ouverte au public;Site;Usage
Salle d’attente Tilleuls;oui;Tilleuls;Accueil des patients
Couloir des vestiaires;oui;Tilleuls;Vestiaires des patients
Salle d’interprétation;non;Tilleuls;Postes de lecture
Local technique;non;Tilleuls;Baie, serveurs, sauvegardes
Secrétariat;non;Tilleuls;Frappe et téléphone
Local IRM;non;Tilleuls;Aimant et console
Salle d’attente Gare;oui;Gare;Accueil des patients
Placard réseau Gare;non;Gare;Commutateur et routeur
"""
DOORS = """Porte;Pièce protégée;Fermeture;Technologie du badge;Essayée le;A tenu
Porte du local technique;Local technique;badge;MIFARE DESFire EV2;12/10/2026;oui
Porte de la salle d’interprétation;Salle d’interprétation;badge;MIFARE DESFire EV2;12/10/2026;oui
Porte du secrétariat;Secrétariat;clé;;12/10/2026;oui
Porte du local IRM;Local IRM;code;;12/10/2026;non
Porte du placard de la Gare;Placard réseau Gare;libre;;;
"""
SOCKETS = """Prise;Pièce;Port du commutateur;Active;Ce qui y est branché
0.01;Salle d’attente Tilleuls;SW1 / 3;non;
0.02;Salle d’attente Tilleuls;SW1 / 4;oui;Écran d’affichage
0.07;Couloir des vestiaires;SW1 / 9;oui;
1.12;Salle d’interprétation;SW1 / 22;oui;lecture-1
G.03;Salle d’attente Gare;SWG / 5;non;
"""
KEYS = """Clé ou badge;Genre;Ouvre;Passages enregistrés
Badge 01;badge;Toutes les portes des Tilleuls;oui
Badge 02;badge;Local technique, salle d’interprétation;oui
Badge 07;badge;Salle d’interprétation;oui
Badge 11;badge;Salle d’interprétation;oui
Clé passe 1;clé;Secrétariat, archives;non
Clé Gare 1;clé;Entrée de la Gare;non
"""
CODES = """Alarme;Code changé le;Un code par personne;Site
Alarme des Tilleuls;01/10/2026;oui;Tilleuls
Alarme de la Gare;15/02/2024;non;Gare
"""
HANDOVERS = """Clé, badge ou alarme;Remis à;Remis le;À rendre le;État;Rendu le
Badge 01;srenard;07/01/2019;;en main;
Badge 02;yhamel;04/02/2019;;en main;
Badge 07;cbesson;07/01/2019;;en main;
Badge 11;obrun;05/09/2022;13/11/2026;en main;
Clé passe 1;nroche;07/03/2011;30/06/2026;rendu;30/06/2026
Clé Gare 1;bcolin;02/09/2013;;en main;
Alarme des Tilleuls;srenard;01/10/2026;;en main;
Alarme de la Gare;bcolin;15/02/2024;;en main;
"""
PROVIDERS = """Prestataire;Prestation;Téléphone;Courriel;Astreinte
Infogérance du Canal;Postes, réseau, annuaire;05 61 00 01 00;support@canal.example;06 00 00 01 00
Services PACS Exemple;PACS et visionneuses;01 40 00 02 00;hotline@pacs.example;01 40 00 02 99
Éditeur RIS Exemple;RIS et prise de rendez-vous;04 70 00 03 00;support@ris.example;
Ménage des Tilleuls;Nettoyage des locaux;05 61 00 04 00;;
"""
CONTRACTS = """Contrat;Prestataire;Signé le;Fin;Clause données de santé;Document
Infogérance 2024;Infogérance du Canal;01/01/2024;31/12/2026;oui;infogerance-2024.pdf
Maintenance PACS;Services PACS Exemple;01/06/2025;31/05/2028;oui;pacs-2025.pdf
Maintenance RIS;Éditeur RIS Exemple;01/03/2022;28/02/2026;non;ris-2022.pdf
Nettoyage;Ménage des Tilleuls;01/09/2023;31/08/2027;;
"""
WINDOWS_OPEN = """Prestataire;Équipement;Du;Au;Moyen;Raison;Accordé par
Services PACS Exemple;srv-pacs;23/11/2026;24/11/2026;VPN;Mise à jour trimestrielle du PACS;yhamel
Infogérance du Canal;srv-fichiers;01/09/2026;30/09/2026;TeamViewer;Remplacement des disques;yhamel
"""
FAMILIES = {
    "sites": SITES, "rooms": ROOMS, "doors": DOORS, "sockets": SOCKETS, "keys": KEYS, "alarm-codes": CODES,
    "handovers": HANDOVERS, "providers": PROVIDERS, "contracts": CONTRACTS, "remote-windows": WINDOWS_OPEN,
}  # fmt: skip
"""Family and file, in the order in which later ones may name what earlier ones brought."""


def persons(*, autumn: bool) -> str:
    """The list of staff; in autumn nobody had written down the latest departures yet."""
    lines = ["Identifiant;Nom;Prénom;Fonction;Arrivée;Départ;Courriel"]
    for one in people():
        left = None if autumn and one.left and one.left.isoformat() > "2026-10-12" else one.left
        day = f"{left:%d/%m/%Y}" if left else ""
        mail = f"{one.login}@{DOMAIN}"
        lines.append(f"{one.login};{one.last};{one.first};{one.role};{one.arrived:%d/%m/%Y};{day};{mail}")
    return _file(lines)


def accounts() -> str:
    """Whose each account of the servers is, and what the one on every computer is for."""
    lines = ["Équipement ou application;Compte;Titulaire;Nature;Usage"]
    why = "Dépannage, mot de passe tiré et gardé par l’annuaire"
    lines += [f"{host.name};adm-local;yhamel;service;{why}" for host in windows.computers()]
    lines += [f"{server};yhamel;yhamel;personne;" for server in ("srv-ris", "srv-pacs", "srv-sauvegarde")]
    return _file(lines)


def _file(lines: Iterable[str]) -> str:
    return "\n".join((*lines, ""))


def trained(everyone: Iterable[Somebody]) -> list[str]:
    """Who had signed the charter in October: not the radiologists."""
    return [one.login for one in everyone if "radiologue" not in one.role and one.login != "vleclerc"]


def files() -> dict[str, str]:
    """Every list by the name of its file."""
    return {
        "persons-1.csv": persons(autumn=True),
        "persons-2.csv": persons(autumn=False),
        "accounts.csv": accounts(),
        **{f"{family}.csv": text for family, text in FAMILIES.items()},
    }
