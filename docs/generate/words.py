"""What the program says in Chinese only, in English; and the headings of the settings' sections in both."""

from __future__ import annotations

from handlers.access import Role

SECTIONS = {
    "dingtalk": ("钉钉应用", "the application at DingTalk"),
    "storage": ("数据存放", "where data lies"),
    "roles": ("管理员（五.1）", "who may do everything (article 五.1)"),
    "policy": ("规章问答", "answers about regulations"),
    "semantic": ("句向量模型（可选）", "the sentence model (optional)"),
    "language_model": ("语言模型（可选）", "the language model (optional)"),
    "moderation": ("内容提醒", "content flags"),
    "cleanup": ("群成员清理（五.8）", "the membership clean-up (article 五.8)"),
    "notices": ("通知（暂无设置项）", "notices (no keys yet)"),
    "study": ("学习（五.4）", "study (article 五.4)"),
    "scheduler": ("时间", "time"),
    "quota": ("用量", "how much and how fast"),
    "privacy": ("保留期限", "how long things are kept"),
    "log": ("日志", "the log"),
    "http": ("健康检查与指标", "health and metrics, on this machine"),
}
"""In the order of config.example.toml."""

NOT_YET: tuple[str, ...] = ()
"""Keys that are read and checked, and that nothing obeys so far."""

RANKS = {
    Role.OUTSIDER: "outsider",
    Role.STAFF: "staff",
    Role.OWNER: "group owner",
    Role.SUB_ADMIN: "sub-admin",
    Role.MAIN_ADMIN: "main admin",
}
"""What the roles are called."""

COMMANDS = {
    "help": "what the bot can do here, and the commands that you may use",
    "whoami": "who you are to the bot: name, department, role",
    "here": "how this group is registered, and what the bot can hear in it",
    "status": "whether the bot is well; details for admins",
    "policy list": "the regulations in force",
    "policy show": "the text of an article",
    "policy test": "what the bot would answer, and how sure it is",
    "policy pass": "pass a question that got no answer on to whoever answers for the document",
    "policy useful": "say that an answer was of use",
    "policy useless": "say that an answer was of no use, and why",
    "policy queue": "the questions that wait for you, for owners of documents",
    "policy answer": "answer a question: whoever asked gets it; once more corrects it",
    "policy close": "give no answer; whoever asked is told",
    "policy withdraw": "take an answer back; whoever got it is told",
    "policy qa list": "the answers that people wrote, for owners of documents",
    "policy qa show": "one of them, with the articles that it rests on",
    "policy qa add": "add one: whoever asks so gets it first",
    "policy qa change": "change the answer, its phrasings or its articles",
    "policy qa stop": "give an answer no more",
    "policy qa review": "say that an answer still holds, after a look at its articles",
    "rule list": "the content rules and how often each fired",
    "rule test": "which rules a text would fire, without recording anything",
    "group register": "say what this group is for and whose it is",
    "group list": "your groups; all groups for admins",
    "group show": "one group: registration and where its member list is from",
    "cleanup start": "check the members now",
    "cleanup status": "who still owes answers",
    "cleanup list": "your own list, sent in private",
    "cleanup next": "go through your list one by one",
    "cleanup removed": "answer: removed",
    "cleanup keep": "answer: keep, with reason and until when",
    "cleanup unknown": "answer: don't know",
    "cleanup undo": "take an answer back",
    "schedule list": "the scheduled clean-ups and their next three times",
    "study done": "record that you have read an article",
    "study mine": "what you still have to study, and your own results, sent in private",
    "study question": "the next question of your quiz, sent in private",
    "study answer": "answer a question, and hear at once whether it is right",
    "study progress": "how many have finished: heads see their department, admins all, others their own",
    "study owing": "who has not finished, for heads and admins, sent in private",
    "study plans": "the study plans, their next three times, and where each department stands",
    "study pause": "send nothing for now",
    "study resume": "go on after the last article",
    "study send": "send the next article now",
    "study close": "end a post or a quiz; nobody is reminded any more",
    "study write": "write a question on an article, or let the bot draft one",
    "study adopt": "take a draft up",
    "study questions": "the questions that can be asked",
    "study retire": "do not ask a question any more",
    "study quiz": "send up to five questions to the people of departments in private",
    "quota": "how much of the month's calls is used, whether the rest lasts, and what waits",
    "doctor": "why nothing is heard, sent, answered or on time",
    "doctor details": "everything that the self-check looked at: what it found, what to do",
    "doctor parked": "messages that could not be handled or sent, and were put aside",
    "doctor retry": "handle or send them again; asks first where one may come twice",
    "doctor drop": "give them up",
    "confirm": "carry out the command that waits for your word",
    "cancel": "drop the command that waits for your word",
}
"""By the English alias."""
