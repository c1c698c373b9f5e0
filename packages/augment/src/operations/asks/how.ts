import { place } from '../taken-out.ts';
import type { Ask } from './shared.ts';
import { deeds, howUnless } from './shared.ts';

const otherDeed =
  '(?=\\p{Unified_Ideograph})(?![办样回说了会还就不没是这那有能可才都也又看来着去弄个称叫走证啦呢整算写构属的])(?!(?:[分赔判罚交退查取领补扣改换报开缴做选填](?!\\p{Unified_Ideograph}))|规定|收费)';
const yesNo = { yesOrNo: true } as const;

/** How, when, where, by whom and whether: each may give way to another. */
export const howAsks: readonly Ask[] = [
  { pattern: new RegExp(`(?:怎么|怎样|咋)(?=(?:才能|才可以|可以|能|去|来)?${deeds})`, 'gu'), choices: ['什么时候'], unless: howUnless },
  { pattern: new RegExp(`如何(?=(?:才能|可以|能|去|来)?${deeds})`, 'gu'), choices: ['何时'], unless: howUnless },
  {
    pattern:
      /(?:怎么|怎样|咋|如何)(?=(?:分|算|写|赔|判|罚|交|退|查|取|领|补|扣|改|换|报|开|缴|还)(?:$|[，,。？?！! 的钱款税费刑罪呢啊吧])|办(?!$|[，,。？?！! 呢啊吧好才的啦哦])\p{Unified_Ideograph})/gu,
    choices: ['什么时候'],
    unless: howUnless,
  },
  {
    pattern: new RegExp(`(?:在哪里|在哪儿|在哪|去哪里|去哪儿|去哪|到哪里|到哪儿|到哪)(?=(?:可以|能)?${deeds})`, 'gu'),
    choices: ['什么时候'],
    unless: howUnless,
  },
  { pattern: new RegExp(`什么时候(?=(?:可以|能|才能)?${deeds})`, 'gu'), choices: ['在哪里'], unless: /哪/u },
  { pattern: new RegExp(`何时(?=${deeds})`, 'gu'), choices: ['如何'], unless: /怎|如何/u },
  { pattern: /(?:为什么|为何|为啥)(?=(?:不)?(?:要|会|应|可以|能|必须|需要))/gu, choices: ['什么时候'], unless: /时候|何时/u },
  { pattern: new RegExp(`由谁(?=(?:来)?(?:${deeds}))`, 'gu'), choices: ['何时'], unless: howUnless },
  {
    pattern: new RegExp(`(?:向谁|找谁|跟谁|(?:[到去向](?:哪个|什么|哪些)(?:部门|地方|机关|机构|单位)))(?=${deeds}|要求)`, 'gu'),
    choices: ['什么时候'],
    unless: howUnless,
  },
  { pattern: new RegExp(`谁来(?=${deeds}|赔)`, 'gu'), choices: ['怎么'], unless: /怎|如何/u },
  { pattern: /谁的责任/gu, choices: ['什么责任'], unless: /什么/u },
  {
    pattern: new RegExp(`(?<![该应当会想将以能要到得是就可])(?:怎么|如何|怎样|咋)${otherDeed}`, 'gu'),
    choices: ['为什么要'],
    unless: /为什么|第一|什么时候|何时|突然|老是|总是|一直|得不行|这么|那么|越来越|自动/u,
  },
  {
    cue: /[怎咋]|如何/u,
    pattern: new RegExp(`(?<=[该应当会以能要得])(?:怎么|如何|怎样|咋)${otherDeed}`, 'gu'),
    choices: ['什么时候'],
    unless: howUnless,
  },
  {
    pattern: /(?:怎样|怎么|如何)(?:才)?(?:能|可以)?(?:算|属于|构成)(?=\p{Unified_Ideograph})(?![出清一])/gu,
    choices: ['为什么不算'],
    unless: /为什么|[钱费款]|工资|利息|[天月年]/u,
  },
  {
    cue: /多|几/u,
    pattern: /(?<![要需等得过隔般概在])(?:多久|多长时间|多少天|几天)(?:之?后)?(?=(?:才)?(?:可以|能|会))/gu,
    choices: ['为什么'],
    unless: /为什么|最/u,
  },
  {
    cue: /多少/u,
    pattern:
      /(?<=可以|能|能够|应该|应当)(?<deed>获得|得到|拿到?|领到?|主张|要求)多少(?<thing>赔偿金?|补偿金?|钱|补助|工资|抚养费|补偿款)/gu,
    choices: ['什么时候$<deed>$<thing>'],
    unless: howUnless,
  },
  {
    cue: /[哪那]些|什么/u,
    pattern: /(?<deed>履行|采取|收集|保留|遵守|遵循)(?:哪些|什么|那些)(?<thing>职责|措施|证据|步骤|程序|手续)/gu,
    choices: ['何时$<deed>$<thing>'],
    unless: howUnless,
  },
  {
    cue: /下/u,
    pattern: /(?:在)?(?:什么|哪些|何种|怎样的|哪种|什么样的)(?:情况|情形|条件)下(?!的)/gu,
    choices: ['为什么'],
    unless: /为什么|怎|如何|吗|否/u,
  },
  {
    cue: /受/u,
    pattern: /(?:会|应)?(?:受到?)(?:什么|哪些|怎样的|何种|啥|什么样的)(?:法律|行政|刑事)?(?:上的)?(?:处罚|惩罚|制裁)/gu,
    choices: ['由谁处罚'],
    unless: /谁/u,
  },
  // Whether, or why.
  {
    pattern: /是否(?=\p{Unified_Ideograph})(?![违犯])/gu,
    choices: ['为什么'],
    unless: new RegExp(`为什么|怎|如何|什么|哪|还是|[看查问判断定确认]${place}`, 'u'),
  },
  { pattern: /是不是(?=\p{Unified_Ideograph})/gu, choices: ['为什么'], unless: /为什么|怎|如何|什么|哪|还是/u },
  { pattern: /(?:能否|能不能)(?=\p{Unified_Ideograph})/gu, choices: ['为什么能'], unless: /为什么|怎|如何|什么|哪|还是|谁/u },
  { pattern: /(?:可否|可不可以)(?=\p{Unified_Ideograph})/gu, choices: ['为什么可以'], unless: /为什么|怎|如何|什么|哪|还是|谁/u },
  { pattern: /(?:会不会)(?=\p{Unified_Ideograph})/gu, choices: ['为什么会'], unless: /为什么|怎|如何|什么|哪|还是|谁/u },
  { pattern: /(?:有没有|有无)(?=\p{Unified_Ideograph})/gu, choices: ['为什么有'], unless: /为什么|怎|如何|什么|哪|还是|谁|办法/u },
  { pattern: /(?:需不需要|用不用|要不要)(?=\p{Unified_Ideograph})/gu, choices: ['为什么需要'], unless: /为什么|怎|如何|什么|哪|还是|谁/u },
  {
    cue: /不/u,
    pattern: /(?<one>算|该|违|犯|合)不\k<one>(?<rest>应该|法)?/gu,
    choices: ['为什么$<one>$<rest>'],
    unless: /为什么|怎|如何|什么|哪|还是|谁/u,
  },
  { pattern: /属不属于/gu, choices: ['为什么属于'], unless: /为什么|怎|如何|什么|哪|还是|谁/u },
  { pattern: /提前(?:多少天|多久|几天|多少日|多长时间)(?=通知|告知|申请|提出)/gu, choices: ['以什么方式'], unless: /方式/u },
  { pattern: /(?:哪些|什么)(?:法律)?风险/gu, choices: ['哪些好处'], unless: /好处|避|防/u },
  {
    cue: /怎么办|咋办/u,
    pattern: /(?<!我|我们|你|应|得|是|能|的)(?:怎么办|咋办)(?=$|[？?！!。呢啊])/gu,
    choices: ['归谁管'],
    unless: /谁|管|[找向]/u,
  },
  // May it be done, or must it be done.
  { pattern: /是否可以(?![说算是有看吗么？?])/gu, choices: ['是否必须', '是否应当'], unless: /必须|应当|应该/u },
  { pattern: new RegExp(`(?:能否|可否)(?=[^，,。]{0,10}?${deeds})`, 'gu'), choices: ['是否必须'], unless: /必须|应当|应该/u },
  {
    pattern: new RegExp(`可以(?=[^，,。？?可能必]{0,8}?${deeds}(?![证书案费]))`, 'gu'),
    choices: ['必须'],
    unless: /必须|应当|应该|怎|如何|什么|哪|谁|多|几|是否|[不没]/u,
    ...yesNo,
  },
  {
    pattern: new RegExp(`能(?=${deeds}(?![证书案费]))`, 'gu'),
    choices: ['必须'],
    unless: /必须|应当|应该|怎|如何|什么|哪|谁|多|几|是否|[不没才]/u,
    ...yesNo,
  },
  { pattern: /是否(?:必须|需要|应当|应该)(?![有是])/gu, choices: ['是否可以'], unless: /可以|不|没|未|责任/u },
  {
    pattern: new RegExp(`(?:必须|需要|应该|应当)(?=[^，,。？?]{0,3}?${deeds}(?![证书案费]))`, 'gu'),
    choices: ['可以'],
    unless: /可以|责任|怎|如何|什么|哪|谁|多|几|是否|能|[不没]/u,
    ...yesNo,
  },
  { pattern: new RegExp(`(?:可不可以|能不能)(?=[^，,。]{0,8}?${deeds})`, 'gu'), choices: ['是不是必须'], unless: /必须|应当|应该/u },
  { pattern: new RegExp(`是不是可以(?=[^，,。]{0,8}?${deeds})`, 'gu'), choices: ['是不是必须'], unless: /必须|应当|应该/u },
];
