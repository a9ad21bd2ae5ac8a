"""What a served database and its processes measure, for Prometheus."""

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""The variable of Prometheus' client library that names a folder for counts of several processes. It is read at the
import.
"""
