import { type BertConfig, createConfig, initialiseParameters, saveModel } from '@samequestion/bert';
import { soundClasses } from '@samequestion/augment';
import { characterVocabulary, createTokenizer, tokenizerFiles } from '@samequestion/tokenizer';

export const questions: readonly (readonly [string, string])[] = [
  ['劳动合同到期不续签有赔偿吗？', '合同到期公司不续签，给补偿吗'],
  ['离婚后孩子的抚养费怎么算', '离婚抚养费如何计算？'],
  ['公司不交社保怎么办', '公司不交社保应该去哪里投诉 [SEP] 12333'],
  ['被狗咬了找谁赔', '交通事故责任认定需要多长时间才能出来结果呢'],
  ['借条没写还款日期有效吗', '借条没写还款日期有效吗'],
];

/** Writes a model folder with random weights, large enough to tell logits apart. */
export async function writeTinyModel(folder: string, changes: Partial<BertConfig> = {}): Promise<void> {
  const tokenizer = createTokenizer(characterVocabulary(questions.flat()));
  const { vocabulary } = tokenizer;
  const config = createConfig({
    vocab_size: vocabulary.size,
    hidden_size: 16,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    max_position_embeddings: 64,
    pad_token_id: vocabulary.specialIds.padding,
    initializer_range: 0.5,
    unmatched_token_ids: Object.values(vocabulary.specialIds),
    ...changes,
  });
  const parameters = initialiseParameters(config, { seed: 3, soundClasses: soundClasses(vocabulary.tokens) });
  await saveModel(folder, { config, parameters }, { ...tokenizerFiles(tokenizer, { maxLength: 64 }) });
}

/** A test file of pairs. */
export function testFile(pairs: readonly (readonly [string, string])[]): string {
  return `qid\tquestion1\tquestion2\n${pairs.map(([first, second], index) => `${index}\t${first}\t${second}\n`).join('')}`;
}
