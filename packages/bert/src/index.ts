export { type Adversarial, type PerturbationNorm, adversarialPasses } from './adversarial.ts';
export {
  type BatchLimits,
  type EncodedPair,
  type LabelledPair,
  batchesByLength,
  collate,
  collateLabels,
  collateMasked,
  swapSides,
} from './batch.ts';
export {
  type Activation,
  type BertConfig,
  type ClassifierHead,
  type PairTokenTypes,
  TOKEN_TYPE_COUNTS,
  comparesSounds,
  createConfig,
  formatConfig,
  parseConfig,
} from './config.ts';
export { type Dropout, dropoutOffsets, dropoutRates, largestWindow, noiseBuffers } from './dropout.ts';
export type { DataType, Engine, Program, Signature, Step, TensorSpec, TensorValue, TensorValues, Tensors } from './engine.ts';
export { ModelError, type ModelErrorFields } from './error.ts';
export { EXPORT_INPUTS, exportedModel } from './export.ts';
export { type LoadModelOptions, type LoadedModel, type Model, type ModelFiles, loadModel, saveModel } from './folder.ts';
export type { Parameters } from './gradients.ts';
export { type InitialiseOptions, extendTokenTypes, initialiseParameters } from './initialise.ts';
export { LOSS_SCALING, type LossScaling, lossScaleNames } from './loss-scale.ts';
export type { LossOptions } from './losses.ts';
export { type Metrics, scoreJudgements, softmax } from './metrics.ts';
export { type EncodeOptions, type Encoded, classify, encode, pairLogits, predictTokens, wordRows } from './model.ts';
export { type Heads, SOUND_CLASSES, checkParameters, countParameters, parameterSpecs } from './parameters.ts';
export { type Evaluation, type PredictOptions, type Prediction, type Predictor, createPredictor } from './predict.ts';
export { hashIntegers, hashText, shuffledIndices, uniformAt, uniformStream } from './random.ts';
export { type RunCheckpoint, type TrainerState, readRunCheckpoint, writeRunCheckpoint } from './run-checkpoint.ts';
export { type Schedule, learningRateAt } from './schedule.ts';
export { initialState } from './state.ts';
export {
  type StepOptions,
  type Task,
  dropoutSites,
  headsOf,
  predictionSignature,
  predictionStep,
  stepGradients,
  trainedNames,
  trainingSignature,
  trainingStep,
} from './step.ts';
export { type TfjsEngineOptions, createTfjsEngine } from './tfjs-engine.ts';
export { type TokenInputs, pairTokenTypes } from './token-types.ts';
export type {
  CheckpointEvent,
  DoneEvent,
  EvaluationEvent,
  PairSource,
  RunLimit,
  StepEvent,
  TrainEvent,
  TrainOptions,
} from './train-options.ts';
export { train } from './train.ts';
export { BERT_OPTIMIZER, type OptimizerOptions, slotNames } from './update.ts';
