/** All that is wrong with a configuration. The start fails with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** One sentence a mistake, each beginning with the variable's name. */
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(`The configuration is wrong:\n${mistakes.map((mistake) => `- ${mistake}`).join('\n')}`);
    this.mistakes = mistakes;
  }
}
