"""Holds written formats against the schemas and validators of their makers."""

import email.message
import io
import json
import pathlib
import subprocess
import sys
import unittest
import urllib.request

import reporter

directory, context, oai_schema = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
del sys.argv[1:]


class DataCite(unittest.TestCase):
    def errors(self, kind, change=lambda document: None):
        from datacite import schema45

        document = json.loads((directory / kind / "datacite_json" / "it.json").read_text())
        change(document)
        return [error.message for error in schema45.validator.iter_errors(document)]

    def test_json(self):
        """its JSON is valid by the schema of DataCite 4.5"""
        for kind in ("rich", "least"):
            self.assertEqual(self.errors(kind), [])

    def test_the_schema_refuses(self):
        """which refuses what is wrong"""
        self.assertNotEqual(self.errors("rich", lambda document: document.pop("creators")), [])
        self.assertNotEqual(self.errors("rich", lambda document: document.update(color="red")), [])


class Croissant(unittest.TestCase):
    def test_valid(self):
        """mlcroissant reads it without an error"""
        for kind in ("rich", "least"):
            for name in ("croissant", "croissantSlim"):
                file = directory / kind / name / "it.json"
                said = subprocess.run(
                    [str(pathlib.Path(sys.executable).parent / "mlcroissant"), "validate", "--jsonld", file],
                    capture_output=True,
                    text=True,
                )
                self.assertEqual(said.returncode, 0, said.stderr)
                self.assertNotIn("error(s)", said.stderr)
                self.assertNotIn("not standard", said.stderr)


class Answer(io.BytesIO):
    """RO-Crate's context, as its package has it: the validator would fetch it from the web."""

    def __init__(self, url):
        super().__init__(context.read_bytes())
        self.url, self.status, self.code = url, 200, 200
        self.headers = email.message.Message()
        self.headers["Content-Type"] = "application/ld+json"

    def geturl(self):
        return self.url

    def info(self):
        return self.headers

    def getcode(self):
        return 200


class RoCrate(unittest.TestCase):
    def test_valid(self):
        """its validator finds all that is required"""
        import rdflib._networking
        import rdflib.parser
        import rdflib.plugins.shared.jsonld.util
        import requests

        def opened(request, *_, **__):
            return Answer(request if isinstance(request, str) else request.full_url)

        for module in (urllib.request, rdflib.parser, rdflib._networking, rdflib.plugins.shared.jsonld.util):
            if hasattr(module, "urlopen"):
                module.urlopen = opened

        def asked(_self, _method, url, **_kwargs):
            answer = requests.Response()
            answer.status_code, answer.url, answer._content = 200, url, context.read_bytes()
            answer.headers["Content-Type"] = "application/ld+json"
            return answer

        requests.sessions.Session.request = asked
        from rocrate_validator import models, services

        for kind in ("rich", "least"):
            settings = services.ValidationSettings(
                rocrate_uri=str(directory / kind / "ro-crate"),
                profile_identifier="ro-crate-1.1",
                requirement_severity=models.Severity.REQUIRED,
            )
            result = services.validate(settings)
            issues = [f"{issue.check.identifier} {issue.message}" for issue in result.get_issues()]
            self.assertEqual(issues, [])


class OaiPmh(unittest.TestCase):
    def test_valid(self):
        """every answer to a harvester is valid by the schema of OAI-PMH 2.0"""
        from lxml import etree

        schema = etree.XMLSchema(etree.parse(oai_schema))
        files = sorted((directory / "oai").glob("*.xml"))
        self.assertGreater(len(files), 8)
        for file in files:
            schema.assertValid(etree.parse(str(file)))


reporter.run_all()
