"""What the Jobs realm must answer, worked out a second time: straight from the sacct lines, one job and one day at a
time, with nothing shared with the server. Slow and plain on purpose."""

from collections import defaultdict
from datetime import date, datetime, timedelta, timezone

DAY = 86400


class Job:
    """One accounting line (26 fields, times in UTC)."""

    def __init__(self, resource, line, names, hierarchy):
        cell = line.rstrip("\n").split("|", 25)
        self.id = cell[0]
        self.resource = resource
        self.queue, self.qos, self.group, self.user = cell[3], cell[4], cell[6], cell[8]
        self.submit, self.start, self.end = (seconds(cell[i]) for i in (10, 12, 13))
        self.nodes, self.cores, self.gpus = int(cell[17]), int(cell[18]), gpus(cell[22])
        self.exit_code, self.state = cell[15], cell[16]
        self.wall, self.wait = self.end - self.start, self.start - self.submit
        self.person = names.get(self.user, self.user)
        self.pi = names.get(self.group, self.group)
        self.bottom, self.middle, self.top = hierarchy.get(self.group, ("Unknown",) * 3)

    def days(self):
        """(day, seconds run on it) for every day that the run touches; the last may have none."""
        for day in range(self.start // DAY, self.end // DAY + 1):
            yield day, max(0, min(self.end, (day + 1) * DAY) - max(self.start, day * DAY))


def seconds(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp())


def gpus(tres):
    for item in tres.split(","):
        name, _, count = item.partition("=")
        if name == "gres/gpu" or name.startswith("gres/gpu:"):
            return int(count)
    return 0


def day_number(day):
    return (day - date(1970, 1, 1)).days


def calendar(day):
    return date(1970, 1, 1) + timedelta(days=day)


def period_of(unit, day):
    """The first day of the period that a day (as a number) lies in."""
    at = calendar(day)
    if unit == "Day":
        return at
    if unit == "Month":
        return at.replace(day=1)
    if unit == "Quarter":
        return at.replace(month=(at.month - 1) // 3 * 3 + 1, day=1)
    return at.replace(month=1, day=1)


def following(unit, first):
    months = {"Month": 1, "Quarter": 3, "Year": 12}
    if unit == "Day":
        return first + timedelta(days=1)
    month = first.month - 1 + months[unit]
    return date(first.year + month // 12, month % 12 + 1, 1)


def widened(unit, start, end):
    """The range rounded outwards to whole periods, as day numbers, the last one included."""
    first = period_of(unit, day_number(start))
    last = following(unit, period_of(unit, day_number(end)))
    return day_number(first), day_number(last) - 1


SIZES = [(1, 1, "1"), (2, 2, "2"), (3, 4, "3 - 4"), (5, 8, "5 - 8"), (9, 16, "9 - 16"), (17, 32, "17 - 32"),
         (33, 64, "33 - 64"), (65, 128, "65 - 128"), (129, 256, "129 - 256"), (257, 512, "257 - 512"),
         (513, 1024, "513 - 1024"), (1025, 2048, "1k - 2k"), (2049, 4096, "2k - 4k"), (4097, 10**12, "> 4k")]
TIMES = [(0, 0, "0 - 1s"), (1, 29, "1 - 30s"), (30, 1799, "30s - 30min"), (1800, 3599, "30 - 60min"),
         (3600, 17999, "1 - 5hr"), (18000, 35999, "5 - 10hr"), (36000, 64799, "10 - 18hr"), (64800, 10**12, "18+hr")]
GPUS = [(n, n, str(n)) for n in range(9)] + SIZES[4:]


def bucket(table, value):
    return next((place, text) for place, (least, most, text) in enumerate(table) if least <= value <= most)


#: Dimension -> job -> (what its values are ordered by, their label).
DIMENSIONS = {
    "none": lambda job: (0, ""),
    "fieldofscience": lambda job: (job.bottom, job.bottom),
    "parentscience": lambda job: (job.middle, job.middle),
    "nsfdirectorate": lambda job: (job.top, job.top),
    "gpucount": lambda job: bucket(GPUS, job.gpus),
    "jobsize": lambda job: bucket(SIZES, job.cores),
    "jobwaittime": lambda job: bucket(TIMES, job.wait),
    "jobwalltime": lambda job: bucket(TIMES, job.wall),
    "nodecount": lambda job: (job.nodes, str(job.nodes)),
    "pi": lambda job: (job.pi, job.pi),
    "qos": lambda job: (job.qos, job.qos),
    "queue": lambda job: (job.queue, job.queue),
    "resource": lambda job: (job.resource, job.resource.replace("-", " ")),
    "username": lambda job: (job.user, job.user),
    "person": lambda job: (job.person, job.person),
}
BUCKETED = {"jobsize", "gpucount", "jobwaittime", "jobwalltime"}


class Sums:
    """Everything that any metric needs of one group in one period, or of one group in the whole range."""

    def __init__(self):
        self.ran, self.ended, self.started, self.submitted = [], 0, 0, 0
        self.wall = self.cpu = self.node = self.gpu = self.cpu_size = self.gpu_size = self.stretch = self.waited = 0


def collect(jobs, unit, dimension, first, last):
    """group -> period -> Sums, over the jobs running in the periods."""
    out = defaultdict(lambda: defaultdict(Sums))
    for job in jobs:
        group = DIMENSIONS[dimension](job)
        share = defaultdict(int)
        for day, ran in job.days():
            if first <= day <= last:
                share[period_of(unit, day)] += ran
        for period, ran in share.items():
            sums = out[group][period]
            sums.ran.append(job)
            sums.ended += period_of(unit, job.end // DAY) == period
            sums.submitted += period_of(unit, job.submit // DAY) == period
            if period_of(unit, job.start // DAY) == period:
                sums.started += 1
                sums.waited += job.wait
            sums.wall += ran
            sums.cpu += job.cores * ran
            sums.node += job.nodes * ran
            sums.gpu += job.gpus * ran
            sums.cpu_size += job.cores * job.cores * ran
            sums.gpu_size += job.cores * job.gpus * ran
            if job.wall:
                sums.stretch += (job.wall + job.wait) / job.wall * job.nodes * ran
    return out


def ratio(a, b):
    return a / b if b else 0.0


def value(metric, sums, once, capacity):
    """`once`: the jobs that count as running, each one time; `capacity`: core seconds of the resources that appear."""
    number = len(once)
    sizes = [job.cores for job in once if job.cores]
    return {
        "job_count": lambda: sums.ended,
        "started_job_count": lambda: sums.started,
        "submitted_job_count": lambda: sums.submitted,
        "running_job_count": lambda: number,
        "total_cpu_hours": lambda: sums.cpu / 3600,
        "avg_cpu_hours": lambda: ratio(sums.cpu / 3600, number),
        "total_gpu_hours": lambda: sums.gpu / 3600,
        "avg_gpu_hours": lambda: ratio(sums.gpu / 3600, number),
        "total_node_hours": lambda: sums.node / 3600,
        "avg_node_hours": lambda: ratio(sums.node / 3600, number),
        "total_wallduration_hours": lambda: sums.wall / 3600,
        "avg_wallduration_hours": lambda: ratio(sums.wall / 3600, number),
        "total_waitduration_hours": lambda: sums.waited / 3600,
        "avg_waitduration_hours": lambda: ratio(sums.waited / 3600, sums.started),
        "avg_processors": lambda: ratio(sum(job.cores for job in once), number),
        "max_processors": lambda: max((job.cores for job in sums.ran if job.cores), default=0),
        "min_processors": lambda: min((job.cores for job in sums.ran if job.cores), default=0),
        "avg_gpus": lambda: ratio(sum(job.gpus for job in once), number),
        "avg_job_size_weighted_by_cpu_hours": lambda: ratio(sums.cpu_size, sums.cpu),
        "avg_job_size_weighted_by_gpu_hours": lambda: ratio(sums.gpu_size, sums.gpu),
        "expansion_factor": lambda: ratio(sums.stretch, sums.node),
        "active_person_count": lambda: len({job.user for job in sums.ran}),
        "active_pi_count": lambda: len({job.group for job in sums.ran}),
        "active_resource_count": lambda: len({job.resource for job in sums.ran}),
        "utilization": lambda: 100 * ratio(sums.cpu, capacity({job.resource for job in sums.ran})),
    }[metric]()


METRICS = [
    "job_count", "started_job_count", "submitted_job_count", "running_job_count", "total_cpu_hours", "avg_cpu_hours",
    "total_gpu_hours", "avg_gpu_hours", "total_node_hours", "avg_node_hours", "total_wallduration_hours",
    "avg_wallduration_hours", "total_waitduration_hours", "avg_waitduration_hours", "avg_processors", "max_processors",
    "min_processors", "avg_gpus", "avg_job_size_weighted_by_cpu_hours", "avg_job_size_weighted_by_gpu_hours",
    "expansion_factor", "active_person_count", "active_pi_count", "active_resource_count", "utilization",
]


class Realm:
    """All jobs, and `cores`: resource -> cores allocated, without end."""

    def __init__(self, jobs, cores):
        self.jobs, self.cores = jobs, cores
        self.touched = {day for job in jobs for day, _ in job.days()}

    def _capacity(self, first, last):
        days = last - first + 1
        return lambda resources: sum(self.cores[resource] * days * DAY for resource in resources)

    def _chosen(self, filters, first, last):
        """Jobs that may have run in the days, and pass all filters."""
        def passes(job):
            return all(DIMENSIONS[dimension](job)[1] in wanted for dimension, wanted in filters.items())
        near = (job for job in self.jobs if job.start // DAY <= last and job.end // DAY >= first)
        return [job for job in near if passes(job)]

    def time_series(self, metric, dimension, start, end, unit, filters={}):
        """label -> {first day of the period: value}; periods in which a job of the selection ran."""
        first, last = widened(unit, start, end)
        out = {}
        for (_, label), periods in collect(self._chosen(filters, first, last), unit, dimension, first, last).items():
            out[label] = {
                period: value(metric, sums, sums.ran,
                              self._capacity(day_number(period), day_number(following(unit, period)) - 1))
                for period, sums in periods.items()
            }
        return out

    def aggregate(self, metric, dimension, start, end, unit, filters={}):
        """[(label, value)] in the portal's order: total falling, or the order of the buckets."""
        first, last = widened(unit, start, end)
        with_data = [period_of(unit, day) for day in self.touched if first <= day <= last]
        earliest = min(with_data, default=None)
        rows = []
        for (order, label), periods in collect(self._chosen(filters, first, last), unit, dimension, first, last).items():
            whole = Sums()
            once = []
            for period, sums in periods.items():
                for name, amount in vars(sums).items():
                    setattr(whole, name, getattr(whole, name) + amount)
                once += [job for job in sums.ran
                         if period == earliest or period_of(unit, job.start // DAY) == period]
            rows.append((order, label, value(metric, whole, once, self._capacity(first, last))))
        rows.sort(key=lambda row: row[0])
        if dimension not in BUCKETED:
            rows.sort(key=lambda row: -row[2])
        return [(label, amount) for _, label, amount in rows]
