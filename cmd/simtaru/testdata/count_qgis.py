"""Counts the features with a geometry that QGIS reads of each layer."""
import json
import os
import sys

from qgis.core import QgsApplication, QgsVectorLayer

QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
url, *layers = sys.argv[1:]
found = {}
for name in layers:
    layer = QgsVectorLayer(f"url='{url}' typename='{name}' pagingEnabled='true'", name, "OAPIF")
    found[name] = sum(1 for f in layer.getFeatures() if f.hasGeometry()) if layer.isValid() else -1
print("FOUND", json.dumps(found))
sys.stdout.flush()
os._exit(0)  # QGIS 3.22 may crash when Python tears it down
