"""What stands on the wire, read by hand: the clients hide it, and scripts of users depend on it.

    python wire.py INPUT_DIRECTORY           (XDMOD_HOST, XDMOD_API_TOKEN in the environment)
"""

import http.client
import json
import os
import sys
import unittest
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from reporter import run_all

HOST = urlsplit(os.environ["XDMOD_HOST"])
TOKEN = os.environ["XDMOD_API_TOKEN"]
FACTS = json.loads((Path(sys.argv[1]) / "facts.json").read_text())
NEW, OLD = "xdmod-data Python v2.0.0.dev1", "xdmod-data Python v1.0.3"
RAW = "/rest/v1/warehouse/raw-data?"
CATALOGUE = "/controllers/metric_explorer.php"
NUMBERS = "/controllers/user_interface.php"


def ask(method, path, form=None, header=TOKEN, parameter=TOKEN, agent=NEW, more={}):
    """One request; `header` and `parameter` are the tokens shown in the two places, None for none."""
    headers = {"User-Agent": agent, **more}
    if header is not None:
        headers["Authorization"] = "Bearer " + header
    body = None
    if method == "POST":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode({**(form or {}), **({} if parameter is None else {"Bearer": parameter})})
    elif parameter is not None:
        path += ("&" if "?" in path else "?") + urlencode({"Bearer": parameter})
    connection = http.client.HTTPConnection(HOST.hostname, HOST.port)
    connection.request(method, path, body, headers)
    reply = connection.getresponse()
    text = reply.read()
    connection.close()
    return reply.status, reply.headers, text


def raw(realm="Jobs", start="2026-03-01", end="2026-03-03", **more):
    known = {"realm": realm, "start_date": start, "end_date": end, "filters[resource]": FACTS["anvil_id"], **more}
    return RAW + urlencode({name: value for name, value in known.items() if value is not None})


def numbers(**more):
    form = {"operation": "get_data", "start_date": "2026-03-01", "end_date": "2026-03-03", "realm": "Jobs",
            "statistic": "total_cpu_hours", "group_by": "resource", "dataset_type": "timeseries",
            "aggregation_unit": "Day", "format": "csv", "resource_filter": FACTS["anvil_id"], **more}
    return {name: value for name, value in form.items() if value is not None}


class Framing(unittest.TestCase):
    def test_length_prefixed(self):
        """newer clients get rows after their byte length in hex, closed by 0"""
        status, headers, body = ask("GET", raw(fields="Local Job Id,Cores"))
        self.assertEqual((status, headers["Content-Type"].split(";")[0]), (200, "text/plain"))
        self.assertEqual(body, b'18\r\n["Local Job Id","Cores"]\r\nb\r\n["101","4"]\r\nc\r\n["102","10"]\r\n'
                               b'b\r\n["103","1"]\r\n0\r\n\r\n')

    def test_lengths_are_bytes(self):
        """lengths count bytes, not letters"""
        _, _, body = ask("GET", raw(start="2025-08-01", end="2025-12-31", **{"filters[resource]": None}))
        lines = body.split(b"\r\n")
        self.assertEqual(lines[-3:], [b"0", b"", b""])
        for length, row in zip(lines[:-3:2], lines[1:-3:2]):
            self.assertEqual(int(length, 16), len(row))
            self.assertTrue(all(cell is None or isinstance(cell, str) for cell in json.loads(row)))
        self.assertIn("Müller".encode(), body)

    def test_text_sequence(self):
        """who asks for a JSON text sequence gets one, with exactly that content type"""
        status, headers, body = ask("GET", raw(fields="Local Job Id"), more={"Accept": "application/json-seq"})
        self.assertEqual((status, headers["Content-Type"]), (200, "application/json-seq"))
        self.assertEqual(body, b'\x1e["Local Job Id"]\n\x1e["101"]\n\x1e["102"]\n\x1e["103"]\n')

    def test_pages(self):
        """clients 1.0.x get one JSON object of at most as many rows as the limit says"""
        status, _, body = ask("GET", "/rest/v1/warehouse/raw-data/limit", agent=OLD)
        self.assertEqual((status, json.loads(body)), (200, {"success": True, "data": FACTS["raw_row_limit"]}))
        _, _, body = ask("GET", raw(fields="Local Job Id,Cores", offset=1), agent=OLD)
        self.assertEqual(json.loads(body), {"success": True, "fields": ["Local Job Id", "Cores"], "data": [["102", "10"], ["103", "1"]]})
        _, _, body = ask("GET", raw(start="2026-04-01", end="2026-04-02", fields="Cores", **{"filters[resource]": None}), agent=OLD)
        self.assertEqual(len(json.loads(body)["data"]), FACTS["raw_row_limit"])

    def test_no_limit_for_others(self):
        """the limit is there for clients 1.0.x alone"""
        status, _, body = ask("GET", "/rest/v1/warehouse/raw-data/limit")
        self.assertEqual(status, 404)
        self.assertIn("No route found", json.loads(body)["message"])

    def test_offset(self):
        """an offset is honoured on the stream too"""
        _, _, body = ask("GET", raw(fields="Local Job Id", offset=2))
        self.assertEqual(body, b'10\r\n["Local Job Id"]\r\n7\r\n["103"]\r\n0\r\n\r\n')

    def test_empty(self):
        """no rows: the header and the end"""
        _, _, body = ask("GET", raw(start="2001-01-01", end="2001-01-01", fields="Cores"))
        self.assertEqual(body, b'9\r\n["Cores"]\r\n0\r\n\r\n')


class Csv(unittest.TestCase):
    def text(self, **more):
        status, headers, body = ask("POST", NUMBERS, numbers(**more))
        self.assertEqual((status, headers["Content-Type"], headers["Content-Disposition"]),
                         (200, "application/xls; charset=utf-8", None))
        return body.decode()

    def test_series(self):
        """a time series, byte for byte"""
        self.assertEqual(self.text(), 'title\n"CPU Hours: Total: by Resource"\nparameters\n"Resource =  anvil"\n'
                         'start,end\n2026-03-01,2026-03-03\n---------\nDay,"[anvil] CPU Hours: Total"\n'
                         '2026-03-01,8.0000\n2026-03-02,44.0000\n2026-03-03,0.0000\n---------\n')

    def test_no_filter(self):
        """no filter leaves an empty line"""
        lines = self.text(resource_filter=None).split("\n")
        self.assertEqual(lines[2:5], ["parameters", "", "start,end"])

    def test_organisation(self):
        """without a dimension the organisation stands in its place"""
        self.assertIn(f'\nDay,"[{FACTS["organization"]}] Number of Jobs Ended"\n2026-03-01,0\n',
                      self.text(group_by="none", statistic="job_count"))
        self.assertIn(f'\nSummary,"Number of Jobs Ended"\n"{FACTS["organization"]}",3\n---------\n',
                      self.text(group_by="none", statistic="job_count", dataset_type="aggregate"))

    def test_quarter(self):
        """quarters are written with a space, in quotes"""
        self.assertIn('\nQuarter,"[anvil] CPU Hours: Total"\n"2026 Q1",52.0000\n', self.text(aggregation_unit="quarter"))

    def test_synonym_and_get(self):
        """get_charts is get_data, and GET is POST"""
        self.assertEqual(self.text(), self.text(operation="get_charts"))
        status, _, body = ask("GET", NUMBERS + "?" + urlencode(numbers()))
        self.assertEqual((status, body.decode()), (200, self.text()))


class Showing(unittest.TestCase):
    def test_either_place(self):
        """the token may stand in the header, in the parameter, or in both"""
        for header, parameter in ((TOKEN, None), (None, TOKEN), (TOKEN, TOKEN)):
            for method, path, form in (("GET", raw(), None), ("POST", NUMBERS, numbers()),
                                       ("POST", CATALOGUE, {"operation": "get_dw_descripter"})):
                self.assertEqual(ask(method, path, form, header, parameter)[0], 200)

    def test_two_tokens(self):
        """two different tokens are refused"""
        self.assertEqual(ask("GET", raw(), parameter=FACTS["narrow_token"])[0], 400)

    def test_versions(self):
        """every spelling of the version is the same address"""
        replies = [ask("GET", f"/rest{version}/warehouse/export/realms") for version in ("/v1", "/v1.0", "/v2", "/latest", "")]
        self.assertEqual({status for status, _, _ in replies}, {200})
        self.assertEqual(len({body for _, _, body in replies}), 1)
        self.assertEqual(ask("GET", "/rest/vx/warehouse/export/realms")[0], 404)

    def test_no_token(self):
        """without a token each family refuses in its own words"""
        for method, path, form, message, code, challenge in (
            ("GET", raw(), None, "No token provided.", 0, "Bearer"),
            ("GET", "/rest/v1/warehouse/resources", None, "No token provided.", 0, "Bearer"),
            ("POST", NUMBERS, numbers(), "Session Expired", 2, "XDMoDAuth realm="),
            ("POST", CATALOGUE, {"operation": "get_dw_descripter"}, "Session Expired", 2, "XDMoDAuth realm="),
            ("GET", "/rest/v1/warehouse/export/realms", None, "An error was encountered while attempting to process the requested authorization procedure.", 0, ""),
        ):
            status, headers, body = ask(method, path, form, None, None)
            error = json.loads(body)
            self.assertEqual((status, error["message"], error["code"]), (401, message, code), path)
            self.assertTrue((headers["WWW-Authenticate"] or "").startswith(challenge))
            self.assertEqual(list(error), ["success", "count", "total", "totalCount", "results", "data", "message", "code"])

    def test_bad_token(self):
        """unknown, malformed and revoked tokens read alike"""
        for token in ("turnip", "5." + "0" * 64, FACTS["revoked_token"]):
            status, headers, body = ask("GET", raw(), None, token, token)
            self.assertEqual((status, json.loads(body)["message"], headers["WWW-Authenticate"]), (401, "Invalid token.", "Bearer"))

    def test_not_for_tokens(self):
        """the token endpoints take no API token"""
        for method in ("GET", "POST", "DELETE"):
            status, _, body = ask(method, "/rest/users/current/api/token")
            self.assertEqual(status, 401)
            self.assertIn("authorization procedure", json.loads(body)["message"])

    def test_front_page(self):
        """clients 1.0.x look whether the portal is there"""
        self.assertEqual(ask("GET", "/", agent=OLD)[0], 200)
        self.assertEqual(ask("GET", "/?Bearer=" + quote(TOKEN), agent=OLD)[0], 200)


class Errors(unittest.TestCase):
    def refused(self, status, message, method, path, form=None):
        got, headers, body = ask(method, path, form)
        self.assertEqual(headers["Content-Type"].split(";")[0], "application/json")
        self.assertEqual((got, json.loads(body)["message"]), (status, message))

    def test_raw(self):
        """raw data refuses in the portal's words and order"""
        for more, status, message in (
            ({"start": None, "end": None, "realm": None}, 400, "start_date is a required parameter."),
            ({"end": None}, 400, "end_date is a required parameter."),
            ({"realm": None}, 400, "realm is a required parameter."),
            ({"start": "2024-01-99"}, 400, "Invalid value for start_date. Must be a(n) ISO 8601 Date."),
            ({"start": "2026-03-04"}, 400, "End date cannot be less than start date."),
            ({"realm": "Turnips"}, 400, "No realm exists with the requested name."),
            ({"fields": "foo,bar;"}, 400, "Invalid fields specified: 'foo', 'bar;'."),
            ({"filters[foo]": "1", "fields": "foo"}, 400, "Invalid filter key 'foo'."),
            ({"offset": "x"}, 400, "Invalid value for offset. Must be a(n) integer."),
            ({"offset": "-1", "fields": "foo"}, 400, "Offset must be non-negative."),
        ):
            self.refused(status, message, "GET", raw(**more))
        self.refused(400, "Invalid value for realm. Must be a(n) string.", "GET", raw(realm=None) + "&realm[]=Jobs")

    def test_numbers(self):
        """numbers refuse in the portal's words"""
        for more, status, message in (
            ({"start_date": None}, 400, "missing required start_date parameter"),
            ({"end_date": "x"}, 400, "end_date param is not in the correct format of Y-m-d."),
            ({"realm": None}, 400, "One or more realms must be specified."),
            ({"end_date": "2026-02-01"}, 400, "End date must be greater than or equal to start date"),
        ):
            self.refused(status, message, "POST", NUMBERS, numbers(**more))

    def test_dimension(self):
        """an unknown dimension is code 101"""
        _, _, body = ask("POST", CATALOGUE, {"operation": "get_dimension", "realm": "Jobs", "dimension_id": "turnips"})
        error = json.loads(body)
        self.assertEqual((error["message"], error["code"]), ("Dimension 'turnips' does not exist for realm 'Jobs'.", 101))

    def test_operations(self):
        """a missing or unknown operation is told with status 200"""
        for form, said in (({}, "operation_not_specified"), ({"operation": "dance"}, "invalid_operation_specified")):
            status, _, body = ask("POST", NUMBERS, form)
            self.assertEqual((status, json.loads(body)), (200, {"status": said, "success": False, "totalCount": 0, "message": said, "data": []}))

    def test_addresses(self):
        """unknown addresses and wrong methods are JSON errors too"""
        self.refused(404, 'No route found for "GET /rest/v1/turnips"', "GET", "/rest/v1/turnips")
        status, _, body = ask("POST", "/rest/v1/warehouse/resources", {})
        self.assertEqual((status, json.loads(body)["success"]), (405, False))


if __name__ == "__main__":
    run_all()
