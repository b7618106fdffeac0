"""Drives every public method of xdmod-data's DataWarehouse against a running portal.

    python check.py INPUT_DIRECTORY          (XDMOD_HOST, XDMOD_API_TOKEN in the environment)

Prints one JSON line per test on file descriptor 3. With `--as VERSION` the package calls itself by another version:
that is how the requests of its main branch, equal to those of 1.1.0, are made.
"""

import contextlib
import csv
import io
import json
import math
import os
import sys
import unittest
from datetime import date
from pathlib import Path

import pandas as pd
import xdmod_data
import xdmod_data._http_requester as requester
from xdmod_data.warehouse import DataWarehouse

from expect import DIMENSIONS, METRICS, Job, Realm, day_number, period_of
from reporter import run_all

HOST = os.environ["XDMOD_HOST"]
INPUT = Path(sys.argv[1])
FACTS = json.loads((INPUT / "facts.json").read_text())
RELEASE = tuple(int(part) for part in xdmod_data.__version__.split(".")[:3])
if "--as" in sys.argv:
    requester.__version__ = sys.argv[sys.argv.index("--as") + 1]
UNITS = ("Day", "Month", "Quarter", "Year")


def read_names():
    with open(INPUT / "names.csv", encoding="utf-8", newline="") as file:
        return {user: f"{last}, {first}" if first else last for user, first, last in csv.reader(file)}


def read_hierarchy():
    with open(INPUT / "hierarchy.csv", encoding="utf-8", newline="") as file:
        items = {item: (description, parent) for item, description, parent in csv.reader(file)}
    with open(INPUT / "group-to-hierarchy.csv", encoding="utf-8", newline="") as file:
        bottoms = dict(csv.reader(file))
    out = {}
    for group, bottom in bottoms.items():
        middle = items[bottom][1]
        out[group] = (items[bottom][0], items[middle][0], items[items[middle][1]][0])
    return out


def read_realm():
    names, hierarchy, jobs = read_names(), read_hierarchy(), []
    resources = json.loads((INPUT / "resources.json").read_text())
    for resource in resources:
        with open(INPUT / resource["log"], encoding="utf-8") as log:
            jobs += [Job(resource["code"], line, names, hierarchy) for line in log]
    return Realm(jobs, {resource["code"]: resource["cores"] for resource in resources}), resources


REALM, RESOURCES = read_realm()


class Portal(unittest.TestCase):
    """One open DataWarehouse for all tests of a class."""

    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        cls.dw = DataWarehouse(HOST).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.dw.__exit__(None, None, None)

    def near(self, got, wanted, what):
        self.assertTrue(math.isclose(float(got), wanted, rel_tol=1e-9, abs_tol=0.00005), f"{what}: {got} != {wanted}")

    def same_series(self, metric, dimension, start, end, unit, filters={}, chosen={}):
        """A time series from the portal equals ours: periods, columns in order, values."""
        what = f"{metric} by {dimension}, {start}..{end} by {unit}, {filters}"
        got = self.dw.get_data((start, end), "Jobs", metric, dimension, chosen or filters, "timeseries", unit)
        dates = date.fromisoformat(start), date.fromisoformat(end)
        wanted = REALM.time_series(metric, dimension, *dates, unit, filters)
        order = [label for label, _ in REALM.aggregate(metric, dimension, *dates, unit, filters)]
        periods = sorted({period for series in wanted.values() for period in series})
        self.assertEqual([at.date() for at in got.index], periods, what)
        self.assertEqual(got.index.name, "Time")
        if dimension != "none":
            self.assertEqual(list(got.columns), order, what)
        for place, label in enumerate(order):
            for row, period in enumerate(periods):
                self.near(got.iloc[row, place], wanted[label].get(period, 0), f"{what}, {label}, {period}")

    def same_aggregate(self, metric, dimension, start, end, unit, filters={}, chosen={}):
        what = f"{metric} by {dimension}, {start}..{end} by {unit}, {filters}"
        got = self.dw.get_data((start, end), "Jobs", metric, dimension, chosen or filters, "aggregate", unit)
        dates = date.fromisoformat(start), date.fromisoformat(end)
        wanted = REALM.aggregate(metric, dimension, *dates, unit, filters)
        if dimension == "none":
            self.assertEqual(len(got), 1, what)
            self.near(got.iloc[0], wanted[0][1] if wanted else 0, what)
        else:
            self.assertEqual(list(got.index), [label for label, _ in wanted], what)
            for place, (label, amount) in enumerate(wanted):
                self.near(got.iloc[place], amount, f"{what}, {label}")


class Catalogue(Portal):
    def test_realms(self):
        """describe_realms lists Flights and Jobs, sorted"""
        realms = self.dw.describe_realms()
        self.assertEqual(realms.index.name, "id")
        self.assertEqual(list(realms.index), ["Flights", "Jobs"])
        self.assertEqual(list(realms["label"]), ["Flights", "Jobs"])

    def test_metrics(self):
        """describe_metrics lists the 25 metrics of Jobs with labels, sorted by label"""
        metrics = self.dw.describe_metrics("Jobs")
        self.assertEqual(sorted(metrics.index), sorted(METRICS))
        self.assertEqual(list(metrics["label"]), sorted(metrics["label"]))
        labels = metrics["label"].to_dict()
        self.assertEqual(labels["total_cpu_hours"], "CPU Hours: Total")
        self.assertEqual(labels["avg_job_size_weighted_by_gpu_hours"], "Job Size: Weighted By GPU Hours (GPU Count)")
        self.assertEqual(labels["running_job_count"], "Number of Jobs Running")
        self.assertEqual(labels["utilization"], f"{FACTS['organization']} CPU Utilization (%)")
        self.assertTrue(all(metrics["description"]))

    def test_dimensions(self):
        """describe_dimensions lists the dimensions of Jobs, None first and the rest by label"""
        dimensions = self.dw.describe_dimensions("Jobs")
        self.assertEqual(set(DIMENSIONS) - set(dimensions.index), set())
        labels = list(dimensions["label"])
        self.assertEqual(labels[0], "None")
        self.assertEqual(labels[1:], sorted(labels[1:]))
        for id_, label in {"person": "User", "username": "System Username", "pi": "PI", "jobsize": "Job Size",
                           "nsfdirectorate": "Decanal Unit", "provider": "Service Provider"}.items():
            self.assertEqual(dimensions["label"][id_], label)

    def test_values_in_order(self):
        """get_filter_values gives the values of every dimension in the dimension's own order"""
        for dimension, of in DIMENSIONS.items():
            if dimension in ("none", "username", "person"):
                continue
            wanted = [label for _, label in sorted({of(job) for job in REALM.jobs})]
            self.assertEqual(list(self.dw.get_filter_values("Jobs", dimension)["label"]), wanted, dimension)

    def test_names_survive(self):
        """names with umlauts, quotes, commas and angle brackets arrive as they were written"""
        labels = set(self.dw.get_filter_values("Jobs", "User")["label"])
        self.assertLessEqual({"ada", "Müller, Bö", 'O\'Neill, Cyd "Sid"', "Dee <Service>", "fay & gil"}, labels)

    def test_paging(self):
        """more than 10,000 dimension values arrive whole (client 1.0.0 asks for one page only)"""
        users = {job.user for job in REALM.jobs}
        values = self.dw.get_filter_values("Jobs", "username")
        self.assertEqual(len(values), 10000 if RELEASE == (1, 0, 0) else len(users))
        self.assertEqual(list(values["label"]), sorted(users)[:len(values)])

    def test_by_label(self):
        """realm and dimension may be named by label"""
        self.assertTrue(self.dw.get_filter_values("Jobs", "Resource").equals(self.dw.get_filter_values("Jobs", "resource")))
        self.assertEqual(list(self.dw.get_filter_values("Jobs", "resource")["label"]), ["anvil", "big iron", "crowd"])

    def test_none(self):
        """the dimension None has one value, the organisation"""
        self.assertEqual(list(self.dw.get_filter_values("Jobs", "none")["label"]), [FACTS["organization"]])

    def test_unknown(self):
        """what the catalogue does not list is refused by the client"""
        for call in (lambda: self.dw.describe_metrics("Turnips"), lambda: self.dw.describe_dimensions("Turnips"),
                     lambda: self.dw.get_filter_values("Jobs", "turnips"),
                     lambda: self.dw.get_data(realm="Jobs", metric="turnips")):
            self.assertRaises(KeyError, call)

    def test_words(self):
        """get_durations and get_aggregation_units name what get_data takes"""
        self.assertEqual(self.dw.get_aggregation_units(), ("Auto", "Day", "Month", "Quarter", "Year"))
        self.assertEqual(len(self.dw.get_durations()), 22)


#: Three jobs whose metrics are known from paper: by day, over the three days, and as one month.
PAPER = {
    "Number of Jobs Ended": ([0, 2, 1], 3, 3),
    "Number of Jobs Started": ([1, 1, 1], 3, 3),
    "Number of Jobs Submitted": ([1, 1, 0], 2, 3),
    "Number of Jobs Running": ([1, 2, 1], 3, 3),
    "CPU Hours: Total": ([8, 44, 0], 52, 52),
    "CPU Hours: Per Job": ([8, 22, 0], 17.3333, 17.3333),
    "Wall Hours: Total": ([2, 8, 0], 10, 10),
    "Wait Hours: Total": ([2, 1, 0.3333], 3.3333, 3.3333),
    "Wait Hours: Per Job": ([2, 1, 0.3333], 1.1111, 1.1111),
    "Node Hours: Total": ([2, 10, 0], 12, 12),
    "GPU Hours: Total": ([0, 4, 0], 4, 4),
    "Job Size: Per Job (Core Count)": ([4, 7, 1], 5, 5),
    "Job Size: Max (Core Count)": ([4, 10, 1], 10, 10),
    "Job Size: Min (Core Count)": ([4, 4, 1], 1, 1),
    "Job Size: Weighted By CPU Hours (Core Count)": ([4, 6.7273, 0], 6.3077, 6.3077),
    "User Expansion Factor": ([1.25, 1.35, 0], 1.3333, 1.3333),
    "Number of Users: Active": ([1, 2, 1], 2, 2),
}
RANGE = ("2025-09-14", "2025-11-20")


class Numbers(Portal):
    def test_paper(self):
        """three jobs known from paper give the printed table"""
        for metric, (days, aggregate, month) in PAPER.items():
            ask = dict(realm="Jobs", metric=metric, filters={"Resource": "anvil"})
            got = self.dw.get_data(("2026-03-01", "2026-03-03"), aggregation_unit="Day", **ask)
            self.assertEqual(list(got.columns), [metric])
            self.assertEqual(got.columns.name, "Metric")
            for place, wanted in enumerate(days):
                self.near(round(got.iloc[place, 0], 4), wanted, metric)
            by_day = self.dw.get_data(("2026-03-01", "2026-03-03"), dataset_type="aggregate", aggregation_unit="Day", **ask)
            self.assertEqual(list(by_day.index), [metric])
            self.near(round(by_day.iloc[0], 4), aggregate, metric)
            by_month = self.dw.get_data(("2026-03-01", "2026-03-03"), aggregation_unit="Month", **ask)
            self.assertEqual([at.date() for at in by_month.index], [date(2026, 3, 1)])
            self.near(round(by_month.iloc[0, 0], 4), month, metric)

    def test_every_metric_over_time(self):
        """every metric, in every unit, without and with a dimension, equals the second computation"""
        for metric in METRICS:
            for unit in UNITS:
                self.same_series(metric, "none", *RANGE, unit)
            self.same_series(metric, "resource", *RANGE, "Month")
            self.same_series(metric, "jobsize", *RANGE, "Quarter")

    def test_every_metric_aggregated(self):
        """every metric's aggregate, in every unit, equals the second computation"""
        for metric in METRICS:
            for unit in UNITS:
                self.same_aggregate(metric, "none", *RANGE, unit)
            self.same_aggregate(metric, "queue", *RANGE, "Day")

    def test_every_dimension(self):
        """every dimension groups as the second computation does, columns and rows in the portal's order"""
        for dimension in DIMENSIONS:
            for metric in ("total_cpu_hours", "running_job_count"):
                self.same_series(metric, dimension, *RANGE, "Month")
                self.same_aggregate(metric, dimension, *RANGE, "Month")

    def test_filters(self):
        """values of one filter are alternatives, several filters must all hold; by id and by label"""
        by_label = {"queue": ["short", "a,b 50%"], "person": ["Müller, Bö", "ada"]}
        self.same_series("total_cpu_hours", "queue", *RANGE, "Month", by_label)
        self.same_aggregate("job_count", "none", *RANGE, "Day", by_label)
        values = {dimension: self.dw.get_filter_values("Jobs", dimension) for dimension in by_label}
        by_id = {dimension: [values[dimension].index[values[dimension]["label"] == label][0] for label in labels]
                 for dimension, labels in by_label.items()}
        self.same_series("total_cpu_hours", "queue", *RANGE, "Month", by_label, by_id)
        self.same_aggregate("running_job_count", "jobwaittime", *RANGE, "Quarter", {"jobwaittime": ["0 - 1s", "18+hr"]})

    def test_auto(self):
        """Auto means days below six months, months below ten years, then quarters"""
        for start, end, unit in (("2025-09-01", "2025-10-31", "Day"), ("2025-08-01", "2026-02-01", "Month"),
                                 ("2016-03-01", "2026-03-01", "Quarter")):
            auto = self.dw.get_data((start, end), "Jobs", "job_count", "resource", {}, "timeseries", "Auto")
            by_unit = self.dw.get_data((start, end), "Jobs", "job_count", "resource", {}, "timeseries", unit)
            self.assertTrue(auto.equals(by_unit), unit)
            self.assertGreater(len(auto), 1)

    def test_nothing(self):
        """a range without data gives no rows, and one zero where there is no dimension"""
        empty = ("2001-01-01", "2001-01-31")
        for dimension in ("none", "resource"):
            series = self.dw.get_data(empty, "Jobs", "job_count", dimension)
            self.assertEqual(len(series), 0)
        self.assertEqual(list(self.dw.get_data(empty, "Jobs", "job_count", "none", {}, "aggregate")), [0])
        self.assertEqual(len(self.dw.get_data(empty, "Jobs", "job_count", "resource", {}, "aggregate")), 0)

    def test_durations(self):
        """every named duration is answered, in both forms"""
        for duration in self.dw.get_durations():
            self.assertIsInstance(self.dw.get_data(duration, "Jobs", "job_count"), pd.DataFrame)
            self.assertEqual(len(self.dw.get_data(duration, "Jobs", "job_count", dataset_type="aggregate")), 1)

    def test_defaults(self):
        """get_data() with nothing said is answered"""
        self.assertIsInstance(self.dw.get_data(), pd.DataFrame)

    def test_bad_dates(self):
        """dates that make no sense are refused, and the parameter is named"""
        for duration, named in ((("2026-13-01", "2026-03-02"), "start_date"), (("2026-03-01", "turnip"), "end_date"),
                                (("2026-03-02", "2026-03-01"), "End date")):
            with self.assertRaisesRegex(RuntimeError, named):
                self.dw.get_data(duration, "Jobs", "job_count")

    def test_outside(self):
        """methods called outside `with` are refused"""
        closed = DataWarehouse(HOST)
        self.assertRaises(RuntimeError, closed.describe_realms)
        self.assertRaises(RuntimeError, closed.get_data)
        self.assertRaises(RuntimeError, closed.get_raw_data, "Yesterday", "Jobs")

    def test_slash(self):
        """a host with a closing slash works (from 1.0.1 on)"""
        if RELEASE == (1, 0, 0):
            self.skipTest("client 1.0.0 doubles the slash")
        with DataWarehouse(HOST + "/") as dw:
            self.assertEqual(len(dw.describe_realms()), 2)


class RealFlights(Portal):
    def test_numbers(self):
        """numbers equal the engine's own count over the source file"""
        for case in FACTS["flights"]:
            got = self.dw.get_data(tuple(case["range"]), "Flights", case["metric"], case["dimension"], {},
                                   case["dataset_type"], case["unit"])
            if case["dataset_type"] == "aggregate":
                self.assertEqual(len(got), len(case["values"]))
                for label, wanted in case["values"].items():
                    self.near(got[label], wanted, f"{case['metric']} {label}")
            else:
                self.assertEqual([str(at.date()) for at in got.index], list(case["values"]))
                for place, wanted in enumerate(case["values"].values()):
                    self.near(got.iloc[place, 0], wanted, case["metric"])

    def test_all(self):
        """every metric and dimension of Flights is answered"""
        metrics, dimensions = self.dw.describe_metrics("Flights"), self.dw.describe_dimensions("Flights")
        self.assertEqual(dimensions.index[0], "none")
        day = ("2001-03-01", "2001-03-02")
        for metric in metrics.index:
            self.assertEqual(len(self.dw.get_data(day, "Flights", metric, "none", {}, "timeseries", "Day")), 2)
        for dimension in dimensions.index:
            values = self.dw.get_filter_values("Flights", dimension)
            self.assertGreater(len(values), 0)
            got = self.dw.get_data(day, "Flights", metrics.index[0], dimension, {}, "aggregate")
            self.assertGreater(len(got), 0)
            if dimension != "none":
                self.assertLessEqual(set(got.index), set(values["label"]))

    def test_raw(self):
        """raw flights of one day are as many as the source file has, each with every field"""
        got = self.dw.get_raw_data(("2001-03-01", "2001-03-01"), "Flights")
        self.assertEqual(len(got), FACTS["flights_of_a_day"])
        self.assertEqual(list(got.columns), list(self.dw.describe_raw_fields("Flights")["label"]))


FIELDS = [
    "Local Job Id", "Resource", "Service Provider", "Timezone", "System Username", "User", "User Institution",
    "Principal Investigator", "PI Institution", "Quality of Service", "Submit Time", "Start Time", "End Time",
    "Eligible Time", "Nodes", "Cores", "GPUs", "Memory Used", "Wall Time", "Wait Time", "Core Time", "GPU Time",
    "Exit Code", "Exit State", "Requested Cores", "Requested memory", "Requested Wall Time", "Queue", "Decanal Unit",
    "Department", "PI Group",
]


class Raw(Portal):
    def test_realms(self):
        """describe_raw_realms lists the realms with raw data"""
        realms = self.dw.describe_raw_realms()
        self.assertEqual(list(realms.index), ["Flights", "Jobs"])
        self.assertEqual(list(realms["label"]), ["Flights", "Jobs"])

    def test_fields(self):
        """describe_raw_fields lists the fields of Jobs in the order of the columns"""
        fields = self.dw.describe_raw_fields("Jobs")
        self.assertEqual(list(fields.index), FIELDS)
        self.assertEqual(fields["label"]["Start Time"], "Start Time (Timestamp)")
        self.assertEqual(fields["label"]["System Username"], "System Username (Deidentified)")
        self.assertTrue(all(fields["description"]))

    def raw(self, duration, **more):
        return self.dw.get_raw_data(duration, "Jobs", **more)

    def test_paper(self):
        """a job known from paper gives the printed row; columns keep the catalogue's order"""
        got = self.raw(("2026-03-02", "2026-03-02"), filters={"Resource": "anvil"},
                       fields=["Exit State", "Local Job Id", "User", "Start Time", "Cores", "Wall Time"])
        self.assertEqual(list(got.columns), ["Local Job Id", "User", "Start Time (Timestamp)", "Cores", "Wall Time", "Exit State"])
        self.assertEqual(list(got.iloc[0]), ["101", "ada", "1772402400", "4", "28800", "COMPLETED"])
        self.assertEqual(list(got["Local Job Id"]), ["101", "102"])

    def test_all_fields(self):
        """without fields every field comes, equal to the log"""
        got = self.raw(("2025-09-01", "2025-09-10"), filters={"resource": "big iron"})
        self.assertEqual(got.shape[1], len(FIELDS))
        first, last = day_number(date(2025, 9, 1)), day_number(date(2025, 9, 10))
        jobs = [job for job in REALM.jobs if job.resource == "big-iron" and first <= job.end // 86400 <= last]
        jobs.sort(key=lambda job: job.end // 86400)
        self.assertEqual(len(got), len(jobs))
        for place, job in enumerate(jobs):
            row = got.iloc[place]
            for label, wanted in {
                "Local Job Id": job.id, "Resource": "Big Iron", "Timezone": "UTC", "User": job.person,
                "Principal Investigator": job.pi, "Quality of Service": job.qos, "Submit Time (Timestamp)": job.submit,
                "Start Time (Timestamp)": job.start, "End Time (Timestamp)": job.end, "Nodes": job.nodes,
                "Cores": job.cores, "GPUs": job.gpus, "Memory Used": -1, "Wall Time": job.wall, "Wait Time": job.wait,
                "Core Time": job.cores * job.wall, "GPU Time": job.gpus * job.wall, "Exit Code": job.exit_code,
                "Exit State": job.state, "Queue": job.queue, "Decanal Unit": job.top, "PI Group": job.bottom,
                "Requested Wall Time": 86400, "Requested memory": "16000Mn",
            }.items():
                self.assertEqual(row[label], str(wanted), f"{label} of {job.id}")
            self.assertRegex(row["System Username (Deidentified)"], "^[0-9a-f]{40}$")

    def test_beyond_one_page(self):
        """more rows than one page holds arrive whole and in order, and progress is shown"""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            got = self.raw(("2026-04-01", "2026-04-03"), fields=("Local Job Id",), show_progress=True)
        wanted = [job.id for job in REALM.jobs if job.resource == "crowd"]
        self.assertEqual(list(got["Local Job Id"]), wanted)
        self.assertGreater(len(wanted), FACTS["raw_row_limit"])
        self.assertIn("DONE", printed.getvalue())

    def test_full_pages(self):
        """rows that fill the last page exactly are neither lost nor doubled"""
        got = self.raw(("2026-04-01", "2026-04-01"), fields=("Local Job Id",), filters={"resource": "crowd"})
        self.assertEqual(len(got), 2 * FACTS["raw_row_limit"])
        self.assertEqual(got["Local Job Id"].nunique(), len(got))

    def test_filters(self):
        """filters hold for raw data too: alternatives within one, all of several"""
        got = self.raw(("2025-08-01", "2026-03-01"), fields=["Queue", "User"],
                       filters={"queue": ["a,b 50%", "long"], "person": ["Müller, Bö"]})
        wanted = [job for job in REALM.jobs if job.queue in ("a,b 50%", "long") and job.user == "bo"
                  and date(2025, 8, 1) <= period_of("Day", job.end // 86400) <= date(2026, 3, 1)]
        self.assertEqual(len(got), len(wanted))
        self.assertEqual(set(got["Queue"]), {"a,b 50%", "long"})
        self.assertEqual(set(got["User"]), {"Müller, Bö"})

    def test_empty(self):
        """a range without jobs gives the columns and no row"""
        got = self.raw(("2001-01-01", "2001-01-02"), fields=["Cores", "Queue"])
        self.assertEqual((list(got.columns), len(got)), (["Cores", "Queue"], 0))

    def test_named_duration(self):
        """a named duration works"""
        self.assertEqual(self.raw("Yesterday").shape[1], len(FIELDS))

    def test_refused(self):
        """unknown realms and fields are refused by the client, senseless dates by the portal"""
        self.assertRaises(KeyError, self.dw.get_raw_data, "Yesterday", "Turnips")
        self.assertRaises(KeyError, self.dw.get_raw_data, "Yesterday", "Jobs", ["Turnips"])
        for duration, named in ((("2026-03-99", "2026-03-02"), "start_date"), (("2026-03-01", "x"), "end_date"),
                                (("2026-03-02", "2026-03-01"), "End date cannot be less than start date")):
            with self.assertRaisesRegex(RuntimeError, named):
                self.raw(duration)


@unittest.skipIf(RELEASE < (1, 1, 0), "get_resources came with 1.1.0")
class Resources(Portal):
    def test_all(self):
        """get_resources lists every resource by its name"""
        got = self.dw.get_resources()
        self.assertEqual(set(got), {resource["code"].replace("-", " ") for resource in RESOURCES})
        anvil = got["anvil"]
        self.assertEqual(sorted(anvil), ["allocation_type", "end_date", "resource_id", "resource_name", "resource_type", "start_date"])
        self.assertEqual(anvil["resource_name"], "anvil")
        self.assertIsInstance(anvil["resource_id"], str)
        self.assertRegex(anvil["start_date"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
        ids = self.dw.get_filter_values("Jobs", "resource")
        self.assertEqual(ids["label"][anvil["resource_id"]], "anvil")

    def test_provider(self):
        """get_resources of an unknown service provider is an empty list"""
        self.assertEqual(self.dw.get_resources(service_provider="nobody"), [])
        self.assertEqual(set(self.dw.get_resources(service_provider=FACTS["provider"])), set(self.dw.get_resources()))


class Tokens(unittest.TestCase):
    @contextlib.contextmanager
    def holding(self, token):
        before = os.environ["XDMOD_API_TOKEN"]
        os.environ["XDMOD_API_TOKEN"] = token
        try:
            with DataWarehouse(HOST) as dw:
                yield dw
        finally:
            os.environ["XDMOD_API_TOKEN"] = before

    def test_bad(self):
        """a token that is no token is refused everywhere, and the client says how to set one"""
        for token in ("turnip", "5." + "0" * 64, FACTS["revoked_token"]):
            with self.holding(token) as dw:
                for call in (dw.describe_realms, dw.describe_raw_realms, lambda: dw.get_filter_values("Jobs", "resource"),
                             dw.get_data, lambda: dw.get_raw_data("Yesterday", "Jobs")):
                    with self.assertRaisesRegex(RuntimeError, "Error 401: Make sure"):
                        call()

    def test_narrow(self):
        """a token for aggregates of Flights alone sees no other realm and no raw data"""
        with self.holding(FACTS["narrow_token"]) as dw:
            self.assertEqual(list(dw.describe_realms().index), ["Flights"])
            self.assertGreater(len(dw.get_data(("2001-03-01", "2001-03-02"), "Flights", dimension="none", metric=dw.describe_metrics("Flights").index[0])), 0)
            self.assertEqual(len(dw.describe_raw_realms()), 0)


if __name__ == "__main__":
    run_all()
