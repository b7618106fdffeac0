"""DVUploader 0.3.1, unmodified: python check_dvuploader.py FACTS.json

The methods run in the order of their names; each goes on where the one before stopped."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import httpx
from dvuploader import DVUploader, File, add_directory
from reporter import run_all

facts = json.loads(pathlib.Path(sys.argv[1]).read_text())
base, token, pid = facts["address"], facts["token"], facts["pid"]
here = pathlib.Path(sys.argv[1]).parent
files = here / "dvuploader"
# Folders may have letters, digits and a few marks only; hidden files are not taken by the client.
names = ["nothing.txt", "fifty-megabytes.bin", "Übersicht – Zürich №1.csv", "日本語のファイル名.txt", "no-extension",
         "script.py", "page.html", "raw/2026/counts.csv", "raw/2025/counts.csv", "raw/2025/twin.txt", "raw/2026/twin.txt"]


def listed():
    with httpx.Client(base_url=base, headers={"X-Dataverse-key": token}, timeout=60) as client:
        version = client.get(f"/api/datasets/:persistentId/versions/:latest?persistentId={pid}").json()["data"]
        return {os.path.join(one.get("directoryLabel", ""), one["label"]): one for one in version["files"]}


def content(id):
    return httpx.get(f"{base}/api/access/datafile/{id}", headers={"X-Dataverse-key": token}, timeout=60).content


def upload(what, **how):
    DVUploader(files=what, verbose=False).upload(
        persistent_id=pid, dataverse_url=base, api_token=token, n_parallel_uploads=4, **how)


class DvUploader(unittest.TestCase):
    def all_there(self):
        there = listed()
        self.assertEqual(sorted(there), sorted(str(one.relative_to(files)) for one in files.rglob("*") if one.is_file()))
        for name, about in there.items():
            was = (files / name).read_bytes()
            self.assertEqual(about["dataFile"]["filesize"], len(was), name)
            self.assertEqual(about["dataFile"]["checksum"], {"type": "MD5", "value": hashlib.md5(was).hexdigest()}, name)
            self.assertTrue(content(about["dataFile"]["id"]) == was, name)
        return there

    def test_1_directory(self):
        "a directory with its folders arrives whole, several packages at once"
        for name in names:
            (files / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(here / "files" / name, files / name)
        # Each a package of its own, at the top: of a file that is sent alone this client does not tell the folder.
        for number in range(3):
            (files / f"noise-{number}.bin").write_bytes(os.urandom(15_000))
        upload(add_directory(str(files)), force_native=True)
        there = self.all_there()
        self.assertEqual({name: about["categories"] for name, about in there.items()}, {name: ["DATA"] for name in there})

    def test_2_again(self):
        "the same again changes nothing; what has changed is replaced"
        before = {name: about["dataFile"]["id"] for name, about in listed().items()}
        upload(add_directory(str(files)), force_native=True)
        self.assertEqual({name: about["dataFile"]["id"] for name, about in self.all_there().items()}, before)
        (files / "script.py").write_text("print('changed')\n")
        upload(add_directory(str(files)), force_native=True)
        there = self.all_there()
        changed = [name for name, about in there.items() if about["dataFile"]["id"] != before[name]]
        self.assertEqual(changed, ["script.py"])
        self.assertEqual(there["script.py"]["dataFile"]["previousDataFileId"], before["script.py"])

    def test_3_described(self):
        "one file with its words"
        (files / "told.txt").write_text("told\n")
        upload([File(filepath=str(files / "told.txt"), description="Told with it", categories=["Documentation"])],
               force_native=True)
        about = self.all_there()["told.txt"]
        self.assertEqual((about["description"], about["categories"]), ("Told with it", ["Documentation"]))

    def test_4_as_it_finds_it(self):
        "without being told how, it sends what is new and replaces what has changed"
        (files / "nothing – 无.txt").write_bytes(b"")
        (files / "six.bin").write_bytes(os.urandom(6_000_000))
        (files / "script.py").write_text("print('changed once more')\n")
        before = listed()["script.py"]["dataFile"]
        upload(add_directory(str(files)))
        there = self.all_there()
        self.assertEqual(there["script.py"]["dataFile"]["previousDataFileId"], before["id"])
        self.assertEqual(there["script.py"]["dataFile"]["contentType"], "text/x-python")

    def test_5_command(self):
        "its command line"
        (files / "by-command.txt").write_text("by command\n")
        command = [os.path.join(os.path.dirname(sys.executable), "dvuploader"), str(files / "by-command.txt"),
                   "--pid", pid, "--api-token", token, "--dataverse-url", base]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.all_there()

    def test_6_refused(self):
        "nobody else's files are taken"
        with self.assertRaises(Exception):
            DVUploader(files=[File(filepath=str(files / "script.py"))], verbose=False).upload(
                persistent_id=pid, dataverse_url=base, api_token=facts["other_token"])
        self.all_there()


if __name__ == "__main__":
    run_all()
