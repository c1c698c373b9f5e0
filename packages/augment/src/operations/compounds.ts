import type { Source, Word } from '../source.ts';
import { antonyms, synonyms } from '../tables/lexicon.ts';

export const qualities: RegExp =
  /^(?:安全|公平|公正|正常|完整|真实|方便|明确|正确|有效|合法|合格|合理|及时|足额|必要|正式|完全|相同|一致|营利|法定|公有)$/u;

/** Whether a place is part of one of these words, as 有限 is of 有限责任公司 and 会 of 委员会. */
export function insideLonger(words: readonly Word[], start: number, end: number): boolean {
  return words.some((word) => word.start < end && start < word.end && !(start <= word.start && word.end <= end));
}

interface Nouns {
  readonly all: ReadonlySet<string>;
  /** Nouns of three and more characters by their first one. */
  readonly long: ReadonlyMap<string, readonly string[]>;
}
let nouns: Nouns | undefined;

/** The nouns of the lexicon: synonyms of that part of speech, parties and objects. */
function knownNouns(): Nouns {
  if (nouns !== undefined) return nouns;
  const all = new Set<string>();
  for (const row of synonyms.split('\n')) {
    const [, partOfSpeech, words = ''] = row.split('\t');
    if (partOfSpeech === 'n') for (const word of words.split(' ')) all.add(word);
  }
  for (const row of antonyms.split('\n')) {
    const [kind, one = '', other = ''] = row.split('\t');
    if (kind === 'party' || kind === 'object') all.add(one).add(other);
  }
  const long = new Map<string, string[]>();
  for (const noun of all) {
    if (noun.length < 3) continue;
    const group = long.get(noun.charAt(0));
    if (group === undefined) long.set(noun.charAt(0), [noun]);
    else group.push(noun);
  }
  for (const noun of everydayNouns.split(' ')) all.add(noun);
  return (nouns = { all, long });
}

const everydayNouns =
  '基数 公司 单位 个人 企业 学校 银行 法院 医院 机构 部门 员工 职工 家庭 社会 保险 关系 责任 信息 财产 债务 权益 权利 义务 合同 协议 业务 资格 利息 利率 费用 标准 比例 流程 条件 材料 账户 账号 号码 密码 记录 证明 短信 电话 服务 人员 代表 大会 会议 章程 制度 待遇 贷款 存款 汇算 软件 系统 平台 网站 合伙 心理 负责人 登记 监督 审查 期限 时间 期间 地点 方式 办法 程序 手续 责任制';

const reach = 8;

/**
 * Whether a place is a part of a noun that the lexicon knows, wherever that noun begins: 支付 in 支付宝, 手机 in 手机号.
 * 民事 in 民事案件 is none for its opposite 刑事, because 刑事案件 is known too.
 */
export function insideKnown(text: string, start: number, end: number, others: readonly string[]): boolean {
  const { all, long } = knownNouns();
  for (let from = Math.max(0, start - reach); from <= start; from++) {
    for (const noun of long.get(text.charAt(from)) ?? []) {
      const to = from + noun.length;
      if (to >= end && noun.length > end - start && text.startsWith(noun, from)) {
        const [head, tail] = [text.slice(from, start), text.slice(end, to)];
        if (!others.every((other) => all.has(head + other + tail))) return true;
      }
    }
  }
  return false;
}

/** Whether a word stands a second time in the text: changed once only, the text would contradict itself. */
export function isRepeated(text: string, start: number, word: string): boolean {
  return text.indexOf(word) !== start || text.includes(word, start + word.length);
}

const boundAfter =
  '人者方性类型制书证罪率号卡费权金额税款件险单簿本机版化度界业品物店厂站所院局会处部区法课群贷账户期额龄群册章网圈奖罚量价';

/** Whether what follows is the rest of a compound: 手机号, 投保人, 中介费. */
export function attachesTo(text: string, end: number): boolean {
  return (
    end < text.length &&
    boundAfter.includes(text.charAt(end)) &&
    !/^(?:会[不被有影受对给]|法院|所以|单位|部门|期间|机构|金额)/u.test(text.slice(end))
  );
}

const bodies = new Set(
  '公司 单位 个人 企业 学校 银行 法院 医院 机构 部门 员工 劳动者 学生 家长 司机 律师 客户 顾客 业主 老板 领导 子女 父母 孩子'.split(' '),
);
const lightWords =
  /^(?:应该|应当|可以|需要|如果|因为|由于|但是|所以|现在|我们|他们|你们|对方|以及|或者|还是|当地|要求|起诉|通过|为什么|是否|能否|怎么|如何|请问|不同|其他|本人|自己|投诉|举报|向|被)$/u;
const places = new Set(['公司', '单位', '企业', '学校', '银行', '法院', '医院', '机构', '部门', '公安局', '税务局']);
// What a place is put behind or before: 在学校, 去医院, 公司里.
const beforePlace = /[在去到从进出离回来往]$/u;
const afterPlace = /^(?:里|内|外|门口|附近|旁|上班|工作|食堂|宿舍|对面)/u;
// What takes only this one thing: 生孩子, 打电话, 考驾照, 刷信用卡.
const bindingBefore = /[生怀带养打接发考刷骑坐开喝抽吃咬拨]$/u;

// 提申请, 撤回申请, 他的判决: what is done is a thing here.
const usedAsNoun = /(?:[提的次份张]|提出|提起|撤回|申请|进行|予以|给予|接受|受理|办理)$/u;

/** Verbs that a noun may follow as what is done something to. After others (缴费 in 缴费比例, 诈骗 in 诈骗短信) it makes a compound. */
const takesObject = new Set(
  '申请 办理 注销 取消 撤销 注册 补办 变更 缴纳 退还 领取 解除 续签 购买 租赁 出租 转让 出售 起诉 赠与 继承 收购 提取 转移 绑定 更换 激活 安装 拆除 维修 终止 履行 订立 冻结 查封 没收 扣押 辞退 开除 录用 聘用 赠送 预订 恢复 暂扣 吊销'.split(
    ' ',
  ),
);

/** Whether a character is a word of its own: 后 and 买 are, 车 in 机动车 and 新 in 高新 are not. */
function standsAlone(text: string, at: number): boolean {
  if ('前后内外买卖借男女早晚多少'.includes(text.charAt(at))) return true;
  const open =
    at === 0 || !/\p{Unified_Ideograph}/u.test(text.charAt(at - 1)) || '把的借买卖开被将了我有辆骑坐打停'.includes(text.charAt(at - 1));
  return open && !'主牌祸险位库辆站票展贷船费生型'.includes(text.charAt(at + 1));
}

/** Whether a party, object or act is joined with the noun before or after it: 等额本金, 手机银行, 贷款利息. */
function joinsNoun(source: Source, kind: string, start: number, end: number): boolean {
  const { words, terms, text } = source;
  const { all } = knownNouns();
  const isNoun = (word: Word | undefined): boolean =>
    word !== undefined && word.text.length > 1 && (all.has(word.text) || terms.some((term) => term.start === word.start));
  if (isNoun(words.find((word) => word.start === end)) && !(kind === 'act' && takesObject.has(text.slice(start, end)))) return true;
  return kind !== 'act' && isNoun(words.find((word) => word.end === start));
}

/**
 * Whether a swapped word would break a compound or a set phrase: 保险公司, 出租人, 强制性, 生孩子.
 * Words that end alike (债务人, 保证人) go into the same compounds.
 */
export function breaksCompound(source: Source, kind: string, start: number, end: number, others: readonly string[]): boolean {
  const { text, words } = source;
  const word = text.slice(start, end);
  const [before, after] = [text.slice(0, start), text.slice(end)];
  if (kind === 'condition' ? /^[人者方性类型制书证罪率]/u.test(after) : attachesTo(text, end)) return true;
  if (word.length === 1 && !standsAlone(text, start)) return true;
  if (qualities.test(word) && !/^(?:[的地吗，,。？?]|$)/u.test(after)) return true;
  if (places.has(word) && (beforePlace.test(before) || afterPlace.test(after))) return true;
  if ((kind === 'party' || kind === 'object') && bindingBefore.test(before)) return true;
  // The one of whom a clause is said, 户籍不在本市的学生, is nobody else.
  if (kind === 'party' && /[^，,。？?\s]{4,}的$/u.test(before)) return true;
  if (word === '离婚' && /判给|抚养权|探[视望]/u.test(text)) return true;
  if (/^(?:网上|现场|当面)$/u.test(word) && !/^\p{Unified_Ideograph}/u.test(after)) return true;
  if (/^(?:签订|订立|解除)$/u.test(word) && kind === 'antonym' && !/^[^，,。？?的]{0,6}(?:合同|协议)/u.test(after)) return true;
  if (word === '办理' && /^[^，,。？?的]{0,4}案/u.test(after)) return true;
  if (kind === 'antonym' && /(?:未|未经|没经|经)$/u.test(before)) return true;
  if (/[按逾]期$/u.test(word) && /^[利罚费]/u.test(after)) return true;
  if (kind === 'act' && usedAsNoun.test(before)) return true;
  if (bodies.has(word) && /[新老大小总分子母]$/u.test(before)) return true;
  if (
    (word === '前' || word === '后') &&
    (!/(?:(?!诉)\p{Unified_Ideograph}|\d)$/u.test(before) || /^[妻夫任房主男女台面边门天年者后前续果遗]/u.test(after))
  )
    return true;
  // 我以后 looks ahead, 离婚以后 back.
  if (/^(?:以|之)[前后]$/u.test(word) && !/[\p{Unified_Ideograph}]$/u.test(before.replace(/(?:[我你他她它们家]|公司|单位)$/u, '')))
    return true;
  if (
    kind !== 'condition' &&
    kind !== 'antonym' &&
    !others.every((other) => other.at(-1) === word.at(-1)) &&
    joinsNoun(source, kind, start, end)
  )
    return true;
  if (!bodies.has(word)) return false;
  const neighbour = words.find((other) => other.end === start)?.text ?? '';
  return neighbour.length > 1 && /^\p{Unified_Ideograph}+$/u.test(neighbour) && !lightWords.test(neighbour);
}
