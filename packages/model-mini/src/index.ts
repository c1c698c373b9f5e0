import { fileURLToPath } from 'node:url';

/**
 * The folder with the model: `config.json`, `vocab.txt`, `tokenizer.json`, `tokenizer_config.json`, `special_tokens_map.json` and
 * `model.safetensors` (float16). `@samequestion/bert` loads it as it is.
 */
export const modelFolder: string = fileURLToPath(new URL('../model/', import.meta.url));
