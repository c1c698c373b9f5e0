import type { Frame } from './shared.ts';
import { denied, except } from './shared.ts';

/** Frames of the lexicon's negations, by name. */
export const negationFrames: Readonly<Record<string, Frame>> = {
  which: {
    left: /(?:哪些|哪种|哪类|哪个|什么样|何种|什么)(?:的)?(?![^，,]*(?:办法|方法|方式|途径|渠道|地方))[^，,。？?；;]{0,14}$/u,
    right: /^(?![吗么？?，,不]|注意)/u,
    unless: denied,
  },
  relative: { right: /^[^，,。？?]{1,12}的[^，,。？?]{1,8}(?:有哪些|有什么|是什么|包括|是哪些|都有)/u, unless: denied },
  before: { right: /^[^，,。？?]{0,6}(?:哪些|什么)/u, unless: denied },
  refrain: {
    left: /^(?!.*(?:不|怎么|如何|哪|什么|能|应)).*$/u,
    right:
      /^(?:交|缴|签|还|付|赔|登记|出庭|公证|支付|赡养|承担|退|通知|纳税|坦白|提供|告知|迁|写|系)(?!.*(?:哪|什么|怎么|如何|多少|多久)).*(?:吗|么[？?]?$)/u,
  },
  quality: {
    left: /(?<![会能更最很算]|真实|合法)$/u,
    right: /^(?:的(?=\p{Unified_Ideograph})|合同|协议|遗嘱|婚姻|承诺|委托|保管|取得|处分|赠与|借款|条款|方)/u,
    unless: /怎么办|区别|是否|有效期/u,
  },
  motor: {
    left: /(?<![非各助])$/u,
    right: /^(?!行驶证|驾驶证|号牌|登记|年检|检验|交通|保险|销售|所有|牌照|车船|交强|驾照|注册|维修|道)/u,
    unless: /车船税|驾驶证|驾照|交强险|牌照|号牌|超速|高速/u,
  },
  adult: { left: /(?<![已经刚未有])$/u, right: /^(?!以后|之后|后)/u },
  stated: {
    right: /^(?!人)/u,
    left: /(?<![不没未无别难再育只还])(?<!是否|有没有|能否|怎么|如何|可以|需要|应当|应该|已经|必须)$/u,
    unless: except('同居|分手|彩礼|违约金|逾期|补缴|补办|双倍|瑕疵|或'),
  },
};
