"""Where a request comes from, and the cut form that is kept."""

import ipaddress

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """The address of the person's machine, past the proxies we have (PROXY_ANTALL); "" when it cannot be told.

    IPv6 is cut to /64, which one household or office shares; IPv4 is whole.
    """
    try:
        ip = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (ValueError, PermissionDenied, ImproperlyConfigured):
        return ""
    if ip.version == 6 and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ip) if ip.version == 4 else _network(ip, 64)


def prefix(ip: str) -> str:
    """The network around an address: 203.0.113.0/24, or 2001:db8:1::/48. The only form that is stored."""
    if not ip:
        return ""
    adresse = ipaddress.ip_network(ip, strict=False).network_address
    return _network(adresse, 24 if adresse.version == 4 else 48)


def _network(ip: ipaddress.IPv4Address | ipaddress.IPv6Address, lengde: int) -> str:
    return str(ipaddress.ip_network(f"{ip}/{lengde}", strict=False))
