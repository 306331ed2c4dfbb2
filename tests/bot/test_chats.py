"""Exported chats as people have them: other headers, other encodings, other shapes, and files of any length."""

from __future__ import annotations

import codecs
import json
import tracemalloc
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.imports.chat_times import moment
from bot.imports.chats import LONGEST, ChatMessage, read_chat
from bot.imports.wrong import TableError

CHINA = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 20, 9, 12, 33, tzinfo=CHINA)
STAMP = "2026-11-20 09:12:33"


def read(path: Path, data: bytes | str) -> list[ChatMessage]:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(read_chat(path, CHINA))


@pytest.mark.parametrize(
    "header",
    [
        "时间,发送人,内容,群",
        "发送时间,昵称,消息内容,群名",
        "create_time,sender,content,group",
        "Time,From,Message,Chat",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_csv_under_the_usual_headers_and_encodings(tmp_path: Path, header: str, encoding: str) -> None:
    text = f'{header}\n{STAMP},张三,"大家好，\n第二行",教务群\n\n{STAMP},李四,收到,教务群\n'
    found = read(tmp_path / "chat.csv", text.encode(encoding))
    assert found == [
        ChatMessage(2, "大家好，\n第二行", STAMP, "张三", "教务群", AT),
        ChatMessage(5, "收到", STAMP, "李四", "教务群", AT),
    ]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_and_a_title_above(tmp_path: Path, delimiter: str) -> None:
    lines = ["聊天记录导出", delimiter.join(("发送人", "内容")), delimiter.join(("张三", "你好, 再见"))]
    assert [message.text for message in read(tmp_path / "chat.csv", "\n".join(lines))] == ["你好, 再见"]


def test_a_column_of_nothing_but_words(tmp_path: Path) -> None:
    assert [message.text for message in read(tmp_path / "chat.csv", "你好\n再见\n")] == ["你好", "再见"]


def test_a_table_without_the_words_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="缺少列「内容」，表头是：时间、谁"):
        read(tmp_path / "chat.csv", "时间,谁\n1,2\n")
    with pytest.raises(TableError, match="读不到"):
        list(read_chat(tmp_path / "none.csv", CHINA))
    with pytest.raises(TableError, match=r"旧版 \.xls"):
        read(tmp_path / "chat.xlsx", b"\xd0\xcf\x11\xe0 and so on")
    with pytest.raises(TableError, match="不是能打开的 XLSX"):
        read(tmp_path / "chat.xlsx", b"PK\x03\x04 and so on")
    with pytest.raises(TableError, match="文字编码"):
        read(tmp_path / "chat.txt", b"\x81\xff\xff\xff")


def test_a_workbook_with_a_cover_sheet_and_real_times(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    cover = book.active
    assert cover is not None
    cover.append(["请看第二张表", "谢谢"])
    sheet = book.create_sheet("聊天")
    sheet.append(["群聊", "发送时间", "发言人", "聊天内容"])
    sheet.append(["教务群", datetime(2026, 11, 20, 9, 12, 33), "张三", "=1+1 加微信"])  # noqa: DTZ001 - as Excel has them
    sheet.append([None, None, None, 12345.0])
    sheet["D2"].data_type = "s"
    book.save(tmp_path / "chat.xlsx")
    first, second = read_chat(tmp_path / "chat.xlsx", CHINA)
    assert first == ChatMessage(2, "=1+1 加微信", STAMP, "张三", "教务群", AT)
    assert second.text == "12345"


@pytest.mark.parametrize(
    "value",
    [
        {"text": "你好"},
        {"content": "你好"},
        {"内容": "你好", "时间": STAMP},
        {"type": "user_im_message_receive_group", "message_id": "m", "content": "你好", "sender": "张三"},
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_json_lines_under_the_usual_names(tmp_path: Path, value: dict[str, str], encoding: str) -> None:
    data = json.dumps(value, ensure_ascii=False).encode(encoding)
    (found,) = read(tmp_path / "chat.jsonl", data + b"\n\n")
    assert (found.line, found.text) == (1, "你好")


@pytest.mark.parametrize(
    "head",
    [
        f"张三 {STAMP}",
        f"张三(经理)  {STAMP}：",
        f"{STAMP} 张三",
        f"[{STAMP}] 张三:",
        "张三 2026年11月20日 09:12",
        "张三　2026/11/20 9:12:33",
        "张三 11-20 09:12",
        "张三 11月20日 上午9:12",
    ],
)
def test_text_with_a_line_for_name_and_time(tmp_path: Path, head: str) -> None:
    text = f"以上是打招呼\n{head}\n大家好\n\n第二行\n{head.replace('张三', '李四')}\n收到\n"
    first, second, third = read(tmp_path / "chat.txt", text)
    assert (first.line, first.text, first.sender) == (1, "以上是打招呼", "")
    assert (second.line, second.text, second.sender[:2]) == (2, "大家好\n\n第二行", "张三")
    assert (third.line, third.text, third.sender[:2]) == (6, "收到", "李四")


def test_text_with_all_in_one_line(tmp_path: Path) -> None:
    text = f"[{STAMP}] 张三: 大家好\n还有一行\n[{STAMP}] 李四：{'长' * 300}\n"
    first, second = read(tmp_path / "chat.txt", text)
    assert (first.text, first.sender, first.at) == ("大家好\n还有一行", "张三", AT)
    assert (second.text, second.sender) == ("长" * 300, "李四")


def test_text_with_a_message_a_line_in_old_encodings(tmp_path: Path) -> None:
    found = read(tmp_path / "chat.txt", codecs.BOM_UTF8 + "你好\r\n\r\n明天 09:12 开会\r\n".encode())
    assert [(message.line, message.text) for message in found] == [(1, "你好"), (3, "明天 09:12 开会")]
    assert [message.text for message in read(tmp_path / "chat.txt", "你好\n再见".encode("gb18030"))] == ["你好", "再见"]


@pytest.mark.parametrize(
    "sentence",
    ["会议改到 2026-11-20 09:12:33，请大家准时参加。", "考试时间：2026-11-20 09:12", "注意！ 2026-11-20 09:12"],
)
def test_a_sentence_that_ends_with_a_time_is_no_name(tmp_path: Path, sentence: str) -> None:
    (found,) = read(tmp_path / "chat.txt", sentence + "\n")
    assert found.text == sentence


def test_a_message_without_an_end_comes_in_pieces(tmp_path: Path) -> None:
    text = f"张三 {STAMP}\n" + "很长的一行\n" * LONGEST
    assert all(len(message.text) <= LONGEST for message in read(tmp_path / "chat.txt", text))
    (tmp_path / "chat.csv").write_text("内容\n" + "长" * (LONGEST + 1), encoding="utf-8")
    assert [len(message.text) for message in read_chat(tmp_path / "chat.csv", CHINA)] == [LONGEST, 1]
    data = "\n".join(json.dumps({"text": text}) for text in ("长" * (LONGEST + 1), "", "短"))
    assert [(one.line, len(one.text)) for one in read(tmp_path / "chat.jsonl", data)] == [
        (1, LONGEST),
        (1, 1),
        (2, 0),
        (3, 1),
    ]


@pytest.mark.parametrize("name", ["chat.txt", "chat.csv", "chat.jsonl"])
def test_a_long_chat_takes_no_more_memory_than_a_short_one(tmp_path: Path, name: str) -> None:
    line = {
        "chat.txt": f"张三 {STAMP}\n大家好，收到请回复\n",
        "chat.csv": f"{STAMP},张三,大家好，收到请回复\n",
        "chat.jsonl": '{"text": "大家好，收到请回复"}\n',
    }[name]
    with (tmp_path / name).open("w", encoding="utf-8") as file:
        file.write("时间,发送人,内容\n" if name == "chat.csv" else "")
        for _ in range(20):
            file.write(line * 2_000)
    tracemalloc.start()
    assert sum(1 for _ in read_chat(tmp_path / name, CHINA)) == 40_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12_000_000


def test_progress_comes_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text("你好\n" * 1000, encoding="utf-8")
    told: list[int] = []
    list(read_chat(path, CHINA, told.append))
    assert sum(told) == path.stat().st_size


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["chat.txt", "chat.csv", "chat.jsonl", "chat.xlsx"]))
def test_whatever_is_in_a_file_it_is_read_or_named(tmp_path: Path, data: bytes, name: str) -> None:
    try:
        read(tmp_path / name, data)
    except TableError as error:
        assert len(str(error).splitlines()) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.text(alphabet="张三 \n:：2026-1109代写[]", max_size=200))
def test_no_word_of_a_text_is_lost(tmp_path: Path, text: str) -> None:
    found = read(tmp_path / "chat.txt", text)
    shown = "".join("".join((message.text, message.sender, message.time)) for message in found)
    assert text.count("代") == shown.count("代")


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        (STAMP, 9),
        ("2026年11月20日 下午3:05", 15),
        ("2026/11/20 03:05 PM", 15),
        ("2026-11-20T01:12:33Z", 9),
        ("2026-11-20T09:12:33+08:00", 9),
        ("2026-11-20", 0),
        (str(int(AT.timestamp())), 9),
        (str(int(AT.timestamp()) * 1000), 9),
    ],
)
def test_times(text: str, hour: int) -> None:
    found = moment(text, CHINA)
    assert found is not None
    assert (found.date().isoformat(), found.hour) == ("2026-11-20", hour)


@pytest.mark.parametrize(
    "text", ["", "昨天", "11-20 09:12", "2026-13-40 09:12", "2026-11-20 29:12", "12345", "9" * 20, "²"]
)
def test_what_is_no_time(text: str) -> None:
    assert moment(text, CHINA) is None


@given(st.text(max_size=60))
def test_whatever_stands_for_a_time_nothing_is_raised(text: str) -> None:
    moment(text, CHINA)
