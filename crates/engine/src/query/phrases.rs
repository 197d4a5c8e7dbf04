//! The words that questions are made of, besides what they are about.

/// What a question may open with. Longer ones come before what they begin with.
pub(super) const OPENERS: &[&str] = &[
    "请问",
    "请介绍一下",
    "请介绍",
    "请简述",
    "请简要",
    "请说明",
    "请列举",
    "请告诉我",
    "请查询",
    "请",
    "告诉我",
    "我想知道",
    "我想了解",
    "想知道",
    "想了解",
    "我要查",
    "帮我查询",
    "帮我查一下",
    "帮我查找",
    "帮我查",
    "帮我找",
    "帮忙",
    "查询一下",
    "查询",
    "查找",
    "介绍一下",
    "介绍",
    "简述",
    "简要",
    "列举",
    "列出",
    "说明",
    "概述",
    "说说",
    "谈谈",
];

/// Question words that are cut out. Longer ones come before what they begin with.
pub(super) const INTERROGATIVES: &[&str] = &[
    "为什么",
    "是什么",
    "有什么",
    "什么样",
    "什么时候",
    "什么",
    "哪些",
    "哪几",
    "有哪",
    "哪个",
    "哪家",
    "哪里",
    "哪儿",
    "哪一天",
    "哪一年",
    "哪一",
    "哪天",
    "哪年",
    "哪位",
    "哪种",
    "哪类",
    "哪项",
    "哪",
    "多少",
    "多大",
    "多长",
    "多高",
    "如何",
    "怎么样",
    "怎么",
    "怎样",
    "是否",
    "有没有",
    "分别",
    "各有",
    "各是",
    "各为",
    "是谁",
    "谁",
    "何时",
    "何地",
    "何种",
    "为何",
    "几个",
    "几项",
    "几种",
    "几类",
    "几点",
    "几家",
    "几款",
    "几条",
    "几次",
    "几大",
    "几方面",
    "吗",
    "呢",
];

/// Those of the question words that ask for nothing themselves.
pub(super) const ASIDE: &[&str] = &["分别", "各有", "各是", "各为", "是否", "有没有", "吗", "呢"];

/// What stands for each quarter of a year.
pub(super) const EACH_QUARTER: &[&str] = &["各个季度", "各季度", "每个季度", "每季度", "四个季度"];
/// What says of a range of years that each is asked for.
pub(super) const EACH_YEAR: &[&str] = &["每一年", "每年", "各年度", "各年", "历年", "分别"];

/// What sets two times against each other.
pub(super) const COMPARING: &[&str] = &["相比", "对比", "相较", "比较", "相对"];
/// How a figure changes.
pub(super) const CHANGES: &[&str] = &[
    "增长了",
    "增加了",
    "提高了",
    "提升了",
    "上升了",
    "下降了",
    "减少了",
    "降低了",
    "变化了",
    "增长",
    "增加",
    "提高",
    "提升",
    "上升",
    "下降",
    "减少",
    "降低",
    "变化",
    "变动",
];

/// What somebody does or brings about.
pub(super) const DEEDS: &[&str] = &[
    "措施", "举措", "行动", "做法", "成果", "成效", "成就", "成绩", "进展", "工作", "努力", "调整",
    "贡献", "突破",
];

/// Measure words that follow a counted question word: 哪三个, 几项.
pub(super) const MEASURES: &str = "个项种类点大家款条次位方件名步座部所";

/// How a preamble begins.
pub(super) const PREAMBLE_BEGINS: &[&str] =
    &["根据", "依据", "按照", "依照", "参照", "据", "从", "在", "查阅", "查询", "结合"];

/// How a preamble ends that does not begin so: 报告指出，.
pub(super) const PREAMBLE_ENDS: &[&str] =
    &["指出", "显示", "提到", "表明", "披露", "表示", "介绍", "认为", "提出", "中", "里"];

/// What a preamble is about.
pub(super) const SOURCES: &[&str] = &[
    "报告",
    "白皮书",
    "年报",
    "季报",
    "半年报",
    "公告",
    "文件",
    "数据",
    "报道",
    "新闻",
    "资料",
    "材料",
    "文章",
    "文档",
    "蓝皮书",
    "摘要",
    "研究",
    "统计",
    "消息",
];

/// Particles: a pair of characters with one of them is not a word.
pub(super) const PARTICLES: &[char] = &[
    '的', '了', '是', '在', '与', '和', '及', '或', '被', '把', '也', '都', '就', '于', '着', '其',
    '该',
];
