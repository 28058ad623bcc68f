"""Opens the project of a role that does not plan, tries to edit what is not
its business, and prints what came of each step as JSON lines."""

import json
import os
import sys

from qgis.core import QgsApplication, QgsCredentials, QgsDataSourceUri, QgsProject, QgsProviderRegistry, QgsVectorLayer

with open(sys.argv[1]) as f:
    TASK = json.load(f)
ME = TASK["me"]


class Login(QgsCredentials):
    def __init__(self):
        super().__init__()
        self.setInstance(self)
        self.asked = 0

    def request(self, realm, username, password, message=""):
        self.asked += 1
        return self.asked < 5, ME["name"], ME["password"]

    def requestMasterPassword(self, password, stored=False):
        return False, ""


app = QgsApplication([], False)
app.initQgis()
login = Login()


def say(step, ok, errors=()):
    print(json.dumps({"step": step, "ok": bool(ok), "errors": [str(e) for e in errors]}), flush=True)


uri = QgsDataSourceUri()
uri.setConnection("127.0.0.1", str(TASK["port"]), TASK["database"], ME["name"], ME["password"])
connection = QgsProviderRegistry.instance().providerMetadata("postgres").createConnection(uri.uri(False), {})
names = [row[0] for row in connection.executeSql("select name from qgis_projects")]
say("sees its project", names == ["simtaru_" + TASK["role"]], names)
project = QgsProject.instance()
say("open", project.read(f"postgresql://{ME['name']}:{ME['password']}@127.0.0.1:{TASK['port']}?dbname={TASK['database']}"
                         f"&schema=public&project=simtaru_{TASK['role']}"), [project.error()])
say("the layers", set(project.mapLayers()) == {"simtaru_" + name for name in TASK["reads"]}, project.mapLayers())
editable = {layer.id() for layer in project.mapLayers().values() if not layer.readOnly() and layer.supportsEditing()}
say("the layers to edit", editable == {"simtaru_" + name for name in TASK["edits"]}, editable)

# Adding the table oneself opens no other door.
zones = project.mapLayer("simtaru_" + TASK["zones"])
uri = QgsDataSourceUri(zones.source())
uri.setUsername(ME["name"])
uri.setPassword(ME["password"])
own = QgsVectorLayer(uri.uri(False), "own", "postgres")
say("cannot edit zones", own.isValid() and not own.supportsEditing() and not own.startEditing())
try:
    connection.executeSql(f"update \"plan\".\"{TASK['zones']}\" set \"{TASK['note']}\" = 'x'")
    say("refused by the database", False)
except Exception as e:
    say("refused by the database", "permission denied" in str(e), [e])
try:
    connection.executeSql("update layer_styles set useasdefault = false")
    rows = connection.executeSql("select count(*) from layer_styles where not useasdefault")
    say("styles stay", rows == [[0]], rows)
except Exception as e:
    say("styles stay", "permission denied" in str(e), [e])
sys.stdout.flush()
os._exit(0)
