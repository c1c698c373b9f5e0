// oxlint-disable vitest/valid-expect -- vitest takes a message as the second argument.
import { describe, expect, test } from 'vitest';
import {
  allowedCandidates,
  contrast,
  fromChineseNumeral,
  homophones,
  negation,
  openccConversion,
  questionSwap,
  Source,
  synonyms,
  toChineseNumeral,
  traditional,
  trimming,
  wordDrop,
  wordShuffle,
  wordSwap,
} from '@samequestion/augment';
import type { Operation, Verdict } from '@samequestion/augment';
import { allOperations } from '../tools/all-operations.ts';
import { defaultTools } from './shared.ts';

/** Every text that an operation can make of one, with its verdict. */
async function allOf(operation: Operation, text: string): Promise<ReadonlyMap<string, Verdict>> {
  const source = new Source(text, await defaultTools());
  const made = new Map<string, Verdict>();
  for (const candidate of allowedCandidates(operation, source)) {
    for (const choice of candidate.choices) {
      if (operation.refuses?.(source, candidate, choice) !== undefined) continue;
      made.set(text.slice(0, candidate.start) + choice + text.slice(candidate.end), candidate.verdict);
    }
  }
  return made;
}

/** What every operation makes of a text, by the operation's name. */
const keeping: readonly (readonly [string, string, string])[] = [
  ['homophone-exact', '寻衅滋事', '寻信滋事'],
  ['homophone-toneless', '寻衅滋事', '寻新滋事'],
  ['homophone-confusable', '寻衅滋事', '寻衅知事'],
  ['homophone-word', '公民有哪些权利', '公民有哪些全力'],
  ['look-alike', '拆迁', '折迁'],
  ['drop-character', '寻衅滋事罪怎么判', '寻衅事罪怎么判'],
  ['drop-character', '公司的股东', '公司股东'],
  ['swap-characters', '劳动合同', '劳动同合'],
  ['doubling', '劳动合同', '劳动合合同'],
  ['stutter', '请问怎么离婚', '请请问怎么离婚'],
  ['stutter', '请问怎么离婚', '请问问怎么离婚'],
  ['stutter', '我想离婚', '我我想离婚'],
  ['insertion', '劳动合同', '劳动的合同'],
  ['width', '交了3年', '交了３年'],
  ['width', '可以吗？', '可以吗?'],
  ['numerals', '欠钱3年', '欠钱三年'],
  ['numerals', '试用期三个月', '试用期3个月'],
  ['synonym', '怎么离婚', '如何离婚'],
  ['synonym-insertion', '工资怎么发', '工资怎么如何发'],
  ['word-drop', '到底怎么离婚', '怎么离婚'],
  ['word-swap', '诈骗和盗窃有什么区别', '盗窃和诈骗有什么区别'],
  ['word-swap', '应该怎么离婚', '怎么应该离婚'],
  ['filler-before', '怎么离婚', '请问怎么离婚'],
  ['filler-inside', '这种情况可以离婚吗', '这种情况到底可以离婚吗'],
  ['filler-after', '怎么离婚', '怎么离婚呢'],
  ['filler-removal', '请问，怎么离婚', '怎么离婚'],
  ['filler-removal', '公司怎么注册，谢谢', '公司怎么注册'],
  ['politeness', '怎么离婚？', '怎么离婚？谢谢'],
  ['question-form', '什么是正当防卫？', '正当防卫是什么？'],
  ['question-form', '工伤怎么处理', '工伤如何处理'],
  ['question-form', '公证是什么意思', '公证的含义是什么'],
  ['punctuation-change', '可以吗？', '可以吗?'],
  ['punctuation-drop', '可以吗？', '可以吗'],
  ['punctuation-doubling', '可以吗？', '可以吗？？'],
  ['quoting', '什么是正当防卫', '什么是“正当防卫”'],
  ['traditional', '劳动合同怎么解除', '劳动合同怎麼解除'],
];

const flipping: readonly (readonly [string, string, string])[] = [
  ['negation', '公司未签劳动合同，赔偿多少', '公司已签劳动合同，赔偿多少'],
  ['negation', '什么情况下可以解除合同', '什么情况下不可以解除合同'],
  ['negation', '没签合同，公司可以随时辞退吗', '签了合同，公司可以随时辞退吗'],
  ['negation', '未经同意转租要赔多少', '经同意转租要赔多少'],
  ['negation', '丢了东西可以不赔吗', '丢了东西可以赔吗'],
  ['negation', '不得转让的债权有哪些', '可以转让的债权有哪些'],
  ['antonym-swap', '民事案件怎么起诉', '刑事案件怎么起诉'],
  ['antonym-swap', '花呗怎么开通', '花呗怎么关闭'],
  ['antonym-swap', '试用期最长可以签几个月', '试用期最短可以签几个月'],
  ['party-swap', '原告不出庭怎么办', '被告不出庭怎么办'],
  ['party-swap', '父母打了子女怎么办', '子女打了父母怎么办'],
  ['party-swap', '房东的义务有哪些', '租客的义务有哪些'],
  ['act-swap', '行贿怎么判刑', '受贿怎么判刑'],
  ['act-swap', '办理身份证要多少钱', '补办身份证要多少钱'],
  ['object-swap', '房屋的抵押权怎么实现', '房屋的质权怎么实现'],
  ['object-swap', '犯了盗窃罪怎么判', '犯了诈骗罪怎么判'],
  ['condition-swap', '婚前财产怎么分', '婚后财产怎么分'],
  ['condition-swap', '工作3年被辞退赔多少', '工作6年被辞退赔多少'],
  ['question-swap', '劳动合同怎么解除', '劳动合同什么时候解除'],
  ['question-swap', '试用期可以辞退员工吗', '试用期必须辞退员工吗'],
  ['question-swap', '下班路上摔倒算工伤吗', '下班路上摔倒为什么算工伤'],
  ['question-swap', '取保候审的条件是什么', '取保候审的流程是什么'],
];

const operations = new Map((await allOperations()).map((operation) => [operation.name, operation]));

/** What the operation of a name makes of a text. */
async function allBy(name: string, text: string): Promise<ReadonlyMap<string, Verdict>> {
  const operation = operations.get(name);
  if (operation === undefined) throw new RangeError(`expected an operation named ${name}, got ${[...operations.keys()].join(', ')}`);
  return allOf(operation, text);
}

test('every operation has an example here', () => {
  const shown = new Set([...keeping, ...flipping].map(([name]) => name));
  const unread = ['word-shuffle', 'word-shuffle-window', 'trimming'];
  expect([...operations.keys()].toSorted()).toEqual([...shown, ...unread].toSorted());
});

describe('edits that keep', () => {
  test.each(keeping)('%s makes of %s: %s', async (name, before, after) => {
    const made = await allBy(name, before);
    expect(made.get(after), [...made.keys()].slice(0, 40).join(' | ')).toBe('keeps');
  });

  test('traditional characters are written as the conversion says, which sees the whole text', async () => {
    const convert = await openccConversion();
    expect([...(await allOf(traditional(convert), '头发'))].map(([text]) => text)).toContain('头髮');
    const back = await openccConversion('traditional-to-simplified');
    expect(back('勞動合同')).toBe('劳动合同');
  });
});

describe('edits that flip', () => {
  test.each(flipping)('%s makes of %s: %s', async (name, before, after) => {
    const made = await allBy(name, before);
    expect(made.get(after), [...made.keys()].join(' | ')).toBe('flips');
  });

  test('the focus of a yes-or-no question is left alone, unless unsure edits are asked for', async () => {
    expect([...(await allOf(negation(), '可以离婚吗')).keys()]).toEqual([]);
    const unsure = await allOf(negation({ unsure: true }), '可以离婚吗');
    expect(unsure.get('不可以离婚吗')).toBe('unknown');
  });

  test('questions that hold both answers, question words and parts of compounds are left alone', async () => {
    for (const text of ['能不能离婚', '有什么手续', '委员会', '是什么', '有限责任公司'])
      expect([...(await allOf(negation(), text)).keys()], text).toEqual([]);
    for (const text of ['原告和被告', '保险公司怎么办理']) expect([...(await allOf(contrast('party'), text)).keys()], text).toEqual([]);
  });
});

describe('swaps that would not ask another question', () => {
  test.each([
    [contrast('object'), '怎么把电费单过户给家人'],
    [contrast('object'), '等额本金与等额本息何者更优惠'],
    [contrast('object'), '如何变更银行账户的预留手机号'],
    [negation(), '数字人民币与支付宝的差异是什么'],
    [contrast('party'), '中介费交多少'],
    [contrast('party'), '学校食堂的饭菜不干净怎么办'],
    [contrast('act'), '诈骗短信怎么处理'],
    [contrast('act'), '装修公司倒闭了怎么办'],
  ])('%o leaves the parts of a compound alone: %s', async (operation, text) => {
    expect([...(await allOf(operation, text)).keys()]).toEqual([]);
  });

  test('what stands twice, or is denied already, is left alone', async () => {
    expect([...(await allOf(contrast('antonym'), '买家反悔不买了怎么办')).keys()]).toEqual([]);
    for (const text of ['朋友没经我同意发我的照片，违法吗', '公司不让我加班怎么办', '能休病假不'])
      expect([...(await allOf(negation(), text)).keys()], text).toEqual([]);
  });

  test.each([
    [contrast('party'), '爷爷想把房子直接给孙子，用不用子女签字'],
    [contrast('party'), '医院误诊了可以要求赔偿吗'],
    [contrast('condition'), '逾期未缴纳水费的违约金如何计算'],
    [contrast('act'), '车祸私了以后又反悔，还可以起诉吗'],
    [contrast('act'), '出了事故，交警调解不成能去告吗'],
    [negation(), '房子空着没住，要不要交物业费'],
    [negation(), '我的卡突然不能用，说被冻结，如何解除'],
  ])('%o makes nothing where the answer may stay the same, or the text would contradict itself: %s', async (operation, text) => {
    expect([...(await allOf(operation, text)).keys()]).toEqual([]);
  });

  test('a question is not asked for what it asks already', async () => {
    expect([...(await allOf(questionSwap(), '合同什么时候怎么解除')).keys()]).toEqual([]);
    // What is looked up is whether, and nobody looks up why.
    expect([...(await allOf(questionSwap(), '在网上查是否构成工伤')).keys()]).toEqual([]);
    expect([...(await allOf(questionSwap(), '摔倒是否构成工伤')).keys()]).toEqual(['摔倒为什么构成工伤']);
    expect([...(await allOf(questionSwap(), '房屋过户的流程和费用是什么')).keys()]).not.toContain('房屋过户的费用和费用是什么');
  });
});

describe('edits that nobody can judge unread', () => {
  test('any word dropped, any two swapped, words shuffled, documents trimmed', async () => {
    for (const operation of [wordShuffle(), wordShuffle({ window: 3 }), trimming({ length: 8 })]) {
      const made = await allOf(operation, '公司拖欠员工工资，员工怎么要回工资');
      expect(new Set(made.values()), operation.name).toEqual(new Set(['unknown']));
    }
    expect((await allOf(wordDrop({ unsure: true }), '公司拖欠员工工资')).get('公司拖欠工资')).toBe('unknown');
    expect((await allOf(wordSwap({ unsure: true }), '公司拖欠工资')).get('拖欠公司工资')).toBe('unknown');
  });
});

describe('what no typo may do', () => {
  test('negators, numbers and names stay, and none is brought in', async () => {
    for (const level of ['exact', 'toneless', 'confusable'] as const) {
      for (const text of (await allOf(homophones(level), '小王不还张某3万元怎么办')).keys()) {
        expect(text).toMatch(/^小王不.张某3万元...$/u);
        expect(text.replace('不', '')).not.toMatch(/[不没未无一二五十]/u);
      }
    }
  });

  test('no typo spells another word, or puts 买 for 卖', async () => {
    for (const level of ['exact', 'toneless'] as const) {
      const made = [...(await allOf(homophones(level), '房子卖了要公证')).keys()];
      expect(made.length).toBeGreaterThan(10);
      expect(made).not.toContain('房子买了要公证');
      expect(made).not.toContain('房子卖了要公正');
    }
  });

  test('common characters only are put in', async () => {
    const rare = [...(await allOf(homophones('toneless', { common: 500 }), '公司')).keys()];
    const usual = [...(await allOf(homophones('toneless'), '公司')).keys()];
    expect(rare.length).toBeLessThan(usual.length);
    for (const text of usual) expect(text).not.toMatch(/[㐀-䶿慐穒嵰]/u);
  });

  test('legal terms may be misspelt but not replaced', async () => {
    expect([...(await allOf(homophones('exact'), '寻衅滋事')).keys()].length).toBeGreaterThan(0);
    expect([...(await allOf(synonyms(), '寻衅滋事')).keys()]).toEqual([]);
  });
});

describe('numerals', () => {
  test.each([
    [0, '零'],
    [7, '七'],
    [10, '十'],
    [12, '十二'],
    [20, '二十'],
    [105, '一百零五'],
    [110, '一百一十'],
    [1017, '一千零一十七'],
    [3000, '三千'],
    [10_000, '一万'],
    [10_500, '一万零五百'],
    [120_003, '十二万零三'],
    [99_999_999, '九千九百九十九万九千九百九十九'],
  ])('%d is written %s and read back', (value, written) => {
    expect(toChineseNumeral(value)).toBe(written);
    expect(fromChineseNumeral(written)).toBe(value);
  });

  test('what is no well-formed numeral has no value', () => {
    for (const text of ['十百', '一二三', '万', '三十二十', '零零']) expect(fromChineseNumeral(text), text).toBeUndefined();
    expect(() => toChineseNumeral(1e9)).toThrow(RangeError);
  });
});
