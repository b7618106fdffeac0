"""pyDataverse 0.3.5, unmodified, through the whole life of a dataset: python check_pydataverse.py FACTS.json

The methods run in the order of their names; each goes on where the one before stopped."""

import asyncio
import io
import json
import os
import pathlib
import sys
import unittest
import zipfile

from pyDataverse.api import DataAccessApi, MetricsApi, NativeApi, SearchApi, SwordApi
from pyDataverse.exceptions import (
    ApiAuthorizationError,
    DatasetNotFoundError,
    DataverseNotEmptyError,
    DataverseNotFoundError,
    OperationFailedError,
)
from pyDataverse.models import Datafile, Dataset, Dataverse
from reporter import run_all

facts = json.loads(pathlib.Path(sys.argv[1]).read_text())
base, files, alias = facts["address"], pathlib.Path(facts["files"]), "sandpiper-py"
api, data = NativeApi(base, facts["token"]), DataAccessApi(base, facts["token"])
other, other_data = NativeApi(base, facts["other_token"]), DataAccessApi(base, facts["other_token"])
nobody, nobody_data = NativeApi(base), DataAccessApi(base)
administrator = NativeApi(base, facts["administrator_token"])
kept = {}


def paths():
    return sorted(path for path in files.rglob("*") if path.is_file())


def folder(path):
    return str(path.parent.relative_to(files)) if path.parent != files else ""


class PyDataverse(unittest.TestCase):
    maxDiff = None

    def got(self, response, status=200):
        self.assertEqual(response.status_code, status, response.text[:2000])
        return response.json()["data"]

    def refused(self, response, status, message):
        self.assertEqual((response.status_code, response.json()["message"]), (status, message))
        self.assertEqual(response.json()["status"], "ERROR")

    def test_01_info(self):
        "the server tells its version, its name and its terms"
        self.assertGreaterEqual(int(self.got(api.get_info_version())["version"].split(".")[0]), 6)
        self.assertTrue(self.got(api.get_info_server())["message"])
        self.assertIsInstance(self.got(api.get_info_api_terms_of_use())["message"], str)
        # An empty key is no key where nobody is needed.
        self.got(NativeApi(base, "").get_info_version())
        names = [block["name"] for block in self.got(nobody.get_metadatablocks())]
        self.assertEqual(names[0], "citation")
        self.assertTrue(self.got(nobody.get_metadatablock("citation"))["fields"]["title"]["isRequired"])

    def test_02_token(self):
        "the token tells when it expires, and a wrong one is refused"
        words = self.got(api.get_user_api_token_expiration_date())["message"].split(" ")
        self.assertEqual(words[:4], ["Token", facts["token"], "expires", "on"])
        self.assertRegex(" ".join(words[4:]), r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+$")
        for wrong in ("c6527048-5bdc-48b0-a1d5-ed1b62c8113b", "nonsense"):
            with self.assertRaisesRegex(ApiAuthorizationError, "Bad API key"):
                NativeApi(base, wrong).get_dataverse("root")

    def test_03_collection(self):
        "a collection is created, read and published"
        with self.assertRaisesRegex(ApiAuthorizationError, "Only authenticated users|not permitted"):
            nobody.create_dataverse("root", json.dumps(facts["collection"] | {"alias": alias}))
        lab = Dataverse(facts["collection"] | {"alias": alias})
        made = self.got(api.create_dataverse("root", lab.json()), 201)
        self.assertEqual((made["alias"], made["ownerId"], made["isReleased"]), (alias, 1, False))
        kept["collection"] = made["id"]
        self.assertEqual(self.got(api.get_dataverse(made["id"]))["name"], lab.get()["name"])
        with self.assertRaises(ApiAuthorizationError):
            other.get_dataverse(alias)
        self.assertTrue(self.got(api.publish_dataverse(alias))["isReleased"])
        with self.assertRaisesRegex(OperationFailedError, f"Dataverse {alias} has already been published."):
            api.publish_dataverse(alias)
        self.assertEqual(api.dataverse_id2alias(made["id"]), alias)
        self.assertEqual(len(self.got(api.get_dataverse_assignments(alias))), 1)
        self.assertIn("subject", self.got(api.get_dataverse_facets(alias)))
        self.assertEqual(self.got(NativeApi(base, facts["token"]).get_dataverse_roles(alias))[0]["alias"], "admin")

    def test_04_dataset(self):
        "a dataset is created, by the JSON of the guide and by the client's own model"
        wrong = {"typeName": "title", "typeClass": "compound", "multiple": False, "value": {}}
        block = {"displayName": "Citation Metadata", "fields": [wrong]}
        answer = api.create_dataset(alias, json.dumps({"datasetVersion": {"metadataBlocks": {"citation": block}}}))
        self.assertEqual(answer.status_code, 400)
        self.assertIn("typeClass for field title", answer.json()["message"])
        with self.assertRaises(DataverseNotFoundError):
            api.create_dataset("no-such-collection", json.dumps(facts["dataset"]))
        made = self.got(api.create_dataset(alias, json.dumps(facts["dataset"])), 201)
        kept["pid"], kept["id"] = made["persistentId"], made["id"]
        self.assertRegex(made["persistentId"], r"^(perma|doi):")
        of_model = Dataset()
        of_model.set({
            "title": "Made from the client's model", "author": [{"authorName": "Ames, Alice"}],
            "datasetContact": [{"datasetContactEmail": "alice@example.org", "datasetContactName": "Ames, Alice"}],
            "dsDescription": [{"dsDescriptionValue": "No licence is given."}], "subject": ["Physics"],
            "license": "CC0 1.0", "citation_displayName": "Citation Metadata",
        })
        self.assertTrue(of_model.validate_json())
        second = self.got(api.create_dataset(alias, of_model.json()), 201)
        self.got(api.delete_dataset(second["persistentId"]))
        with self.assertRaises(DatasetNotFoundError):
            api.delete_dataset(second["persistentId"])
        with self.assertRaisesRegex(ApiAuthorizationError, "User :guest is not permitted|Only authenticated users"):
            nobody.create_dataset(alias, json.dumps(facts["dataset"]))

    def test_05_draft(self):
        "the draft is seen by who made it, and by nobody else"
        for identifier, is_pid in ((kept["pid"], True), (kept["id"], False)):
            version = self.got(api.get_dataset(identifier, is_pid=is_pid))
            self.assertEqual(version["id"], kept["id"])
            self.assertEqual(version["latestVersion"]["versionState"], "DRAFT")
            self.assertEqual(version["latestVersion"]["files"], [])
        version = self.got(api.get_dataset_version(kept["pid"], ":draft"))
        fields = {field["typeName"]: field for field in version["metadataBlocks"]["citation"]["fields"]}
        self.assertEqual(list(fields["title"]), ["typeName", "multiple", "typeClass", "value"])
        self.assertEqual(fields["title"]["value"], "Tide pools of Inchkeith")
        for one in (other, nobody):
            with self.assertRaises(ApiAuthorizationError):
                one.get_dataset(kept["pid"])
        self.assertEqual(self.got(api.get_dataset_lock(kept["pid"])), [])

    def test_06_files(self):
        "files of every kind are deposited, and come back as they were"
        for path in paths():
            about = Datafile({"pid": kept["pid"], "filename": path.name, "description": f"This is {path.name[:40]}",
                              "directoryLabel": folder(path), "categories": ["Data"]})
            [file] = self.got(api.upload_datafile(kept["pid"], str(path), about.json()))["files"]
            self.assertEqual(file["label"], path.name)
            self.assertEqual(file.get("directoryLabel", ""), folder(path))
            self.assertEqual(file["dataFile"]["filesize"], path.stat().st_size)
        listed = self.got(api.get_datafiles_metadata(kept["pid"]))
        kept["files"] = {os.path.join(one.get("directoryLabel", ""), one["label"]): one["dataFile"] for one in listed}
        self.assertEqual(sorted(kept["files"]), sorted(str(path.relative_to(files)) for path in paths()))
        for path in paths():
            about = kept["files"][str(path.relative_to(files))]
            response = data.get_datafile(about["id"], is_pid=False)
            self.assertEqual(response.status_code, 200)
            self.assertTrue(response.content == path.read_bytes(), path.name)
            self.assertEqual(list(about["checksum"]), ["type", "value"])
            self.assertIn("attachment", response.headers["content-disposition"])
        types = {name: about["contentType"] for name, about in kept["files"].items()}
        self.assertEqual((types["script.py"], types["nothing.txt"], types["raw/2026/counts.csv"]),
                         ("text/x-python", "text/plain", "text/csv"))

    def test_07_refusals(self):
        "nobody else adds to it or takes from it"
        some = kept["files"]["script.py"]["id"]
        for one, its_data in ((other, other_data), (nobody, nobody_data)):
            self.refused(one.upload_datafile(kept["pid"], str(files / "script.py")), 403,
                         "You do not have permission to edit this dataset.")
            self.assertEqual(its_data.get_datafile(some, is_pid=False).status_code, 403)
        answer = data.get_datafile("does-not-exist", is_pid=False).json()
        self.assertNotIn(facts["token"], answer["requestUrl"])
        with self.assertRaises(ApiAuthorizationError):
            other.publish_dataset(kept["pid"], "major")
        with self.assertRaises(ApiAuthorizationError):
            other.delete_dataset(kept["pid"])

    def test_08_zip(self):
        "a ZIP is unpacked, and one in another is kept"
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("unpacked/a.txt", "a")
            archive.writestr("unpacked/deep/b.txt", "b")
            archive.writestr("unpacked/._a.txt", "not this")
        at = files.parent / "pack.zip"
        at.write_bytes(packed.getvalue())
        inside = self.got(api.upload_datafile(kept["pid"], str(at)))["files"]
        where = sorted((one["directoryLabel"], one["label"]) for one in inside)
        self.assertEqual(where, [("unpacked", "a.txt"), ("unpacked/deep", "b.txt")])
        outer = files.parent / "outer.zip"
        with zipfile.ZipFile(outer, "w") as archive:
            archive.write(at, "kept.zip")
        [whole] = self.got(api.upload_datafile(kept["pid"], str(outer)))["files"]
        self.assertEqual(whole["label"], "kept.zip")
        back = data.get_datafile(whole["dataFile"]["id"], is_pid=False)
        self.assertTrue(back.content == packed.getvalue())

    def test_09_file_metadata(self):
        "a file is described, by the client's own call of curl, and restricted"
        id = kept["files"]["script.py"]["id"]
        said = api.update_datafile_metadata(id, json.dumps({"description": "Says hello", "categories": ["Code"]}))
        self.assertTrue(said.stdout.decode().startswith("File Metadata update has been completed: {"), said.stdout)
        told = api.get_datafile_metadata(id, is_filepid=False, is_draft=True)
        self.assertEqual((told.json()["description"], told.json()["categories"]), ("Says hello", ["Code"]))
        about = {one["label"]: one for one in self.got(api.get_datafiles_metadata(kept["pid"]))}
        self.assertEqual(about["script.py"]["description"], "Says hello")
        # Without a body this call means "not restricted", which it was not.
        self.assertEqual(api.restrict_datafile(id).status_code, 400)

    def test_10_replace(self):
        "a file is replaced, with what it was before on record"
        id = kept["files"]["raw/2025/counts.csv"]["id"]
        newer = files.parent / "counts.csv"
        newer.write_text("day,counts\n2026-11-01,1\n")
        [file] = self.got(api.replace_datafile(id, str(newer), json.dumps({"description": "corrected"}), False))["files"]
        self.assertEqual((file["dataFile"]["rootDataFileId"], file["dataFile"]["previousDataFileId"]), (id, id))
        self.assertNotEqual(file["dataFile"]["id"], id)
        again = api.replace_datafile(file["dataFile"]["id"], str(newer), json.dumps({}), False)
        self.assertEqual(again.status_code, 400)
        back = data.get_datafile(file["dataFile"]["id"], is_pid=False)
        self.assertEqual(back.content, newer.read_bytes())

    def test_11_preview(self):
        "a preview link is made, read and taken back"
        link = self.got(api.create_dataset_private_url(kept["pid"]))
        self.assertEqual(self.got(api.get_dataset_private_url(kept["pid"]))["token"], link["token"])
        seen = NativeApi(base, link["token"]).get_dataset(kept["pid"])
        self.assertEqual(self.got(seen)["id"], kept["id"])
        self.got(api.delete_request(f"{api.base_url_api_native}/datasets/{kept['id']}/privateUrl"))
        with self.assertRaisesRegex(ApiAuthorizationError, "Bad API key"):
            NativeApi(base, link["token"]).get_dataset(kept["pid"])

    def test_12_publish(self):
        "published, first as a major version only"
        self.refused(api.publish_dataset(kept["pid"]), 403, "Cannot publish as minor version. Re-try as major release.")
        self.got(api.publish_dataset(kept["pid"], "major"))
        for one in (api, other, nobody):
            version = self.got(one.get_dataset(kept["pid"]))["latestVersion"]
            self.assertEqual((version["versionState"], version["versionNumber"], version["versionMinorNumber"]),
                             ("RELEASED", 1, 0))
        some = kept["files"]["fifty-megabytes.bin"]["id"]
        for its in (other_data, nobody_data):
            response = its.get_datafile(some, is_pid=False)
            self.assertTrue(response.content == (files / "fifty-megabytes.bin").read_bytes())

    def test_13_edit(self):
        "edited, which makes a draft, and published as 1.1"
        edit = json.dumps({"fields": [{"typeName": "title", "value": "Tide pools of Inchkeith, revised"}]})
        self.got(api.edit_dataset_metadata(kept["pid"], edit, replace=True))
        self.assertEqual(self.got(api.get_dataset(kept["pid"]))["latestVersion"]["versionState"], "DRAFT")
        self.assertEqual(self.got(nobody.get_dataset(kept["pid"]))["latestVersion"]["versionState"], "RELEASED")
        with self.assertRaises(ApiAuthorizationError):
            other.edit_dataset_metadata(kept["pid"], edit, replace=True)
        self.got(api.publish_dataset(kept["pid"], "minor"))
        numbers = [(one["versionNumber"], one["versionMinorNumber"]) for one in
                   self.got(nobody.get_dataset_versions(kept["pid"]))]
        self.assertEqual(numbers, [(1, 1), (1, 0)])
        old = self.got(nobody.get_dataset_version(kept["pid"], "1.0"))
        title = next(f["value"] for f in old["metadataBlocks"]["citation"]["fields"] if f["typeName"] == "title")
        self.assertEqual(title, "Tide pools of Inchkeith")

    def test_14_search(self):
        "found at once, by words of its description and by its files"
        search = SearchApi(base)
        found = self.got(search.search("tidepoolword", data_type="dataset", subtree=alias))
        self.assertEqual([one["global_id"] for one in found["items"]], [kept["pid"]])
        self.assertEqual(found["items"][0]["name"], "Tide pools of Inchkeith, revised")
        found = self.got(search.search("script", data_type="file", subtree=alias))
        self.assertIn("script.py", [one["name"] for one in found["items"]])
        found = self.got(search.search("*", subtree=alias, sort="name", order="asc", per_page=5, start=5,
                                       show_facets="true", show_relevance="true"))
        self.assertEqual((found["start"], found["count_in_response"]), (5, 5))
        self.refused(search.search("*", data_type="dog"), 400,
                     "Invalid type 'dog'. Must be one of [dataverse, dataset, file]")

    def test_15_many_files(self):
        "several files come as one ZIP, in the order asked for, and a bundle with its citations"
        names = ["raw/2026/twin.txt", "script.py"]
        ids = ",".join(str(kept["files"][name]["id"]) for name in names)
        response = nobody_data.get_datafiles(ids)
        self.assertEqual(response.status_code, 200)
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            self.assertEqual(archive.namelist(), [*names, "MANIFEST.TXT"])
            self.assertEqual(archive.read("script.py"), (files / "script.py").read_bytes())
        bundle = nobody_data.get_datafile_bundle(kept["files"]["raw/2026/counts.csv"]["id"])
        self.assertEqual(bundle.status_code, 200)
        with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
            self.assertIn("counts.csv", archive.namelist())

    def test_16_access(self):
        "a public file needs no request for access"
        id = kept["files"]["script.py"]["id"]
        self.refused(other_data.request_access(id), 400,
                     "You may not request access to this file. It may already be available to you.")
        self.assertEqual(data.list_file_access_requests(id).status_code, 404)

    def test_17_types(self):
        "types are detected again; what is no table is not ingested"
        id = kept["files"]["script.py"]["id"]
        told = self.got(api.redetect_file_type(id, dry_run=True))
        self.assertEqual(sorted(told), ["dryRun", "newContentType", "oldContentType"])
        self.assertEqual(api.uningest_datafile(id).status_code, 400)
        self.assertIn(api.reingest_datafile(id).status_code, (400, 403))

    def test_18_export(self):
        "exports are read by everybody"
        for name in ("schema.org", "Datacite", "ddi", "oai_dc", "OAI_ORE", "dataverse_json"):
            response = nobody.get_dataset_export(kept["pid"], name)
            self.assertEqual(response.status_code, 200, (name, response.text[:300]))
            self.assertIn("Tide pools of Inchkeith, revised", response.text)

    def test_19_tree(self):
        "the tree is walked from its root"
        tree = api.get_children(alias, children_types=["dataverses", "datasets", "datafiles"])
        self.assertEqual([one["pid"] for one in tree], [kept["pid"]])
        self.assertIn("script.py", [one["filename"] for one in tree[0]["children"]])
        self.assertIn(alias, [one.get("dataverse_alias") for one in api.get_children(":root")])

    def test_20_metrics(self):
        "numbers for everybody"
        metrics = MetricsApi(base)
        for kind in ("dataverses", "datasets", "files", "downloads"):
            self.assertGreaterEqual(self.got(metrics.total(kind))["count"], 1, kind)
            if kind != "downloads":
                self.assertGreaterEqual(self.got(metrics.past_days(kind, "30"))["count"], 1, kind)
        self.assertTrue(self.got(metrics.get_datasets_by_subject()))

    def test_21_sword(self):
        "the service document lists the collection"
        document = SwordApi(base, api_token=facts["token"]).get_service_document()
        self.assertEqual(document.status_code, 200)
        self.assertIn(f"/collection/dataverse/{alias}", document.text)

    def test_22_together(self):
        "ten questions at once are all answered"

        async def ask():
            many = NativeApi(base, facts["token"])
            async with many:
                return await asyncio.gather(*(many.get_info_version() for _ in range(10)))

        self.assertEqual([one.status_code for one in asyncio.run(ask())], [200] * 10)

    def test_23_token_recreated(self):
        "the token is made anew: the old one is dead, also for what is public; the new one is deleted"
        message = self.got(api.recreate_user_api_token())["message"]
        newer = message.split(" ")[5]
        with self.assertRaisesRegex(ApiAuthorizationError, "Bad API key"):
            api.get_dataset(kept["pid"])
        kept["api"] = NativeApi(base, newer)
        self.assertEqual(self.got(kept["api"].get_dataset(kept["pid"]))["id"], kept["id"])

    def test_24_delete(self):
        "published datasets are destroyed by administrators only; then the collection can go"
        with self.assertRaisesRegex(ApiAuthorizationError, "Only superusers can delete published datasets|published"):
            kept["api"].delete_dataset(kept["pid"])
        with self.assertRaises(ApiAuthorizationError):
            kept["api"].destroy_dataset(kept["pid"])
        with self.assertRaisesRegex(DataverseNotEmptyError, "Cannot delete non-empty dataverses"):
            kept["api"].delete_dataverse(alias)
        self.got(administrator.destroy_dataset(kept["pid"]))
        self.assertEqual(administrator.get_dataset(kept["pid"]).status_code, 404)
        self.got(kept["api"].delete_dataverse(alias))
        self.assertEqual(nobody_data.get_datafile(kept["files"]["script.py"]["id"], is_pid=False).status_code, 404)

    def test_25_token_deleted(self):
        "the token is deleted, and dead"
        self.got(kept["api"].delete_user_api_token())
        with self.assertRaisesRegex(ApiAuthorizationError, "Bad API key"):
            kept["api"].get_dataverse("root")


if __name__ == "__main__":
    run_all()
