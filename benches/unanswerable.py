#!/usr/bin/env python3
"""Questions that a folder of documents does not answer, made from labelled ones that it does.

    unanswerable.py --docs TEXTS --gold GOLD.jsonl [--field telecom|general] [--most N] > OUT.jsonl

Each labelled question is changed in one place, so that its other words still match:

* year    a year becomes the nearest one that stands in no labelled block and hardly anywhere else
* name    what only one or two documents name becomes an invented name of the same length
* swap    … becomes a name of the same length that another question's document names
* other   the company becomes an invented one
* figure  what is measured (收入, 人口, …) becomes something that is never measured there
* part    what is measured is asked of a part that is never spoken of (海外市场的收入)
* place   the place becomes one that stands in no text

A replacement counts only if it stands in none of the texts. Questions of the field, written by
hand about invented things, are added. TEXTS is a folder of .txt or .md files (for other formats:
`yuanwen parse FILE --text`). The output holds phrases of the corpus: do not publish it. It is the
same for the same input.
"""

import argparse
import hashlib
import json
import pathlib
import re
import sys

NAMES = {2: ["祁岚", "郁棠", "漪澜", "鄢舟"], 3: ["祁岚溪", "澹台岫", "郁棠舟", "鄢若榆"],
         4: ["澄岚溪谷", "榆关漪舟", "澹岫云港", "棠溪鹭洲"]}
COMPANIES = ["远山通信", "澄江电讯", "松涛网络", "雪岭移动"]
MEASURED = {
    "收入": "碳排放量", "利润": "植树面积", "用户": "信鸽", "人口": "风筝产量", "面积": "茶叶产量",
    "投资": "捐书册数", "增长": "缩短里程", "长度": "降雪天数", "高度": "藏书量", "票房": "退票数",
    "站点": "雕塑", "学生": "骆驼", "距离": "水温", "速度": "香气", "比例": "酸碱度",
}
PLACES = ["北京", "上海", "香港", "台灣", "台湾", "美國", "美国", "日本", "英國", "英国", "法國", "法国",
          "德國", "德国", "中國", "中国", "印度", "蒙古", "廣州", "广州", "湖南", "广东", "云南", "歐洲", "欧洲"]
PARTS = ["海外市场", "农机租赁", "冷链仓储", "天文观测", "海水淡化", "造纸", "宠物医疗", "极地科考"]
NOWHERE = ["松涛岛", "雪岭州", "澄岚国", "榆关城"]
WRITTEN = {
    "telecom": [
        "远山通信2022年的营业收入是多少？", "松涛岛海底光缆项目的总投资是多少？",
        "雪岭数据中心的机架数量是多少？", "澄江电讯的董事长是谁？", "2031年公司的净利润是多少？",
        "星桥卫星星座有多少颗在轨卫星？", "远山通信员工食堂的菜单有哪些？",
        "公司在南极建设了多少个基站？", "云帆潜水艇通信方案的特点有哪些？",
        "公司总部大楼有多少层？", "公司首席执行官的爱好是什么？", "火星基站的供电方式是什么？",
        "公司足球队2022年获得了什么名次？", "雪岭移动的客服电话是多少？",
        "公司收购远山银行的价格是多少？", "量子鹊桥计划的负责人是谁？",
        "公司发行的数字藏品有几种？", "松涛网络何时在纳斯达克上市？",
        "公司养殖业务的毛利率是多少？", "公司为什么关闭了月球研究院？",
    ],
    "general": [
        "祁岚溪是哪一年出生的？", "松涛岛的面积是多少平方公里？", "雪岭州的首府是哪里？",
        "《澄岚夜话》的作者是谁？", "榆关城地铁一号线全长多少公里？", "澹台岫获得过哪些奖项？",
        "棠溪大学的校训是什么？", "鄢若榆为什么离开乐队？", "澄岚国的官方语言是什么？",
        "郁棠舟在哪里去世？", "雪岭州有多少人口？", "松涛岛的特有鸟类有哪些？",
        "榆关城什么时候建城？", "《漪舟记》改编自哪部小说？", "棠溪机场的跑道有多长？",
        "鹭洲湾大桥由谁设计？", "雪岭州的主要产业是什么？", "澄岚国如何选举总统？",
        "祁岚症候群的病因是什么？", "漪澜级巡洋舰共建造了几艘？",
    ],
}

# What must be left of a question beside the name that is swapped, in characters: 甲是什么 asked of
# another name is another question that may be answered.
REST = 11


class Texts:
    def __init__(self, folder):
        files = sorted(p for p in pathlib.Path(folder).rglob("*") if p.suffix in {".txt", ".md"})
        if not files:
            sys.exit(f"{folder}: there are no .txt or .md files in it")
        self.stems = [p.stem for p in files]
        self.names = []
        self.all = [re.sub(r"\s", "", p.read_text(encoding="utf-8", errors="replace")) for p in files]

    def holding(self, stem):
        return self.all[self.stems.index(stem)] if stem in self.stems else ""

    def count(self, phrase):
        return sum(phrase in text for text in self.all)


def pick(options, key):
    return options[int(hashlib.md5(key.encode()).hexdigest(), 16) % len(options)]


def year(question, gold, texts):
    found = re.search(r"(?<!\d)(1[5-9]|20)\d\d(?=年)", question)
    if not found:
        return None
    old, label = int(found.group()), "".join(b["text"] for b in gold["blocks"])
    steps = [sign * step for step in range(2, 60) for sign in (-1, 1)]
    near = (str(old + step) for step in steps)
    few = max(1, len(texts.all) // 200)
    new = next((y for y in near if y not in label and y not in question and texts.count(y) <= few), None)
    return new and question.replace(found.group(), new)


def own_name(question, gold, texts):
    """What only one or two documents name, at the head of a phrase of the question."""
    label = "".join(b["text"] for b in gold["blocks"])
    for size in (4, 3, 2):
        for at in range(len(question) - size + 1):
            own = question[at:at + size]
            if not re.fullmatch(r"[\u4e00-\u9fff]+", own) or re.search("[的是了在和什么哪誰谁多少幾几何為为於于]", own):
                continue
            opens = at == 0 or question[at - 1] in "，,《“「·在由和"
            if opens and own in label and 1 <= texts.count(own) <= 2:
                return own
    return None


def name(question, gold, texts):
    own = own_name(question, gold, texts)
    new = own and pick(NAMES[len(own)], question)
    return question.replace(own, new) if new and not texts.count(new) else None


def swap(question, gold, texts):
    own = own_name(question, gold, texts)
    holding = texts.holding(gold["blocks"][0]["doc"])
    fits = [other for other in texts.names
            if own and len(question) > len(own) + REST and len(other) == len(own)
            and other not in holding and other not in question]
    return question.replace(own, pick(fits, question)) if fits else None


def other(question, gold, texts):
    new = pick(COMPANIES, question)
    if "联通" not in question or texts.count(new):
        return None
    return question.replace("中国联通", new).replace("联通", new)


def figure(question, gold, texts):
    if not re.search("多少|几|幾|多大|多高|情况", question):
        return None
    old = next((word for word in MEASURED if word in question), None)
    if old is None or texts.count(MEASURED[old]):
        return None
    return question.replace(old, MEASURED[old])


def part(question, gold, texts):
    if not re.search("多少|几|幾|多大|多高|情况|如何", question):
        return None
    whole = next((word for word in MEASURED if word in question), None)
    options = [name for name in PARTS if not texts.count(name)]
    if whole is None or not options:
        return None
    found = re.search(f"(的)?((营业|經營|经营|净|利润|总|總|同比|同期|平均|业务)*){whole}", question)
    return f"{question[:found.start()]}的{pick(options, question)}的{question[found.start():].removeprefix('的')}"


def place(question, gold, texts):
    old = next((place for place in PLACES if place in question), None)
    new = pick(NOWHERE, question)
    return question.replace(old, new) if old and not texts.count(new) else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs", required=True)
    parser.add_argument("--gold", required=True)
    parser.add_argument("--field", choices=sorted(WRITTEN), default="general")
    parser.add_argument("--most", type=int, default=60, help="of each way, at most this many")
    args = parser.parse_args()
    texts = Texts(args.docs)
    with open(args.gold, encoding="utf-8") as lines:
        gold = [json.loads(line) for line in lines if line.strip()]
    gold = [one for one in gold if one.get("blocks")]
    gold.sort(key=lambda one: hashlib.md5(one["question"].encode()).hexdigest())
    named = (own_name(one["question"], one, texts) for one in gold[:10 * args.most])
    texts.names = sorted(set(filter(None, named)))
    out = [{"question": question, "way": "written"} for question in WRITTEN[args.field]]
    for way in (year, name, swap, other, figure, part, place):
        made = ({"question": way(one["question"], one, texts), "way": way.__name__,
                 "doc": one["blocks"][0]["doc"]} for one in gold)
        out += [one for one in made if one["question"]][:args.most]
    for at, one in enumerate(out, 1):
        print(json.dumps({"id": at, **one, "blocks": []}, ensure_ascii=False))


if __name__ == "__main__":
    main()
