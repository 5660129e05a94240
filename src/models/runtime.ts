import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { InputType } from './values.ts';

/** Where its package is installed: apart, as most have no use for it and it is large. */
const PACKAGE = new URL('../../tools/onnxruntime/package.json', import.meta.url);
const NAME = 'onnxruntime-node';

/** What to type to install it. */
export const INSTALL_COMMAND = 'npm run setup:models';

/** A tensor, as much of it as is used here. */
export interface Tensor {
  type: string;
  dims: readonly number[];
  data: unknown;
}

/** An input or an output, of which some sides are open: these have names or none. */
export interface ValueMetadata {
  name: string;
  isTensor: boolean;
  type?: string;
  shape?: readonly (number | string)[];
}

/** A loaded model. */
export interface Session {
  inputMetadata: readonly ValueMetadata[];
  run(inputs: Record<string, Tensor>): Promise<Record<string, Tensor>>;
}

/** ONNX Runtime, as much of it as is used here. */
export interface Runtime {
  env: { logLevel?: string };
  InferenceSession: { create(path: string, options: object): Promise<Session> };
  Tensor: new (type: InputType, data: object, dims: readonly number[]) => Tensor;
}

/** Whether ONNX Runtime is installed. */
export function isRuntimeInstalled(): boolean {
  return existsSync(new URL(`node_modules/${NAME}/package.json`, PACKAGE));
}

/**
 * Loads it: its library takes some 40 MB.
 *
 * Its builds of 1.29 and later tell Microsoft of each model and of errors, unless they are told not to
 * before they begin: then they open no connection and write no file.
 *
 * @throws Error where it is not installed
 */
export function loadRuntime(): Runtime {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  return createRequire(PACKAGE)(NAME) as Runtime;
}
