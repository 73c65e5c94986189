"""Settings of access points: what protects each network, where it leads; no passphrase is kept."""

import json

import pytest

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.model.evidence import Sweep
from negatoscope.model.switching import Place, Sighting, WifiNetwork, WifiSecurity
from negatoscope.observe.collector import Sort, Unreadable
from negatoscope.observe.wifi.collector import SORTS
from negatoscope.observe.wifi.hostapd import by_keys

AP = "host/borne-1"
SECRET = "Chamois-Bleu-42"
HOSTAPD = f"""# the practice
interface=wlan0
bridge=br-lan
ssid=Cabinet
wpa=2
wpa_key_mgmt=SAE
rsn_pairwise=CCMP
sae_password={SECRET}
ap_isolate=1
wps_state=0
bss=wlan0_1
ssid2="Salle d’attente"
wpa=3
wpa_passphrase={SECRET}
wps_state=2
bss=wlan0_2
ssid2=496e7669746573
bss=wlan0_3
ssid=Vieux
wep_key0=123456789a
""".encode()
UNIFI = json.dumps({
    "wlanconf": [
        {"_id": "1", "name": "Cabinet", "security": "wpapsk", "wpa_mode": "wpa2", "wpa_enc": "ccmp", "enabled": True,
         "x_passphrase": SECRET, "networkconf_id": "a", "is_guest": False, "l2_isolation": False,
         "wpa3_support": True, "wpa3_transition": False, "private_preshared_keys": [{"password": SECRET}]},
        {"_id": "2", "name": "Patients", "security": "open", "networkconf_id": "b", "is_guest": True, "vlan": "66",
         "vlan_enabled": True},
        {"_id": "3", "name": "Ancien", "security": "wpapsk", "wpa_mode": "auto", "wpa_enc": "tkip"},
        {"_id": "4", "name": "Personnel", "security": "wpaeap", "wpa_mode": "wpa2", "wpa_enc": "ccmp"},
        {"_id": "5", "name": "Éteint", "security": "open", "enabled": False},
        {"_id": "6", "name": "Nouveau", "security": "osen"},
    ],
    "networkconf": [
        {"_id": "a", "name": "LAN", "purpose": "corporate", "ip_subnet": "10.77.0.1/24"},
        {"_id": "b", "name": "Patients", "purpose": "guest", "ip_subnet": "10.66.0.1/24", "vlan": 66},
    ],
}).encode()  # fmt: skip
STATIONS = json.dumps({"meta": {"rc": "ok"}, "data": [
    {"mac": "3c:06:30:11:22:33", "essid": "Cabinet", "ap_mac": "00:00:5e:00:53:01", "hostname": "iPhone",
     "ip": "10.77.0.58", "first_seen": 1795331316, "last_seen": 1795335316, "is_wired": False},
    {"mac": "00:1c:42:00:00:08", "sw_port": 3, "is_wired": True},
]}).encode()  # fmt: skip
OMADA = json.dumps({"errorCode": 0, "result": {"data": [
    {"name": "Cabinet", "guestNetEnable": False, "security": 3, "vlanEnable": True, "vlanId": 20,
     "pskSetting": {"securityKey": SECRET, "versionPsk": 2, "encryptionPsk": 3}},
    {"name": "Patients", "guestNetEnable": True, "security": 0, "vlanEnable": False},
    {"name": "Mixte", "guestNetEnable": False, "security": 3,
     "pskSetting": {"securityKey": SECRET, "versionPsk": 2, "encryptionPsk": 1}},
    {"name": "Bureau", "guestNetEnable": False, "security": 2, "entSetting": {"versionEnt": 2}},
]}}).encode()  # fmt: skip
FILES = {"hostapd": HOSTAPD, "unifi-wlanconf": UNIFI, "unifi-stations": STATIONS, "omada-ssids": OMADA}


def sort(name: str) -> Sort:
    return next(one for one in SORTS if one.name == name)


def networks(name: str, data: bytes) -> dict[str, WifiNetwork]:
    told = list(sort(name).read(sort(name).scrub(data), AP))
    assert told[-1] == Sweep("WifiNetwork", AP)
    return {one.ssid: one for one in told if isinstance(one, WifiNetwork)}


def test_hostapd_tells_each_of_its_networks_by_itself() -> None:
    found = networks("hostapd", HOSTAPD)
    assert {name: one.security for name, one in found.items()} == {
        "Cabinet": WifiSecurity.WPA3_PERSONAL,
        "Salle d’attente": WifiSecurity.WPA,
        "Invites": WifiSecurity.OPEN,
        "Vieux": WifiSecurity.WEP,
    }
    assert (found["Cabinet"].isolated, found["Invites"].isolated) == (True, False)
    assert (found["Cabinet"].wps, found["Salle d’attente"].wps) == (False, True)


def test_a_default_that_changed_between_versions_is_not_guessed() -> None:
    assert networks("hostapd", b"interface=w\nssid=A\nwpa=2\n")["A"].security is None
    assert networks("hostapd", b"interface=w\nssid=A\nwpa=yes\n")["A"].security is None
    assert networks("hostapd", b"interface=w\nssid2=zz\nieee8021x=1\n")["zz"].security is WifiSecurity.WEP


def test_unifi_tells_vlan_network_guests_and_keys() -> None:
    found = networks("unifi-wlanconf", UNIFI)
    assert {name: one.security for name, one in found.items()} == {
        "Cabinet": WifiSecurity.WPA3_PERSONAL,
        "Patients": WifiSecurity.OPEN,
        "Ancien": WifiSecurity.WPA,
        "Personnel": WifiSecurity.ENTERPRISE,
        "Nouveau": None,
    }
    patients, cabinet = found["Patients"], found["Cabinet"]
    assert (patients.guest, patients.vlan, patients.network) == (True, 66, "10.66.0.0/24")
    assert (cabinet.guest, cabinet.vlan, cabinet.network, cabinet.isolated) == (False, None, "10.77.0.0/24", False)
    as_answered = json.dumps({"meta": {}, "data": json.loads(UNIFI)["wlanconf"]}).encode()
    assert set(networks("unifi-wlanconf", as_answered)) == set(found)


def test_unifi_s_stations_are_seen_on_the_air() -> None:
    told = list(sort("unifi-stations").read(sort("unifi-stations").scrub(STATIONS), AP))
    (seen,) = [one for one in told if isinstance(one, Sighting)]
    assert (seen.by, seen.where, seen.name) == (Place.WIFI, "Cabinet", "iPhone")
    assert seen.first_seen is not None
    assert seen.last_seen is not None


def test_omada_tells_what_its_numbers_are_known_to_mean() -> None:
    found = networks("omada-ssids", OMADA)
    assert {name: one.security for name, one in found.items()} == {
        "Cabinet": WifiSecurity.WPA2_PERSONAL,
        "Patients": WifiSecurity.OPEN,
        "Mixte": WifiSecurity.WPA,
        "Bureau": None,
    }
    assert (found["Cabinet"].vlan, found["Patients"].guest, found["Patients"].isolated) == (20, True, True)


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_known_by_one_format_alone_and_loses_its_secrets(name: str) -> None:
    data = FILES[name]
    known = [one.name for collector in COLLECTORS.values() for one in collector.sorts if one.recognises(data)]
    assert known == [name]
    clean = sort(name).scrub(data)
    assert SECRET.encode() not in clean
    assert b"123456789a" not in clean
    assert clean


@pytest.mark.parametrize("name", [one.name for one in SORTS])
@pytest.mark.parametrize("noise", [b"", b"{" * 5000, b"[" * 5000, b"\xff\xfe\x00", b'{"data": [1, [2], null]}'])
def test_noise_is_unreadable_or_empty(name: str, noise: bytes) -> None:
    assert not sort(name).recognises(noise)
    try:
        told = list(sort(name).read(sort(name).scrub(noise), AP))
    except Unreadable:
        return
    assert not [one for one in told if isinstance(one, WifiNetwork | Sighting)]


def test_the_weakest_of_several_ways_in_names_the_network() -> None:
    assert by_keys(["WPA-PSK", "SAE"]) is WifiSecurity.WPA2_PERSONAL
    assert by_keys(["FT-SAE"]) is WifiSecurity.WPA3_PERSONAL
    assert by_keys(["WPA-EAP-SHA256"]) is WifiSecurity.ENTERPRISE
    assert by_keys(["OWE"]) is WifiSecurity.OPEN
    assert by_keys(["FT-PSK", "WPA-PSK-SHA256"]) is WifiSecurity.WPA2_PERSONAL
