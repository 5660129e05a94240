/** A preset's options, ready to be laid over others. */
export type Values = Readonly<Record<string, unknown>>;

/** What the reading of an option's arguments may ask for. */
export interface ParseContext {
  /**
   * The options of a preset.
   *
   * @throws InvalidArgument where there is none
   */
  preset(name: string): Values;
}

/** Switches of the configuration without which an option may not be used. */
export type Permission = 'allowSecurityOptions' | 'allowBypassCache';

/** One option: all that the parser knows of it. `P` is what it sets in the request's options. */
export interface Option<P extends object> {
  /** Its short names. */
  readonly aliases: readonly string[];
  /** What holds where the option is not given. */
  readonly defaults: P;
  /** Arguments that it takes at most. */
  readonly maxArguments: number;
  /**
   * Reads the arguments: at least one, which may be empty. What is left out has its default.
   *
   * @throws InvalidArgument
   */
  parse(args: readonly string[], context: ParseContext): P;
  readonly permission?: Permission;
}

/** An argument that is not what its option asks for; the message follows the option's name. */
export class InvalidArgument extends Error {
  override readonly name = 'InvalidArgument';
}

/** Types one entry of a table. */
export function option<P extends object>(entry: Option<P>): Option<P> {
  return entry;
}
