//! Characters that look alike, as people who type by shape, and readers of scans, confuse them.
//!
//! A small table of common confusions, simplified characters only. It is not complete: a typo that
//! it does not know is not recovered.

/// Groups of characters that look alike.
const GROUPS: &str = "\
    未末本木术 己已巳 贷货贸 晴睛情清请静 人入八 大太犬天夫 日曰目白自 土士工上 \
    干千于午 刀力刃 子予 王玉主 田由甲申电 贝见 今令 名各 北此 兵乒乓 历厉 厂广 \
    免兔 往住佳 待侍持特 侯候 很恨根跟 拆折析 坏环还 杯林材村 枚牧 找我 抓爪瓜 \
    折拆 拔拨 抄炒 抢枪 扬杨场 技枝 投没设 报服 快块决 怖布 洒酒 治冶 沟钩构购 \
    汽气 河何 法去 活话 浅线钱残 清请情 渴喝 温湿 源原愿 准淮 冷令 次欢 即既 \
    却脚 部陪倍培 邮由 那哪 都郁 陆击 队对 阳阴 院完 除余 险验检捡 限根 难准谁维 \
    车东 军车 连莲 运远 近进 这还 迁迂 通诵涌 速束 造告 道首 遗遣 复夏 处外 \
    备各 多夕 名多 壮状 声户 如加 始治 妈吗 委季李 学字 安按 宣宜 官宫 密蜜 \
    富福 导异 寺等 小少 尤龙 就京 尽尺 层尾 展屏 山出 岛鸟乌 岭领 市布 师帅 \
    带常 幅副富 平半 年午 幸辛 并井 库车 应兴 底低 度渡 延廷 建健 开井 式试 \
    弟第 张长 弱强 归旧 形型 影景 彻切 径经 微徽 德得 心必 忘忙 思恩 息总 恶思 \
    患串 悉恙 惊凉 慢漫 愉偷 成戊 战站 戴载栽 房户 手毛 打钉 批比 折斩 护沪 \
    担但 拉位 招召 括活 指脂 换唤 据剧 推谁 摄慑 支枝 收牧 改政 放故 效郊 教救 \
    数敦 整正 斤斥 新亲 方万 施拖 旅族 旋旅 明朋 星是 是旱 晚免 普晋 月用 有友 \
    板版极 架驾 标示 核该孩 格络 桥轿娇 检验 棋旗 植值置 概慨 榄览 模摸漠膜 欠久 \
    步少 段假 母毋 毫豪 民氏 水永冰 江红 没设 油由 沿铅 波披被坡 注住 洋详样 \
    测侧则 海悔 消削 涨胀 淡谈 深探 添舔 渠梁 港巷 湖糊 源缘 满瞒 灯打 炼练 \
    烧绕晓 热势 照昭 爱受 牛午 物勿 独触 环坏 玩完 现视 珠株 理埋 瓶并 略络 \
    疏流 病疾 的约 盖益 盛成 直真 相想箱 看着 睡垂 矿扩旷 码玛 研妍 确角 磁滋 \
    社杜 神伸 票栗 福副 种钟 租祖组 积织职识 移侈 程呈 稳隐 空穴 突实 童重 竞竟 \
    笔毛 符付 管官 算弄 箱籍 米来 类娄 精清 素索 紧坚 累索 级极 纪记 纯钝 \
    纲钢刚 网冈 绍招 终冬 绝艳 统充 继断 续读 维唯 编偏遍篇 缩宿 网岗 置直 群郡 \
    老考 者著 职织 联取 育盲 肯背 能熊 脑恼 自白 船般 良艮 节芥 芯蕊 苦若 英央 \
    范苑 茶荼 荐存 草早 荣营 药约 获莸 蓝篮 虑虚 蛋旦 街衔 补朴 表衰 袋代 裁栽 \
    规现 视规 览觉 角用 言信 订打 计汁 讨付 训川 议仪 讯迅 证正 评坪 诉拆 诚城 \
    误娱 说脱 课棵 谊宜 贡页 责贵 账帐 赔陪 赛塞 走足 起超 越赵 距拒 路络 跳挑 \
    转传 轮论 软饮 轻经 载裁 较校 辆俩 辉挥 输愉 辑揖 边过 迎抑 述迷 适活 透诱 \
    配酝 酬洲 释译 里黑 量童 金全 针计 铁铣 销消 锐悦 键健 镇填 闭闲 问间闻 \
    阅间 阻租 陈阵 降隆 随隋 需儒 震振 青肯 非菲 面而 革草 顶项 顺须 预顾 频颁 \
    题提 额颖 风凤 飞习 饭饮 馆管 验险 高亮 鲜解 麦表 黄横 鼓敲 齐济";

/// Characters that look like this one.
pub(super) fn alike(ch: char) -> Vec<char> {
    let groups = GROUPS.split(' ').filter(|group| group.contains(ch));
    let mut out: Vec<char> = groups.flat_map(|group| group.chars()).collect();
    out.sort_unstable();
    out.dedup();
    out.retain(|other| *other != ch);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_look_alike() {
        assert_eq!(alike('己'), ['已', '巳'].into_iter().collect::<Vec<_>>());
        assert!(alike('贷').contains(&'货') && alike('货').contains(&'贷'));
        assert!(alike('云').is_empty());
    }
}
