"""What is asked of a directory: named attributes only, so that no secret ever travels."""

from dataclasses import dataclass
from typing import Literal

from ldap3 import BASE, SUBTREE

ROOT = (
    "defaultNamingContext", "namingContexts", "configurationNamingContext", "schemaNamingContext", "dnsHostName",
    "rootDomainNamingContext", "domainFunctionality", "forestFunctionality", "supportedControl",
    "supportedCapabilities", "vendorName", "configContext", "monitorContext",
)  # fmt: skip
PASSWORDS = (
    "msDS-PasswordSettingsPrecedence", "msDS-PSOAppliesTo", "msDS-MinimumPasswordLength",
    "msDS-PasswordComplexityEnabled", "msDS-PasswordHistoryLength", "msDS-MaximumPasswordAge",
    "msDS-LockoutThreshold", "msDS-LockoutDuration", "msDS-PasswordReversibleEncryptionEnabled",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """One search. ``under`` and ``base`` may hold ``{base}``, ``{config}``, ``{schema}``: naming contexts."""

    of: str
    under: str
    matching: str
    attributes: tuple[str, ...]
    scope: Literal["BASE", "SUBTREE"] = SUBTREE
    rights: bool = False
    """Also bring back owner and DACL (MS-ADTS 3.1.1.3.4.1.11)."""


PEOPLE = "(objectClass=user)"
# fmt: off
ACTIVE_DIRECTORY: tuple[Question, ...] = (
    Question(
        "domain",
        "{base}",
        "(objectClass=*)",
        (
            "objectSid",
            "minPwdLength",
            "pwdProperties",
            "pwdHistoryLength",
            "maxPwdAge",
            "lockoutThreshold",
            "lockoutDuration",
            "ms-DS-MachineAccountQuota",
            "msDS-Behavior-Version",
            "whenCreated",
        ),
        BASE,
    ),
    Question(
        "users",
        "{base}",
        f"(&{PEOPLE}(!(objectClass=computer)))",
        (
            "sAMAccountName",
            "displayName",
            "objectSid",
            "userAccountControl",
            "pwdLastSet",
            "lastLogonTimestamp",
            "accountExpires",
            "whenCreated",
            "servicePrincipalName",
            "msDS-AllowedToDelegateTo",
            "adminCount",
            "memberOf",
            "primaryGroupID",
            "employeeID",
            "employeeNumber",
            "mail",
            "sIDHistory",
        ),
    ),
    Question(
        "services",
        "{base}",
        "(|(objectClass=msDS-GroupManagedServiceAccount)(objectClass=msDS-ManagedServiceAccount))",
        (
            "sAMAccountName",
            "displayName",
            "objectSid",
            "userAccountControl",
            "pwdLastSet",
            "lastLogonTimestamp",
            "whenCreated",
            "servicePrincipalName",
            "msDS-AllowedToDelegateTo",
            "adminCount",
            "memberOf",
            "primaryGroupID",
        ),
    ),
    Question(
        "groups",
        "{base}",
        "(objectClass=group)",
        ("sAMAccountName", "objectSid", "groupType", "adminCount", "memberOf"),
    ),
    Question("members", "{base}", "(&(objectClass=group)(|(adminCount=1)(isCriticalSystemObject=TRUE)))", ("member",)),
    Question("foreign", "{base}", "(objectClass=foreignSecurityPrincipal)", ("objectSid", "memberOf")),
    Question(
        "computers",
        "{base}",
        "(&(objectClass=computer)(!(objectClass=msDS-GroupManagedServiceAccount))"
        "(!(objectClass=msDS-ManagedServiceAccount)))",
        (
            "sAMAccountName",
            "dNSHostName",
            "objectGUID",
            "objectSid",
            "userAccountControl",
            "operatingSystem",
            "operatingSystemVersion",
            "lastLogonTimestamp",
            "whenCreated",
            "msDS-AllowedToDelegateTo",
            "msDS-AllowedToActOnBehalfOfOtherIdentity",
            "ms-Mcs-AdmPwdExpirationTime",
            "msLAPS-PasswordExpirationTime",
            "memberOf",
            "primaryGroupID",
        ),
    ),
    Question("container", "CN=Password Settings Container,CN=System,{base}", "(objectClass=*)", ("cn",), BASE),
    Question(
        "policies",
        "CN=Password Settings Container,CN=System,{base}",
        "(objectClass=msDS-PasswordSettings)",
        ("cn", *PASSWORDS),
    ),
    Question(
        "trusts",
        "CN=System,{base}",
        "(objectClass=trustedDomain)",
        ("trustPartner", "trustDirection", "trustType", "trustAttributes", "securityIdentifier"),
    ),
    Question(
        "heuristics",
        "CN=Directory Service,CN=Windows NT,CN=Services,{config}",
        "(objectClass=nTDSService)",
        ("dSHeuristics",),
        BASE,
    ),
    Question(
        "features",
        "CN=Optional Features,CN=Directory Service,CN=Windows NT,CN=Services,{config}",
        "(objectClass=msDS-OptionalFeature)",
        ("cn", "msDS-EnabledFeatureBL"),
    ),
    Question("head", "{base}", "(objectClass=*)", ("objectClass",), BASE, rights=True),
    Question("holder", "CN=AdminSDHolder,CN=System,{base}", "(objectClass=*)", ("objectClass",), BASE, rights=True),
    Question(
        "guarded",
        "{base}",
        "(|(objectClass=groupPolicyContainer)(&(adminCount=1)(|(objectClass=group)(objectClass=user)))"
        "(userAccountControl:1.2.840.113556.1.4.803:=8192)"
        "(&(objectClass=organizationalUnit)(isCriticalSystemObject=TRUE)))",
        ("objectClass", "sAMAccountName", "displayName", "objectSid", "ou"),
        rights=True,
    ),
)
"""In this order. What a plain account may not read is left out by the server without a word: see ``read``."""

OPENLDAP: tuple[Question, ...] = (
    Question(
        "users",
        "{base}",
        "(|(objectClass=posixAccount)(objectClass=inetOrgPerson)(objectClass=simpleSecurityObject))",
        (
            "uid",
            "cn",
            "displayName",
            "mail",
            "employeeNumber",
            "memberOf",
            "createTimestamp",
            "pwdChangedTime",
            "pwdAccountLockedTime",
            "pwdPolicySubentry",
            "pwdReset",
            "shadowExpire",
            "shadowLastChange",
            "authTimestamp",
            "pwdLastSuccess",
            "entryUUID",
            "gidNumber",
            "objectClass",
        ),
    ),
    Question(
        "groups",
        "{base}",
        "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))",
        ("cn", "member", "uniqueMember", "memberUid", "gidNumber", "entryUUID"),
    ),
    Question(
        "policies",
        "{base}",
        "(objectClass=pwdPolicy)",
        (
            "cn",
            "pwdMinLength",
            "pwdMaxAge",
            "pwdLockout",
            "pwdMaxFailure",
            "pwdLockoutDuration",
            "pwdInHistory",
            "pwdCheckQuality",
        ),
    ),
    Question(
        "overlays",
        "cn=config",
        "(objectClass=olcPPolicyConfig)",
        ("olcPPolicyDefault",),
    ),
    Question(
        "databases",
        "cn=config",
        "(objectClass=olcDatabaseConfig)",
        ("olcDatabase", "olcSuffix", "olcAccess", "olcRootDN"),
    ),
    Question("settings", "cn=config", "(objectClass=olcGlobal)", ("olcDisallows", "olcRequires", "olcSecurity"), BASE),
)
# fmt: on
"""``cn=config`` answers only to whom the administrator lets in; where it does not, that is a gap."""
