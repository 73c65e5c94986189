"""The lists that the practice would hand over, as CSV: people and accounts from the bible, the rest written here."""

from collections.abc import Iterable

from tests.demonstration import windows
from tests.demonstration.bible import Somebody, people

FOOTING = {"staff": "du cabinet", "locum": "remplaçant", "trainee": "stagiaire", "provider": "prestataire"}
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
0.01;Salle d’attente Tilleuls;sw-tilleuls-1 / 1;non;
0.02;Salle d’attente Tilleuls;sw-tilleuls-1 / 2;oui;Écran d’affichage
0.07;Couloir des vestiaires;sw-tilleuls-1 / 3;oui;
1.12;Salle d’interprétation;sw-tilleuls-1 / 12;oui;lecture-1
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
ZONES = """Zone;Genre;Réseaux;Site;Passerelle;VLAN
Postes;postes;10.20.1.0/24;Tilleuls;pare-feu;10
Imagerie;imagerie;10.20.2.0/24;Tilleuls;pare-feu;20
Serveurs;serveurs;10.20.3.0/24;Tilleuls;pare-feu;30
Administration;administration;10.20.4.0/24;Tilleuls;pare-feu;40
Gare;postes;10.21.1.0/24;Gare;routeur-gare;
Internet;Internet;;;;
"""
FLOWS = """De la zone;Vers la zone;Service;Raison;À partir du;Jusqu’au
Imagerie;Serveurs;tcp/104,4242,11112;Images envoyées au PACS;;
Postes;Serveurs;tcp/443;Visionneuse et RIS;;
Gare;Serveurs;tcp/443,4242;Visionneuse, images de la Gare;;
Administration;Serveurs;tcp/22,443;Administration des serveurs;;
Postes;Internet;tcp/443;Messagerie, télétransmission;;
Postes;Imagerie;tcp/3389;Dépannage du scanner;;15/11/2026
"""
CRITICAL = """Point critique;Raison;Secours
pare-feu;Tout passe par lui;aucun
srv-pacs;Sans lui, plus d’images;aucun
"""
ACCESSES = """Accès;Site;Opérateur;Routeur;Raison;Adresses publiques
Fibre des Tilleuls;Tilleuls;Opérateur Exemple;pare-feu;Télétransmission, messagerie, avis à distance;198.51.100.2/32
Fibre de la Gare;Gare;Opérateur Exemple;routeur-gare;Liaison avec les Tilleuls;
"""
PARTNERS = """Partenaire;Moyen;Raison;Revue le;Réseaux
Hôpital Exemple;VPN;Échange d’examens;01/09/2026;172.20.0.0/16
Télé-expertise Exemple;VPN;Avis à distance;;172.31.8.0/24
"""
PRINTERS = """Imprimante;Équipement;Pièce;Impression retenue;Disque interne;Propriétaire
Imprimante de l’accueil;imp-accueil;Salle d’attente Tilleuls;non;non;Le cabinet
Copieur du secrétariat;imp-secretariat;Secrétariat;oui;oui;Location
Imprimante de lecture;imp-lecture;Salle d’interprétation;non;non;Le cabinet
Imprimante de la Gare;imp-gare;Salle d’attente Gare;non;non;Le cabinet
"""
EXCEPTIONS = """Équipement;Pour qui;Raison;Jusqu’au
accueil-2;fpetit;Lecture des CD apportés par les patients;31/12/2026
gare-accueil-2;jcaron;Lecture des CD apportés par les patients;31/10/2026
"""
BACKUPS = (
    "Ce qui est sauvegardé;Équipement;Outil;Où est la copie;Tous les (jours);Chiffrée;Copie hors ligne;Responsable\n"
    """\
PACS;srv-pacs;restic;srv-sauvegarde;1;oui;oui;yhamel
Base du RIS;srv-ris;pg_dump;srv-sauvegarde;1;oui;non;yhamel
Fichiers partagés;srv-fichiers;restic;srv-sauvegarde;1;oui;oui;yhamel
"""
)
CALLS = """Personne;Ordre;Téléphone;Suppléant;Confirmé le
cbesson;1;06 00 00 00 11;paubert;02/11/2026
srenard;2;06 00 00 00 12;bcolin;02/11/2026
yhamel;3;06 00 00 00 13;srenard;02/11/2026
"""
CONTACTS = """Contact;Quand l’appeler;Téléphone;Courriel
Infogérance du Canal;Panne ou poste suspect;06 00 00 01 00;support@canal.example
Services PACS Exemple;PACS arrêté;01 40 00 02 99;hotline@pacs.example
"""
PAPERS = """Titre;Genre;Responsable;Relu le;À relire avant le;Où il est;Fichier
Plan de continuité;plan;srenard;01/12/2025;01/12/2026;Classeur rouge, accueil;plan-de-continuite.pdf
Procédure de départ;procédure;srenard;26/10/2026;26/10/2027;Serveur, dossier Procédures;depart.pdf
Procédure de mise à jour;procédure;yhamel;10/09/2025;10/09/2026;Serveur, dossier Procédures;mises-a-jour.pdf
"""
RECORDS = {
    "compte-rendu-restauration.txt": """Imagerie des Tilleuls, exercice de restauration du 14 septembre 2026.
Un examen DICOM de démonstration a été restauré et relu en 95 minutes.
La base du RIS n’a pas pu être restaurée : le dernier fichier était incomplet. À refaire.
""",
    "compte-rendu-alerte.txt": """Imagerie des Tilleuls, essai de la chaîne d’alerte du 5 novembre 2026.
Départ de l’appel à 18 h 02, dernière personne jointe à 18 h 24. Un numéro corrigé.
""",
    "bilan-exercice.txt": """Imagerie des Tilleuls, exercice de crise du 12 octobre 2026 : rançongiciel à l’accueil.
Quatorze choses attendues, douze faites à temps. Rien de vital n’a manqué. À reprendre : qui parle à la presse.
""",
}
"""Documents that statements lean on, by name."""
ABSENCES = """Personne;Du;Au;Genre
mdurand;23/11/2026;27/11/2026;congé
paubert;30/11/2026;01/12/2026;formation
"""
ON_CALL = """Personne;Du;Au
slacombe;20/11/2026;23/11/2026
jmarchand;27/11/2026;30/11/2026
"""
FAMILIES = {
    "sites": SITES, "rooms": ROOMS, "doors": DOORS, "sockets": SOCKETS, "keys": KEYS, "alarm-codes": CODES,
    "handovers": HANDOVERS, "providers": PROVIDERS, "contracts": CONTRACTS, "remote-windows": WINDOWS_OPEN,
    "zones": ZONES, "internet-accesses": ACCESSES, "partners": PARTNERS, "printers": PRINTERS,
    "media-exceptions": EXCEPTIONS, "backups": BACKUPS, "calls": CALLS, "contacts": CONTACTS, "documents": PAPERS,
    "absences": ABSENCES, "on-call": ON_CALL, "allowed-flows": FLOWS, "critical-points": CRITICAL,
}  # fmt: skip
"""Family and file, in the order in which later ones may name what earlier ones brought."""


def persons(*, autumn: bool) -> str:
    """The list of staff; in autumn nobody had written down the latest departures yet."""
    lines = ["Identifiant;Nom;Prénom;Fonction;Arrivée;Départ;Courriel;Statut;Téléphone"]
    for number, one in enumerate(people(), start=1):
        left = None if autumn and one.left and one.left.isoformat() > "2026-10-12" else one.left
        day = f"{left:%d/%m/%Y}" if left else ""
        who = f"{one.login};{one.last};{one.first};{one.role};{one.arrived:%d/%m/%Y};{day};{one.login}@{DOMAIN}"
        lines.append(f"{who};{FOOTING[one.footing]};05 61 00 01 {number:02}")
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
        **RECORDS,
    }
