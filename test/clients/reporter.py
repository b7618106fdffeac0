"""Tells the outcome of each test as one JSON line on file descriptor 3."""

import json
import os
import sys
import time
import traceback
import unittest


class Reporter(unittest.TestResult):
    def __init__(self, to):
        super().__init__()
        self.to, self.began = to, time.perf_counter()

    def startTest(self, test):
        super().startTest(test)
        self.began = time.perf_counter()

    def tell(self, test, outcome, text=""):
        name = f"{type(test).__name__}: {test.shortDescription() or test}"
        took = round(1000 * (time.perf_counter() - self.began))
        print(json.dumps({"name": name, "outcome": outcome, "text": text, "ms": took}), file=self.to, flush=True)

    def addSuccess(self, test):
        self.tell(test, "passed")

    def addSkip(self, test, reason):
        self.tell(test, "skipped", reason)

    def addFailure(self, test, error):
        self.tell(test, "failed", "".join(traceback.format_exception(*error)))

    def addError(self, test, error):
        self.tell(test, "failed", "".join(traceback.format_exception(*error)))


def run_all():
    with os.fdopen(3, "w") as results:
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]).run(Reporter(results))
