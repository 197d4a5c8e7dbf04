//! The lines around an article: editor, copyright, share, previous and next page. They are kept,
//! but flagged as notices.

use crate::document::{Block, BlockKind, Furniture};
use crate::marker::{Marker, marker};

/// A line of the margin is at most this long, in characters.
const LONGEST: usize = 120;

/// How many blocks at the top may say the title.
const OPENING: usize = 8;

/// What such lines begin with.
const OPENINGS: [&str; 44] = [
    "责任编辑",
    "责编",
    "编辑：",
    "编辑:",
    "审核：",
    "审核:",
    "校对：",
    "校对:",
    "上一篇",
    "下一篇",
    "上一页",
    "下一页",
    "上一条",
    "下一条",
    "分享到",
    "分享至",
    "分享：",
    "扫一扫",
    "扫码",
    "返回顶部",
    "回到顶部",
    "返回首页",
    "返回列表",
    "打印本页",
    "关闭窗口",
    "【打印",
    "【关闭",
    "[打印",
    "[关闭",
    "字号",
    "字体：",
    "字体大小",
    "【字体",
    "[字体",
    "当前位置",
    "您的位置",
    "您当前的位置",
    "您现在的位置",
    "所在位置",
    "浏览次数",
    "点击数",
    "阅读次数",
    "我要评论",
    "发表评论",
];
/// What headings of lists beside an article begin with.
const LISTS: [&str; 22] = [
    "相关阅读",
    "相关新闻",
    "相关文章",
    "相关报道",
    "相关推荐",
    "相关链接",
    "相关内容",
    "延伸阅读",
    "推荐阅读",
    "热门推荐",
    "热门文章",
    "热点推荐",
    "精彩推荐",
    "猜你喜欢",
    "为您推荐",
    "为你推荐",
    "更多新闻",
    "最新评论",
    "网友评论",
    "全部评论",
    "热门评论",
    "热点新闻",
];
/// What lines of a site's foot hold.
const RIGHTS: [&str; 8] = [
    "版权所有",
    "Copyright",
    "copyright",
    "©",
    "ICP备",
    "ICP证",
    "公网安备",
    "All Rights Reserved",
];

/// Flags the lines of the margin.
pub(super) fn flag(blocks: &mut [Block]) {
    for block in blocks {
        if block.furniture.is_none() && block.table().is_none() && is_margin(block) {
            block.furniture = Some(Furniture::Notice);
        }
    }
}

/// Flags what says the title again around it: the bar above an article, pictures described by it.
pub(super) fn flag_repeats(title: &str, blocks: &mut [Block]) {
    let same = |block: &Block| block.furniture.is_none() && block.text == title;
    let heading = |block: &Block| matches!(block.kind, BlockKind::Heading(_));
    if !blocks.iter().take(OPENING).any(|block| same(block) && heading(block)) {
        // The first of the opening lines that says it becomes the title.
        return flag_captions(title, blocks);
    }
    for block in blocks.iter_mut().take(OPENING) {
        if same(block) && block.kind == BlockKind::Paragraph {
            block.furniture = Some(Furniture::Notice);
        }
    }
    flag_captions(title, blocks);
}

fn flag_captions(title: &str, blocks: &mut [Block]) {
    for block in blocks {
        if block.kind == BlockKind::Caption && block.text == title {
            block.furniture = Some(Furniture::Notice);
        }
    }
}

fn is_margin(block: &Block) -> bool {
    let text =
        block.text.trim_start_matches(['•', '(', '（', '【', '[', ' ', '\u{3000}', '>', '»']);
    if text.chars().count() > LONGEST {
        return false;
    }
    let numbered = matches!(marker(&block.text), Some(Marker::Numbered(_)));
    let begins = |signs: &[&str]| signs.iter().any(|sign| text.starts_with(sign));
    let sentence =
        text.ends_with(['。', '！', '？']) && !matches!(block.kind, BlockKind::Heading(_));
    let alone =
        |sign: &&str| text.strip_prefix(*sign).is_some_and(|rest| rest.chars().count() <= 4);
    !numbered
        && !sentence
        && (begins(&OPENINGS)
            || text.starts_with("返回") && text.contains("首页")
            || LISTS.iter().any(alone)
            || RIGHTS.iter().any(|sign| text.contains(sign)))
}

/// Whether a line is the heading of a list beside an article.
pub(super) fn is_list_heading(text: &str) -> bool {
    let text: String = text.chars().filter(|ch| !ch.is_whitespace()).take(13).collect();
    text.chars().count() <= 12 && LISTS.iter().any(|sign| text.starts_with(sign))
}
