export { type Adversarial, type PerturbationNorm, adversarialPasses } from './adversarial.ts';
export {
  type Activation,
  type BertConfig,
  type ClassifierHead,
  type PairTokenTypes,
  TOKEN_TYPE_COUNTS,
  createConfig,
  formatConfig,
  parseConfig,
} from './config.ts';
export { dropoutOffsets, dropoutRates, largestWindow, noiseBuffers } from './dropout.ts';
export type { DataType, Engine, Program, Signature, Step, TensorSpec, TensorValue, TensorValues, Tensors } from './engine.ts';
export { ModelError, type ModelErrorFields } from './error.ts';
export { type InitialiseOptions, extendTokenTypes, initialiseParameters } from './initialise.ts';
export type { LossOptions } from './losses.ts';
export { type EncodeOptions, type Encoded, classify, encode, pairLogits, predictTokens, wordRows } from './model.ts';
export { type Heads, SOUND_CLASSES, checkParameters, countParameters, parameterSpecs } from './parameters.ts';
export { type Schedule, learningRateAt } from './schedule.ts';
export {
  BERT_OPTIMIZER,
  type OptimizerOptions,
  type StepOptions,
  type Task,
  headsOf,
  dropoutSites,
  predictionSignature,
  predictionStep,
  slotNames,
  stepGradients,
  trainedNames,
  trainingSignature,
  trainingStep,
  zeroStateSpecs,
} from './step.ts';
export { type TfjsEngineOptions, createTfjsEngine } from './tfjs-engine.ts';
export { type TokenInputs, pairTokenTypes } from './token-types.ts';
