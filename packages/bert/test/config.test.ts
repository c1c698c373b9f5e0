import { describe, expect, it } from 'vitest';
import { ModelError, createConfig, formatConfig, learningRateAt, parseConfig } from '@samequestion/bert';

describe('a configuration', () => {
  it('is read back as it was written', () => {
    const config = createConfig({
      hidden_size: 312,
      num_hidden_layers: 4,
      pair_token_types: 'side-and-match',
      unmatched_token_ids: [0, 100, 101],
      num_labels: 3,
    });
    expect(config).toMatchObject({ intermediate_size: 1248, type_vocab_size: 4 });
    expect(parseConfig(formatConfig(config))).toEqual(config);
  });

  it('counts labels by id2label', () => {
    expect(parseConfig('{"id2label": {"0": "a", "1": "b", "2": "c"}}').num_labels).toBe(3);
  });

  it.each([
    ['no JSON', '{', 'expected JSON'],
    ['a list', '[]', 'expected a JSON object'],
    ['another model', '{"model_type": "gpt2"}', '"model_type": "bert", got "gpt2"'],
    ['relative positions', '{"position_embedding_type": "relative_key"}', 'absolute'],
    ['a size of 0', '{"hidden_size": 0}', 'hidden_size to be a positive integer, got 0'],
    ['heads that do not divide', '{"hidden_size": 10, "num_attention_heads": 3}', 'a multiple of num_attention_heads (3), got 10'],
    ['an impossible rate', '{"hidden_dropout_prob": 1}', 'a rate in [0, 1), got 1'],
    ['an unknown activation', '{"hidden_act": "swish"}', '"gelu", "gelu_new" or "relu", got "swish"'],
    ['match types without ids', '{"pair_token_types": "side-and-match", "type_vocab_size": 4}', 'never match'],
    ['too few types', '{"pair_token_types": "side-and-match", "unmatched_token_ids": [0]}', 'type_vocab_size to be at least 4'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseConfig(text, 'some/config.json')).toThrow(ModelError);
    expect(() => parseConfig(text, 'some/config.json')).toThrow(message);
    expect(() => parseConfig(text, 'some/config.json')).toThrow('some/config.json');
  });
});

describe('a schedule', () => {
  const schedule = { learningRate: 1, warmupSteps: 2, totalSteps: 6 } as const;
  it.each([
    ['linear', [0.5, 1, 1, 0.75, 0.5, 0.25, 0]],
    ['constant', [0.5, 1, 1, 1, 1, 1, 1]],
    ['cosine', [0.5, 1, 1, (1 + Math.SQRT1_2) / 2, 0.5, (1 - Math.SQRT1_2) / 2, 0]],
  ] as const)('with %s decay', (decay, rates) => {
    rates.forEach((rate, step) => expect(learningRateAt(step, { ...schedule, decay })).toBeCloseTo(rate, 12));
  });
});
