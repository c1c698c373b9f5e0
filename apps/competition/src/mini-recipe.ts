/** How the encoder that comes along is fine-tuned; docs/experiments.md has the settings that it was chosen from. */
export const miniRecipe = {
  learningRate: 2e-4,
  /** A run has more of them where its pairs are few. */
  leastEpochs: 4,
  /** Label 1 is the rarer one, and macro-F1 counts both alike. */
  classWeights: [1, 1.3],
  augment: 'balanced',
  augmentShare: 0.3,
  /** Finer than what the encoder was pre-trained with: matches in context start as the matches that they refine. */
  tokenTypes: 'side-match-sound-and-context',
} as const;
