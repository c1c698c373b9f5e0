import type { Ask } from './shared.ts';

const close = '(?=$|[，,。？?！! ]|有哪些|有什么|是什么|是怎样|是怎么样|都有|包括|呢|啊)';
const nounBefore =
  '(?<=(?:的|离婚|结婚|起诉|立案|申请|办理|注册|登记|仲裁|上诉|申诉|贷款|过户|继承|收养|转让|缓刑|假释|取保候审|注销|变更|入党|退休|招标|投标|鉴定|认定|执行|拍卖|复议|听证|公证|破产|清算|发行|上市|赔偿|理赔|报销|落户|迁户口|年检|解除|终止|撤销|审批|设立|成立|生效))';
const ruled =
  '(?:职责|权利|义务|条件|程序|标准|原则|情形|理由|范围|方式|内容|期限|流程|要求|事项|种类|类型|责任|权限|措施|对象|规则|制度|资格|手续|材料|费用|待遇|限额|金额|数额|利率|职权|职能|法规|依据|比例)';
const needs = '(?<=(?:需要|需|要|都要|应该要|得)(?:什么|哪些|啥))';
const lone = '(?=$|[，,。？?！! ]|呢|啊|吗|才)';

/** What is asked about a thing, and how much of it. */
export const whatAsks: readonly Ask[] = [
  // Who says so.
  {
    pattern: /(?:是指什么|指的是什么|指什么|包含什么|包括什么|包含哪些|包括哪些|都包括什么|都包括哪些)(?=$|[？?。！ 呢啊])/gu,
    choices: ['由谁规定'],
    unless: /谁/u,
  },
  {
    cue: /[哪那]些/u,
    pattern:
      /(?<=人|案件|行为|机构|部门|单位|责任|证据|财产|因素|纠纷|罪|权|形式|标志|要件|主体)(?:都|主要)?(?:有哪些|有那些)(?=$|[？?。！ 呢啊])/gu,
    choices: ['由谁认定'],
    unless: /谁|和|与|区别/u,
  },
  {
    cue: /[哪那]些|什么|怎样/u,
    pattern: new RegExp(
      `(?<=${ruled})(?:都|主要|分别)?(?:有哪些|有那些|是什么|有什么|包括哪些|包括什么|是怎样的|是哪些)(?=$|[？?。！ 呢啊])`,
      'gu',
    ),
    choices: ['由谁规定'],
    unless: /谁|什么是|和|与|区别/u,
  },
  {
    cue: /多|几/u,
    pattern: new RegExp(
      `(?<=期限?|时间|时效|标准|金额|数额|比例|利率|费用|税率)(?:一般|最长|大概)?(?:是|有)?(?:多久|多长时间|多长|多少|多少钱|几年|多少天|几天)(?=$|[？?。！ 呢啊])`,
      'gu',
    ),
    choices: ['由谁规定'],
    unless: /谁|过期|逾期/u,
  },
  {
    cue: /多|几/u,
    pattern:
      /(?<=最多|最长|最多可以|最长可以|最多能|最长能|至多|可以|能)(?<deed>拘留|羁押|休|试用|续签|停|查封|冻结|延长|请|扣押|住)(?:多久|多长时间|多少天|几天|几个月)(?=$|[？?。！ 呢啊])/gu,
    choices: ['$<deed>几次'],
    unless: /次/u,
  },
  // How much and how long.
  {
    cue: /多少钱/u,
    pattern: /(?<=(?:需要|要|得|大概|一般|大约|花|费用是?)(?:花|交)?)多少钱(?=$|[，,。？?！! ]|呢|啊)/gu,
    choices: ['多久', '多长时间'],
    unless: /判|赔|罚|工资|借|欠|多久|时间|税/u,
  },
  {
    cue: /多|几/u,
    pattern: new RegExp(`(?<=(?:需要|要|得|大概|一般|大约))(?:多久|多长时间|多少天|几天)${lone}`, 'gu'),
    choices: ['多少钱'],
    unless: /多少钱|判|刑|拘留|关|年龄|隔|提前|才/u,
  },
  { pattern: /判几年|判多少年|判多久|坐几年牢|坐多久牢|判刑多久|判多长时间/gu, choices: ['罚多少钱'], unless: /罚|缓|死|最长/u },
  { pattern: /(?:扣几分|扣多少分)/gu, choices: ['罚多少钱'], unless: /罚|钱/u },
  {
    pattern: /罚多少钱|罚多少|罚款多少/gu,
    choices: ['扣几分'],
    unless: /^(?!.*(?:驾|红灯|超速|停车|违章|车道|压线|逆行|安全带|掉头|变道|年检)).*$|扣|分|电动|酒/u,
  },
  // What about it.
  {
    cue: /流程|程序|步骤/u,
    pattern: new RegExp(`${nounBefore}(?:流程|程序|步骤)${close}`, 'gu'),
    choices: ['条件', '费用'],
    unless: /条件|费用|法律程序|司法程序|其他|审判|诉讼程序/u,
  },
  {
    cue: /条件/u,
    pattern: new RegExp(`${nounBefore}条件${close}`, 'gu'),
    choices: ['流程', '程序'],
    unless: /流程|程序|符合|满足|具备|生活|工作条件/u,
  },
  {
    cue: /手续|材料/u,
    pattern: new RegExp(`${nounBefore}(?:手续|材料)${close}`, 'gu'),
    choices: ['条件', '费用'],
    unless: /条件|费用|提供|提交|准备/u,
  },
  { cue: /费用/u, pattern: new RegExp(`${nounBefore}费用${close}`, 'gu'), choices: ['流程', '条件'], unless: /流程|条件|退/u },
  { cue: /后果/u, pattern: new RegExp(`(?<=的)(?:法律)?后果${close}`, 'gu'), choices: ['条件', '原因'], unless: /条件|原因|承担|造成/u },
  { cue: /原因/u, pattern: new RegExp(`(?<=的)原因${close}`, 'gu'), choices: ['后果'], unless: /后果/u },
  { cue: /特征|特点/u, pattern: new RegExp(`(?<=的)(?:特征|特点)${close}`, 'gu'), choices: ['作用', '种类'], unless: /作用|种类|区别/u },
  { cue: /作用|意义/u, pattern: new RegExp(`(?<=的)(?:作用|意义)${close}`, 'gu'), choices: ['特点', '种类'], unless: /特点|种类/u },
  { cue: /种类|类型/u, pattern: new RegExp(`(?<=的)(?:种类|类型)${close}`, 'gu'), choices: ['特点', '作用'], unless: /特点|作用/u },
  { cue: /注意事项/u, pattern: new RegExp(`(?<=的)注意事项${close}`, 'gu'), choices: ['条件', '流程'], unless: /条件|流程/u },
  { cue: /原则|依据/u, pattern: new RegExp(`(?<=的)(?:原则|依据)${close}`, 'gu'), choices: ['程序', '期限'], unless: /程序|期限/u },
  { cue: /范围/u, pattern: new RegExp(`(?<=的)范围${close}`, 'gu'), choices: ['程序', '条件'], unless: /程序|条件|周边/u },
  { cue: /定义/u, pattern: new RegExp(`(?<=的)定义${close}`, 'gu'), choices: ['特点', '作用'], unless: /特点|作用/u },
  {
    cue: /区别|不同|差/u,
    pattern: new RegExp(
      `(?<=的|有什么|有哪些|有何|有啥)(?:区别|不同点|不同之处|不同|差别|差异)(?=$|[，,。？?！! ]|是什么|在哪|呢|啊|在于)`,
      'gu',
    ),
    choices: ['共同点'],
    unless: /相同|共同|联系|待遇/u,
  },
  {
    cue: /[料续件证]/u,
    pattern: new RegExp(`${needs}(?:材料|手续|证件|资料|证明)${lone}`, 'gu'),
    choices: ['条件'],
    unless: /条件|提供|提交|准备|带/u,
  },
  { cue: /条件/u, pattern: new RegExp(`${needs}条件${lone}`, 'gu'), choices: ['材料', '手续'], unless: /材料|手续|满足|符合|具备/u },
  {
    cue: /后果/u,
    pattern: new RegExp(`(?<=有(?:什么|哪些|啥))(?:法律)?后果`, 'gu'),
    choices: ['条件', '好处'],
    unless: /条件|好处|违|逾期|罪|不|没/u,
  },
  {
    cue: /好处|优/u,
    pattern: new RegExp(`(?<=有(?:什么|哪些|啥))(?:好处|优势|优点)`, 'gu'),
    choices: ['坏处', '风险'],
    unless: /坏处|风险|缺点|弊/u,
  },
  {
    cue: /坏处|风险|缺点|危害|弊端/u,
    pattern: new RegExp(`(?<=有(?:什么|哪些|啥))(?:坏处|风险|缺点|危害|弊端)`, 'gu'),
    choices: ['好处'],
    unless: /好处|优|罪/u,
  },
  { cue: /条件/u, pattern: new RegExp(`(?<=有(?:什么|哪些|啥))条件${lone}`, 'gu'), choices: ['好处', '风险'], unless: /好处|风险/u },
  // Who owes what to whom.
  {
    pattern: /承担(?:什么|哪些|何种|啥|怎样的|什么样的)(?:的)?(?:法律|民事|刑事|违约|侵权|赔偿|行政)?(?:上的)?责任/gu,
    choices: ['向谁承担责任', '何时承担责任'],
    unless: /谁|何时|主要责任/u,
  },
  { pattern: /负(?:什么|哪些|何种|啥)(?:法律|民事|刑事)?责任/gu, choices: ['向谁负责'], unless: /谁/u },
  { pattern: /(?:承担|履行)(?:什么|哪些|何种)(?:样的)?(?:法律|法定)?义务/gu, choices: ['享有哪些权利'], unless: /权利|谁/u },
  { pattern: /(?:享有|享受|拥有|行使)(?:什么|哪些|何种)(?:样的)?(?:法律|法定)?权利/gu, choices: ['承担哪些义务'], unless: /义务|不/u },
  {
    pattern: /(?:提交|提供|准备|携带|带)(?:什么|哪些|啥)(?:相关)?(?:材料|证据|资料|证件|文件|证明|手续)/gu,
    choices: ['花多少钱', '花多长时间'],
    unless: /多少|时间|费/u,
  },
  { cue: /证据|文件/u, pattern: new RegExp(`${needs}(?:证据|文件)${lone}`, 'gu'), choices: ['费用', '条件'], unless: /费用|条件/u },
  {
    cue: /规定/u,
    pattern: /(?<=有(?:什么|哪些|何|啥))(?:法律|具体|相关)?规定(?=$|[，,。？?！! ]|呢|啊)/gu,
    choices: ['例外', '漏洞'],
    unless: /例外|漏洞/u,
  },
  { cue: /后果/u, pattern: /(?<=(?:产生|造成)(?:什么|哪些)(?:样的)?)(?:法律|不良|严重)?后果/gu, choices: ['费用'], unless: /费用|罪/u },
  {
    cue: /方式|途径|方法/u,
    pattern: new RegExp(`(?<=的)(?:方式|途径|方法)${close}`, 'gu'),
    choices: ['期限', '条件'],
    unless: /期限|条件/u,
  },
  { cue: /情形|情况/u, pattern: /(?<=的)(?:情形|情况)(?=有哪些|有什么|包括|都有)/gu, choices: ['后果', '程序'], unless: /后果|程序|工作/u },
  {
    cue: /标准/u,
    pattern: /(?<=立案|认定|赔偿|补偿|处罚|鉴定|收费|征收|量刑)标准(?=是什么|有哪些|$|[？?])/gu,
    choices: ['程序'],
    unless: /程序/u,
  },
  {
    cue: /含义|概念|意思/u,
    pattern: /(?<=的)(?:含义|概念|意思)(?=是什么|是啥|$|[？?])/gu,
    choices: ['例外', '特点'],
    unless: /例外|特点/u,
  },
  { pattern: /什么是(?=[^，,。？?是]{2,16}[？?]?$)/gu, choices: ['哪些不算'], unless: /不|非|区别|和|与/u },
  { pattern: /是什么意思(?=$|[？?啊呢])/gu, choices: ['有什么例外', '有什么好处'], unless: /例外|好处|[0-9]/u },
  // What may come of it.
  {
    cue: /判刑|坐牢|拘留/u,
    pattern: /(?<=会|会不会|要|需要|可能)(?:被)?(?:判刑|坐牢|拘留)(?=吗|么|$|[？?])/gu,
    choices: ['罚款'],
    unless: /罚|款/u,
  },
  { cue: /罚款/u, pattern: /(?<=会|会不会|可能)(?:被)?罚款(?=吗|么|$|[？?])/gu, choices: ['拘留', '判刑'], unless: /拘|刑/u },
  { cue: /有效/u, pattern: /(?<![无续还并]|是否|否)有效(?=吗|么[？?]?$)/gu, choices: ['违法', '需要公证'], unless: /违|法|公证|期/u },
  { pattern: /是否有效(?=$|[，,。？?！! ])/gu, choices: ['是否违法'], unless: /违|法/u },
  { pattern: /(?:具?有)(?:法律)?(?:效力|效应|效益)(?=吗|么[？?]?$)/gu, choices: ['需要公证', '违法'], unless: /公证|违/u },
  { pattern: /是否(?:具?有)(?:法律)?(?:效力|效应)(?=$|[，,。？?！! ])/gu, choices: ['是否需要公证'], unless: /公证/u },
  {
    cue: /怎么办|咋办/u,
    pattern: /(?<![我们该应要得当])(?:怎么办|咋办)(?=$|[？?！!。呢啊])/gu,
    choices: ['犯法吗', '违法吗'],
    unless:
      /^(?!.*(?:拖欠|不给|不还|打[人我了]|骗|扣|辞退|侵|偷|违约|拒|泄露|堵|威胁|逾期|[不未没]签|转租|家暴|出轨|造谣|诽谤|开除|强拆|闯|不交|不付|占)).*$|[法罪]|吗|工伤|罚/u,
  },
  // Against which law.
  {
    cue: /违|犯/u,
    pattern: /(?<!是否|合法还是|[不合非]|不违法)(?:违法|犯法|违规)(?=吗|么[？?]?$)/gu,
    choices: ['犯罪', '构成犯罪'],
    unless: /罪|刑|判/u,
  },
  { pattern: /是否(?:违法|犯法|合法)(?=$|[，,。？?！! ])/gu, choices: ['是否构成犯罪'], unless: /罪|刑|判/u },
  { pattern: /合法(?=吗|么[？?]?$)/gu, choices: ['构成犯罪'], unless: /罪|刑|判|合同|协议|是否|条款|[是算]合法/u },
];
