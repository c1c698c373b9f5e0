/** A stretch that says what is asked, what may be asked instead, and what must stand nowhere else in the text. */
export interface Ask {
  readonly pattern: RegExp;
  readonly choices: readonly string[];
  readonly unless?: RegExp;
  /** Only in a yes-or-no question, in its focus. */
  readonly yesOrNo?: boolean;
}

// What is done at some time, somewhere and somehow, so that each may be asked for.
const deeds =
  '(?:处理|办理|申请|缴纳|支付|赔偿|补偿|起诉|上诉|申诉|报案|投诉|举报|登记|注册|注销|变更|转让|过户|领取|补办|查询|开具|提取|缴费|交费|退还|返还|归还|解除|终止|撤销|执行|分割|分配|' +
  '继承|收取|征收|处罚|判刑|判决|量刑|审查|审理|审批|批准|通知|公告|送达|报销|报名|提交|续签|履行|交付|结算|发放|扣除|清算|行使|主张|提起|提出|召开|选举|维权|年检|公证|报警|' +
  '追回|追讨|索赔|理赔|辞退|辞职|离婚|结婚|立案|撤诉|取保候审|缴税|交税|纳税|申报|迁户口|落户|开户|销户|激活|挂失|解冻|退款|退货|换货|还款|续费|充值|开通|取消|预约|鉴定|复议|仲裁|赎回|' +
  '解决|判罚|定罪|证实|证明|收集|举证|保存|追究|免除|检验|评定|约定|提供|处置|选择|建立|公开|使用|出具|实施|制定|编制|修改|安置|采取|收养|赠与|转租|请假|进行|设立|成立|监督|管理|规定的|收费|打官司|开始|安排|组织|实现|定罪|签|支取|结清|划拨|查处|裁决|裁定|审核|签署|交税|赎|注入|组建|开庭|' +
  '签订|订立|拆除|抵押|拍卖|发行|公布|公示|移送|交接|备案|验收|转移|取回|收回|解封|查封|冻结|扣押|承担|认定|确定|确认|计算|分担|划分|退税|退票|改签|转账|取钱|领证|改名|上户口|要回)';
const howUnless = /什么时候|何时|多久|期限|时间|几[天月年]|不知道|忘|当|是怎/u;

const close = '(?=$|[，,。？?！! ]|有哪些|有什么|是什么|是怎样|是怎么样|都有|包括|呢|啊)';
const nounBefore =
  '(?<=(?:的|离婚|结婚|起诉|立案|申请|办理|注册|登记|仲裁|上诉|申诉|贷款|过户|继承|收养|转让|缓刑|假释|取保候审|注销|变更|入党|退休|招标|投标|鉴定|认定|执行|拍卖|复议|听证|公证|破产|清算|发行|上市|赔偿|理赔|报销|落户|迁户口|年检|解除|终止|撤销|审批|设立|成立|生效))';
const otherDeed =
  '(?=\\p{Unified_Ideograph})(?![办样回说了会还就不没是这那有能可才都也又看来着去弄个称叫走证啦呢整算写构属的])(?!(?:[分赔判罚交退查取领补扣改换报开缴做选填](?!\\p{Unified_Ideograph}))|规定|收费)';
const ruled =
  '(?:职责|权利|义务|条件|程序|标准|原则|情形|理由|范围|方式|内容|期限|流程|要求|事项|种类|类型|责任|权限|措施|对象|规则|制度|资格|手续|材料|费用|待遇|限额|金额|数额|利率|职权|职能|法规|依据|比例)';
const needs = '(?<=(?:需要|需|要|都要|应该要|得)(?:什么|哪些|啥))';
const lone = '(?=$|[，,。？?！! ]|呢|啊|吗|才)';

const yesNo = { yesOrNo: true } as const;

/** What may be asked for, with what else may be asked. Each is used once in a text at most. */
export const asks: readonly Ask[] = [
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
    unless: /为什么|第一|什么时候|何时/u,
  },
  { pattern: new RegExp(`(?<=[该应当会以能要得])(?:怎么|如何|怎样|咋)${otherDeed}`, 'gu'), choices: ['什么时候'], unless: howUnless },
  {
    pattern: /(?:怎样|怎么|如何)(?:才)?(?:能|可以)?(?:算|属于|构成)(?=\p{Unified_Ideograph})(?![出清一])/gu,
    choices: ['为什么不算'],
    unless: /为什么|[钱费款]|工资|利息|[天月年]/u,
  },
  {
    pattern: /(?<![要需等得过隔般概在])(?:多久|多长时间|多少天|几天)(?:之?后)?(?=(?:才)?(?:可以|能|会))/gu,
    choices: ['为什么'],
    unless: /为什么|最/u,
  },
  {
    pattern:
      /(?<=可以|能|能够|应该|应当)(?<deed>获得|得到|拿到?|领到?|主张|要求)多少(?<thing>赔偿金?|补偿金?|钱|补助|工资|抚养费|补偿款)/gu,
    choices: ['什么时候$<deed>$<thing>'],
    unless: howUnless,
  },
  {
    pattern: /(?<deed>履行|采取|收集|保留|遵守|遵循)(?:哪些|什么|那些)(?<thing>职责|措施|证据|步骤|程序|手续)/gu,
    choices: ['何时$<deed>$<thing>'],
    unless: howUnless,
  },
  {
    pattern: /(?:在)?(?:什么|哪些|何种|怎样的|哪种|什么样的)(?:情况|情形|条件)下(?!的)/gu,
    choices: ['为什么'],
    unless: /为什么|怎|如何|吗|否/u,
  },
  {
    pattern: /(?:会|应)?(?:受到?)(?:什么|哪些|怎样的|何种|啥|什么样的)(?:法律|行政|刑事)?(?:上的)?(?:处罚|惩罚|制裁)/gu,
    choices: ['由谁处罚'],
    unless: /谁/u,
  },
  // Whether, or why.
  {
    pattern: /是否(?=\p{Unified_Ideograph})(?![违犯])/gu,
    choices: ['为什么'],
    unless: /为什么|怎|如何|什么|哪|还是|[看查问判断定确认]\u2042/u,
  },
  { pattern: /是不是(?=\p{Unified_Ideograph})/gu, choices: ['为什么'], unless: /为什么|怎|如何|什么|哪|还是/u },
  { pattern: /(?:能否|能不能)(?=\p{Unified_Ideograph})/gu, choices: ['为什么能'], unless: /为什么|怎|如何|什么|哪|还是|谁/u },
  { pattern: /(?:可否|可不可以)(?=\p{Unified_Ideograph})/gu, choices: ['为什么可以'], unless: /为什么|怎|如何|什么|哪|还是|谁/u },
  { pattern: /(?:会不会)(?=\p{Unified_Ideograph})/gu, choices: ['为什么会'], unless: /为什么|怎|如何|什么|哪|还是|谁/u },
  { pattern: /(?:有没有|有无)(?=\p{Unified_Ideograph})/gu, choices: ['为什么有'], unless: /为什么|怎|如何|什么|哪|还是|谁|办法/u },
  { pattern: /(?:需不需要|用不用|要不要)(?=\p{Unified_Ideograph})/gu, choices: ['为什么需要'], unless: /为什么|怎|如何|什么|哪|还是|谁/u },
  {
    pattern: /(?<one>算|该|违|犯|合)不\k<one>(?<rest>应该|法)?/gu,
    choices: ['为什么$<one>$<rest>'],
    unless: /为什么|怎|如何|什么|哪|还是|谁/u,
  },
  { pattern: /属不属于/gu, choices: ['为什么属于'], unless: /为什么|怎|如何|什么|哪|还是|谁/u },
  { pattern: /提前(?:多少天|多久|几天|多少日|多长时间)(?=通知|告知|申请|提出)/gu, choices: ['以什么方式'], unless: /方式/u },
  { pattern: /(?:哪些|什么)(?:法律)?风险/gu, choices: ['哪些好处'], unless: /好处|避|防/u },
  { pattern: /(?<!我|我们|你|应|得|是|能|的)(?:怎么办|咋办)(?=$|[？?！!。呢啊])/gu, choices: ['归谁管'], unless: /谁|管|[找向]/u },
  // Who says so.
  {
    pattern: /(?:是指什么|指的是什么|指什么|包含什么|包括什么|包含哪些|包括哪些|都包括什么|都包括哪些)(?=$|[？?。！ 呢啊])/gu,
    choices: ['由谁规定'],
    unless: /谁/u,
  },
  {
    pattern:
      /(?<=人|案件|行为|机构|部门|单位|责任|证据|财产|因素|纠纷|罪|权|形式|标志|要件|主体)(?:都|主要)?(?:有哪些|有那些)(?=$|[？?。！ 呢啊])/gu,
    choices: ['由谁认定'],
    unless: /谁|和|与|区别/u,
  },
  {
    pattern: new RegExp(
      `(?<=${ruled})(?:都|主要|分别)?(?:有哪些|有那些|是什么|有什么|包括哪些|包括什么|是怎样的|是哪些)(?=$|[？?。！ 呢啊])`,
      'gu',
    ),
    choices: ['由谁规定'],
    unless: /谁|什么是|和|与|区别/u,
  },
  {
    pattern: new RegExp(
      `(?<=期限?|时间|时效|标准|金额|数额|比例|利率|费用|税率)(?:一般|最长|大概)?(?:是|有)?(?:多久|多长时间|多长|多少|多少钱|几年|多少天|几天)(?=$|[？?。！ 呢啊])`,
      'gu',
    ),
    choices: ['由谁规定'],
    unless: /谁|过期|逾期/u,
  },
  {
    pattern:
      /(?<=最多|最长|最多可以|最长可以|最多能|最长能|至多|可以|能)(?<deed>拘留|羁押|休|试用|续签|停|查封|冻结|延长|请|扣押|住)(?:多久|多长时间|多少天|几天|几个月)(?=$|[？?。！ 呢啊])/gu,
    choices: ['$<deed>几次'],
    unless: /次/u,
  },
  // How much and how long.
  {
    pattern: /(?<=(?:需要|要|得|大概|一般|大约|花|费用是?)(?:花|交)?)多少钱(?=$|[，,。？?！! ]|呢|啊)/gu,
    choices: ['多久', '多长时间'],
    unless: /判|赔|罚|工资|借|欠|多久|时间|税/u,
  },
  {
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
    pattern: new RegExp(`${nounBefore}(?:流程|程序|步骤)${close}`, 'gu'),
    choices: ['条件', '费用'],
    unless: /条件|费用|法律程序|司法程序|其他|审判|诉讼程序/u,
  },
  { pattern: new RegExp(`${nounBefore}条件${close}`, 'gu'), choices: ['流程', '程序'], unless: /流程|程序|符合|满足|具备|生活|工作条件/u },
  { pattern: new RegExp(`${nounBefore}(?:手续|材料)${close}`, 'gu'), choices: ['条件', '费用'], unless: /条件|费用|提供|提交|准备/u },
  { pattern: new RegExp(`${nounBefore}费用${close}`, 'gu'), choices: ['流程', '条件'], unless: /流程|条件|退/u },
  { pattern: new RegExp(`(?<=的)(?:法律)?后果${close}`, 'gu'), choices: ['条件', '原因'], unless: /条件|原因|承担|造成/u },
  { pattern: new RegExp(`(?<=的)原因${close}`, 'gu'), choices: ['后果'], unless: /后果/u },
  { pattern: new RegExp(`(?<=的)(?:特征|特点)${close}`, 'gu'), choices: ['作用', '种类'], unless: /作用|种类|区别/u },
  { pattern: new RegExp(`(?<=的)(?:作用|意义)${close}`, 'gu'), choices: ['特点', '种类'], unless: /特点|种类/u },
  { pattern: new RegExp(`(?<=的)(?:种类|类型)${close}`, 'gu'), choices: ['特点', '作用'], unless: /特点|作用/u },
  { pattern: new RegExp(`(?<=的)注意事项${close}`, 'gu'), choices: ['条件', '流程'], unless: /条件|流程/u },
  { pattern: new RegExp(`(?<=的)(?:原则|依据)${close}`, 'gu'), choices: ['程序', '期限'], unless: /程序|期限/u },
  { pattern: new RegExp(`(?<=的)范围${close}`, 'gu'), choices: ['程序', '条件'], unless: /程序|条件|周边/u },
  { pattern: new RegExp(`(?<=的)定义${close}`, 'gu'), choices: ['特点', '作用'], unless: /特点|作用/u },
  {
    pattern: new RegExp(
      `(?<=的|有什么|有哪些|有何|有啥)(?:区别|不同点|不同之处|不同|差别|差异)(?=$|[，,。？?！! ]|是什么|在哪|呢|啊|在于)`,
      'gu',
    ),
    choices: ['共同点'],
    unless: /相同|共同|联系|待遇/u,
  },
  { pattern: new RegExp(`${needs}(?:材料|手续|证件|资料|证明)${lone}`, 'gu'), choices: ['条件'], unless: /条件|提供|提交|准备|带/u },
  { pattern: new RegExp(`${needs}条件${lone}`, 'gu'), choices: ['材料', '手续'], unless: /材料|手续|满足|符合|具备/u },
  { pattern: new RegExp(`(?<=有(?:什么|哪些|啥))(?:法律)?后果`, 'gu'), choices: ['条件', '好处'], unless: /条件|好处|违|逾期|罪|不|没/u },
  { pattern: new RegExp(`(?<=有(?:什么|哪些|啥))(?:好处|优势|优点)`, 'gu'), choices: ['坏处', '风险'], unless: /坏处|风险|缺点|弊/u },
  { pattern: new RegExp(`(?<=有(?:什么|哪些|啥))(?:坏处|风险|缺点|危害|弊端)`, 'gu'), choices: ['好处'], unless: /好处|优|罪/u },
  { pattern: new RegExp(`(?<=有(?:什么|哪些|啥))条件${lone}`, 'gu'), choices: ['好处', '风险'], unless: /好处|风险/u },
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
  { pattern: new RegExp(`${needs}(?:证据|文件)${lone}`, 'gu'), choices: ['费用', '条件'], unless: /费用|条件/u },
  {
    pattern: /(?<=有(?:什么|哪些|何|啥))(?:法律|具体|相关)?规定(?=$|[，,。？?！! ]|呢|啊)/gu,
    choices: ['例外', '漏洞'],
    unless: /例外|漏洞/u,
  },
  { pattern: /(?<=(?:产生|造成)(?:什么|哪些)(?:样的)?)(?:法律|不良|严重)?后果/gu, choices: ['费用'], unless: /费用|罪/u },
  { pattern: new RegExp(`(?<=的)(?:方式|途径|方法)${close}`, 'gu'), choices: ['期限', '条件'], unless: /期限|条件/u },
  { pattern: /(?<=的)(?:情形|情况)(?=有哪些|有什么|包括|都有)/gu, choices: ['后果', '程序'], unless: /后果|程序|工作/u },
  { pattern: /(?<=立案|认定|赔偿|补偿|处罚|鉴定|收费|征收|量刑)标准(?=是什么|有哪些|$|[？?])/gu, choices: ['程序'], unless: /程序/u },
  { pattern: /(?<=的)(?:含义|概念|意思)(?=是什么|是啥|$|[？?])/gu, choices: ['例外', '特点'], unless: /例外|特点/u },
  { pattern: /什么是(?=[^，,。？?是]{2,16}[？?]?$)/gu, choices: ['哪些不算'], unless: /不|非|区别|和|与/u },
  { pattern: /是什么意思(?=$|[？?啊呢])/gu, choices: ['有什么例外', '有什么好处'], unless: /例外|好处|[0-9]/u },
  // What may come of it.
  { pattern: /(?<=会|会不会|要|需要|可能)(?:被)?(?:判刑|坐牢|拘留)(?=吗|么|$|[？?])/gu, choices: ['罚款'], unless: /罚|款/u },
  { pattern: /(?<=会|会不会|可能)(?:被)?罚款(?=吗|么|$|[？?])/gu, choices: ['拘留', '判刑'], unless: /拘|刑/u },
  { pattern: /(?<![无续还并]|是否|否)有效(?=吗|么[？?]?$)/gu, choices: ['违法', '需要公证'], unless: /违|法|公证|期/u },
  { pattern: /是否有效(?=$|[，,。？?！! ])/gu, choices: ['是否违法'], unless: /违|法/u },
  { pattern: /(?:具?有)(?:法律)?(?:效力|效应|效益)(?=吗|么[？?]?$)/gu, choices: ['需要公证', '违法'], unless: /公证|违/u },
  { pattern: /是否(?:具?有)(?:法律)?(?:效力|效应)(?=$|[，,。？?！! ])/gu, choices: ['是否需要公证'], unless: /公证/u },
  {
    pattern: /(?<![我们该应要得当])(?:怎么办|咋办)(?=$|[？?！!。呢啊])/gu,
    choices: ['犯法吗', '违法吗'],
    unless:
      /^(?!.*(?:拖欠|不给|不还|打[人我了]|骗|扣|辞退|侵|偷|违约|拒|泄露|堵|威胁|逾期|[不未没]签|转租|家暴|出轨|造谣|诽谤|开除|强拆|闯|不交|不付|占)).*$|[法罪]|吗|工伤|罚/u,
  },
  // Against which law.
  { pattern: /(?<!是否|合法还是|[不合非]|不违法)(?:违法|犯法|违规)(?=吗|么[？?]?$)/gu, choices: ['犯罪', '构成犯罪'], unless: /罪|刑|判/u },
  { pattern: /是否(?:违法|犯法|合法)(?=$|[，,。？?！! ])/gu, choices: ['是否构成犯罪'], unless: /罪|刑|判/u },
  { pattern: /合法(?=吗|么[？?]?$)/gu, choices: ['构成犯罪'], unless: /罪|刑|判|合同|协议|是否|条款|[是算]合法/u },
];
