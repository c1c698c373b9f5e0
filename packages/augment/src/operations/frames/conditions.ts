import type { Frame } from './shared.ts';

/** Frames of the lexicon's conditions, by name. */
export const conditionFrames: Readonly<Record<string, Frame>> = {
  ofAge: { unless: /岁|成年/u },
  fullAge: { unless: /不满|以上|以下|成年/u },
  workday: { left: /(?<![个非0-9一二三四五六七八九十几放过]|享受)$/u, unless: /延长|计入|加班工资|工作时间|拘留/u },
  payment: { unless: /全款|分期|全额|逾期|按时|信用|征信/u },
  car: { unless: /事故|过户/u },
  national: { unless: /中国|我国|国内/u },
  trialTime: { unless: /开庭|被|多久/u },
  marriageTime: { left: /(?<![闪新])$/u, unless: /用夫妻共同|生理|没有?结婚|未婚|分手|订婚|双方用/u },
  range: { right: /^(?!.*(?:以上|以下))/u, unless: /以上|以下/u },
  pregnancy: { left: /(?<!非法)$/u, unless: /孕|哺乳|流产|生育|生孩/u },
  highway: { left: /(?:^|[在上]|走|开)$/u, unless: /车祸|撞|事故|堵/u },
  together: { left: /(?<!非法)$/u, unless: /情侣|恋|男友|女友|同居|夫妻|配偶|公婆|丈夫|妻|婚/u },
  divorceTime: {
    left: /(?<!协议|被)$/u,
    right: /^[^，,。？?发]{0,6}(?:的?(?:财产|债务|房|存款|拆迁|收入|贷款|公积金|户口|社保|买)|可以|能|需要)/u,
    unless: /抚养|子女|孩子|发现|再婚|复婚|反悔|隐瞒|转移|怀孕|结婚|探|分割|起诉|法院|男方|女方|对方/u,
  },
  first: { left: /(?<![不没后能否被])$/u, right: /^(?:办|申请|领|考|买|购|犯|违|登记|结婚|就业|取得)/u, unless: /驳回|后|又|不合格|没过/u },
  household: { right: /^(?:户口|户籍|居民|医保|低保|社保|养老|老人|人口|退休|学生)/u, unless: /农|城|村|宅基地|承包/u },
  period: {
    left: /(?<![个])$/u,
    right: /^(?:缴|交|扣|领|还|存|可以|能|最|需要|付|申报|要)[^，,。？?]{0,10}(?:多少|几|怎么|吗|什么时候)/u,
    unless: /工资|上班|年|月供/u,
  },
  probation: {
    left: /(?<!延长|约定|过|满|的|定|个月|[年月]|超过|关于|认定|在)$/u,
    right: /^(?:被|工资|社保|请假|休|怀孕|受伤|加班|单位|公司|可以(?!约)|能|要|需要|离职|辞职|辞退|员工)/u,
    unless: /几个月|多长|多久|规定|期限|转正|满|延长|最长|合同期/u,
  },
  order: { unless: /还是|第[一二三]次|又/u },
  city: {
    left: /(?<![从东西南北往])$/u,
    right: /^(?!大学|银行|路|卫视|东路|西路|站|南站|人)/u,
    unless:
      /^(?!.*(?:买房|购房|落户|户口|社保|公积金|医保|最低工资|工资标准|限行|限购|摇号|车牌|居住证|入学|积分|低保|补贴|津贴|租房|学区|中考|高考|养老|公租房|房价|天气)).*$|转|迁|异地|跨/u,
  },
};
