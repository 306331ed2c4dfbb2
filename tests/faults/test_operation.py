"""`steward run` under those who operate it: signals, settings read anew, figures, and copies of the database."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import signal
import sys
from pathlib import Path

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.bot.test_health import unused_port
from tests.faults.stage import PRIVATE, SECONDS, Stage, stage, write_config
from tests.faults.test_process import RUN, until_said
from tests.signals import hearing_signals

RULES = 'rules = ["rules.toml"]'
READ_ANEW = "已重新读取设置和规则"
STAYS = "仍按原来的运行"


def rule(word: str) -> str:
    return f'[[rule]]\nid = "house"\ncategory = "abuse"\narticle = "五.2"\nstate = "remind"\nwords = ["{word}"]\n'


async def until(it: Stage, sql: str, *expected: tuple[object, ...]) -> None:
    """Wait until the database answers so."""
    async with asyncio.timeout(SECONDS):
        while it.rows(sql) != list(expected):
            await asyncio.sleep(0.02)


async def start(it: Stage, more: str = "") -> None:
    """The real bot, with these settings besides."""
    write_config(it.folder, it.sandbox.url, more=more)
    await it.launch((*RUN, str(it.config)))
    await until_said(it, "已连上钉钉")


async def hang_up(it: Stage, says: str, times: int = 1) -> None:
    """SIGHUP, and wait until the log has said this so often."""
    assert it.process is not None
    it.process.send_signal(signal.SIGHUP)
    async with asyncio.timeout(SECONDS):
        while it.log().count(says) < times:
            await asyncio.sleep(0.02)


async def command(it: Stage, *arguments: str) -> tuple[int, str]:
    """Another `steward` beside the bot: status and output."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", *arguments, "-c", str(it.config)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    async with asyncio.timeout(SECONDS):
        output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def test_new_rules_hold_from_the_next_message_on(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        (tmp_path / "rules.toml").write_text(rule("甲词"), encoding="utf-8")
        await start(it, f"[moderation]\n{RULES}")
        for text in ("这里有甲词", "这里有乙词"):
            await it.sandbox.say("0001", PRIVATE, text)
        await it.until_settled()
        assert it.rows("select excerpt from flags") == [("这里有甲词",)]
        (tmp_path / "rules.toml").write_text(rule("乙词"), encoding="utf-8")
        await hang_up(it, READ_ANEW)
        for text in ("又一个甲词", "又一个乙词"):
            await it.sandbox.say("0001", PRIVATE, text)
        await it.until_settled()
        assert it.rows("select excerpt from flags order by id") == [("这里有甲词",), ("又一个乙词",)]
        assert it.rows("select actor, action from audit where action = 'reload'") == [("cli", "reload")]
        assert await it.stop() == 0


async def test_settings_that_need_a_start_are_named_and_the_others_hold(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        await start(it)
        more = """
[storage]
path = "other.db"
[[cleanup.schedules]]
name = "class-termly"
when = "每年3月、9月第一个工作日 9:00"
kinds = ["class"]
"""
        write_config(tmp_path, it.sandbox.url, more=more)
        await hang_up(it, READ_ANEW)
        await until(it, "select name from schedules where name like '%ly'", ("class-termly",))
        await until_said(it, "needs a restart: [storage] path")
        assert "[cleanup] schedules" in it.log()
        assert not (tmp_path / "other.db").exists()
        assert await it.stop() == 0


async def test_who_is_an_admin_and_how_much_is_logged_change_at_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        await start(it)
        await it.sandbox.say("0001", PRIVATE, "/规则 列表")
        await it.until_settled()
        write_config(tmp_path, it.sandbox.url, more='[roles]\nmain_admins = ["0001"]\n')
        text = it.config.read_text(encoding="utf-8").replace('level = "info"', 'level = "debug"')
        it.config.write_text(text, encoding="utf-8")
        assert " DEBUG " not in it.log()
        await hang_up(it, READ_ANEW)
        await it.sandbox.say("0001", PRIVATE, "/规则 列表")
        await it.until_settled()
        before, after = it.robot_said()
        assert "管理员" in before
        assert "条内容规则" in after
        assert " DEBUG " in it.log()
        assert await it.stop() == 0


async def test_with_a_mistake_nothing_changes_and_every_mistake_is_told(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        (tmp_path / "rules.toml").write_text(rule("甲词"), encoding="utf-8")
        good = f"[moderation]\n{RULES}"
        await start(it, good)
        write_config(tmp_path, it.sandbox.url, more=f"{good}\n[quota]\ncalls_per_second = 0\nno_such_key = 1")
        await hang_up(it, STAYS)
        assert "calls_per_second" in it.log()
        assert "no_such_key" in it.log()
        write_config(tmp_path, it.sandbox.url, more=good)
        (tmp_path / "rules.toml").write_text(rule("乙词").replace("remind", "hit hard"), encoding="utf-8")
        await hang_up(it, STAYS, 2)
        assert "hit hard" in it.log()
        it.config.write_text("[[", encoding="utf-8")
        await hang_up(it, STAYS, 3)
        it.config.write_text("", encoding="utf-8")  # half written, say
        await hang_up(it, STAYS, 4)
        assert "client_id 没有填" in it.log()
        it.config.unlink()
        await hang_up(it, STAYS, 5)
        await it.sandbox.say("0001", PRIVATE, "这里有甲词")
        await it.until_settled()
        assert it.rows("select excerpt from flags") == [("这里有甲词",)]
        assert READ_ANEW not in it.log()
        assert "Traceback" not in it.log()
        assert await it.stop() == 0


async def test_a_file_that_was_there_at_the_start_has_to_be_there(tmp_path: Path) -> None:
    """Nobody named it, and all would be defaults without it: no admins, no rules of one's own."""
    async with stage(tmp_path) as it:
        with (tmp_path / "bot.log").open("ab") as log, hearing_signals():
            it.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=tmp_path,
            )
        await until_said(it, "已连上钉钉")
        it.config.unlink()
        await hang_up(it, STAYS)
        assert "没有这个文件" in it.log()
        assert await it.stop() == 0


async def test_messages_that_come_while_settings_are_read_are_all_answered_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        await start(it)
        people = [f"{n:04}" for n in range(1, 21)]
        for turn in range(5):
            for person in people:
                await it.sandbox.say(person, f"private:{person}", f"你好 {turn}")
            assert it.process is not None
            it.process.send_signal(signal.SIGHUP)
        await it.until_settled()
        assert it.rows("select state, count(*) from inbox where kind = 'message'") == [("done", 100)]
        assert it.rows("select count(distinct inbox_id), count(*), state from outbox where kind = 'reply'") == [
            (100, 100, "sent")
        ]
        await until_said(it, READ_ANEW)
        assert await it.stop() == 0
        assert it.sandbox.violations == []


async def test_the_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    """An answer hangs: the first one waits for it, the second does not."""
    async with stage(tmp_path) as it:
        await start(it)
        it.sandbox.faults.hang("/robot/sendBySession", times=None)
        await it.sandbox.say("0001", PRIVATE, "你好")
        await until(it, "select state from outbox", ("sending",))
        assert it.process is not None
        it.process.terminate()
        await it.sandbox.until(lambda: not it.sandbox.connections, timeout=SECONDS)
        it.process.terminate()
        assert await it.until_dead() == -signal.SIGTERM


async def test_in_a_terminal_a_hang_up_means_that_it_was_closed(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        ours, theirs = pty.openpty()
        try:
            with (tmp_path / "bot.log").open("ab") as log, hearing_signals():
                it.process = await asyncio.create_subprocess_exec(
                    sys.executable, *RUN, str(it.config), stdin=theirs, stderr=log
                )
            await until_said(it, "已连上钉钉")
            it.process.send_signal(signal.SIGHUP)
            assert await it.until_dead() == 0
        finally:
            os.close(ours)
            os.close(theirs)
        assert READ_ANEW not in it.log()


async def test_under_nohup_a_hang_up_means_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        with (tmp_path / "bot.log").open("ab") as log:
            it.process = await asyncio.create_subprocess_exec(
                "nohup", sys.executable, *RUN, str(it.config), stdin=asyncio.subprocess.PIPE, stdout=log, stderr=log
            )
        await until_said(it, "已连上钉钉")
        it.process.send_signal(signal.SIGHUP)
        await it.sandbox.say("0001", PRIVATE, "你好")
        await it.until_settled()
        assert len(it.robot_said()) == 1
        assert await it.stop() == 0
        assert READ_ANEW not in it.log()


async def test_ended_under_load_and_started_again_each_message_is_answered_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        it.sandbox.faults.delay("/robot/sendBySession", 0.05, times=None)
        people = [f"{n:04}" for n in range(1, 31)]
        for round_ in range(2):
            await it.start()
            for turn in range(4):
                for person in people:
                    await it.sandbox.say(person, f"private:{person}", f"{round_}-{turn}-{person}")
            assert await it.stop() == 0
        await it.start()
        await it.until_settled()
        said = "\n".join(it.robot_said())
        for round_ in range(2):
            for turn in range(4):
                for person in people:
                    assert said.count(f"答：{round_}-{turn}-{person}") == 1
        assert (
            it.rows("select 1 from inbox where state = 'parked' union all select 1 from outbox where state = 'parked'")
            == []
        )
        assert await it.stop() == 0
        assert it.sandbox.violations == []


async def test_the_figures_of_a_real_day(tmp_path: Path) -> None:
    async with stage(tmp_path) as it, aiohttp.ClientSession() as http:
        port = unused_port()
        await start(it, f"[http]\nport = {port}\n")
        for n in range(5):
            await it.sandbox.say("0001", PRIVATE, f"你好 {n}")
        await it.until_settled()
        async with http.get(f"http://127.0.0.1:{port}/metrics") as answer:
            page = await answer.text()
        samples = {
            (sample.name, *sorted(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(page)
            for sample in family.samples
        }
        assert samples["steward_connections",] == 1
        assert samples["steward_connections_opened_total",] == 1
        assert samples["steward_received_total", "message"] == 5
        assert samples["steward_acknowledgements_total", "200"] >= 5
        assert samples["steward_handler_seconds_count", "message"] == 5
        assert samples["steward_calls_total", "ok", "sessionWebhook"] >= 1
        assert samples["steward_send_delay_seconds_count", "reply"] == 5
        assert (
            samples["steward_month_calls", "sessionWebhook"] == samples["steward_calls_total", "ok", "sessionWebhook"]
        )
        assert samples["steward_schedule_next_fire", "cleanup-reminders"] > samples["process_start_time_seconds",]
        assert samples["process_resident_memory_bytes",] > 1e6
        words = {word for _, *labels in samples for word in labels}
        for person in ("0001", "老师1", "u1iEiE", PRIVATE, it.sandbox.client_id):
            assert not [word for word in words if person in word]
        async with http.get(f"http://127.0.0.1:{port}/healthz") as answer:
            assert await answer.json() == {"status": "ok", "dead": []}
        assert await it.stop() == 0


async def test_a_copy_is_made_while_messages_flow_and_becomes_the_database_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        await it.start()
        is_over = asyncio.Event()

        async def talk() -> int:
            number = 0
            while not is_over.is_set():
                number += 1
                await it.sandbox.say("0001", PRIVATE, f"原话{number:05}.")
                await asyncio.sleep(0.02)
            return number

        talking = asyncio.create_task(talk())
        await until_said(it, "sent")
        copies = [await command(it, "backup", str(tmp_path / name)) for name in ("1.db", "2.db")]
        is_over.set()
        number = await talking
        assert [status for status, _ in copies] == [0, 0], copies
        await it.until_settled()
        status, output = await command(it, "restore", str(tmp_path / "1.db"), "--yes")
        assert (status, "请先结束它" in output) == (2, True)
        assert await it.stop() == 0
        status, output = await command(it, "restore", str(tmp_path / "1.db"), "--yes")
        assert status == 0, output
        assert it.rows("select count(*), count(distinct key) from inbox where kind = 'message'") == [(number, number)]
        await it.start()
        await it.sandbox.say("0001", PRIVATE, "danach")
        await it.until_settled()
        said = "\n".join(it.robot_said())
        for n in range(1, number + 1):
            assert said.count(f"答：原话{n:05}.") == 1
        assert said.count("答：danach") == 1
        assert await it.stop() == 0


async def test_purging_beside_the_bot_disturbs_nobody(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        await it.start()
        await it.sandbox.say("0001", PRIVATE, "vorher")
        await it.until_settled()
        status, output = await command(it, "purge")
        assert (status, "机器人在运行" in output) == (0, True), output
        await it.sandbox.say("0001", PRIVATE, "nachher")
        await it.until_settled()
        assert it.robot_said() == ["答：vorher", "答：nachher"]
        assert await it.stop() == 0


async def test_the_json_log_is_json_to_its_last_line(tmp_path: Path) -> None:
    async with stage(tmp_path) as it:
        write_config(tmp_path, it.sandbox.url)
        text = it.config.read_text(encoding="utf-8").replace('level = "info"', 'level = "debug"\nformat = "json"')
        it.config.write_text(text, encoding="utf-8")
        await it.launch((*RUN, str(it.config)))
        await until_said(it, "已连上钉钉")
        await it.sandbox.say("0001", PRIVATE, "我的电话是 13812345678")
        await it.until_settled()
        await hang_up(it, READ_ANEW)
        assert await it.stop() == 0
        entries = [json.loads(line) for line in it.log().splitlines()]
        assert {"at", "level", "logger", "correlation", "message"} <= set.intersection(*map(set, entries))
        about = [entry["correlation"] for entry in entries if entry["correlation"].startswith("in-")]
        assert any("/out-" in one for one in about)
        for secret in (*it.sandbox.secrets, "13812345678", "我的电话"):
            assert secret not in it.log()


async def test_where_nothing_more_can_be_written_a_line_says_so_and_nothing_is_changed_or_left(tmp_path: Path) -> None:
    """A limit for the size of files stands in for a full disk: the copies do not fit."""
    async with stage(tmp_path) as it:
        await it.start()
        for n in range(3):
            await it.sandbox.say("0001", PRIVATE, f"{n}" * 100_000)
        await it.until_settled()
        assert await it.stop() == 0
        assert (await command(it, "backup", str(tmp_path / "good.db")))[0] == 0
        before = (tmp_path / "steward.db").read_bytes(), sorted(path.name for path in tmp_path.iterdir())
        for arguments in (("backup", str(tmp_path / "copy.db")), ("restore", str(tmp_path / "good.db"), "--yes")):
            process = await asyncio.create_subprocess_exec(
                *("bash", "-c", 'ulimit -f 128; exec "$@"', "-"),
                *(sys.executable, "-m", "bot", *arguments, "-c", str(it.config)),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env={**os.environ, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            )
            output, _ = await process.communicate()
            assert process.returncode == 2, output.decode()
            assert len(output.decode().splitlines()) == 1
            assert "空间" in output.decode()
        assert ((tmp_path / "steward.db").read_bytes(), sorted(path.name for path in tmp_path.iterdir())) == before
