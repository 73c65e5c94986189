"""Every page of the console."""

from allauth.account import views as allauth
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from negatoscope.store.roles import Role
from negatoscope.web.access import guarded
from negatoscope.web.factors import remove_passkey
from negatoscope.web.pages import (
    collectors,
    coverage,
    demonstration,
    errors,
    evidence,
    families,
    film,
    guide,
    hosts,
    imports,
    ledger,
    lightbox,
    networks,
    people,
    register,
    report,
    securing,
    shelf,
    waivers,
)

urlpatterns = [
    path("", lightbox.lightbox, name="lightbox"),
    path("juger/", lightbox.judge, name="judge"),
    path("regle/<int:number>/", film.film, name="film"),
    path("regle/<int:number>/<str:ident>/", film.control, name="control"),
    path("regle/<int:number>/<str:ident>/attester/", film.attest, name="attest"),
    path("regle/<int:number>/<str:ident>/retirer/", film.withdraw_attestation, name="withdraw_attestation"),
    path("regle/<int:number>/<str:ident>/deroger/", waivers.waive, name="waive"),
    path("regle/<int:number>/derogations/lever/", waivers.withdraw_waiver, name="withdraw_waiver"),
    path("couverture/", coverage.coverage, name="coverage"),
    path("observations/", evidence.observations, name="observations"),
    path("observations/<int:sequence>/", evidence.observation, name="observation"),
    path("preuves/<str:digest>/", evidence.capture, name="capture"),
    path("collecteurs/", collectors.collectors, name="collectors"),
    path("collecteurs/<str:name>/", collectors.collector, name="collector"),
    path("releves/<int:number>/", collectors.job, name="job"),
    path("releves/<int:number>/annuler/", collectors.cancel, name="cancel"),
    path("registre/", shelf.register, name="register"),
    path("registre/<str:family>/", families.family, name="family"),
    path("registre/<str:family>/ajouter/", families.family_add, name="family_add"),
    path("registre/<str:family>/complete/", families.family_close, name="family_close"),
    path("registre/<str:family>/fiche/<path:name>/", families.family_item, name="family_item"),
    path("registre/<str:family>/retirer/<path:name>/", families.family_remove, name="family_remove"),
    path("equipements/", register.hosts, name="hosts"),
    path("equipements/<str:name>/", hosts.host, name="host"),
    path("equipements/<str:name>/preciser/", hosts.host_declare, name="host_declare"),
    path("equipements/<str:name>/logiciels/", hosts.host_software, name="host_software"),
    path("equipements/<str:name>/accord/", hosts.host_consent, name="host_consent"),
    path("equipements/<str:name>/accord/retirer/", hosts.withdraw_consent, name="withdraw_consent"),
    path("comptes/", register.accounts, name="accounts"),
    path("comptes/preciser/<path:ref>/", hosts.account_declare, name="account_declare"),
    path("personnes/", register.persons, name="persons"),
    path("reseaux/", networks.networks, name="networks"),
    path("reseaux/retirer/", networks.withdraw_network, name="withdraw_network"),
    path("sujets/<path:ref>/", register.subject, name="subject"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<str:family>/", imports.import_family, name="import_family"),
    path("imports/<str:family>/modele/", imports.import_template, name="import_template"),
    path("imports/<str:family>/verifier/<str:token>/", imports.import_check, name="import_check"),
    path("journal/", ledger.ledger, name="ledger"),
    path("journal/export/", ledger.ledger_export, name="ledger_export"),
    path("rapport/", report.report, name="report"),
    path("rapport/<str:form>/", report.report_file, name="report_file"),
    path("premier/<str:token>/", guide.first, name="first"),
    path("demarrer/", guide.guide, name="guide"),
    path("demarrer/observer/", guide.guide_observe, name="guide_observe"),
    path("demarrer/parcourir/", guide.guide_sweep, name="guide_sweep"),
    path("demarrer/<str:step>/", guide.guide_step, name="guide_step"),
    path("premier/<str:token>/demonstration/", demonstration.demonstration, name="first_demonstration"),
    path("demonstration/", demonstration.demonstration, name="demonstration"),
    path("visite/", demonstration.visit, name="visit"),
    path("moi/", people.me, name="me"),
    path("moi/choix/", people.choose, name="choose"),
    path("moi/mot-de-passe/", guarded(allauth.password_change, Role.READER), name="account_change_password"),
    path("moi/sessions/", securing.sessions, name="sessions"),
    path("moi/confirmer/", guarded(allauth.reauthenticate, Role.READER), name="account_reauthenticate"),
    path("moi/confirmer/code/", guarded(factors.reauthenticate, Role.READER), name="mfa_reauthenticate"),
    path("moi/confirmer/cle/", guarded(keys.reauthenticate_webauthn, Role.READER), name="mfa_reauthenticate_webauthn"),
    path("moi/facteurs/", guarded(factors.index, Role.READER), name="mfa_index"),
    path("moi/facteurs/application/", guarded(totp.activate_totp, Role.READER), name="mfa_activate_totp"),
    path("moi/facteurs/application/retirer/", guarded(totp.deactivate_totp, Role.READER), name="mfa_deactivate_totp"),
    path("moi/facteurs/cles/", guarded(keys.list_webauthn, Role.READER), name="mfa_list_webauthn"),
    path("moi/facteurs/cles/ajouter/", guarded(keys.add_webauthn, Role.READER), name="mfa_add_webauthn"),
    path("moi/facteurs/cles/<int:pk>/", guarded(keys.edit_webauthn, Role.READER), name="mfa_edit_webauthn"),
    path("moi/facteurs/cles/<int:pk>/retirer/", guarded(remove_passkey, Role.READER), name="mfa_remove_webauthn"),
    path("moi/facteurs/codes/", guarded(codes.view_recovery_codes, Role.READER), name="mfa_view_recovery_codes"),
    path(
        "moi/facteurs/codes/refaire/",
        guarded(codes.generate_recovery_codes, Role.READER),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "moi/facteurs/codes/fichier/",
        guarded(codes.download_recovery_codes, Role.READER),
        name="mfa_download_recovery_codes",
    ),
    path("connexion/facteur/", factors.authenticate, name="mfa_authenticate"),
    path("connexion/cle/", login_not_required(keys.login_webauthn), name="mfa_login_webauthn"),
    path("utilisateurs/facteur/", securing.second_factor, name="second_factor"),
    path("utilisateurs/<str:username>/facteurs/", securing.reset_factors, name="reset_factors"),
    path("utilisateurs/<str:username>/sessions/", securing.end_sessions, name="end_sessions"),
    path("utilisateurs/", people.users, name="users"),
    path("utilisateurs/ajouter/", people.user_add, name="user_add"),
    path("utilisateurs/<str:username>/", people.user, name="user"),
    path("connexion/", allauth.login, name="account_login"),
    path("deconnexion/", allauth.logout, name="account_logout"),
    path("sante/", errors.health, name="health"),
]

handler400 = "negatoscope.web.pages.errors.bad_request"
handler403 = "negatoscope.web.pages.errors.forbidden"
handler404 = "negatoscope.web.pages.errors.not_found"
handler500 = "negatoscope.web.pages.errors.broken"
