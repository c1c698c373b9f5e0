/** Where a word may be swapped: what has to stand before it, what after it, and what may stand nowhere else in the text. */
export interface Frame {
  readonly left?: RegExp;
  readonly right?: RegExp;
  /** Tested on the text with the word taken out; see `takenOut`. */
  readonly unless?: RegExp;
}

/** A complaint needs what it complains of: taken away, nothing is left to ask. */
export const complaint: RegExp =
  /怎么办|咋办|怎么弄|咋弄|咋整|投诉|维权|举报|告他|追讨|讨要|拖欠|不给|不让|不肯|拒绝|拒不|反悔|纠纷|冻结|被骗|怎么要|该找谁|如何是好|会怎/u;

/** Something is denied, words such as 不动产 and 无效 aside. */
export const denied: RegExp =
  /不(?!动产|当得利|可抗力|正当)|没(?!收)|未(?!成年|婚|遂)|无(?!效|偿|罪|过错|民事|因管理|证|期徒刑|固定)|非(?!法|机动车|婚生)/u;

/** What a complaint says, and more that must not stand beside a swap. */
export function except(more: string): RegExp {
  return new RegExp(`${complaint.source}|${more}`, 'u');
}

/** How, and what may stand between it and a verb. */
export const asksHow: string = '(?:怎么|如何|怎样|咋)(?:才能|才可以|可以|能|去|来)?';
/** Where a clause ends, or a particle follows. */
export const end: string = '(?:$|[，,。？?！! 吗呢啊])';

/** What is bought, sold, let and given. */
export const transaction: string =
  '房|店|商铺|车|土地|宅基地|住宅|公寓|汽车|股权|公司|设备|写字楼|厂房|林地|门面|摊位|车位|二手|商品房|别墅|办公|场地|专利|商标|耕地';
/** What is asked of such a deal. */
export const asksTransaction: string = '(?:公证|需要|要|的?(?:税|手续|流程|程序|合同|条件|费用|材料)|合同|协议|过户|登记)';
