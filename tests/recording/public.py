"""What anybody may open: short links, files of exports, health, keys."""

from urllib.parse import urlsplit

from tests.recording.callers import caller
from tests.recording.recorder import Recorder

PROBES = ("getLiveness", "getReadiness")


def play(recorder: Recorder) -> None:
    call, known = caller(recorder, "public"), caller(recorder, "saasquatch")
    call("getJwks")
    for probe in PROBES:
        call(probe)
    _short_links(recorder)
    _files(recorder)
    for prefix in ("saasquatch", "advocacy", "leat", "loyalty-core"):
        recorder.send("public.getJwks", "GET", f"/{prefix}/.well-known/jwks.json")
    known("listUsers", query={"limit": 1})


def _short_links(recorder: Recorder) -> None:
    """Each medium's link leads to the program's page and counts a click."""
    call, known = caller(recorder, "public"), caller(recorder, "saasquatch")
    links = known("getShareURLs", accountId="acme", userId="ana@example.org", query={"programId": "referral-program"})
    for medium in ("EMAIL", "HOSTED"):
        link = links["shareLinks"][medium]["EMAIL"]
        call("followShareLink", code=urlsplit(link).path.rpartition("/")[2])
    call.refused(404, "followShareLink", code="nobody-has-this")


def _files(recorder: Recorder) -> None:
    """An export's file, whole and in part."""
    known = caller(recorder, "saasquatch")
    made = known("createExport", body={"type": "REWARD", "format": "CSV", "name": "For its file"})
    location = known("downloadExport", exportId=made["id"]).headers["location"]
    name = "public.downloadFile"
    recorder.send(name, "GET", location)
    recorder.send(name, "GET", location, headers={"Range": "bytes=0-99"})
    recorder.send(name, "GET", location, headers={"Range": "bytes=999999999-"})
    recorder.send(name, "GET", location + "x")
