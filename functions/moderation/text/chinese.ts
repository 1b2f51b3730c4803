/** Chinese rules, of all categories. Phrases are looked for in simplified characters with nothing between them. */
import type { TextRule } from './rule.ts';

/** For instructions too: what they are said of is what is to be kept away. */
const AVERTING = ['防范', '预防', '警惕', '反对', '揭露', '打击', '识别', '拒绝', '远离'];
const REPORTING = ['新闻', '纪录片', '博物馆', '历史', '警方', '法院', '宣传教育', '科普', ...AVERTING];
const HOW = ['怎么', '如何', '教程', '教学', '方法', '步骤', '制作', '自制'];

export const CHINESE: readonly TextRule[] = [
  {
    id: 'zh.sex.children',
    category: 'obscenity_violence_crime',
    within: 10,
    groups: [
      ['儿童', '幼女', '未成年', '小女孩', '小男孩', '女学生', '萝莉', '正太', '幼童'],
      ['色情', '裸体', '裸照', '性感', '性爱', '脱衣', '淫', '全裸', '性交', '情色'],
    ],
  },
  {
    id: 'zh.sex.explicit',
    category: 'obscenity_violence_crime',
    unless: [...REPORTING, '雕塑', '雕像', '油画', '文艺复兴', '医学', '解剖'],
    groups: [
      [
        '色情',
        '情色',
        '性爱',
        '做爱',
        '淫秽',
        '全裸',
        '裸体女',
        '裸体男',
        '裸女',
        '脱衣舞',
        '性交',
        '自慰',
        '口交',
        '黄片',
        '成人片',
        '裸聊',
      ],
    ],
  },
  {
    id: 'zh.gambling',
    category: 'obscenity_violence_crime',
    within: 10,
    unless: [...REPORTING, '戒赌'],
    groups: [
      ['网络赌博', '赌场', '赌博', '博彩', '百家乐', '老虎机', '赌球', '六合彩'],
      ['注册', '充值', '送彩金', '开户', '推广', '广告', '返利', '下注', '首存', '代理', '稳赚'],
    ],
  },
  {
    id: 'zh.violence',
    category: 'obscenity_violence_crime',
    within: 8,
    unless: [...REPORTING, '医学', '游戏', '戏剧'],
    groups: [
      ['肢解', '分尸', '砍头', '斩首', '虐杀', '残杀', '活埋', '割喉', '屠杀', '枪杀', '强奸', '轮奸'],
      ['血腥', '画面', '尸体', '人质', '平民', '女人', '男人', '女子', '男子', '受害者', '无辜', '视频', '学生'],
    ],
  },
  {
    id: 'zh.crime',
    category: 'obscenity_violence_crime',
    within: 8,
    unless: [...AVERTING, '避免'],
    unlessWithin: 1,
    groups: [HOW, ['杀人', '抢银行', '抢劫', '绑架', '偷车', '洗钱', '入室盗窃', '信用卡诈骗', '办假证', '印假钞']],
  },
  {
    id: 'zh.contraband',
    category: 'obscenity_violence_crime',
    within: 8,
    unless: [...AVERTING, '缉毒', '禁毒', '戒毒', '查获', '缴获'],
    unlessWithin: 1,
    groups: [
      ['出售', '贩卖', '购买', '代购', '低价', '批发', '制造', '制作', '合成', '提炼', '走私', '怎么', '如何', '推广'],
      [
        '毒品',
        '冰毒',
        '海洛因',
        '可卡因',
        '摇头丸',
        '芬太尼',
        '大麻',
        '枪支',
        '土枪',
        '弹药',
        '手枪',
        '假钞',
        '假币',
        '象牙',
        '假护照',
        '迷药',
      ],
    ],
  },
  {
    id: 'zh.terror.making',
    category: 'terrorism',
    within: 8,
    unless: ['拆除', '排除', '沐浴'],
    unlessWithin: 1,
    groups: [HOW, ['炸弹', '炸药', '土炸弹', '燃烧瓶', '自杀背心', '爆炸装置', '雷管']],
  },
  {
    id: 'zh.terror.praise',
    category: 'terrorism',
    within: 8,
    unless: REPORTING,
    groups: [
      ['加入', '歌颂', '赞美', '招募', '效忠', '支持', '宣扬', '发动', '策划', '煽动', '鼓吹'],
      ['恐怖组织', '恐怖主义', '恐怖袭击', '圣战', '伊斯兰国', '基地组织', '极端主义', '自杀式袭击'],
    ],
  },
  {
    id: 'zh.hatred',
    category: 'ethnic_hatred',
    within: 6,
    unless: [...REPORTING, '团结'],
    groups: [
      ['杀光', '杀死', '灭绝', '消灭', '仇恨', '煽动仇恨', '赶走', '歧视', '侮辱', '低等', '劣等', '屠杀'],
      ['回族', '汉族', '藏族', '维吾尔', '维族', '少数民族', '犹太人', '黑人', '穆斯林', '日本人', '种族', '民族'],
    ],
  },
  {
    id: 'zh.state.separatism',
    category: 'national_security',
    within: 8,
    unless: [...REPORTING, '反分裂'],
    groups: [['台独', '藏独', '疆独', '港独', '台湾独立', '西藏独立', '新疆独立', '分裂国家', '分裂祖国']],
  },
  {
    id: 'zh.state.subversion',
    category: 'national_security',
    within: 8,
    unless: REPORTING,
    groups: [
      ['颠覆', '推翻', '武装起义', '武装叛乱'],
      ['国家政权', '政府', '政权', '国家'],
    ],
  },
  {
    id: 'zh.state.secrets',
    category: 'national_security',
    within: 6,
    unless: REPORTING,
    groups: [
      ['泄露', '泄漏', '出卖', '公开', '窃取', '贩卖'],
      ['国家机密', '国家秘密', '军事机密', '军事秘密', '绝密文件'],
    ],
  },
  {
    id: 'zh.constitution',
    category: 'constitution',
    within: 6,
    unless: [...REPORTING, '修正案', '讲座'],
    groups: [
      ['废除', '推翻', '撕毁', '践踏', '破坏', '反对', '烧毁'],
      ['宪法', '宪法秩序', '基本制度'],
    ],
  },
  {
    id: 'zh.honour',
    category: 'national_honour',
    within: 6,
    unless: ['新闻', '纪录片', '警方', '谴责', '依法'],
    groups: [
      ['焚烧', '践踏', '撕毁', '侮辱', '涂污', '玷污', '诋毁', '嘲笑', '抹黑', '烧毁', '脚踩'],
      ['国旗', '国徽', '国歌', '英雄烈士', '烈士', '人民英雄', '纪念碑', '国家荣誉'],
    ],
  },
  {
    id: 'zh.cult',
    category: 'cults',
    within: 8,
    unless: REPORTING,
    groups: [
      ['加入', '宣扬', '传播', '推广', '招募', '弘扬', '信奉', '歌颂'],
      ['邪教', '法轮功', '全能神', '东方闪电', '末日教'],
    ],
  },
  {
    id: 'zh.superstition',
    category: 'cults',
    within: 10,
    unless: [...REPORTING, '骗局'],
    groups: [
      ['算命', '驱鬼', '神水', '符水', '法术', '巫术', '跳大神', '开光'],
      ['包治百病', '治癌', '治愈癌症', '代替医生', '不用吃药', '保证发财', '付款', '消灾收费'],
    ],
  },
  {
    id: 'zh.rumour',
    category: 'rumours_and_fraud',
    within: 10,
    unless: [...REPORTING.filter(word => word !== '新闻'), '辟谣', '不要'],
    groups: [
      ['编造', '散布', '制造', '伪造', '虚构', '捏造', '传播'],
      ['谣言', '假新闻', '虚假新闻', '虚假信息', '假疫情', '假地震', '虚假灾情', '恐慌'],
    ],
  },
  {
    id: 'zh.fraud',
    category: 'rumours_and_fraud',
    within: 10,
    unless: [...REPORTING, '反诈', '小心', '当心'],
    groups: [
      ['电信诈骗', '网络诈骗', '杀猪盘', '传销', '庞氏骗局', '刷单', '钓鱼网站', '冒充公检法', '假投资'],
      ['话术', '脚本', '教程', '拉人', '招聘', '加入', '赚钱', '引流', '推广', '骗取', '转账', '招募'],
    ],
  },
  {
    id: 'zh.persons',
    category: 'rights_of_others',
    within: 8,
    unless: [...REPORTING, '检测', '技术研讨'],
    groups: [
      ['换脸', '深度伪造', '伪造', '偷拍', '诽谤', '造谣', '抹黑', '辱骂', '人肉搜索', '曝光隐私', '冒充', '假冒'],
      [
        '明星',
        '前女友',
        '前男友',
        '前妻',
        '同事',
        '老师',
        '同学',
        '邻居',
        '领导人',
        '裸照',
        '浴室',
        '更衣室',
        '警察收',
        '警察骗',
        '银行通知',
        '政府公告',
        '法院传票',
        '家庭住址',
      ],
    ],
  },
  {
    id: 'zh.self-harm',
    category: 'other_law',
    unless: ['预防', '热线', '求助', '干预', '科普'],
    groups: [
      ['自杀方法', '自杀教程', '如何自杀', '怎么自杀', '怎样自杀', '割腕教程', '相约自杀', '教唆自杀', '鼓励自杀'],
    ],
  },
  {
    id: 'zh.trafficking',
    category: 'other_law',
    within: 6,
    unless: [...REPORTING, '禁止', '救'],
    groups: [
      ['买卖', '贩卖', '出售', '倒卖', '拐卖'],
      ['人体器官', '肾脏', '器官', '妇女', '儿童', '婴儿', '人口', '穿山甲', '虎骨', '濒危动物'],
    ],
  },
];
