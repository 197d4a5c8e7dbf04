#!/usr/bin/env python3
"""How well questions with a typo are answered: labelled questions, spoiled one at a time.

    typos.py --yuanwen BIN --kb DIR --gold GOLD.jsonl [--most N] [--kinds sound,shape,…] [--seed N]

Each labelled question is spoiled in one place, the same for the same seed, and asked again with
`yuanwen eval`; printed are the contest's score and recall@1 for each kind:

* none     as it is
* sound    a character becomes a common one that sounds the same without its tone
* shape    a character becomes one that looks like it
* spaces   spaces come beside some Chinese characters
* wide     letters, digits and punctuation become full-width

Characters of question words, digits and punctuation are left alone. Needs the Python package
`pypinyin` for sound. Characters are common if they stand in the questions of the set itself.
"""

import argparse
import collections
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

ASKING = re.compile(r"什么|哪|多少|如何|怎|是否|有没有|分别|谁|何|几|吗|呢|为|是|的|了|请|问|在|和|与|及|中")
SHAPES = ["未末", "己已", "贷货", "晴睛情清请", "人入", "大太", "日目白", "土士", "干千", "今令", "兵乒", "历厉",
          "往住", "待侍持", "侯候", "很恨根", "拆折", "坏环还", "杯林材", "技枝", "投没设", "报服", "快块", "治冶",
          "沟构购", "汽气", "浅线钱", "渴喝", "源原", "准淮", "部陪", "那哪", "队对", "院完", "险验检", "车东",
          "连莲", "运远", "近进", "通诵", "速束", "造告", "学字", "官宫", "副福富", "岛鸟", "市布", "师帅", "平半",
          "库车", "底低", "建健", "第弟", "形型", "径经", "微徽", "思恩", "站战", "担但", "拉位", "换唤", "教救",
          "数敦", "方万", "施拖", "明朋", "板版极", "查杳", "标示", "植值", "概慨", "模漠膜", "民氏", "波披",
          "测侧", "海悔", "涨胀", "淡谈", "深探", "港巷", "练炼", "照昭", "玩完", "理埋", "略络", "直真", "相想",
          "码玛", "确角", "程呈", "管官", "算弄", "精清", "级极", "纪记", "纲钢刚", "维唯", "编偏篇", "缩宿",
          "职织", "能熊", "荣营", "药约", "规现", "订打", "计汁", "讨付", "议仪", "证正", "评坪", "试式", "误娱",
          "课棵", "账帐", "赛塞", "路络", "转传", "轮论", "轻经", "较校", "输愉", "述迷", "适活", "量童", "消销",
          "键健", "问间", "阻租", "阵陈", "随隋", "震振", "项顶", "预顾", "领岭", "题提", "额颖", "馆管"]


def sounds(questions):
    """Common characters by syllable."""
    from pypinyin import Style, lazy_pinyin
    common = collections.Counter(ch for question in questions for ch in question)
    table = collections.defaultdict(list)
    for ch, _ in common.most_common():
        if "\u4e00" <= ch <= "\u9fff":
            table[lazy_pinyin(ch, style=Style.NORMAL)[0]].append(ch)
    alike = {}
    for members in table.values():
        for ch in members:
            alike[ch] = [other for other in members if other != ch]
    return alike


def shapes():
    alike = collections.defaultdict(list)
    for group in SHAPES:
        for ch in group:
            alike[ch] += [other for other in group if other != ch]
    return alike


def swapped(question, alike, chance):
    asking = {at for found in ASKING.finditer(question) for at in range(*found.span())}
    places = [at for at, ch in enumerate(question) if at not in asking and alike.get(ch)]
    if not places:
        return None
    at = chance.choice(places)
    return question[:at] + chance.choice(alike[question[at]]) + question[at + 1:]


def spaced(question, chance):
    def fits(at):
        return any("\u4e00" <= ch <= "\u9fff" for ch in question[at:at + 2])
    return "".join(ch + " " if fits(at) and chance.random() < 0.3 else ch for at, ch in enumerate(question))


def wide(question, _):
    return "".join(chr(ord(ch) + 0xFEE0) if "!" <= ch <= "~" else ch for ch in question)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--yuanwen", required=True)
    parser.add_argument("--kb", required=True)
    parser.add_argument("--gold", required=True)
    parser.add_argument("--most", type=int, default=300)
    parser.add_argument("--kinds", default="none,sound,shape,spaces,wide")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rows = [json.loads(line) for line in open(args.gold, encoding="utf-8") if line.strip()]
    rows = [row for row in rows if row.get("blocks")]
    random.Random(args.seed).shuffle(rows)
    rows = rows[:args.most]
    questions = [row["question"] for row in rows]
    for kind in args.kinds.split(","):
        chance = random.Random(args.seed)
        if kind == "sound":
            alike = sounds(questions)
            spoil = lambda question: swapped(question, alike, chance)
        elif kind == "shape":
            alike = shapes()
            spoil = lambda question: swapped(question, alike, chance)
        elif kind == "none":
            spoil = lambda question: question
        else:
            make = {"spaces": spaced, "wide": wide}[kind]
            spoil = lambda question: make(question, chance)
        spoiled = [(row, spoil(row["question"])) for row in rows]
        spoiled = [dict(row, question=question) for row, question in spoiled if question]
        with tempfile.TemporaryDirectory() as folder:
            gold = pathlib.Path(folder) / "gold.jsonl"
            gold.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in spoiled))
            command = [args.yuanwen, "eval", "--kb", args.kb, "--gold", gold, "--json"]
            done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        report = json.loads(done.stdout)
        print(f"{kind:<7} {len(spoiled):>5} questions  bdci {report['bdci']:.1f}  "
              f"recall@1 {report['recall@1']:.1f}  recall@5 {report['recall@5']:.1f}", flush=True)


if __name__ == "__main__":
    main()
