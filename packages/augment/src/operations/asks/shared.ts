/** A stretch that says what is asked, what may be asked instead, and what must stand nowhere else in the text. */
export interface Ask {
  readonly pattern: RegExp;
  /** What a text must hold to be worth a closer look. */
  readonly cue?: RegExp;
  readonly choices: readonly string[];
  /** Tested on the text with the stretch taken out; see `takenOut`. */
  readonly unless?: RegExp;
  /** Only in a yes-or-no question, in its focus. */
  readonly yesOrNo?: boolean;
}

/** What is done at some time, somewhere and somehow, so that each may be asked for. */
export const deeds: string =
  '(?:处理|办理|申请|缴纳|支付|赔偿|补偿|起诉|上诉|申诉|报案|投诉|举报|登记|注册|注销|变更|转让|过户|领取|补办|查询|开具|提取|缴费|交费|退还|返还|归还|解除|终止|撤销|执行|分割|分配|' +
  '继承|收取|征收|处罚|判刑|判决|量刑|审查|审理|审批|批准|通知|公告|送达|报销|报名|提交|续签|履行|交付|结算|发放|扣除|清算|行使|主张|提起|提出|召开|选举|维权|年检|公证|报警|' +
  '追回|追讨|索赔|理赔|辞退|辞职|离婚|结婚|立案|撤诉|取保候审|缴税|交税|纳税|申报|迁户口|落户|开户|销户|激活|挂失|解冻|退款|退货|换货|还款|续费|充值|开通|取消|预约|鉴定|复议|仲裁|赎回|' +
  '解决|判罚|定罪|证实|证明|收集|举证|保存|追究|免除|检验|评定|约定|提供|处置|选择|建立|公开|使用|出具|实施|制定|编制|修改|安置|采取|收养|赠与|转租|请假|进行|设立|成立|监督|管理|规定的|收费|打官司|开始|安排|组织|实现|定罪|签|支取|结清|划拨|查处|裁决|裁定|审核|签署|交税|赎|注入|组建|开庭|' +
  '签订|订立|拆除|抵押|拍卖|发行|公布|公示|移送|交接|备案|验收|转移|取回|收回|解封|查封|冻结|扣押|承担|认定|确定|确认|计算|分担|划分|退税|退票|改签|转账|取钱|领证|改名|上户口|要回)';
/** What says that a time is asked for or told. */
export const howUnless: RegExp = /什么时候|何时|多久|期限|时间|几[天月年]|不知道|忘|当|是怎/u;
