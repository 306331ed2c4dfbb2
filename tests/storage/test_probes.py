"""What the last self-check found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.database import Database
from storage.probes import Probe, Probes

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)


def test_the_last_check_replaces_the_one_before_whole() -> None:
    with Database(":memory:") as database:
        probes = Probes(database)
        assert probes.all() == []
        network = Probe("network", NOW, "ok", "连得上")
        scene = Probe("scene-groups", NOW, "bad", "缺权限", "去申请")
        probes.replace([scene, network])
        assert probes.all() == [network, scene]
        later = Probe("network", NOW + timedelta(minutes=1), "unknown", "没有检查")
        probes.replace([later])
        assert probes.all() == [later]
