/** One command of the command line. */
export interface Command {
  /** What it does, in a line. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly usage: string;
  /**
   * Runs it.
   *
   * @param args What follows the command's name.
   * @returns The exit status.
   * @throws UsageError, ConfigError
   */
  run(args: string[], env: NodeJS.ProcessEnv): Promise<number>;
}

/** A mistake on the command line; its message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
