"""Reads one of the gate's outputs with parsers that are not ours. Usage: validate_report.py KIND [SCHEMA] < FILE

Prints what it read, one fact a line, for the test to compare; ends with a traceback when the format's
own rules are broken. SCHEMA is a published JSON schema or XSD to hold the document against as well."""
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree


def need(condition, what):
    if not condition:
        raise SystemExit("broken: " + what)


def junit(text, schema):
    root = ElementTree.fromstring(text)
    need(root.tag == "testsuites", "root element")
    for suite in root:
        need(suite.tag == "testsuite", "children of testsuites")
        for name in ("package", "id", "name", "timestamp", "hostname", "tests", "failures", "errors", "time"):
            need(name in suite.attrib, "testsuite needs " + name)
        need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp")), "timestamp without zone")
        need([child.tag for child in suite][0] == "properties", "properties come first")
        need([child.tag for child in suite][-2:] == ["system-out", "system-err"], "system-out, system-err come last")
        cases = suite.findall("testcase")
        need(len(cases) == int(suite.get("tests")), "tests counts the cases")
        for kind, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            need(len(suite.findall("testcase/" + kind)) == int(suite.get(count)), count + " counts them")
        for case in cases:
            need(case.get("name") and case.get("classname"), "testcase needs name and classname")
            what = case[0] if len(case) else None
            print(suite.get("name"), case.get("name"), what.tag if what is not None else "pass",
                  what.get("message", "") if what is not None else "", sep=" | ")
    if schema:
        done = subprocess.run(["xmllint", "--noout", "--schema", schema, "-"], input=text, capture_output=True)
        need(done.returncode == 0, done.stderr.decode())


def sarif(text, schema):
    log = json.loads(text)
    need(log["version"] == "2.1.0" and isinstance(log["runs"], list), "version and runs")
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        need(driver["name"], "tool.driver.name")
        ids = [rule["id"] for rule in driver["rules"]]
        need(len(ids) == len(set(ids)), "rule ids are unique")
        for result in run["results"]:
            need(result["message"]["text"], "message.text")
            need(result["level"] in ("none", "note", "warning", "error"), "level")
            need(result["kind"] == "fail" or result["level"] == "none", "level none unless kind is fail")
            need(ids[result["ruleIndex"]] == result["ruleId"], "ruleIndex agrees with ruleId")
            place = result["locations"][0]["physicalLocation"]
            need(place["region"]["startLine"] >= 1 and place["region"]["startColumn"] >= 1, "lines count from 1")
            need(re.fullmatch(r"[A-Za-z0-9._~/%-]+", place["artifactLocation"]["uri"]), "uri")
            logical = result["locations"][0].get("logicalLocations", [{}])[0].get("name", "")
            print(result["ruleId"], result["level"], place["region"]["startLine"], logical, sep=" | ")
    if schema:
        import jsonschema
        with open(schema, encoding="utf-8") as file:
            jsonschema.validate(log, json.load(file))


def gitlab(text, schema):
    need(not text.startswith(b"\xef\xbb\xbf"), "no byte order mark")
    issues = json.loads(text)
    need(isinstance(issues, list), "an array")
    seen = set()
    for issue in issues:
        need(issue["severity"] in ("info", "minor", "major", "critical", "blocker"), "severity")
        need(issue["description"] and issue["check_name"], "description and check_name")
        need(issue["fingerprint"] not in seen, "fingerprints are unique")
        seen.add(issue["fingerprint"])
        need(not issue["location"]["path"].startswith("./"), "relative path without ./")
        print(issue["check_name"], issue["severity"], issue["location"]["lines"]["begin"], sep=" | ")


def github(text, schema):
    for line in text.decode().split("\n")[:-1]:
        match = re.fullmatch(r"::(error|warning|notice) file=([^,:]+),line=(\d+),col=(\d+),title=([^,:]*)::(.+)", line)
        need(match, line)
        message = match.group(6).replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
        print(match.group(1), match.group(3), message.replace("\n", " // "), sep=" | ")


if __name__ == "__main__":
    globals()[sys.argv[1]](sys.stdin.buffer.read(), sys.argv[2] if len(sys.argv) > 2 else None)
